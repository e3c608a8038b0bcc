CREATE TABLE bookings (
    id          BIGINT PRIMARY KEY,
    reference   VARCHAR(20) UNIQUE,
    property_id BIGINT REFERENCES properties (id),
    guest_id    BIGINT REFERENCES users (id),
    check_in    DATE,
    check_out   DATE,
    guests      INTEGER,
    total_cents INTEGER,
    breakfast   BOOLEAN
);
