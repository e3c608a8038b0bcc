"""MySQL when things go wrong: killed owners and servers, damaged files, a full disk."""

from __future__ import annotations

import os
import re
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from prodev.services.address import Address
from prodev.services.mysql import MySQL
from prodev.services.mysql.files import FileTemplate
from prodev.services.mysql.trouble import explained
from prodev.services.service import ServiceError
from service_mysql import databases, execute, fill, private_cache, rows, small_disk
from service_processes import alive, eventually, keeper_of, owner, servers_in

pytestmark = pytest.mark.slow


@pytest.fixture
def cache() -> Iterator[Path]:
    with private_cache() as folder:
        yield folder


OWNER = """
import sys
from prodev.services.mysql import MySQL
server = MySQL().start()
database = server.database()
print(server.pid, database.address.socket, database.address.database, flush=True)
sys.stdin.read()
"""


def works() -> bool:
    with MySQL().start() as server, server.database(key="rooms", fill=fill) as database:
        return rows(database.address, "SELECT sum(double_price) FROM rooms") == [(60,)]


def server_folder(cache: Path) -> Path:
    """Start the server once, so that it has its files, and wait until it has ended."""
    with MySQL().start() as server:
        pid = server.pid
    assert pid
    assert eventually(lambda: not alive(pid))
    assert eventually(lambda: not servers_in(cache))
    (folder,) = cache.glob("mysql-*")
    return folder


def test_nothing_is_left_when_the_last_owner_is_killed(cache: Path):
    with owner(OWNER) as process:
        assert process.stdout
        pid, socket, _ = process.stdout.readline().split()
        keeper = keeper_of(int(pid))
        process.kill()
    assert eventually(lambda: not alive(int(pid)))
    assert eventually(lambda: not alive(keeper))
    assert not Path(socket).parent.exists()
    assert not any(cache.rglob("keeper"))
    assert works()


def test_the_database_of_a_killed_owner_is_dropped_by_the_next_user(cache: Path):
    with MySQL().start() as server:
        with owner(OWNER) as process:
            assert process.stdout
            name = process.stdout.readline().split()[2]
            process.kill()
        with MySQL().start() as another, another.database() as mine:
            assert mine.address.database in databases(server._admin)
            assert eventually(lambda: name not in databases(server._admin))
            users = {user for (user,) in rows(server._admin, "SELECT user FROM mysql.user")}
            assert mine.address.user in users
            assert name not in users


def test_the_server_ends_with_a_killed_keeper_and_starts_again(cache: Path):
    with MySQL().start() as server:
        assert server.pid
        pid = server.pid
        os.kill(keeper_of(pid), signal.SIGKILL)
        assert eventually(lambda: not alive(pid))
    assert works()


def test_a_killed_server_is_one_sentence_and_starts_again(cache: Path):
    with MySQL().start() as server, server.database(key="rooms", fill=fill) as database:
        assert server.pid
        execute(database.address, "CREATE TABLE late (a int)", "INSERT INTO late VALUES (1)")
        os.kill(server.pid, signal.SIGKILL)
        assert eventually(lambda: bool(server._kept and server._kept.ended()))
        with pytest.raises(ServiceError, match=r"MySQL stopped by itself: .*SIGKILL\. Run"):
            server.check()
        with pytest.raises(ServiceError, match=r"MySQL stopped by itself"):
            server.database()
    assert works()


def test_a_server_that_dies_while_a_template_is_filled_is_one_sentence(cache: Path):
    with MySQL().start() as server:

        def deadly(address: Address) -> None:
            fill(address)
            assert server.pid
            os.kill(server.pid, signal.SIGKILL)
            execute(address, "SELECT SLEEP(10)")

        with pytest.raises(ServiceError, match=r"MySQL stopped by itself: .*SIGKILL\. Run"):
            server.database(key="rooms", fill=deadly)
    assert works()


@pytest.mark.parametrize("ending", ["ibd", "cfg"])
def test_a_server_that_is_killed_while_a_table_is_copied_starts_again(
    cache: Path, monkeypatch: pytest.MonkeyPatch, ending: str
):
    def place(self: FileTemplate, table: str, target: str, kind: str) -> None:
        original(self, table, target, kind)
        if (table, kind) == ("rooms", ending):
            os.kill(pid, signal.SIGKILL)

    original = FileTemplate._place
    assert works()
    with MySQL().start() as server:
        pid = server.pid or 0
        monkeypatch.setattr(FileTemplate, "_place", place)
        with pytest.raises(ServiceError, match="MySQL stopped by itself"):
            server.database(key="rooms", fill=fill)
    monkeypatch.undo()
    assert works()
    assert not any(cache.glob("*/data/run*"))


