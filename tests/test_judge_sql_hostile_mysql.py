"""SQL that attacks MySQL, its files, its other users, or the judge: none gets anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from prodev.judge.endings import Ending, Noisy, Raised, TimedOut
from prodev.judge.kinds.sql.mysql import MySQLRoom
from prodev.judge.kinds.sql.room import DISK_MB
from prodev.services.mysql import MySQL, RunningMySQL

pytestmark = pytest.mark.slow

LONG, SHORT = 30.0, 1.5

REFUSED = {
    "reads a file": "CREATE TABLE t (x text); LOAD DATA INFILE '/etc/passwd' INTO TABLE t",
    "reads a file of the judge's": "CREATE TABLE t (x text); "
    "LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE t",
    "writes a file": "SELECT 1 INTO OUTFILE '{canary}'",
    "dumps a file": "SELECT 1 INTO DUMPFILE '{canary}'",
    "reads the neighbour's table": "SELECT * FROM {neighbour}.secret",
    "writes into the neighbour's table": "INSERT INTO {neighbour}.secret VALUES ('yours')",
    "drops the neighbour's database": "DROP DATABASE {neighbour}",
    "makes a database": "CREATE DATABASE mine",
    "enters the neighbour's database": "USE {neighbour}",
    "reads the passwords": "SELECT * FROM mysql.user",
    "grants itself everything": "GRANT ALL ON *.* TO CURRENT_USER",
    "grants itself files": "GRANT FILE ON *.* TO CURRENT_USER",
    "makes a user": "CREATE USER stranger IDENTIFIED BY 'known'",
    "drops the neighbour": "DROP USER {neighbour}@localhost",
    "changes the neighbour's password": "SET PASSWORD FOR {neighbour}@localhost = "
    "PASSWORD('known')",
    "becomes the administrator": "SET ROLE root",
    "ends the neighbour's connection": "KILL {thread}",
    "ends the neighbour's query": "KILL QUERY {thread}",
    "changes the server's settings": "SET GLOBAL max_connections = 10",
    "switches a log on": "SET GLOBAL general_log = 1",
    "writes into a log": "SET GLOBAL general_log_file = '{canary}'",
    "stops the server": "SHUTDOWN",
    "flushes the tables": "FLUSH TABLES WITH READ LOCK",
    "a routine of the administrator's": "CREATE DEFINER = root@localhost PROCEDURE p() "
    "SELECT * FROM mysql.user",
    "a view of the administrator's": "CREATE DEFINER = root@localhost VIEW v AS SELECT 1",
    "a trigger of the administrator's": "CREATE TABLE t (x int); CREATE DEFINER = root@localhost "
    "TRIGGER s BEFORE INSERT ON t FOR EACH ROW SET @x = LOAD_FILE('/etc/passwd')",
    "an event": "CREATE EVENT e ON SCHEDULE EVERY 1 SECOND DO SELECT 1",
    "a function in C": "CREATE FUNCTION sys_exec RETURNS INT SONAME 'lib_mysqludf_sys.so'",
    "a plugin": "INSTALL SONAME 'ha_federated'",
    "another server": "CREATE SERVER s FOREIGN DATA WRAPPER mysql OPTIONS (HOST '127.0.0.1')",
    "a table on another server": "CREATE TABLE t (x int) ENGINE=FEDERATED "
    "CONNECTION='mysql://root@127.0.0.1/mysql/user'",
    "a temporary table": "CREATE TEMPORARY TABLE t (x int)",
    "backs a table up": "BACKUP STAGE START",
    "a command of the program mysql": "\\! touch {canary}",
}
BODY = "CREATE PROCEDURE p() BEGIN {} END; CALL p()"
MANY = (
    "information_schema.collations a, information_schema.collations b, "
    "information_schema.collations c, information_schema.collations d"
)
WORDS = "repeat(md5(rand()), 60)"
ENDED = {
    "sleeps": ("SELECT SLEEP(60)", TimedOut),
    "switches the timeout off": ("SET max_statement_time = 0; SELECT SLEEP(60)", TimedOut),
    "switches it off for one statement": (
        "SET STATEMENT max_statement_time = 0 FOR SELECT SLEEP(60)",
        TimedOut,
    ),
    "sleeps in a trigger": (
        "CREATE TABLE t (x int); SET max_statement_time = 0; "
        "CREATE TRIGGER s BEFORE INSERT ON t FOR EACH ROW SET @x = SLEEP(60); "
        "INSERT INTO t VALUES (1)",
        TimedOut,
    ),
    "loops for ever": (BODY.format("WHILE TRUE DO SET @x = 1; END WHILE;"), TimedOut),
    "takes no killing of statements": (
        BODY.format(
            "DECLARE CONTINUE HANDLER FOR SQLEXCEPTION SET @x = 1; "
            "SET max_statement_time = 0; WHILE TRUE DO SET @x = SLEEP(60); END WHILE;"
        ),
        TimedOut,
    ),
    "joins for ever": (
        f"SET max_statement_time = 0; SELECT count(*) FROM {MANY} "
        "WHERE md5(a.id + b.id) <> md5(c.id + d.id)",
        TimedOut,
    ),
    "gives more rows than fit": (f"SELECT a.id FROM {MANY}", Noisy),
    "gives one value that does not fit": ("SELECT repeat('x', 6000000)", Noisy),
    "takes all memory": (
        "SET max_heap_table_size = 4000000000; CREATE TABLE t (x char(250)) ENGINE=MEMORY; "
        f"INSERT INTO t SELECT md5(a.id) FROM {MANY}",
        Ending,
    ),
    "takes all memory for itself": (
        BODY.format(
            "SET @x = repeat('x', 9000000); SET @a = concat(@x); SET @b = concat(@x, 1);"
            "SET @c = concat(@x, 2); SET @d = concat(@x, 3); SET @e = concat(@x, 4);"
            "SET @f = concat(@x, 5); SET @g = concat(@x, 6); SET @h = concat(@x, 7);"
            "SET @i = SLEEP(60);"
        ),
        Ending,
    ),
    "fills the disk": (
        f"CREATE TABLE t (x text); INSERT INTO t SELECT {WORDS} FROM {MANY}",
        Ending,
    ),
    "fills the disk with a table of the server's": (
        f"CREATE TABLE t (x text); INSERT INTO t VALUES ({WORDS}), ({WORDS}), ({WORDS}); "
        + f"INSERT INTO t SELECT {WORDS} FROM t a, t b LIMIT 3000000; " * 9,
        Ending,
    ),
    "sorts on disk": (
        "CREATE TABLE t (x int); INSERT INTO t VALUES (1), (2), (3), (4), (5), (6), (7), (8); "
        "SELECT md5(rand()) AS m, repeat('x', 900) FROM t a, t b, t c, t d, t e, t f, t g, t h "
        "ORDER BY m",
        Ending,
    ),
}


@pytest.fixture(scope="module")
def mysql() -> Iterator[RunningMySQL]:
    with MySQL().start() as server:
        yield server


@pytest.fixture
def neighbour(mysql: RunningMySQL) -> Iterator[SimpleNamespace]:
    """Another user's database on the same server, connected, with a row of its own."""
    with mysql.database() as database, database.connect(autocommit=True) as connection:
        cursor = connection.cursor()

        def reads() -> list[tuple[str, ...]]:
            cursor.execute("SELECT word FROM secret")
            return list(cursor.fetchall())

        cursor.execute("CREATE TABLE secret AS SELECT 'mine' AS word")
        yield SimpleNamespace(
            name=database.address.database, thread=connection.thread_id(), reads=reads
        )


