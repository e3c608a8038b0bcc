CREATE INDEX bookings_calendar ON bookings (check_in, property_id);
