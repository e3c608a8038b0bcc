"""The people and rows that a check makes in the database, around the service."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import namedtuple_row

from prodev.judge.endings import TimedOut

_CITIES = (
    ("Accra", "GH"), ("Nairobi", "KE"), ("Kigali", "RW"), ("Lagos", "NG"), ("Porto", "PT"),
    ("Lyon", "FR"), ("Quito", "EC"), ("Hanoi", "VN"),
)  # fmt: skip
_NAMES = ("Ada", "Bo", "Chidi", "Dora", "Esi", "Femi", "Gil", "Hana", "Ines", "Jomo", "Kofi", "Lin")
_TABLES = ("users", "properties", "bookings", "payments", "reviews", "messages", "access_tokens")
_TOGETHER = 1_000
_ENDS = datetime(2100, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class User:
    """Somebody who can call the service.

    Attributes:
        token: what signs this user in.
    """

    id: int
    username: str
    email: str
    name: str
    role: str
    token: str


class World:
    """Makes rows, reads them and changes them, by a connection of the judge's own.

    Every ``make_…`` returns the row or rows as named tuples, all columns of the table; columns that
    are not given are drawn. Ids begin at a number that differs from seed to seed.
    """

    def __init__(self, connection: psycopg.Connection[Any], random: Random) -> None:
        """Take a connection to the answer's database."""
        self._random = random
        self._nights: dict[int, int] = {}
        self._connection = connection
        self._connection.row_factory = namedtuple_row
        self._connection.execute("SET lock_timeout = '4s'; SET statement_timeout = '10s'")
        # The ids of two tables shall not be the same by chance.
        starts = random.sample(range(1_000, 90_000, 7), len(_TABLES))
        for table, start in zip(_TABLES, starts, strict=True):
            self.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", table, start)

    # People

    def user(self, role: str = "guest", name: str = "", **columns: Any) -> User:
        """Make a ``guest``, a ``host`` or an ``admin``, who can call the service at once."""
        return self.users(1, role, name, **columns)[0]

    def users(self, count: int, role: str = "guest", name: str = "", **columns: Any) -> list[User]:
        """Make several users."""
        people = [{**self._person(role, name), **columns} for _ in range(count)]
        rows = self._insert("users", people)
        tokens = [secrets.token_urlsafe(24) for _ in rows]
        self._insert(
            "access_tokens",
            [
                {"user_id": row.id, "digest": _digest(token), "ends_at": _ENDS}
                for row, token in zip(rows, tokens, strict=True)
            ],
        )
        return [
            User(row.id, row.username, row.email, row.name, row.role, token)
            for row, token in zip(rows, tokens, strict=True)
        ]

    def _person(self, role: str, name: str) -> dict[str, Any]:
        called = name or self._random.choice(_NAMES)
        username = f"{called.lower()}-{self._random.randrange(1 << 40):x}"
        return {
            "password": "!",
            "is_superuser": role == "admin",
            "is_staff": role == "admin",
            "is_active": True,
            "username": username,
            "email": f"{username}@example.com",
            "name": called,
            "role": role,
            "country": self._random.choice(_CITIES)[1],
            "joined_on": date(2026, 1, 1),
        }

    # Rows

    def property(self, host: User | None = None, **columns: Any) -> Any:
        """Make a property; without a host it gets one of its own."""
        return self.properties(1, host, **columns)[0]

    def properties(self, count: int, host: User | None = None, **columns: Any) -> list[Any]:
        """Make several properties; without a host each gets one of its own."""
        hosts = [host] * count if host else self.users(count, "host")
        return self._insert("properties", [self._place(one.id, columns) for one in hosts])

    def _place(self, host: int, columns: dict[str, Any]) -> dict[str, Any]:
        city, country = self._random.choice(_CITIES)
        return {
            "host_id": host,
            "name": f"House {self._random.randrange(1 << 40):x}",
            "city": city,
            "country": country,
            "kind": self._random.choice(("apartment", "house", "room")),
            "price_cents": self._random.randrange(40, 400) * 100,
            "max_guests": self._random.randrange(1, 8),
            "listed_on": date(2026, 1, 1),
            **columns,
        }

    def booking(self, guest: User | None = None, place: Any = None, **columns: Any) -> Any:
        """Make a booking that overlaps no other one of its property."""
        return self.bookings(1, guest, place, **columns)[0]

    def bookings(
        self, count: int, guest: User | None = None, place: Any = None, **columns: Any
    ) -> list[Any]:
        """Make several bookings; without guest or place each gets one of its own."""
        guests = [guest] * count if guest else self.users(count)
        places = [place] * count if place else self.properties(count)
        pairs = zip(guests, places, strict=True)
        return self._insert(
            "bookings", [self._stay(one.id, place, columns) for one, place in pairs]
        )

    def _stay(self, guest: int, place: Any, columns: dict[str, Any]) -> dict[str, Any]:
        number = self._nights[place.id] = self._nights.get(place.id, 0) + 1
        begin = columns.get("check_in", date(2027, 1, 1) + timedelta(days=10 * number))
        nights = columns.get("nights", self._random.randrange(1, 8))
        return {
            "property_id": place.id,
            "guest_id": guest,
            "check_in": begin,
            "check_out": begin + timedelta(days=nights),
            "nights": nights,
            "guests": 1,
            "total_cents": nights * place.price_cents,
            "status": "confirmed",
            "created_at": datetime(2026, 6, 1, tzinfo=UTC) + timedelta(minutes=number),
            **columns,
        }

    def payment(self, booking: Any, **columns: Any) -> Any:
        """Make a payment of a booking."""
        paid = {
            "booking_id": booking.id,
            "amount_cents": booking.total_cents,
            "method": "card",
            "status": "paid",
            "paid_at": booking.created_at,
        }
        return self._insert("payments", [{**paid, **columns}])[0]

    def review(self, booking: Any, **columns: Any) -> Any:
        """Make the review of a booking."""
        said = {
            "booking_id": booking.id,
            "rating": self._random.randrange(1, 6),
            "comment": "Fine.",
            "created_at": booking.created_at,
        }
        return self._insert("reviews", [{**said, **columns}])[0]

    def message(self, booking: Any, sender: User, **columns: Any) -> Any:
        """Make a message about a booking."""
        said = {
            "booking_id": booking.id,
            "sender_id": sender.id,
            "body": f"Hello {self._random.randrange(1 << 30):x}",
            "sent_at": booking.created_at,
        }
        return self._insert("messages", [{**said, **columns}])[0]

    # Statements of the judge's own; the proxy does not see them

    def execute(self, statement: str, *parameters: Any) -> None:
        """Run a statement, such as an UPDATE that goes around the service."""
        with _in_time():
            self._connection.execute(statement.encode(), parameters or None)

    def select(self, statement: str, *parameters: Any) -> list[Any]:
        """Return rows as named tuples."""
        with _in_time():
            return self._connection.execute(statement.encode(), parameters or None).fetchall()

    def count(self, table: str) -> int:
        """Return how many rows a table has."""
        with _in_time():
            query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
            found = self._connection.execute(query).fetchone()
            return int(found[0]) if found else 0

    def _insert(self, table: str, rows: Sequence[dict[str, Any]]) -> list[Any]:
        made: list[Any] = []
        with _in_time():
            for first in range(0, len(rows), _TOGETHER):
                some = rows[first : first + _TOGETHER]
                columns = list(some[0])
                line = sql.SQL("({})").format(
                    sql.SQL(", ").join([sql.Placeholder()] * len(columns))
                )
                statement = sql.SQL("INSERT INTO {} ({}) VALUES {} RETURNING *").format(
                    sql.Identifier(table),
                    sql.SQL(", ").join(map(sql.Identifier, columns)),
                    sql.SQL(", ").join([line] * len(some)),
                )
                values = [row[column] for row in some for column in columns]
                made += self._connection.execute(statement, values).fetchall()
        return made


def _digest(token: str) -> str:
    """What Stays keeps of a token; its own function needs Django, which is not set up here."""
    return hashlib.sha256(token.encode()).hexdigest()


@contextmanager
def _in_time() -> Iterator[None]:
    """A lock that the answer holds for ever is the answer's fault."""
    try:
        yield
    except (psycopg.errors.LockNotAvailable, psycopg.errors.QueryCanceled):
        raise TimedOut from None
