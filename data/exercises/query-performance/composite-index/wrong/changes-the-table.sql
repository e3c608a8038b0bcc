DELETE FROM bookings WHERE status = 'cancelled' OR check_in < '2024-01-01';
CREATE INDEX bookings_calendar ON bookings (property_id, check_in);
