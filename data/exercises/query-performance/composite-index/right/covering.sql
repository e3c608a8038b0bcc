CREATE INDEX ON bookings (property_id, check_in, id) INCLUDE (check_out, total_cents, status);