@pytest.fixture
def room() -> Iterator[MySQLRoom]:
    room = MySQLRoom("", None, LONG, memory_mb=64)
    yield room
    room.close()


@pytest.fixture
def hasty() -> Iterator[MySQLRoom]:
    """A room whose time is over soon."""
    room = MySQLRoom("", None, SHORT, memory_mb=64)
    yield room
    room.close()


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    tmp_path.chmod(0o777)
    return tmp_path / "canary"


@pytest.mark.parametrize("attack", REFUSED.values(), ids=list(REFUSED))
def test_it_is_refused(
    room: MySQLRoom, neighbour: SimpleNamespace, canary: Path, attack: str
) -> None:
    text = attack
    known = {"canary": canary, "neighbour": neighbour.name, "thread": neighbour.thread}
    for name, value in known.items():
        text = text.replace(f"{{{name}}}", str(value))

    last = room.execute(text)[-1]

    assert last.refusal is not None
    assert not last.rows
    assert not list(canary.parent.iterdir())
    assert neighbour.reads() == [("mine",)]


@pytest.mark.parametrize(("attack", "ending"), ENDED.values(), ids=list(ENDED))
def test_it_is_ended(
    hasty: MySQLRoom, neighbour: SimpleNamespace, attack: str, ending: type[Ending]
) -> None:
    with pytest.raises(ending):
        hasty.execute(attack)

    assert neighbour.reads() == [("mine",)]


