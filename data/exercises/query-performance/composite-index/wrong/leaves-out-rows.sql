CREATE INDEX bookings_calendar ON bookings (property_id, check_in) WHERE status = 'confirmed';
