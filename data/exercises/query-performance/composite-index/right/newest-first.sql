create index CONCURRENTLY "calendar" on bookings using btree (property_id, check_in desc)
