SET enable_seqscan = off;
ANALYZE bookings;
