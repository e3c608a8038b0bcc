"""The data of the booking service, made from a seed: the same rows on every machine."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

import pandas as pd

from prodev.stays.columns import Part
from prodev.stays.frames import frame_of
from prodev.stays.schema import COLUMNS, create_tables, insert_rows
from prodev.stays.tables import ROWS, make_tables

__all__ = ["ROWS", "Stays", "make_stays"]


@dataclass(frozen=True, eq=False)
class Stays:
    """Six tables of a booking service: users, properties, bookings, payments, reviews, messages.

    Ids and numbers are ``int64``, text is ``str``, days (``…_on``, ``check_in``, ``check_out``) and
    moments (``…_at``, UTC) are ``datetime64[s]``; a column of days shows as 2025-07-14. Money is a
    whole number of cents. Each table has ids from 1 and is sorted by them.

    The data's today is 2025-09-01: nothing was written on or after it, and stays from then on lie
    ahead. Stays begin in 2023.
    """

    seed: int
    scale: str

    users: pd.DataFrame
    """id, name, email (unique, at example.com), role (guest, host, admin), country (ISO 3166-1
    alpha-2), joined_on. Some guests never booked; nobody has a password."""

    properties: pd.DataFrame
    """id, host_id, name, city, country, kind, price_cents (a night), max_guests, listed_on."""

    bookings: pd.DataFrame
    """id, property_id, guest_id, check_in, check_out, nights, guests, total_cents (nights x price),
    status (confirmed, cancelled, pending), created_at. In the order they were made. Those of one
    property that are not cancelled never overlap: one may begin on the day another ends."""

    payments: pd.DataFrame
    """id, booking_id, amount_cents, method, status (paid, refunded, failed), paid_at (missing where
    failed). A booking has none, one or more."""

    reviews: pd.DataFrame
    """id, booking_id (unique), rating (1 to 5), comment (missing in one of four), created_at."""

    messages: pd.DataFrame
    """id, booking_id, sender_id (the guest or the host), body, sent_at."""

    def frames(self) -> dict[str, pd.DataFrame]:
        """Return the tables by name, those that others refer to first."""
        names = ("users", "properties", "bookings", "payments", "reviews", "messages")
        return {name: getattr(self, name) for name in names}

    def to_sqlite(self, connection: sqlite3.Connection) -> None:
        """Write the six tables into an empty SQLite database, in one transaction.

        Days are text such as 2025-07-14, moments 2025-07-14 09:30:00, missing values NULL. There is
        no index but those of primary keys and unique columns. SQLite checks foreign keys only after
        ``PRAGMA foreign_keys = ON``. A transaction that is already open is left open.

        Raises:
            CourseError: the database already has one of the tables.
        """
        began = not connection.in_transaction
        if began:
            connection.execute("BEGIN")
        try:
            create_tables(connection)
            for table, frame in self.frames().items():
                insert_rows(connection, table, frame, COLUMNS[table])
        except BaseException:
            if began:
                connection.rollback()
            raise
        if began:
            connection.commit()


def make_stays(seed: int = 1, scale: str = "small") -> Stays:
    """Make the data of one seed and scale; the same pair gives the same rows on every machine.

    Args:
        seed: a whole number, 0 or more.
        scale: a name in ROWS: ``small``, ``medium`` or ``large``.

    Raises:
        ParameterError: the seed or the scale is not allowed.
    """
    tables: dict[str, list[Part]] = {}
    for table, part in make_tables(seed, scale, caller="make_stays"):
        tables.setdefault(table, []).append(part)
    return Stays(seed=seed, scale=scale, **{name: frame_of(tables.pop(name)) for name in COLUMNS})
