CREATE INDEX bookings_calendar ON bookings USING brin (property_id, check_in);
