-- The calendar page still reads every booking there is. Make one index for it.
CREATE INDEX bookings_calendar ON bookings (check_in);
