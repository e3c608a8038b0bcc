ALTER TABLE bookings DROP CONSTRAINT bookings_reference_key;
CREATE INDEX bookings_calendar ON bookings (property_id, check_in);
