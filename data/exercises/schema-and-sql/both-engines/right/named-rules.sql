create table bookings (
    id bigint not null,
    reference varchar(40) not null,
    property_id bigint not null,
    guest_id bigint not null,
    check_in date not null,
    check_out date not null,
    guests smallint not null,
    total_cents decimal(12, 0) not null,
    breakfast boolean not null default false,
    constraint booking_key primary key (id),
    constraint one_reference unique (reference),
    constraint some_people check (guests > 0),
    constraint price_from_zero check (total_cents > -1),
    constraint yes_or_no check (breakfast = true or breakfast = false),
    constraint at_least_a_night check (check_out > check_in),
    constraint booking_property foreign key (property_id) references properties (id) on delete restrict,
    constraint booking_guest foreign key (guest_id) references users (id) on delete no action
);
