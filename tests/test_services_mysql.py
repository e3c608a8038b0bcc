"""MySQL or MariaDB: one server, a user and a database of its own for each use."""

from __future__ import annotations

import multiprocessing
import re
from collections.abc import Iterator
from pathlib import Path

import pymysql
import pytest

from prodev.services.mysql import MySQL, RunningMySQL
from prodev.services.mysql.programs import installed_folders, programs_in
from prodev.services.service import MissingError
from service_mysql import databases, execute, fill, private_cache, rows

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def mysql() -> Iterator[RunningMySQL]:
    with private_cache(), MySQL().start() as server:
        yield server


def test_the_provider_is_named_with_its_version(mysql: RunningMySQL):
    row = MySQL().describe()
    assert row.state == "real"
    assert re.fullmatch(r"(MariaDB|MySQL) \d+\.\d+", row.provider)
    assert row.version.startswith(row.provider.split()[1] + ".")
    with mysql.database() as database:
        assert str(rows(database.address, "SELECT VERSION()")[0][0]).startswith(row.version)


def test_a_folder_of_programs_will_do(mysql: RunningMySQL):
    found = MySQL().find(address=mysql.found.folder)
    assert found.version == mysql.found.version
    with pytest.raises(MissingError, match="is not in /nowhere; to get it: set PRODEV_MYSQL"):
        MySQL().find(address="/nowhere")


def test_debians_installer_is_found_beside_the_server():
    found = [programs for folder in installed_folders() if (programs := programs_in(folder))]
    if not found:
        pytest.skip("MySQL is not here: sudo apt-get install mariadb-server")
    assert found[0].engine == "MySQL" or found[0].installer


def test_embedded_means_missing_with_the_way_to_get_it():
    row = MySQL().describe("embedded")
    assert row.state == "missing"
    assert "apt-get install mariadb-server" in row.how


def test_an_address_that_does_not_answer_is_one_sentence():
    with pytest.raises(MissingError, match=r"at 127\.0\.0\.1 does not let us in .*start that"):
        MySQL().find(address="mysql://me:secret@127.0.0.1:9/mysql")


