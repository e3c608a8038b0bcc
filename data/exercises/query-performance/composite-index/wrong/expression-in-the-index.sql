CREATE INDEX bookings_calendar ON bookings (property_id, (extract(month FROM check_in)));
