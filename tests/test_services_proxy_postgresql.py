"""Statements of PostgreSQL's clients are counted as the server itself writes them down."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import pq

from prodev.services.postgresql import RunningPostgreSQL
from prodev.services.proxy import CountingProxy
from service_proxy import assert_as_logged, connected, log_of, logged, server_log, texts

pytestmark = pytest.mark.slow


@pytest.fixture
def proxy(postgresql: RunningPostgreSQL) -> Iterator[CountingProxy]:
    with logged(postgresql) as proxy:
        yield proxy


@pytest.fixture
def log(postgresql: RunningPostgreSQL) -> Path:
    return log_of(postgresql)


def test_text_and_number_are_those_of_the_servers_log(proxy: CountingProxy, log: Path):
    with connected(proxy) as connection:
        connection.execute("CREATE TABLE stays (id int PRIMARY KEY, name text)")
        connection.execute("INSERT INTO stays VALUES (%s, %s)", [1, "Håme"])
        for number in range(2, 12):  # psycopg prepares it after a while
            connection.execute("INSERT INTO stays VALUES (%s, 'x')", [number])
        connection.execute("-- a comment\n  SELECT 'ä' ;\n")
        connection.execute("INSERT INTO stays SELECT 100; UPDATE stays SET name = 'y'; SELECT 1")
        with connection.transaction():
            connection.execute("SELECT 1 WHERE %s::text IS NULL", [None])
        connection.cursor().executemany("DELETE FROM stays WHERE id = %s", [[1], [2], [3]])
        assert_as_logged(proxy, log, connection.info.backend_pid, 20)
    assert proxy.statements[1].parameters == (1, "Håme")
    assert {one.kind for one in proxy.statements[1:12]} == {"execute"}
    assert texts(proxy.queries) == [
        one.sql for one in proxy.statements if one.sql not in ("BEGIN", "COMMIT")
    ]
    assert len(proxy.queries) == 18


def test_failed_statements_are_counted_with_their_error(proxy: CountingProxy, log: Path):
    with connected(proxy) as connection:
        connection.execute("CREATE TABLE stays (id int PRIMARY KEY)")
        for statement, values, options in (
            ("SELCT 1", None, {}),
            ("SELECT %s/0", [1], {}),
            ("SELCT %s", [1], {}),
            ("SELCT %s, 2", [2], {"prepare": True}),
            ("INSERT INTO stays VALUES (1), (1)", None, {}),
            ("SELECT %s::int", ["no number"], {}),
            ("SELECT 1; SELECT nothing; SELECT 2", None, {}),
        ):
            with pytest.raises(psycopg.Error):
                connection.execute(statement, values, **options)
        assert_as_logged(proxy, log, connection.info.backend_pid, 8)
    failed = proxy.statements[1:]
    assert [one.error for one in failed] == [
        "42601", "22012", "42601", "42601", "23505", "22P02", "42703",
    ]  # fmt: skip
    assert {one.status for one in failed} == {"failed"}
    assert all(one.seconds is not None for one in failed)
    assert failed[3].kind == "prepare"
    assert "duplicate key" in failed[4].message


def test_a_constraint_that_is_checked_at_the_end_fails_its_statement(proxy: CountingProxy):
    with connected(proxy) as connection:
        connection.execute("CREATE TABLE stays (id int UNIQUE DEFERRABLE INITIALLY DEFERRED)")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO stays SELECT %s FROM generate_series(1, 2)", [1])
    assert [one.error for one in proxy.statements] == ["", "23505"]


def test_rows_and_tags_are_the_servers(proxy: CountingProxy):
    with connected(proxy) as connection:
        connection.execute("CREATE TABLE stays AS SELECT generate_series(1, 500) AS id")
        connection.execute("SELECT * FROM stays WHERE id > %s", [100])
        connection.execute("UPDATE stays SET id = 0; SELECT 1")
        connection.execute("")
    assert [(one.rows, one.tags) for one in proxy.statements] == [
        (500, ("SELECT 500",)),
        (400, ("SELECT 400",)),
        (501, ("UPDATE 500", "SELECT 1")),
        (None, ()),
    ]


def test_a_pipeline_is_counted_statement_by_statement(proxy: CountingProxy, log: Path):
    with connected(proxy) as connection, connection.pipeline() as pipeline:
        for number in range(20):
            connection.execute("SELECT %s::int", [number], prepare=number % 2 == 1)
        pipeline.sync()
        pid = connection.info.backend_pid
    assert_as_logged(proxy, log, pid, 20)
    assert [one.parameters for one in proxy.statements] == [(number,) for number in range(20)]
    assert {one.status for one in proxy.statements} == {"done"}


def test_what_follows_a_failure_in_a_pipeline_is_skipped(proxy: CountingProxy):
    with connected(proxy) as connection:
        with pytest.raises(psycopg.errors.DivisionByZero), connection.pipeline():  # noqa: PT012
            connection.execute("SELECT 1 WHERE %s", [True])
            connection.execute("SELECT 1 / %s", [0])
            connection.execute("SELECT 3 WHERE %s", [True])
        connection.execute("SELECT 4")
    found = {one.sql: one.status for one in proxy.statements}
    assert found == {
        "SELECT 1 WHERE $1": "done",
        "SELECT 1 / $1": "failed",
        "SELECT 3 WHERE $1": "skipped",
        "SELECT 4": "done",
    }


def result(own: pq.abc.PGconn) -> pq.abc.PGresult | None:
    """The next result; to wait inside libpq would hold up the proxy, a thread of this process."""
    while own.flush() or own.is_busy():
        time.sleep(0.001)
        own.consume_input()
    return own.get_result()


def copy_in(own: pq.abc.PGconn, data: bytes) -> None:
    for start in range(0, len(data), 70_001):
        while not own.put_copy_data(data[start : start + 70_001]):
            own.flush()
            time.sleep(0.001)
    while not own.put_copy_end():
        own.flush()
        time.sleep(0.001)


@pytest.mark.parametrize("extended", [False, True], ids=["simple", "extended"])
def test_copy_passes_untouched_in_both_directions(proxy: CountingProxy, log: Path, extended: bool):
    lines = b"".join(b"%d\tname %d\n" % (n, n) for n in range(200_000))
    with connected(proxy) as connection:
        connection.execute("CREATE TABLE stays (id int, name text)")
        own = connection.pgconn
        send = (lambda text: own.send_query_params(text, None)) if extended else own.send_query
        send(b"COPY stays FROM STDIN")
        assert result(own).status == pq.ExecStatus.COPY_IN
        copy_in(own, lines)
        assert result(own).command_status == b"COPY 200000"
        assert result(own) is None
        send(b"COPY stays TO STDOUT")
        assert result(own).status == pq.ExecStatus.COPY_OUT
        back = bytearray()
        while (part := own.get_copy_data(1))[0] >= 0:
            back += part[1]
            if not part[0]:
                time.sleep(0.001)
                own.consume_input()
        assert bytes(back) == lines
        while result(own):
            pass
        assert connection.execute("SELECT count(*) FROM stays").fetchone() == (200_000,)
        assert_as_logged(proxy, log, connection.info.backend_pid, 4)
    assert [one.rows for one in proxy.statements] == [None, 200_000, 200_000, 1]
    assert {one.status for one in proxy.statements} == {"done"}


def test_a_copy_that_fails_leaves_the_connection_in_step(proxy: CountingProxy):
    with connected(proxy) as connection:
        connection.execute("CREATE TABLE stays (id int)")
        for _ in range(3):
            with (
                pytest.raises(psycopg.Error),
                connection.cursor().copy("COPY stays FROM STDIN") as c,
            ):
                c.write(b"no number\n" * 100_000)
            own = connection.pgconn
            own.send_query_params(b"COPY stays FROM STDIN", None)
            assert result(own).status == pq.ExecStatus.COPY_IN
            while not own.put_copy_end(b"no more"):
                own.flush()
            assert result(own).status == pq.ExecStatus.FATAL_ERROR
            assert result(own) is None
            connection.execute("SELECT %s::int", [1])
    assert [(one.status, one.error) for one in proxy.statements[1:4]] == [
        ("failed", "22P02"),
        ("failed", "57014"),
        ("done", ""),
    ]
    assert proxy.count == 10


def test_a_server_side_cursor_is_counted_with_each_fetch(proxy: CountingProxy, log: Path):
    with connected(proxy, autocommit=False) as connection:
        with connection.cursor("rows") as cursor:
            cursor.itersize = 100
            cursor.execute("SELECT generate_series(1, 250)")
            assert len(list(cursor)) == 250
        connection.commit()
        assert_as_logged(proxy, log, connection.info.backend_pid, 7)
    assert texts(proxy.queries)[1:4] == ['FETCH FORWARD 100 FROM "rows"'] * 3
    assert [one.rows for one in proxy.queries[1:4]] == [100, 100, 50]


def test_an_async_client_is_counted(proxy: CountingProxy, log: Path):
    async def work() -> int:
        connection = await psycopg.AsyncConnection.connect(
            **proxy.address.arguments(), autocommit=True
        )
        async with connection:
            for number in range(5):
                await connection.execute("SELECT %s::int", [number])
            return connection.info.backend_pid

    assert_as_logged(proxy, log, asyncio.run(work()), 5)


DJANGO = """
import sys, django
from django.conf import settings
import dj_database_url
settings.configure(
    DATABASES={"default": dj_database_url.parse(sys.argv[1])},
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth"],
    USE_TZ=True,
)
django.setup()
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
call_command("migrate", verbosity=0)
from django.contrib.auth.models import Group, User
connection.close()
connection.force_debug_cursor = True
with transaction.atomic():
    user = User.objects.create(username="ama")
    user.groups.set([Group.objects.create(name=n) for n in ("hosts", "guests")])
print(sorted(g.name for u in User.objects.prefetch_related("groups") for g in u.groups.all()))
print(connection.connection.info.backend_pid)
print(len(connection.queries))
"""


def test_djangos_orm_is_counted(proxy: CountingProxy, log: Path):
    done = subprocess.run(
        [sys.executable, "-c", DJANGO, proxy.address.url],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    names, pid, queries = done.stdout.splitlines()
    assert names == "['guests', 'hosts']"
    last = max(one.connection for one in proxy.statements)
    mine = [one for one in proxy.statements if one.connection == last]
    assert texts(mine) == server_log(log, int(pid))
    assert int(queries) >= 8
