"""SQL that attacks the server, its files, its other users, or the judge: none gets anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from prodev.judge.endings import Ending, Noisy, Raised, TimedOut
from prodev.judge.kinds.sql.postgresql import PostgreSQLRoom
from prodev.judge.kinds.sql.room import DISK_MB
from prodev.services.postgresql import RunningPostgreSQL

pytestmark = pytest.mark.slow

LONG, SHORT = 30.0, 1.5
COPIES = """
CREATE FUNCTION copies() RETURNS void LANGUAGE plpgsql AS
$$ BEGIN COPY (SELECT 1) TO PROGRAM 'touch {canary}'; END $$;
"""
IN_A_TRIGGER = """
CREATE TABLE t (x int);
CREATE FUNCTION strike() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM copies(); RETURN NEW; END $$;
CREATE TRIGGER s BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION strike();
"""
IN_AN_INDEX = """
CREATE TABLE t (x int);
SET app.armed = 'no';
CREATE FUNCTION strike(x int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN
    IF current_setting('app.armed', true) IS DISTINCT FROM 'no' THEN PERFORM public.copies();
    END IF;
    RETURN 1;
END $$;
CREATE INDEX ON t (strike(x));
INSERT INTO t VALUES (1), (2), (3);
"""
# Not compressible, and made without a file on the way.
WORDS = "md5(g::text) || md5((g + 1)::text) || md5((g + 2)::text) || md5((g + 3)::text)"
FILL = f"INSERT INTO t SELECT {WORDS} FROM (SELECT generate_series(1, 90000000) g) s"

REFUSED = {
    "copy runs a program": "COPY (SELECT 1) TO PROGRAM 'touch {canary}'",
    "copy reads a program": "CREATE TABLE t (x text); COPY t FROM PROGRAM 'id'",
    "copy reads a file": "CREATE TABLE t (x text); COPY t FROM '/etc/passwd'",
    "copy writes a file": "COPY (SELECT 1) TO '{canary}'",
    "pg_read_file": "SELECT pg_read_file('/etc/passwd')",
    "pg_read_binary_file": "SELECT pg_read_binary_file('postgresql.conf')",
    "pg_ls_dir": "SELECT pg_ls_dir('/')",
    "lo_import": "SELECT lo_import('/etc/passwd')",
    "lo_export": "SELECT lo_export(lo_from_bytea(0, 'x'), '{canary}')",
    "dblink": "CREATE EXTENSION dblink",
    "postgres_fdw": "CREATE EXTENSION postgres_fdw",
    "file_fdw": "CREATE EXTENSION file_fdw",
    "an untrusted language": "CREATE EXTENSION plpython3u",
    "a function in C": "CREATE FUNCTION system(cstring) RETURNS int AS 'libc.so.6', 'system' "
    "LANGUAGE C STRICT",
    "loads a library": "LOAD '{canary}.so'",
    "becomes the superuser": "SET ROLE postgres",
    "becomes another session": "SET SESSION AUTHORIZATION postgres",
    "becomes the neighbour": "SET ROLE {neighbour}",
    "makes itself superuser": "ALTER ROLE CURRENT_USER SUPERUSER",
    "lets itself make databases": "ALTER ROLE CURRENT_USER CREATEDB",
    "grants itself programs": "GRANT pg_execute_server_program TO CURRENT_USER",
    "grants itself files": "GRANT pg_read_server_files TO CURRENT_USER",
    "grants itself the neighbour": "GRANT {neighbour} TO CURRENT_USER",
    "makes a role": "CREATE ROLE stranger SUPERUSER",
    "changes the neighbour's password": "ALTER ROLE {neighbour} PASSWORD 'known'",
    "changes the server's settings": "ALTER SYSTEM SET shared_buffers = '1MB'",
    "reloads the settings": "SELECT pg_reload_conf()",
    "an event trigger": "CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS "
    "$$ BEGIN END $$; CREATE EVENT TRIGGER e ON ddl_command_start EXECUTE FUNCTION e()",
    "drops the neighbour's database": "DROP DATABASE {neighbour} WITH (FORCE)",
    "drops its own database": "DROP DATABASE {own}",
    "makes a database": "CREATE DATABASE mine TEMPLATE {neighbour}",
    "reads the neighbour's table": "SELECT * FROM {neighbour}.public.secret",
    "reads the passwords": "SELECT rolpassword FROM pg_authid",
    "ends the neighbour's connection": "SELECT pg_terminate_backend({pid})",
    "cancels the neighbour's query": "SELECT pg_cancel_backend({pid})",
    "a tablespace": "CREATE TABLESPACE t LOCATION '/tmp'",
    "a subscription": "CREATE SUBSCRIPTION s CONNECTION 'host=127.0.0.1' PUBLICATION p",
    "lifts the limit of temporary files": "SET temp_file_limit = -1",
    "lifts it for later": "ALTER ROLE CURRENT_USER SET temp_file_limit = -1",
    "writes into the log": "SET log_min_messages = debug5",
    "takes all advisory locks": "SELECT pg_advisory_lock(g) FROM generate_series(1, 1000000) g",
    "takes one in a block": "DO $$ BEGIN PERFORM pg_try_advisory_xact_lock(1); END $$",
    "recurses for ever": "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n FROM r) "
    "SELECT count(*) FROM r",
    "sorts on disk": "SELECT md5(g::text) FROM generate_series(1, 30000000) g ORDER BY 1",
    "copies to the judge": "COPY (SELECT 1) TO STDOUT",
    "waits for a copy": "CREATE TABLE t (x int); COPY t FROM STDIN",
}
LOOP = "DO $$ BEGIN LOOP {} END LOOP; END $$"
ENDED = {
    "switches the timeout off": ("SET statement_timeout = 0; SELECT pg_sleep(60)", TimedOut),
    "switches it off for later": (
        "ALTER ROLE CURRENT_USER SET statement_timeout = 0; SET statement_timeout = 0; "
        "SELECT pg_sleep(60)",
        TimedOut,
    ),
    "loops for ever": (LOOP.format("NULL;"), TimedOut),
    "takes no cancelling": (
        LOOP.format("BEGIN PERFORM pg_sleep(60); EXCEPTION WHEN query_canceled THEN NULL; END;"),
        TimedOut,
    ),
    "joins for ever": (
        "SELECT count(*) FROM pg_proc a, pg_proc b, pg_proc c WHERE a.oid <> b.oid",
        TimedOut,
    ),
    "floods with notices": (LOOP.format("RAISE NOTICE '%', repeat('x', 9999);"), TimedOut),
    "floods the log": (LOOP.format("RAISE LOG '%', repeat('x', 99999);"), TimedOut),
    "floods with notifications": (
        "LISTEN a; "
        "DO $$ BEGIN FOR i IN 1..200000000 LOOP PERFORM pg_notify('a', i::text || "
        "repeat('x', 7000)); END LOOP; END $$",
        Ending,
    ),
    "gives more rows than fit": ("SELECT generate_series(1, 1000000000)", Noisy),
    "gives one value that does not fit": ("SELECT repeat('x', 30000000)", Noisy),
    "takes all memory": (
        "SELECT array_agg(repeat(g::text, 1000000)) FROM generate_series(1, 5000) g",
        Ending,
    ),
    "fills the disk": (f"CREATE TABLE t (x text); {FILL}", Ending),
    "fills the disk with temporary tables": (f"CREATE TEMPORARY TABLE t (x text); {FILL}", Ending),
    "fills the disk with large objects": (
        LOOP.format("PERFORM lo_from_bytea(0, decode(repeat(md5(random()::text), 9999), 'hex'));"),
        Ending,
    ),
}


@pytest.fixture
def neighbour(postgresql: RunningPostgreSQL) -> Iterator[SimpleNamespace]:
    """Another user's database on the same server, connected, with a row of its own."""
    with postgresql.database() as database, database.connect(autocommit=True) as connection:
        connection.execute("CREATE TABLE secret AS SELECT 'mine' AS word")
        yield SimpleNamespace(
            name=database.address.database,
            pid=connection.info.backend_pid,
            reads=lambda: connection.execute("SELECT word FROM secret").fetchall(),
        )


@pytest.fixture
def room() -> Iterator[PostgreSQLRoom]:
    room = PostgreSQLRoom("", None, LONG, memory_mb=128)
    yield room
    room.close()


@pytest.fixture
def hasty() -> Iterator[PostgreSQLRoom]:
    """A room whose time is over soon."""
    room = PostgreSQLRoom("", None, SHORT, memory_mb=128)
    yield room
    room.close()


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    tmp_path.chmod(0o777)
    return tmp_path / "canary"


def own(room: PostgreSQLRoom) -> str:
    return str(room.rows("SELECT current_database()")[0][0])


@pytest.mark.parametrize("attack", REFUSED.values(), ids=list(REFUSED))
def test_it_is_refused(
    room: PostgreSQLRoom, neighbour: SimpleNamespace, canary: Path, attack: str
) -> None:
    text = attack
    known = {"canary": canary, "neighbour": neighbour.name, "own": own(room), "pid": neighbour.pid}
    for name, value in known.items():
        text = text.replace(f"{{{name}}}", str(value))

    last = room.execute(text)[-1]

    assert last.refusal is not None
    assert not last.rows
    assert not list(canary.parent.iterdir())
    assert neighbour.reads() == [("mine",)]


@pytest.mark.parametrize(("attack", "ending"), ENDED.values(), ids=list(ENDED))
def test_it_is_ended(
    hasty: PostgreSQLRoom, neighbour: SimpleNamespace, attack: str, ending: type[Ending]
) -> None:
    with pytest.raises(ending):
        hasty.execute(attack)

    assert neighbour.reads() == [("mine",)]


@pytest.mark.parametrize(
    ("attack", "told"),
    [
        ("fills the disk", f"DiskFull: it wrote more than {DISK_MB} MB"),
        ("takes all memory", "MemoryError"),
    ],
)
def test_what_an_answer_took_too_much_of_is_told(
    room: PostgreSQLRoom, attack: str, told: str
) -> None:
    with pytest.raises(Raised) as ended:
        room.execute(ENDED[attack][0])

    assert str(ended.value) == told


def test_a_trigger_has_no_more_power_when_the_check_fires_it(
    room: PostgreSQLRoom, canary: Path
) -> None:
    answer = COPIES.format(canary=canary) + IN_A_TRIGGER
    assert not any(ran.refusal for ran in room.execute(answer))

    refusal = room.try_insert("t", {"x": 1})

    assert refusal is not None
    assert refusal.error == "InsufficientPrivilege"
    assert not canary.exists()


def test_counting_rows_again_runs_an_indexed_function_as_the_answer_alone(
    room: PostgreSQLRoom, canary: Path
) -> None:
    answer = COPIES.format(canary=canary) + IN_AN_INDEX
    assert not any(ran.refusal for ran in room.execute(answer))

    with pytest.raises(Raised, match="InsufficientPrivilege"):
        room.refresh("t")

    assert not canary.exists()


def test_whoever_ends_the_judges_connection_is_told_so(room: PostgreSQLRoom) -> None:
    room.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE usename = current_user AND pid <> pg_backend_pid()"
    )

    with pytest.raises(Raised, match="ended the judge's connection"):
        room.rows("SELECT 1")


