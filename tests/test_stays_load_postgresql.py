"""The data in PostgreSQL: constraints, indexes and statistics are as after any other load."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from prodev.services.address import Address
from prodev.services.postgresql import RunningPostgreSQL
from prodev.stays.dataset import make_stays
from prodev.stays.load import create_tables, load
from stays_servers import ask, schema, tell

pytestmark = pytest.mark.slow


@pytest.fixture
def pg(postgresql: RunningPostgreSQL) -> Iterator[Address]:
    with postgresql.database() as database:
        yield database.address


def test_postgresql_has_each_constraint_and_index_as_before(pg: Address):
    create_tables(pg)
    tell(
        pg,
        "CREATE EXTENSION btree_gist",
        "ALTER TABLE bookings ADD CONSTRAINT no_overlap EXCLUDE USING gist"
        " (property_id WITH =, daterange(check_in, check_out) WITH &&)"
        " WHERE (status <> 'cancelled') DEFERRABLE",
        "CREATE INDEX by_guest ON bookings (guest_id DESC) INCLUDE (status) WHERE nights > 1",
        'CREATE UNIQUE INDEX "One Mail" ON users (lower(email))',
        'CREATE TABLE keys (booking_id bigint CONSTRAINT "a Key" REFERENCES bookings (id)'
        " ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED)",
        "INSERT INTO keys VALUES (NULL)",
    )
    before = schema(pg)
    load(pg)
    assert schema(pg) == before
    assert {"no_overlap", "by_guest", "One Mail", "a Key"} <= {row[1] for row in before}
    assert ask(pg, "SELECT * FROM keys") == [(None,)]
    with pytest.raises(psycopg.errors.ExclusionViolation):
        tell(pg, "INSERT INTO bookings (property_id, guest_id, check_in, check_out, nights, guests,"
             " total_cents, status, created_at) SELECT property_id, guest_id, check_in, check_out,"
             " nights, guests, total_cents, status, created_at FROM bookings"
             " WHERE status = 'confirmed' LIMIT 1")  # fmt: skip


def test_postgresql_knows_the_tables_after_a_load(pg: Address):
    create_tables(pg)
    load(pg)
    for table, frame in make_stays().frames().items():
        used = f"(SELECT max((ctid::text::point)[0])::int + 1 FROM {table})"
        ((rows, visible, pages),) = ask(
            pg,
            f"SELECT reltuples, relallvisible, {used} FROM pg_class WHERE relname = '{table}'",
        )
        assert rows == len(frame)
        assert visible == pages  # so an index-only scan need not look at the table


def test_the_settings_of_a_role_in_postgresql_neither_move_a_moment_nor_stop_a_load(pg: Address):
    create_tables(pg)
    for setting in ("timezone = 'Asia/Tokyo'", "datestyle = 'SQL, DMY'", "statement_timeout = 20"):
        tell(pg, f"ALTER ROLE CURRENT_USER SET {setting}")
    load(pg, 1, "medium")
    tell(pg, "ALTER ROLE CURRENT_USER RESET ALL")
    expected = make_stays(1, "medium").messages["sent_at"].max()
    assert ask(pg, "SELECT max(sent_at) FROM messages") == [(expected.tz_localize("UTC"),)]
