"""The proxy under load, with clients and servers that die, and at its own end."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from prodev.services.postgresql import PostgreSQL, RunningPostgreSQL
from prodev.services.proxy import CountingProxy, counting_proxy
from service_processes import alive, eventually, owner
from service_proxy import RawClient, connected, log_of, message, texts

pytestmark = pytest.mark.slow


@pytest.fixture
def proxy(postgresql: RunningPostgreSQL) -> Iterator[CountingProxy]:
    with postgresql.database() as database, counting_proxy(database.address, tcp=True) as proxy:
        yield proxy


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A cache of this test alone, whose servers may be killed; its path is short, for sockets."""
    folder = Path(tempfile.mkdtemp(prefix="prodev-test-", dir="/tmp"))
    folder.chmod(0o711)
    monkeypatch.setenv("PRODEV_CACHE", str(folder))
    yield folder
    shutil.rmtree(folder)


def sessions(postgresql: RunningPostgreSQL, proxy: CountingProxy) -> int:
    """How many sessions the server has for this proxy."""
    found = postgresql._connection.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = %s", [proxy.address.database]
    ).fetchone()
    assert found
    return int(found[0])


def test_a_statement_of_fifty_megabytes_passes_and_one_too_long_is_refused(proxy: CountingProxy):
    text = "x" * 50_000_000
    with connected(proxy) as connection:
        assert connection.execute(f"SELECT length('{text}')").fetchone() == (50_000_000,)
        assert connection.execute("SELECT length(%s)", [text[:9_000_000]]).fetchone() == (
            9_000_000,
        )
        assert connection.execute(f"SELECT repeat('y', {len(text)})").fetchone() == (
            "y" * len(text),
        )
    assert [len(one.sql) for one in proxy.statements] == [50_000_017, 17, 28]
    assert proxy.statements[1].parameters == (text[:9_000_000],)
    with RawClient(proxy.address) as client:
        client.log_in()
        client.send(b"Q\x7f\xff\xff\xff")
        assert client.error()[0] == "54000"
        assert client.closed()
    with RawClient(proxy.address) as client:
        client.log_in()
        client.send(b"\0\0\0\0\0\0")
        assert client.error()[0] == "08P01"


def test_fifty_connections_at_once_are_counted_each_by_itself(proxy: CountingProxy):
    async def work(number: int) -> None:
        connection = await psycopg.AsyncConnection.connect(
            **proxy.address.arguments(), autocommit=True, application_name=f"c{number}"
        )
        async with connection:
            await here.wait()  # until all are in
            for _ in range(3):
                await connection.execute("SELECT %s::int", [number])

    async def all_of_them() -> None:
        async with asyncio.TaskGroup() as tasks:
            for number in range(50):
                tasks.create_task(work(number))

    here = asyncio.Barrier(50)
    asyncio.run(all_of_them())
    assert proxy.count == 150
    mine = {one.number: one.name for one in proxy.connections}
    assert all(mine[one.connection] == f"c{one.parameters[0]}" for one in proxy.statements)
    assert all(one.statements == 3 for one in proxy.connections)


def test_a_client_that_dies_in_the_middle_frees_its_session(
    proxy: CountingProxy, postgresql: RunningPostgreSQL
):
    for sent in (message(b"Q", b"SELECT pg_sleep(0.2)\0"), b"Q\0\0\0\xffSELECT", b""):
        with RawClient(proxy.address) as client:
            client.log_in()
            client.send(sent)
    with RawClient(proxy.address) as client:  # within a transaction, which holds a lock
        client.log_in()
        client.send(message(b"Q", b"BEGIN; CREATE TABLE stays ()\0"))
        client.until("Z")
    assert eventually(lambda: sessions(postgresql, proxy) == 0)
    assert eventually(lambda: not any(one.open for one in proxy.connections))
    with connected(proxy) as connection:
        connection.execute("CREATE TABLE stays ()")
    assert eventually(lambda: not proxy._hub.relays)


def test_a_session_that_the_server_ends_is_told_and_the_others_go_on(
    proxy: CountingProxy, postgresql: RunningPostgreSQL
):
    with connected(proxy) as first, connected(proxy) as other:
        end = "SELECT pg_terminate_backend(%s)"
        postgresql._connection.execute(end, [first.info.backend_pid])
        with pytest.raises(psycopg.errors.AdminShutdown):
            first.execute("SELECT 1")
        assert other.execute("SELECT 2").fetchone() == (2,)


def test_a_server_that_dies_is_told_to_who_waits_and_who_comes(cache: Path):
    with PostgreSQL().start() as server, server.database() as database:
        assert log_of(server).is_relative_to(cache), "this test kills no server but its own"
        with counting_proxy(database.address) as proxy, connected(proxy) as connection:
            connection.execute("SELECT 1")
            threading.Timer(0.5, os.kill, [server.pid, signal.SIGKILL]).start()
            with pytest.raises(psycopg.OperationalError, match=r"went away|terminat|crash"):
                connection.execute("SELECT pg_sleep(30)")
            assert proxy.statements[-1].status in ("lost", "failed")
            assert eventually(lambda: not proxy._hub.relays)
            with pytest.raises(psycopg.OperationalError, match="cannot be reached"):
                connected(proxy)
    assert eventually(lambda: not any(cache.rglob("leftovers.json")))