@pytest.mark.parametrize(
    ("attack", "told"),
    [
        ("fills the disk", f"DiskFull: it wrote more than {DISK_MB} MB"),
        (
            "fills the disk with a table of the server's",
            f"DiskFull: it wrote more than {DISK_MB} MB",
        ),
        ("takes all memory", "MemoryError"),
        ("takes all memory for itself", "MemoryError"),
    ],
)
def test_what_an_answer_took_too_much_of_is_told(room: MySQLRoom, attack: str, told: str) -> None:
    with pytest.raises(Raised) as ended:
        room.execute(ENDED[attack][0])

    assert str(ended.value) == told


def test_a_file_is_no_value(room: MySQLRoom) -> None:
    assert room.rows("SELECT LOAD_FILE('/etc/passwd')") == [(None,)]


def test_a_table_lies_nowhere_but_in_its_database(room: MySQLRoom, canary: Path) -> None:
    canary.mkdir(mode=0o777)

    for engine in ("InnoDB", "MyISAM"):
        options = f"ENGINE={engine} DATA DIRECTORY='{canary}'"
        room.execute(f"CREATE TABLE {engine} (x int) {options}")

    assert not list(canary.iterdir())


def test_others_are_not_seen(room: MySQLRoom, neighbour: SimpleNamespace) -> None:
    users = {user for _, user, *_ in room.rows("SHOW PROCESSLIST")}
    databases = {name for (name,) in room.rows("SHOW DATABASES")}

    assert len(users) == 1
    assert neighbour.name not in users | databases


def test_the_locks_of_the_service_have_names_that_nobody_can_guess(
    room: MySQLRoom, mysql: RunningMySQL, neighbour: SimpleNamespace
) -> None:
    own = room.rows("SELECT DATABASE()")[0][0]
    for name in (own, neighbour.name, "template", "prodev"):
        assert room.rows("SELECT GET_LOCK(%s, 0)", name) == [(1,)]

    with mysql.database() as another:
        assert another.address.database


def test_whoever_ends_the_judges_connection_is_told_so(room: MySQLRoom) -> None:
    ends = "SET @own = (SELECT min(id) FROM information_schema.processlist); "
    room.execute(f"{ends} PREPARE s FROM 'KILL ?'; EXECUTE s USING @own")

    with pytest.raises(Raised, match="ended the judge's connection"):
        room.rows("SELECT 1")


def test_a_lock_that_an_answer_leaves_is_gone_before_the_check_looks(room: MySQLRoom) -> None:
    room.execute("CREATE TABLE t (x int); LOCK TABLES t WRITE")

    assert room.try_insert("t", {"x": 1}) is None


def test_nothing_is_left_of_a_room(mysql: RunningMySQL) -> None:
    room = MySQLRoom("", None, LONG, memory_mb=64)
    folder = Path(mysql._kept.details["data"]) / str(room.rows("SELECT DATABASE()")[0][0])
    room.execute("CREATE TABLE t (x int)")
    assert folder.is_dir()

    room.close()

    assert not folder.exists()
