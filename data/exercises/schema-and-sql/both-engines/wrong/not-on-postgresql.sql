CREATE TABLE bookings (
    id          BIGINT AUTO_INCREMENT PRIMARY KEY,
    reference   VARCHAR(20) NOT NULL UNIQUE,
    property_id BIGINT NOT NULL,
    guest_id    BIGINT NOT NULL,
    check_in    DATE NOT NULL,
    check_out   DATE NOT NULL,
    guests      INTEGER NOT NULL CHECK (guests >= 1),
    total_cents INTEGER NOT NULL CHECK (total_cents >= 0),
    breakfast   BOOLEAN NOT NULL CHECK (breakfast IN (TRUE, FALSE)),
    CHECK (check_in < check_out),
    FOREIGN KEY (property_id) REFERENCES properties (id),
    FOREIGN KEY (guest_id) REFERENCES users (id)
) ENGINE=InnoDB;
