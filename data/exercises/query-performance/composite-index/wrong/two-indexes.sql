CREATE INDEX bookings_property ON bookings (property_id);
CREATE INDEX bookings_check_in ON bookings (check_in);