def test_a_client_can_cancel_its_own_statement_only(proxy: CountingProxy):
    with connected(proxy) as connection, connected(proxy) as other:
        threading.Timer(0.3, connection.cancel_safe).start()
        with pytest.raises(psycopg.errors.QueryCanceled):
            connection.execute("SELECT pg_sleep(30)")
        assert connection.execute("SELECT 1").fetchone() == (1,)
        with RawClient(proxy.address) as client:  # the right session, the wrong secret
            pid = connection.info.backend_pid
            client.send(b"\0\0\0\x10\x04\xd2\x16\x2e" + pid.to_bytes(4, "big") + b"\0\0\0\0")
            assert client.closed()
        assert connection.execute("SELECT 2").fetchone() == (2,)
        assert other.execute("SELECT 3").fetchone() == (3,)
    assert [one.error for one in proxy.statements] == ["57014", "", "", ""]


def test_a_statement_is_remembered_by_its_name_also_after_a_refusal(proxy: CountingProxy):
    def parse(name: bytes, text: bytes) -> bytes:
        return message(b"P", name + b"\0" + text + b"\0\0\0")

    def run(name: bytes) -> bytes:
        bind = message(b"B", b"\0" + name + b"\0\0\0\0\0\0\0")
        return bind + message(b"E", b"\0\0\0\0\0")

    sync = message(b"S")
    with RawClient(proxy.address) as client:
        client.log_in()
        for group in (
            parse(b"s", b"SELECT 1") + run(b"s") + sync,
            parse(b"s", b"SELECT 2") + run(b"s") + sync,  # the name is taken
            run(b"s") + sync,
            parse(b"t", b"SELECT 1/0") + run(b"t") + message(b"C", b"Ss\0") + sync,
            run(b"s") + sync,  # it was not closed: the error came first
            message(b"C", b"Ss\0") + parse(b"s", b"SELECT 3") + run(b"s") + sync,
        ):
            client.send(group)
            client.until("Z")
        client.send(message(b"Q", b"DISCARD ALL\0"))
        client.until("Z")
        client.send(run(b"s") + sync)
        client.until("Z")
    assert [(one.sql, one.error) for one in proxy.statements] == [
        ("SELECT 1", ""),
        ("SELECT 2", "42P05"),
        ("SELECT 1", ""),
        ("SELECT 1/0", "22012"),
        ("SELECT 1", ""),
        ("SELECT 3", ""),
        ("DISCARD ALL", ""),
        ("", "26000"),
    ]


def test_a_portal_that_is_read_in_steps_is_one_execute_and_fetches(proxy: CountingProxy):
    with RawClient(proxy.address) as client:
        client.log_in()
        client.send(
            message(b"P", b"\0SELECT generate_series(1, 5)\0\0\0"),
            message(b"B", b"p\0\0\0\0\0\0\0\0"),
            *[message(b"E", b"p\0\0\0\0\2")] * 3,
            message(b"S"),
        )
        client.until("Z")
    assert [(one.kind, one.rows) for one in proxy.statements] == [
        ("execute", None),
        ("fetch", None),
        ("fetch", 1),
    ]


def test_answers_are_the_same_through_the_proxy(postgresql: RunningPostgreSQL):
    def answers(connection: psycopg.Connection) -> list[object]:
        found: list[object] = []
        connection.add_notice_handler(lambda notice: found.append(notice.message_primary))
        connection.add_notify_handler(lambda notify: found.append(notify.payload))
        connection.execute("LISTEN news")
        for query, values, binary in (
            ("SELECT 1, NULL, 'ä', 1.5, now() IS NULL, '{1,2}'::int[]", None, False),
            ("SELECT %s::int8, %s::text, %s::bytea, %s::float8", (1, "x", b"\0\xff", 0.1), True),
            ("SELECT g, repeat('x', g) FROM generate_series(1, 3000) g", None, True),
            ("DO $$ BEGIN RAISE NOTICE 'told %%', 1; END $$", None, False),
            ("NOTIFY news, 'hot'", None, False),
            ("SELECT 1; SELECT 2; SELECT 1/0", None, False),
            ("VALUES (1), (2); TABLE pg_type LIMIT 0", None, False),
            ("", None, False),
            ("SELECT %s::json ->> 'a'", ('{"a": "b"}',), False),
            ("SELECT * FROM nothing", None, False),
        ):
            cursor = connection.cursor(binary=binary)
            try:
                cursor.execute(query.replace("%%", "%") if values is None else query, values)
                more: bool | None = True
                while more:
                    found.append(cursor.statusmessage)
                    found.append([c.type_code for c in cursor.description or ()])
                    found.append(cursor.fetchall() if cursor.description else None)
                    more = cursor.nextset()
            except psycopg.Error as error:
                found.append((error.sqlstate, str(error), error.diag.statement_position))
        return found

    with postgresql.database() as database:
        with psycopg.connect(**database.address.arguments(), autocommit=True) as connection:
            direct = answers(connection)
        with counting_proxy(database.address) as proxy, connected(proxy) as connection:
            assert answers(connection) == direct
            assert proxy.count == 11