def test_a_lock_that_an_answer_leaves_is_gone_before_the_check_looks(room: PostgreSQLRoom) -> None:
    room.execute("CREATE TABLE t (x int); BEGIN; LOCK TABLE t")

    assert room.try_insert("t", {"x": 1}) is None


def test_a_changed_password_or_a_closed_door_does_not_keep_the_judge_out(
    room: PostgreSQLRoom,
) -> None:
    name = own(room)
    room.execute(
        f"ALTER ROLE CURRENT_USER PASSWORD 'known'; ALTER DATABASE {name} CONNECTION LIMIT 0; "
        f"REVOKE ALL ON DATABASE {name} FROM CURRENT_USER"
    )

    assert room.rows("SELECT 1") == [(1,)]


def test_the_neighbours_door_is_shut(room: PostgreSQLRoom, neighbour: SimpleNamespace) -> None:
    query = (
        "SELECT has_database_privilege(current_user, %s, 'CONNECT'), query "
        "FROM pg_stat_activity WHERE pid = %s"
    )

    assert room.rows(query, neighbour.name, neighbour.pid) == [(False, "<insufficient privilege>")]


def test_nothing_is_left_of_a_room(postgresql: RunningPostgreSQL) -> None:
    room = PostgreSQLRoom("", None, LONG, memory_mb=128)
    name = own(room)
    room.execute("CREATE ROLE other; CREATE TABLE t (x int)")
    room.close()

    with postgresql.database() as database, database.connect() as connection:
        for table, column in (("pg_database", "datname"), ("pg_roles", "rolname")):
            found = connection.execute(f"SELECT 1 FROM {table} WHERE {column} = %s", [name])
            assert found.fetchone() is None


def test_nothing_of_an_answer_reaches_the_servers_log(room: PostgreSQLRoom) -> None:
    query = "SELECT setting FROM pg_settings WHERE name IN ('log_min_messages', %s)"

    assert room.rows(query, "log_min_error_statement") == [("panic",), ("panic",)]
