-- First the column that is compared with =, then the one with the range.
CREATE INDEX bookings_calendar ON bookings (property_id, check_in);