def test_files_that_no_server_knows_are_removed_with_their_database(cache: Path):
    folder = server_folder(cache)
    owner = (folder / "data").stat()
    left = folder / "data" / "run0123456789abcdef"
    left.mkdir()
    (left / "rooms.ibd").write_bytes(b"half a table")
    for path in (left, left / "rooms.ibd"):
        os.chown(path, owner.st_uid, owner.st_gid)
    assert works()
    assert not left.exists()


@pytest.mark.parametrize("file", ["ibdata1", "ib_logfile0", "mysql/global_priv.MAI", "mysql"])
def test_damaged_data_is_one_sentence_and_the_advised_step_helps(cache: Path, file: str):
    folder = server_folder(cache)
    damaged = folder / "data" / file
    if not damaged.exists():
        pytest.skip(f"this server has no {file}")
    if damaged.is_dir():
        shutil.rmtree(damaged)
    else:
        damaged.write_bytes(b"x" * 8192)
    with pytest.raises(ServiceError, match=r"does not start from its data directory") as caught:
        MySQL().start()
    assert "\n" not in str(caught.value)
    advised = re.search(r"rm -r '(.+?)'", str(caught.value))
    assert advised
    shutil.rmtree(advised[1])
    assert works()


def test_data_of_another_version_is_one_sentence_and_the_advised_step_helps(cache: Path):
    folder = server_folder(cache)
    (folder / "data" / "made-by-version").write_text("MariaDB 99.1\n")
    with pytest.raises(ServiceError, match=r"is of MariaDB 99\.1, and the program here is") as told:
        MySQL().start()
    advised = re.search(r"rm -r '(.+?)'", str(told.value))
    assert advised
    shutil.rmtree(advised[1])
    assert works()


@pytest.mark.parametrize(
    ("line", "version"),
    [
        (
            "InnoDB: Unsupported redo log format. The redo log was created with MariaDB 11.4.2.",
            "MariaDB 11.4.2",
        ),
        ("[MY-013171] Cannot boot server version 80036 on data directory. Invalid MySQL server "
         "downgrade: Cannot downgrade from 80404 to 80036", "80404"),
    ],
)  # fmt: skip
def test_a_servers_own_words_for_another_version_are_understood(line: str, version: str):
    told = explained(f"2026-01-01 0:00:00 0 [ERROR] {line}\n", 1, Path("/cache/mysql"))
    assert re.search(rf"of another version \({re.escape(version)}", told)
    assert "rm -r '/cache/mysql'" in told


def test_a_full_disk_at_the_start_is_one_sentence_and_space_helps(cache: Path):
    with small_disk(cache, "20m") as grow:
        with pytest.raises(ServiceError, match=r"the disk that holds .* is full; free some space"):
            MySQL().start()
        grow()
        assert works()
        assert eventually(lambda: not servers_in(cache))


def test_a_disk_that_fills_in_a_lab_is_one_sentence_and_space_helps(cache: Path):
    def much(address: Address) -> None:
        fill(address)
        execute(
            address,
            "CREATE TABLE much (id int AUTO_INCREMENT PRIMARY KEY, text longtext)",
            *["INSERT INTO much (text) VALUES (REPEAT('x', 1000000))"] * 400,
        )

    with small_disk(cache, "200m") as grow:
        with (
            MySQL().start() as server,
            # MariaDB may refuse the row, or end itself on the way back.
            pytest.raises(ServiceError, match=r"the disk that holds its data is full; free some"),
        ):
            server.database(key="much", fill=much)
        grow()
        assert works()
        assert eventually(lambda: not servers_in(cache))


@pytest.mark.parametrize("name", ["mit Leerzeichen und é", "x" * 150])
def test_the_cache_may_be_any_folder(cache: Path, monkeypatch: pytest.MonkeyPatch, name: str):
    monkeypatch.setenv("PRODEV_CACHE", str(cache / name))
    assert works()


def test_a_cache_that_the_servers_account_cannot_enter_will_do(
    cache: Path, monkeypatch: pytest.MonkeyPatch
):
    private = cache / "private"
    private.mkdir(mode=0o700)
    monkeypatch.setenv("PRODEV_CACHE", str(private / "cache"))
    assert works()
