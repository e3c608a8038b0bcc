"""A file that is damaged, of another version or not ours gives a sentence, and is left alone."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import suppress

import pytest

from prodev.judge.verdict import Verdict
from prodev.learner import database, schema
from prodev.learner.store import Store, StoreError

RETRY = "python-toolkit/retry-with-limit"
FAILED = Verdict(exercise=RETRY, status="failed")


@pytest.fixture
def store():
    return Store("Ada")


@pytest.mark.parametrize("content", [b"This is no database at all. " * 200, b"SQLite format 3\0no"])
def test_a_file_that_is_no_database_gives_a_sentence_and_stays(store, content):
    store.path.parent.mkdir(parents=True)
    store.path.write_bytes(content)
    for use in (store.attempts, store.exercises, lambda: store.add_reveal(RETRY, "solution")):
        with pytest.raises(StoreError, match=r"is damaged .* bring back your last export"):
            use()
    assert store.path.read_bytes() == content
    store.delete()
    assert store.attempts() == ()


def test_a_page_that_was_overwritten_gives_a_sentence(store):
    for number in range(50):
        store.add_attempt(FAILED, "x" * 3000, seed=number)
    with store.path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 40_000)
    with pytest.raises(StoreError, match="is damaged"):
        store.attempts()


def test_a_row_that_was_changed_by_hand_gives_a_sentence(store):
    store.add_attempt(FAILED, "x", seed=1)
    with sqlite3.connect(store.path) as connection:
        connection.execute("UPDATE attempts SET evidence = '{'")
    connection.close()
    with pytest.raises(StoreError, match=r"is damaged \(a row of attempts\)"):
        store.attempts()


def test_a_store_of_a_newer_version_is_left_alone(store):
    store.add_reveal(RETRY, "solution")
    with sqlite3.connect(store.path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = store.path.read_bytes()
    for use in (store.attempts, lambda: store.add_reveal(RETRY, "hint", 1)):
        with pytest.raises(StoreError, match=r"newer version .* 99.* knows 1\); update the course"):
            use()
    assert store.path.read_bytes() == before


def test_a_store_of_an_older_version_is_brought_up_to_date(store, monkeypatch):
    attempt = store.add_attempt(FAILED, "x", seed=1)
    newer = (*schema.MIGRATIONS, ("CREATE TABLE cards (slug TEXT) STRICT",))
    monkeypatch.setattr(schema, "MIGRATIONS", newer)
    assert store.attempts() == (attempt,)
    with sqlite3.connect(store.path) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (2,)
        assert connection.execute("SELECT count(*) FROM cards").fetchone() == (0,)
    connection.close()


def test_a_migration_that_fails_changes_nothing(store, monkeypatch):
    attempt = store.add_attempt(FAILED, "x", seed=1)
    broken = ("DROP TABLE attempts", "CREATE TABLE quiz (slug TEXT)")
    with monkeypatch.context() as patch:
        patch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, broken))
        with pytest.raises(StoreError, match="already exists"):
            store.add_reveal(RETRY, "solution")
    assert store.attempts() == (attempt,)


def test_a_database_of_another_program_is_left_alone(store):
    store.path.parent.mkdir(parents=True)
    with sqlite3.connect(store.path) as connection:
        connection.execute("CREATE TABLE attempts (mine TEXT)")
    connection.close()
    before = store.path.read_bytes()
    for use in (store.attempts, lambda: store.add_reveal(RETRY, "hint", 1)):
        with pytest.raises(StoreError, match="database of another program; move it away"):
            use()
    assert store.path.read_bytes() == before


def test_a_file_that_was_made_but_never_filled_is_an_empty_store(store):
    store.path.parent.mkdir(parents=True)
    store.path.touch()
    assert store.attempts() == ()
    assert store.path.stat().st_size == 0
    store.add_reveal(RETRY, "solution")
    assert len(store.reveals(RETRY)) == 1


def test_a_store_that_another_program_holds_gives_a_sentence(store, monkeypatch):
    kept = store.add_attempt(FAILED, "x", seed=1)
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.2)
    other = sqlite3.connect(store.path, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="in use by another program"):
            store.add_attempt(FAILED, "y", seed=1)
        assert store.attempts() == (kept,), "reading goes on meanwhile"
    finally:
        other.close()


def test_a_store_that_two_make_at_once_waits_for_the_other(store):
    store.path.parent.mkdir(parents=True)
    other = sqlite3.connect(store.path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    timer = threading.Timer(0.3, other.execute, ["COMMIT"])
    timer.start()
    try:
        kept = store.add_attempt(FAILED, "x", seed=1)
    finally:
        timer.join()
        other.close()
    assert store.attempts() == (kept,)


def test_a_store_that_another_fills_at_this_moment_is_no_other_programs(store, monkeypatch):
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.1)
    connect, waiting = database._connect, ["Ada"]

    def fill(statement):
        if "sqlite_master" in statement and waiting:
            with suppress(StoreError):
                Store(waiting.pop()).add_reveal(RETRY, "solution")

    def connect_and_watch(path, options):
        connection = connect(path, options)
        connection.set_trace_callback(fill)
        return connection

    monkeypatch.setattr(database, "_connect", connect_and_watch)
    kept = store.add_attempt(FAILED, "x", seed=1)
    assert waiting == []
    assert store.attempts() == (kept,)


def test_a_home_that_is_a_file_gives_a_sentence(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("PRODEV_HOME", str(tmp_path / "file"))
    assert Store("Ada").attempts() == ()
    with pytest.raises(StoreError, match="set PRODEV_HOME to a folder of your own"):
        Store("Ada").add_reveal(RETRY, "solution")
