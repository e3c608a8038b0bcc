"""A copy of a template in MySQL is exact, by files as by rows; a template is filled once."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from pathlib import Path

import pymysql
import pytest

from prodev.services.address import Address
from prodev.services.mysql import MySQL, RunningMySQL
from prodev.services.mysql.files import FileTemplate
from prodev.services.mysql.template import name_of
from prodev.services.service import ServiceError
from service_mysql import databases, execute, fill, private_cache, rows
from service_processes import eventually, owner

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def private() -> Iterator[RunningMySQL]:
    with private_cache(), MySQL().start() as server:
        yield server


@pytest.fixture(params=["files", "rows"])
def mysql(private: RunningMySQL, request: pytest.FixtureRequest) -> Iterator[RunningMySQL]:
    """The server twice: with its files in reach, and as one at an address, copied by rows."""
    if request.param == "files":
        yield private
        return
    with MySQL().start(address=private._admin.url) as server:
        yield server


def fill_everything(address: Address) -> None:
    fill(address)
    execute(
        address,
        f"ALTER DATABASE {address.database} COLLATE utf8mb4_bin",
        "SET SESSION sql_mode = CONCAT(@@sql_mode, ',NO_AUTO_VALUE_ON_ZERO')",
        "INSERT INTO hosts VALUES (0, 'zero'), (99, 'gone')",
        "DELETE FROM hosts WHERE id = 99",
        "CREATE TABLE odd (id int AUTO_INCREMENT PRIMARY KEY, t timestamp NULL, b blob,"
        " s varchar(9) CHARACTER SET latin1 COMMENT 'it''s', d decimal(30, 10), p point,"
        " e enum('a', 'é'), late datetime(6), size int AS (length(b)) STORED,"
        " KEY `by size` (size))",
        "INSERT INTO odd (id, t, b, s, d, p, e, late) VALUES (5, '2025-10-26 01:30:00', x'00ff27',"
        " 'é', 0.1234567891, POINT(1, 2), 'é', '2025-01-01 00:00:00.123456')",
        "CREATE TABLE bare (a int)",
        "INSERT INTO bare VALUES (1), (1), (NULL)",
        "CREATE VIEW z_view AS SELECT id, name FROM hosts",
        "CREATE VIEW a_view AS SELECT z.name, r.price FROM z_view z"
        " JOIN rooms r ON r.host_id = z.id",
        "CREATE FUNCTION how_many() RETURNS int DETERMINISTIC RETURN (SELECT count(*) FROM hosts)",
        "CREATE PROCEDURE welcome() INSERT INTO hosts (name) VALUES ('guest')",
        "CREATE TRIGGER b_first BEFORE INSERT ON hosts FOR EACH ROW SET NEW.name = UPPER(NEW.name)",
        "CREATE TRIGGER a_second BEFORE INSERT ON hosts FOR EACH ROW FOLLOWS b_first"
        " SET NEW.name = CONCAT(NEW.name, '!')",
    )


def everything(address: Address) -> list[object]:
    """Return all that a database consists of, with its own name left out."""
    found: list[object] = [rows(address, "SELECT @@collation_database")]
    for name, kind in rows(address, "SHOW FULL TABLES"):
        found += rows(address, f"SHOW CREATE TABLE `{name}`")
        found += sorted(map(repr, rows(address, f"SELECT * FROM `{name}`")))
        found.append(kind)
    found += [(*row[:5], row[6]) for row in rows(address, "SHOW TRIGGERS")]  # 5: when it was made
    found += [row[:3] for row in rows(address, "SHOW CREATE FUNCTION how_many")]
    found += [row[:3] for row in rows(address, "SHOW CREATE PROCEDURE welcome")]
    return [repr(part).replace(address.database, "OWN") for part in found]


def test_a_copy_is_exact(mysql: RunningMySQL):
    with mysql.database() as original, mysql.database(key="all", fill=fill_everything) as copy:
        fill_everything(original.address)
        assert everything(copy.address) == everything(original.address)


def test_a_copy_has_its_own_rows_constraints_and_code(mysql: RunningMySQL):
    with (
        mysql.database(key="all", fill=fill_everything) as one,
        mysql.database(key="all", fill=fill_everything) as other,
        one.connect(autocommit=True) as connection,
        connection.cursor() as cursor,
    ):
        for wrong in ("(3, 99, 5)", "(3, 7, 0)"):  # no such host; no price
            with pytest.raises(pymysql.Error, match=r"(?i)constraint"):
                cursor.execute(f"INSERT INTO rooms (id, host_id, price) VALUES {wrong}")
        cursor.execute("CALL welcome()")
        cursor.execute("SELECT id, name FROM hosts ORDER BY id DESC LIMIT 1")
        assert cursor.fetchone() == (100, "GUEST!")
        cursor.execute("DELETE FROM rooms")
        cursor.execute("SELECT how_many(), (SELECT count(*) FROM a_view)")
        assert cursor.fetchone() == (3, 0)
        cursor.execute("DROP TRIGGER b_first")
        assert rows(other.address, "SELECT how_many(), count(*) FROM a_view") == [(2, 2)]


def test_the_planner_knows_the_size_of_a_copy(mysql: RunningMySQL):
    def many(address: Address) -> None:
        execute(
            address,
            "CREATE TABLE n (id int PRIMARY KEY, even int, KEY (even))",
            "INSERT INTO n WITH RECURSIVE r AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM r"
            " WHERE i < 900) SELECT i, i % 2 FROM r",
        )

    query = "SELECT table_rows FROM information_schema.tables WHERE table_name = 'n'"
    with mysql.database(key="many", fill=many) as database:
        assert rows(database.address, query) == [(900,)]


def test_a_full_text_index_is_copied(mysql: RunningMySQL):
    def texts(address: Address) -> None:
        execute(
            address,
            "CREATE TABLE texts (id int PRIMARY KEY, text varchar(99), FULLTEXT (text))",
            "INSERT INTO texts VALUES (1, 'a quiet room'), (2, 'a house by the sea'), (3, 'flat')",
        )

    query = "SELECT id FROM texts WHERE MATCH (text) AGAINST ('house')"
    with mysql.database(key="texts", fill=texts) as database:
        assert rows(database.address, query) == [(2,)]


def test_a_name_that_is_no_plain_word_is_copied(mysql: RunningMySQL):
    def odd(address: Address) -> None:
        execute(
            address,
            "CREATE TABLE `déjà vu ``x` (`a b` int)",
            "INSERT INTO `déjà vu ``x` VALUES (1)",
        )

    with mysql.database(key="odd", fill=odd) as database:
        assert rows(database.address, "SELECT `a b` FROM `déjà vu ``x`") == [(1,)]


def test_what_cannot_be_copied_exactly_is_refused_in_one_sentence(mysql: RunningMySQL):
    if mysql.found.provider.startswith("MySQL"):
        pytest.skip("MySQL has no sequences; whatever it has is copied")

    def counting(address: Address) -> None:
        execute(address, "CREATE SEQUENCE counter")

    with pytest.raises(ServiceError, match=r"holds 'counter', a sequence, which cannot"):
        mysql.database(key="counting", fill=counting)


def test_a_fill_that_fails_leaves_nothing(mysql: RunningMySQL, private: RunningMySQL):
    def broken(address: Address) -> None:
        fill(address)
        raise ValueError("half way")

    with pytest.raises(ValueError, match="half way"):
        mysql.database(key="broken", fill=broken)
    assert not any(str(n).startswith(name_of("broken")) for n in databases(private._admin))
    with mysql.database(key="broken", fill=fill) as database:
        assert rows(database.address, "SELECT count(*) FROM rooms") == [(2,)]


def test_nobody_enters_a_template_that_is_filled(mysql: RunningMySQL):
    filler: list[Address] = []
    late: list[pymysql.Connection[pymysql.cursors.Cursor]] = []

    def keeping(address: Address) -> None:
        fill(address)
        filler.append(address)
        late.append(pymysql.connect(**address.arguments()))

    key = f"keeping {mysql.found.address}"
    with mysql.database(key=key, fill=keeping):
        with pytest.raises(pymysql.OperationalError):
            rows(filler[0], "SELECT 1")
        with late[0].cursor() as cursor, pytest.raises(pymysql.OperationalError):
            cursor.execute("DELETE FROM rooms")


def _fill_once(address: Address) -> None:
    with Path(os.environ["FILLS"]).open("a") as log:
        log.write("filled\n")
    fill(address)


def _copy(url: str) -> int:
    with (
        MySQL().start(address=url) as server,
        server.database(key="once", fill=_fill_once) as database,
    ):
        return int(str(rows(database.address, "SELECT count(*) FROM rooms")[0][0]))


def test_a_template_is_filled_once_by_four_processes_at_once(
    mysql: RunningMySQL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("FILLS", str(tmp_path / "fills"))
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        assert pool.map(_copy, [mysql.found.address] * 4) == [2] * 4
    assert (tmp_path / "fills").read_text() == "filled\n"


FILLER = """
import sys
from prodev.services.mysql import MySQL
from service_mysql import fill
def stuck(address):
    fill(address)
    print(address.database, flush=True)
    sys.stdin.read()
