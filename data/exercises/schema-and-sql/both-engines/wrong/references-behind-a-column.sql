CREATE TABLE bookings (
    id          BIGINT PRIMARY KEY,
    reference   VARCHAR(20) NOT NULL UNIQUE,
    property_id BIGINT NOT NULL REFERENCES properties (id),
    guest_id    BIGINT NOT NULL REFERENCES users (id),
    check_in    DATE NOT NULL,
    check_out   DATE NOT NULL,
    guests      INTEGER NOT NULL CHECK (guests >= 1),
    total_cents INTEGER NOT NULL CHECK (total_cents >= 0),
    breakfast   BOOLEAN NOT NULL CHECK (breakfast IN (TRUE, FALSE)),
    CHECK (check_in < check_out)
);