def test_an_address_that_is_none_is_one_sentence(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PRODEV_MYSQL", "mysql://")
    row = MySQL().describe()
    assert row.state == "missing"
    assert "PRODEV_MYSQL" in row.how


def test_the_server_has_no_port_and_no_account_without_a_password(mysql: RunningMySQL):
    assert rows(mysql._admin, "SELECT @@skip_networking") == [(1,)]
    open_accounts = rows(
        mysql._admin,
        "SELECT user, host FROM mysql.user WHERE authentication_string = '' AND user <> "
        "'mariadb.sys'",  # nobody can log in as this one: it is locked
    )
    assert open_accounts == []
    with pytest.raises(pymysql.OperationalError, match="Access denied"):
        pymysql.connect(unix_socket=mysql._admin.socket, user="root")
    assert Path(mysql._admin.socket).parent.stat().st_mode & 0o077 == 0


def test_the_server_is_strict_and_keeps_every_letter(mysql: RunningMySQL):
    with mysql.database() as database:
        execute(database.address, "CREATE TABLE t (a varchar(3), b date)")
        with pytest.raises(pymysql.DataError, match="Data too long"):
            execute(database.address, "INSERT INTO t (a) VALUES ('four')")
        with pytest.raises(pymysql.Error, match="Incorrect date"):
            execute(database.address, "INSERT INTO t (b) VALUES ('2025-02-30')")
        with database.connect(autocommit=True) as connection, connection.cursor() as cursor:
            cursor.execute("INSERT INTO t (a) VALUES ('é🏠')")
            cursor.execute("SELECT a, @@session.time_zone, @@collation_database FROM t")
            assert cursor.fetchone() == ("é🏠", "+00:00", "utf8mb4_unicode_ci")


def test_a_user_sees_its_own_database_only_and_has_no_powers(mysql: RunningMySQL):
    with (
        mysql.database(key="rooms", fill=fill) as mine,
        mysql.database(key="rooms", fill=fill) as other,
    ):
        assert databases(mine.address) == {mine.address.database, "information_schema"}
        (administrator,) = rows(
            mysql._admin,
            "SELECT id FROM information_schema.processlist "
            "WHERE user = 'root' AND id <> CONNECTION_ID()",
        )
        for statement in (
            f"SELECT * FROM {other.address.database}.rooms",
            f"USE {other.address.database}",
            "SELECT * FROM mysql.user",
            "SELECT 1 INTO OUTFILE '/tmp/rooms'",
            "LOAD DATA INFILE '/etc/passwd' INTO TABLE hosts",
            "SET GLOBAL max_connections = 1",
            "CREATE USER another",
            "CREATE DATABASE another",
            "CREATE EVENT e ON SCHEDULE EVERY 1 SECOND DO DELETE FROM rooms",
            f"GRANT ALL ON *.* TO '{mine.address.user}'@'localhost'",
            f"GRANT ALL ON {other.address.database}.* TO '{mine.address.user}'@'localhost'",
            f"DROP USER '{other.address.user}'@'localhost'",
            f"KILL {administrator[0]}",
            "INSTALL SONAME 'disks'",
            "FLUSH TABLES",
            "SHUTDOWN",
        ):
            with pytest.raises(pymysql.Error, match=r"denied|not owner"):
                execute(mine.address, statement)
        assert rows(mine.address, "SELECT LOAD_FILE('/etc/passwd')") == [(None,)]
        with mine.connect() as watched, watched.cursor() as cursor:
            cursor.execute("SELECT user FROM information_schema.processlist")
            assert {user for (user,) in cursor.fetchall()} == {mine.address.user}
        with pytest.raises(pymysql.OperationalError, match="Access denied"):
            mine.connect(password="guess")


@pytest.mark.parametrize("engine", ["InnoDB", "MyISAM", "Aria"])
def test_a_user_cannot_choose_where_the_server_writes(
    mysql: RunningMySQL, tmp_path: Path, engine: str
):
    tmp_path.chmod(0o777)
    with mysql.database() as database:
        execute(
            database.address,
            f"CREATE TABLE t (a int) ENGINE={engine} DATA DIRECTORY='{tmp_path}'",
        )
        assert list(tmp_path.iterdir()) == []


def test_a_statement_ends_after_its_seconds_unless_the_user_takes_more(mysql: RunningMySQL):
    if mysql.found.provider.startswith("MySQL"):
        pytest.skip("MySQL limits SELECT alone, and lets SLEEP end early without an error")
    with mysql.database(seconds=0.2) as database:
        with pytest.raises(pymysql.Error, match="max_statement_time exceeded"):
            rows(database.address, "SELECT count(*) FROM seq_1_to_100000 a, seq_1_to_100000 b")
        # That is why whoever judges keeps a timer of its own.
        with database.connect() as connection, connection.cursor() as cursor:
            cursor.execute("SET SESSION max_statement_time = 0")
            cursor.execute("SELECT SLEEP(0.3)")
            assert cursor.fetchone() == (0,)


def test_temporary_tables_can_be_refused(mysql: RunningMySQL):
    with (
        mysql.database(temporary_tables=False) as database,
        pytest.raises(pymysql.OperationalError, match="denied"),
    ):
        execute(database.address, "CREATE TEMPORARY TABLE t (a int)")


def test_a_database_that_is_closed_is_gone_with_its_user_even_in_a_transaction(
    mysql: RunningMySQL,
):
    database = mysql.database(key="rooms", fill=fill)
    with database.connect() as connection, connection.cursor() as cursor:
        cursor.execute("DELETE FROM rooms")  # not committed: it holds the table
        database.close()
        assert database.address.database not in databases(mysql._admin)
        with pytest.raises(pymysql.OperationalError):
            cursor.execute("SELECT 1")
    with pytest.raises(pymysql.OperationalError, match="Access denied"):
        database.connect()
    database.close()  # a second time does nothing


def test_a_server_of_the_users_own_is_used_and_left_clean(mysql: RunningMySQL):
    before = databases(mysql._admin)
    url = mysql._admin.url
    with MySQL().start(address=url) as server:
        assert server.found.provider == mysql.found.provider
        with server.database(key="own", fill=fill) as database:
            assert rows(database.address, "SELECT sum(double_price) FROM rooms") == [(60,)]
    template, mark = sorted(str(name) for name in databases(mysql._admin) - before)
    assert re.fullmatch("template[0-9a-f]{20}", template)
    assert mark == f"{template}filled"


def _clone(number: int) -> tuple[str, int]:
    with MySQL().start() as server, server.database(key="crowd", fill=fill) as database:
        execute(database.address, f"INSERT INTO rooms (id, host_id) VALUES ({1000 + number}, 7)")
        found = rows(database.address, "SELECT count(*) FROM rooms")
        return database.address.socket, int(str(found[0][0]))


def test_eight_processes_share_one_server_and_see_no_rows_of_each_other():
    with private_cache(), multiprocessing.get_context("spawn").Pool(8) as pool:
        found = pool.map(_clone, range(8))
    assert len({socket for socket, _ in found}) == 1
    assert {count for _, count in found} == {3}