MySQL().start(address=ADDRESS).database(key="killed", fill=stuck)
"""


def test_a_killed_filler_leaves_nothing_that_counts(mysql: RunningMySQL, private: RunningMySQL):
    code = f"ADDRESS = {mysql.found.address!r}\n{FILLER}"
    with owner(code, PYTHONPATH=str(Path(__file__).parent)) as process:
        assert process.stdout
        name = process.stdout.readline().strip()
        assert name in databases(private._admin)
        process.kill()
    with MySQL().start(address=mysql.found.address) as another, another.database():
        assert eventually(lambda: name not in databases(private._admin))
    with mysql.database(key="killed", fill=fill) as database:
        assert rows(database.address, "SELECT count(*) FROM rooms") == [(2,)]


def test_an_owner_who_is_killed_while_it_copies_leaves_nothing(
    private: RunningMySQL, monkeypatch: pytest.MonkeyPatch
):
    class Killed(BaseException):
        pass

    def place(self: FileTemplate, table: str, target: str, ending: str) -> None:
        original(self, table, target, ending)
        if (table, ending) == ("rooms", "ibd"):
            raise Killed

    original = FileTemplate._place
    with private.database(key="rooms", fill=fill):
        pass
    before = databases(private._admin)
    monkeypatch.setattr(FileTemplate, "_place", place)
    with pytest.raises(Killed):
        private.database(key="rooms", fill=fill)
    assert databases(private._admin) == before
    monkeypatch.undo()
    data = Path(private._kept.details["data"]) if private._kept else Path()
    assert not any(data.glob("run*"))
    with private.database(key="rooms", fill=fill) as database:
        assert rows(database.address, "SELECT count(*) FROM rooms") == [(2,)]
