"""How clients of PostgreSQL come in, and what they are refused."""

from __future__ import annotations

import stat
import struct
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from prodev.services.postgresql import RunningPostgreSQL
from prodev.services.proxy import CountingProxy, counting_proxy
from prodev.services.service import ServiceError
from service_proxy import RawClient, connected, message, startup

pytestmark = pytest.mark.slow


@pytest.fixture
def proxy(postgresql: RunningPostgreSQL) -> Iterator[CountingProxy]:
    with postgresql.database() as database, counting_proxy(database.address, tcp=True) as proxy:
        yield proxy


def one(connection: psycopg.Connection, query: str) -> object:
    row = connection.execute(query).fetchone()
    assert row
    return row[0]


def test_encryption_is_refused_and_the_client_goes_on_without(proxy: CountingProxy):
    with RawClient(proxy.address) as client:
        for code in (80877103, 80877104):  # TLS, GSS
            client.send(struct.pack("!II", 8, code))
            assert client.socket.recv(10) == b"N"
        client.log_in()
    with connected(proxy, sslmode="prefer", gssencmode="disable") as connection:
        assert not connection.pgconn.ssl_in_use
    with pytest.raises(psycopg.OperationalError, match="server does not support SSL"):
        psycopg.connect(**proxy.tcp_address.arguments(), sslmode="require")


def test_a_newer_protocol_is_answered_with_the_one_that_is_spoken(proxy: CountingProxy):
    with RawClient(proxy.address) as client:
        body = struct.pack("!I", 196608 + 2) + b"user\0me\0_pq_.new\0yes\0\0"
        client.send(struct.pack("!I", len(body) + 4) + body)
        assert client.until("Z")[0] == ("v", struct.pack("!II", 196608, 1) + b"_pq_.new\0")


def test_over_tcp_a_client_needs_the_proxys_own_password(proxy: CountingProxy):
    address = proxy.tcp_address
    with psycopg.connect(**address.arguments()) as connection:
        assert one(connection, "SELECT 1") == 1
    for wrong in ("no", "ä", address.password + "x"):
        with pytest.raises(psycopg.OperationalError, match="password is wrong"):
            psycopg.connect(**replace(address, password=wrong).arguments())
    assert proxy._hub.upstream.password != address.password
    assert not proxy.address.password
    assert proxy.count == 3  # BEGIN, SELECT, COMMIT


def test_what_a_client_wants_for_its_session_reaches_the_server(proxy: CountingProxy):
    options = {
        "application_name": "ä name",
        "client_encoding": "LATIN1",
        "options": r"-c statement_timeout=1234 -c DateStyle=SQL\ ,\ DMY",
    }
    with connected(proxy, **options) as connection:
        assert one(connection, "SHOW statement_timeout") == "1234ms"
        assert one(connection, "SHOW DateStyle") == "SQL, DMY"
        assert one(connection, "SHOW client_encoding") == "LATIN1"
        assert one(connection, "SELECT 'ä'") == "ä"
        assert connection.info.parameter_status("client_encoding") == "LATIN1"
    assert proxy.statements[-1].sql == "SELECT 'ä'"
    assert proxy.connections[0].name == "ä name"
    with RawClient(proxy.address) as client:
        client.send(startup(user="me", search_path='"a b","\\c"'))
        assert client.until("Z")[-1][0] == "Z"
        client.send(message(b"Q", b"SHOW search_path\0"))
        assert client.until("Z")[1][1].endswith(b'"a b","\\c"')


def test_the_owners_own_environment_is_not_the_clients(
    proxy: CountingProxy, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PGOPTIONS", "-c statement_timeout=77")
    monkeypatch.setenv("PGAPPNAME", "the owner")
    with RawClient(proxy.address) as client:
        client.log_in()
        client.send(message(b"Q", b"SHOW statement_timeout\0"))
        assert b"77" not in client.until("Z")[1][1]
        client.send(message(b"Q", b"SHOW application_name\0"))
        assert b"owner" not in client.until("Z")[1][1]


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (startup(user="me", database="postgres"), "3D000"),
        (startup(user="me", replication="database"), "0A000"),
        (startup(**{"user": "me", "bad name": "1"}), "08P01"),
        (startup(user="me", no_such_setting="1"), "08001"),
        (struct.pack("!II", 8, 131072), "08P01"),  # protocol 2
        (struct.pack("!II", 4, 196608), "08P01"),
        (struct.pack("!II", 2**31, 196608), "08P01"),
        (struct.pack("!II", 14, 196608) + b"user\0\0", "08P01"),
        (struct.pack("!II", 17, 196608) + b"\xff\xfe\0me\0\0\0\0", "08P01"),
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "08P01"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_who_cannot_come_in_hears_why(proxy: CountingProxy, sent: bytes, code: str):
    with RawClient(proxy.address) as client:
        client.send(sent)
        assert client.error()[0] == code
        assert client.closed()
    assert proxy.connections == []
    with connected(proxy) as connection:
        assert one(connection, "SELECT 1") == 1


def test_the_socket_is_private_and_one_in_a_given_folder_is_for_who_may_enter_it(
    postgresql: RunningPostgreSQL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    folder = Path("a ä")
    folder.mkdir()
    with postgresql.database() as database:
        with counting_proxy(database.address) as proxy:
            private = Path(proxy.address.socket)
            assert stat.S_IMODE(private.stat().st_mode) == 0o700
        assert not private.exists()
        with counting_proxy(database.address, folder=folder) as proxy:
            assert stat.S_IMODE((folder / ".s.PGSQL.5432").stat().st_mode) == 0o666
            with connected(proxy) as connection:
                assert one(connection, "SELECT 1") == 1
        assert list(folder.iterdir()) == []
        long = tmp_path / ("x" * 90)
        long.mkdir()
        with pytest.raises(ServiceError, match="choose a folder with a shorter path"):
            CountingProxy(database.address, folder=long).start()


def test_a_proxy_to_nowhere_is_one_sentence(postgresql: RunningPostgreSQL, tmp_path: Path):
    with postgresql.database() as database:
        wrong = replace(database.address, password="wrong")
        with pytest.raises(ServiceError, match="refused: password authentication failed"):
            CountingProxy(wrong).start()
        nowhere = replace(database.address, socket=str(tmp_path))
        with pytest.raises(ServiceError, match="cannot be reached; is its server running"):
            CountingProxy(nowhere).start()
        with pytest.raises(ServiceError, match="start it first"):
            _ = CountingProxy(nowhere).address
