"""The six tables in SQL, and how frames are written into them."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from prodev.errors import CourseError
from prodev.stays.columns import DAY, seconds_of
from prodev.stays.draw import Ints

BATCH = 100_000  # rows turned into Python values at a time, so that memory stays small

TABLES = {
    "users": """CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    email TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL CHECK (role IN ('guest', 'host', 'admin')),
    country TEXT NOT NULL CHECK (length(country) = 2),
    joined_on TEXT NOT NULL
)""",
    "properties": """CREATE TABLE properties (
    id INTEGER PRIMARY KEY,
    host_id INTEGER NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    city TEXT NOT NULL,
    country TEXT NOT NULL CHECK (length(country) = 2),
    kind TEXT NOT NULL,
    price_cents INTEGER NOT NULL CHECK (price_cents >= 0),
    max_guests INTEGER NOT NULL CHECK (max_guests >= 1),
    listed_on TEXT NOT NULL
)""",
    "bookings": """CREATE TABLE bookings (
    id INTEGER PRIMARY KEY,
    property_id INTEGER NOT NULL REFERENCES properties (id),
    guest_id INTEGER NOT NULL REFERENCES users (id),
    check_in TEXT NOT NULL,
    check_out TEXT NOT NULL,
    nights INTEGER NOT NULL CHECK (nights >= 1),
    guests INTEGER NOT NULL CHECK (guests >= 1),
    total_cents INTEGER NOT NULL CHECK (total_cents >= 0),
    status TEXT NOT NULL CHECK (status IN ('confirmed', 'cancelled', 'pending')),
    created_at TEXT NOT NULL,
    CHECK (check_out > check_in)
)""",
    "payments": """CREATE TABLE payments (
    id INTEGER PRIMARY KEY,
    booking_id INTEGER NOT NULL REFERENCES bookings (id),
    amount_cents INTEGER NOT NULL CHECK (amount_cents >= 0),
    method TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('paid', 'refunded', 'failed')),
    paid_at TEXT,
    CHECK ((status = 'failed') = (paid_at IS NULL))
)""",
    "reviews": """CREATE TABLE reviews (
    id INTEGER PRIMARY KEY,
    booking_id INTEGER NOT NULL UNIQUE REFERENCES bookings (id),
    rating INTEGER NOT NULL CHECK (rating BETWEEN 1 AND 5),
    comment TEXT,
    created_at TEXT NOT NULL
)""",
    "messages": """CREATE TABLE messages (
    id INTEGER PRIMARY KEY,
    booking_id INTEGER NOT NULL REFERENCES bookings (id),
    sender_id INTEGER NOT NULL REFERENCES users (id),
    body TEXT NOT NULL,
    sent_at TEXT NOT NULL
)""",
}

COLUMNS = {
    "users": ("id", "name", "email", "role", "country", "joined_on"),
    "properties": (
        "id", "host_id", "name", "city", "country", "kind", "price_cents", "max_guests",
        "listed_on",
    ),
    "bookings": (
        "id", "property_id", "guest_id", "check_in", "check_out", "nights", "guests",
        "total_cents", "status", "created_at",
    ),
    "payments": ("id", "booking_id", "amount_cents", "method", "status", "paid_at"),
    "reviews": ("id", "booking_id", "rating", "comment", "created_at"),
    "messages": ("id", "booking_id", "sender_id", "body", "sent_at"),
}  # fmt: skip

DAYS = ("joined_on", "listed_on", "check_in", "check_out")  # the other dates are moments
CLOCK = [
    f" {hour:02}:{minute:02}:{second:02}"
    for hour in range(24)
    for minute in range(60)
    for second in range(60)
]


def create_tables(connection: sqlite3.Connection) -> None:
    """Create the six tables.

    Raises:
        CourseError: one of them is there already.
    """
    there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    if taken := sorted(there & TABLES.keys()):
        raise CourseError(
            f"The SQLite database already has a table '{taken[0]}'; write into an empty one, "
            'such as sqlite3.connect(":memory:").'
        )
    for statement in TABLES.values():
        connection.execute(statement)


def insert_rows(
    connection: sqlite3.Connection, table: str, frame: pd.DataFrame, columns: Sequence[str]
) -> None:
    """Insert these columns of a frame into a table; the caller's transaction keeps them or not."""
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"
    for start in range(0, len(frame), BATCH):
        part = frame.iloc[start : start + BATCH]
        connection.executemany(
            statement, zip(*(_values(part[name], name) for name in columns), strict=True)
        )


def _values(column: pd.Series[Any], name: str) -> list[Any]:
    """Return a column as values that SQLite keeps: whole numbers, text and None."""
    values: list[Any]
    if not pd.api.types.is_datetime64_any_dtype(column):
        values = column.tolist()
        empty = column.isna()
    else:
        empty = column.isna()
        seconds = seconds_of(column.fillna(pd.Timestamp(0)))
        days, clock = _day_texts(seconds // DAY), (seconds % DAY).tolist()
        values = [*days]
        if name not in DAYS:
            values = [day + CLOCK[at] for day, at in zip(days, clock, strict=True)]
    for position in np.flatnonzero(empty.to_numpy()).tolist():
        values[position] = None
    return values


def _day_texts(numbers: Ints) -> list[str]:
    """Return days since 1970 as text; each text is made once and shared."""
    known, position = np.unique(numbers, return_inverse=True)
    texts = np.datetime_as_string(known.astype("datetime64[D]")).astype(object)
    result: list[str] = texts[position].tolist()
    return result
