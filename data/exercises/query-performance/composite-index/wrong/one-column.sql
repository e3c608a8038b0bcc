CREATE INDEX bookings_property ON bookings (property_id);
