CREATE INDEX bookings_calendar ON bookings (property, check_in);