def test_a_delay_holds_each_round_trip_once(proxy: CountingProxy):
    with connected(proxy) as connection:
        proxy.delay = 0.3
        started = time.perf_counter()
        for _ in range(3):
            connection.execute("SELECT 1")
        assert time.perf_counter() - started >= 0.9
        with connection.pipeline():
            for number in range(20):
                connection.execute("SELECT %s::int", [number])
        proxy.delay = 0.0
    assert all(one.seconds is not None and one.seconds >= 0.3 for one in proxy.statements)
    sent = [one.moment for one in proxy.statements[3:]]
    assert max(sent) - min(sent) < 20 * 0.3


def test_what_is_paused_waits_and_what_is_cut_hears_it(proxy: CountingProxy):
    with connected(proxy) as connection, connected(proxy) as other:
        proxy.pause()
        done = threading.Event()

        def work() -> None:
            connection.execute("SELECT 1")
            done.set()

        thread = threading.Thread(target=work)
        thread.start()
        assert not done.wait(0.5)
        assert proxy.count == 0
        proxy.resume()
        thread.join()
        assert proxy.count == 1
        proxy.cut()
        with pytest.raises(psycopg.OperationalError):
            other.execute("SELECT 2")
    proxy.delay = 1.0
    proxy.reset()
    assert (proxy.count, proxy.connections, proxy.delay) == (0, [], 0.0)
    with connected(proxy) as connection:
        connection.execute("SELECT 3")
    assert texts(proxy.statements) == ["SELECT 3"]


def test_a_block_has_its_own_statements(proxy: CountingProxy):
    with connected(proxy) as connection:
        connection.execute("SELECT 1")
        with proxy.block() as outer:
            connection.execute("SELECT 2")
            with proxy.block() as inner:
                connection.execute("SELECT 3")
            proxy.clear()
        connection.execute("SELECT 4")
    assert texts(inner.statements) == ["SELECT 3"]
    assert texts(outer.statements) == ["SELECT 2", "SELECT 3"]
    assert texts(proxy.statements) == ["SELECT 4"]


def test_an_end_in_the_middle_of_the_work_leaves_nothing(postgresql: RunningPostgreSQL):
    with postgresql.database() as database:
        before = set(Path("/proc/self/fd").iterdir()), threading.active_count()
        proxy = CountingProxy(database.address, tcp=True).start()
        folder, port = Path(proxy.address.socket), proxy.tcp_address.port
        connections = [connected(proxy) for _ in range(5)]
        failed: list[BaseException] = []

        def work() -> None:
            try:
                connections[0].execute("SELECT pg_sleep(30)")
            except psycopg.Error as error:
                failed.append(error)

        thread = threading.Thread(target=work)
        thread.start()
        assert eventually(lambda: proxy.count == 1)
        proxy.stop()
        proxy.stop()
        thread.join()
        assert len(failed) == 1
        for connection in connections:
            connection.close()
        assert not folder.exists()
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(host="127.0.0.1", port=port, dbname="x", user="x")
        assert (set(Path("/proc/self/fd").iterdir()), threading.active_count()) == before


OWNER = """
import sys
from prodev.services.address import parse_address
from prodev.services.proxy import CountingProxy
proxy = CountingProxy(parse_address(sys.stdin.readline().strip(), where="here"), tcp=True).start()
print(proxy.address.socket, proxy._folder._watch.pid, flush=True)
sys.stdin.read()
"""


def test_a_killed_owner_leaves_no_process_and_no_folder(postgresql: RunningPostgreSQL):
    with postgresql.database() as database:
        process = owner(OWNER)
        assert process.stdin
        assert process.stdout
        print(database.address.url, file=process.stdin, flush=True)
        folder, watch = process.stdout.readline().split()
        with psycopg.connect(
            host=folder, dbname=database.address.database, user="x", autocommit=True
        ) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
            process.kill()
            process.wait()
            process.stdin.close()
            process.stdout.close()
            with pytest.raises(psycopg.OperationalError):
                connection.execute("SELECT 2")
        assert eventually(lambda: not Path(folder).exists())
        assert eventually(lambda: not alive(int(watch)))
        left = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
        assert eventually(
            lambda: (
                postgresql._connection.execute(left, [database.address.database]).fetchone() == (0,)
            )
        )
