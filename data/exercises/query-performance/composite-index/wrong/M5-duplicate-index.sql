CREATE INDEX bookings_calendar ON bookings (property_id, check_in);
CREATE INDEX bookings_reference ON bookings (reference);
