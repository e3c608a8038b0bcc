"""How the store's file is opened: a connection for each operation, a sentence for what fails.

No connection lives longer than one operation, so none is ever carried into a fork or to another
thread; SQLite's locks keep processes apart. Opening costs about 0.3 ms.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from prodev.errors import CourseError
from prodev.learner import schema

BUSY_SECONDS = 10.0

# A fork waits until no thread has a connection open: SQLite's own record of its locks, copied into
# a child in the middle of an operation, would be wrong there for ever.
_open = threading.RLock()
os.register_at_fork(
    before=_open.acquire, after_in_parent=_open.release, after_in_child=_open.release
)

_DENIED = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM)
_NO_SPACE = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_DAMAGED = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)


class StoreError(CourseError):
    """What is kept about a learner cannot be read, written, exported or imported."""


@contextmanager
def writing(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the file for one transaction, and make it where there is none.

    What was done in the block is on the disk when the block has ended, or nothing of it is.

    Raises:
        StoreError: it cannot be written.
    """
    with _open, _sentences(path):
        path.parent.parent.mkdir(parents=True, exist_ok=True)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        connection = _connect(path, "mode=rwc")
        try:
            # Before anything is changed in a file that is not ours; in one transaction, because
            # another process may be filling it.
            connection.execute("BEGIN")
            schema.version(connection)
            connection.execute("COMMIT")
            connection.execute("PRAGMA synchronous = FULL")
            _log_ahead(connection)
            connection.execute("BEGIN IMMEDIATE")
            try:
                schema.migrate(connection)
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                # A full disk may have ended the transaction already.
                with suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
                raise
        finally:
            connection.close()


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection | None]:
    """Open the file for reads that all see the same state; None where nothing was ever written.

    Raises:
        StoreError: it cannot be read.
    """
    with _open, _sentences(path):
        if not path.exists():
            yield None
            return
        connection, found = _open_to_read(path)
        try:
            if 0 < found < len(schema.MIGRATIONS):
                connection.close()
                with writing(path):
                    pass
                connection, found = _open_to_read(path)
            yield connection if found else None
        finally:
            connection.close()


def present(path: Path) -> bool:
    """Whether there is anything to remove."""
    with _sentences(path):
        return path.parent.exists()


def remove(path: Path) -> None:
    """Remove the file, what SQLite keeps beside it, and the folder; nothing where there is none.

    Raises:
        StoreError: it cannot be removed.
    """
    with _open, _sentences(path):
        with suppress(FileNotFoundError):
            shutil.rmtree(path.parent)
        # The folder of all learners, where this was the last one.
        with suppress(OSError):
            path.parent.parent.rmdir()


def _connect(path: Path, options: str) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?{options}"
    return sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)


def _open_to_read(path: Path) -> tuple[sqlite3.Connection, int]:
    try:
        return _begin_to_read(path, "mode=rw")
    except sqlite3.OperationalError as error:
        if _code(error) not in _DENIED + _NO_SPACE:
            raise
        first = error
    # No room for the index of the write-ahead log: alone with the file, SQLite needs none on disk.
    with suppress(sqlite3.OperationalError):
        return _begin_to_read(path, "mode=rw", alone=True)
    # A folder that can't be written, and no log left in it: the file itself is all there is.
    log = path.with_name(path.name + "-wal")
    if not log.exists() or not log.stat().st_size:
        with suppress(sqlite3.OperationalError):
            return _begin_to_read(path, "immutable=1")
    raise first


def _begin_to_read(
    path: Path, options: str, *, alone: bool = False
) -> tuple[sqlite3.Connection, int]:
    connection = _connect(path, options)
    try:
        if alone:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("BEGIN")
        return connection, schema.version(connection)
    except BaseException:
        connection.close()
        raise


def _log_ahead(connection: sqlite3.Connection) -> None:
    # Two processes that make the file at the same time: SQLite does not wait here by itself.
    end = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if _code(error) not in _BUSY or time.monotonic() > end:
                raise
            time.sleep(0.01)
        else:
            return


def _code(error: sqlite3.Error) -> int:
    # The lower byte is the kind of error, the others are its details.
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


@contextmanager
def _sentences(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(f"The learner's store {path} {_reason(error)}.") from None
    except schema.Unusable as error:
        raise StoreError(f"The learner's store {path} {error}.") from None
    except OSError as error:
        raise StoreError(
            f"The learner's store {path} cannot be used ({error.strerror}); free some space, or "
            "set PRODEV_HOME to a folder of your own."
        ) from None


def _reason(error: sqlite3.Error) -> str:
    code = _code(error)
    if code == sqlite3.SQLITE_FULL:
        return (
            "cannot be written, because the disk is full; free some space and do the last step "
            "again, what was saved before is still there"
        )
    if code == sqlite3.SQLITE_IOERR:
        return (
            f"cannot be used ({error}): the disk may be full; free some space and do the last step "
            "again, what was saved before is still there"
        )
    if code in _DENIED:
        return (
            f"cannot be used ({error}); allow writing to the file and its folder, or set "
            "PRODEV_HOME to a folder of your own"
        )
    if code in _BUSY:
        return (
            f"was in use by another program for more than {BUSY_SECONDS:.0f} seconds; close that "
            "program and do the last step again"
        )
    if code in _DAMAGED:
        return (
            f"is damaged ({error}); move it away, and bring back your last export with "
            "'prodev learner import FILE'"
        )
    return f"cannot be used ({error}); check the folder and the disk"
