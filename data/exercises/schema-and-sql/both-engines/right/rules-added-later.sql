CREATE TABLE bookings (
    id BIGINT NOT NULL,
    reference VARCHAR(20) NOT NULL,
    property_id BIGINT NOT NULL,
    guest_id BIGINT NOT NULL,
    check_in DATE NOT NULL,
    check_out DATE NOT NULL,
    guests BIGINT NOT NULL,
    total_cents BIGINT NOT NULL,
    breakfast BOOLEAN NOT NULL
);
-- One rule after the other.
ALTER TABLE bookings ADD PRIMARY KEY (id);
CREATE UNIQUE INDEX bookings_reference ON bookings (reference);
ALTER TABLE bookings ADD CONSTRAINT rules
    CHECK (guests >= 1 AND total_cents >= 0 AND check_in < check_out AND breakfast IN (TRUE, FALSE));
ALTER TABLE bookings ADD FOREIGN KEY (property_id) REFERENCES properties (id);
ALTER TABLE bookings ADD FOREIGN KEY (guest_id) REFERENCES users (id);
