"""The ledger: one row in SQLite for each attempt at a run, written by the batch alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

from prodev.errors import CourseError

if TYPE_CHECKING:
    import pandas as pd

NAME = "ledger.sqlite"
STATUSES = (
    "passed",
    "failed",
    "timed_out",
    "kernel_died",
    "exited_early",
    "cancelled",
    "not_run",
    "cached",
)
_VERSION = 1
_RUNS = """
CREATE TABLE IF NOT EXISTS runs (
    run_id TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    module TEXT NOT NULL,
    learner TEXT NOT NULL,
    parameters TEXT NOT NULL,
    status TEXT NOT NULL,
    reason TEXT NOT NULL,
    started_at TEXT,
    ended_at TEXT NOT NULL,
    wall_s REAL NOT NULL,
    cpu_s REAL,
    max_rss_mb REAL,
    cells_total INTEGER NOT NULL,
    cells_run INTEGER NOT NULL,
    verdicts_passed INTEGER NOT NULL,
    verdicts_total INTEGER NOT NULL,
    output_path TEXT NOT NULL,
    output_sha256 TEXT NOT NULL,
    cache_key TEXT NOT NULL,
    engine TEXT NOT NULL,
    host TEXT NOT NULL,
    PRIMARY KEY (run_id, attempt)
) STRICT
"""
_CONDITIONS = "CREATE TABLE IF NOT EXISTS conditions (name TEXT PRIMARY KEY, value TEXT) STRICT"


@dataclass(frozen=True)
class Outcome:
    """One row of the ledger.

    Attributes:
        parameters: JSON text.
        status: one of ``STATUSES``.
        reason: one sentence; empty for ``passed``.
        started_at: ISO 8601 in UTC, or None for a run that never started; ``ended_at`` likewise.
        wall_s: seconds from start to end.
        cpu_s: CPU seconds of all the run's processes, or None where the run could not be measured.
        max_rss_mb: peak resident memory of the kernel in MB, or None.
        cells_total: code cells to run; ``cells_run`` of them began.
        verdicts_total: verdict records in the output notebook; ``verdicts_passed`` say passed.
        output_path: relative to the ledger's folder; empty where there is no output notebook.
    """

    run_id: str
    attempt: int
    module: str
    learner: str
    parameters: str
    status: str
    reason: str
    started_at: str | None
    ended_at: str
    wall_s: float
    cpu_s: float | None
    max_rss_mb: float | None
    cells_total: int
    cells_run: int
    verdicts_passed: int
    verdicts_total: int
    output_path: str
    output_sha256: str
    cache_key: str
    engine: str
    host: str

    @property
    def ok(self) -> bool:
        """Whether the run passed, now or before."""
        return self.status in ("passed", "cached")


COLUMNS = tuple(field.name for field in fields(Outcome))


class Ledger:
    """An open ledger; each row is on the disk when ``record`` returns."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        """Wrap a connection; ``open_ledger`` makes one."""
        self._path, self._connection = path, connection

    def attempt(self, run_id: str) -> int:
        """Return the number of the next attempt at a run, from 1."""
        with _sentences(self._path):
            found = self._connection.execute(
                "SELECT coalesce(max(attempt), 0) + 1 FROM runs WHERE run_id = ?", (run_id,)
            ).fetchone()
        return int(found[0])

    def record(self, outcome: Outcome) -> None:
        """Write one row, in a transaction of its own.

        Raises:
            CourseError: it cannot be written.
        """
        marks = ", ".join(f":{name}" for name in COLUMNS)
        with _sentences(self._path):
            # SQLite would go on writing to a file that was deleted, and nobody would ever see it.
            if not self._path.exists():
                raise CourseError(f"The ledger {self._path} was removed while the batch ran.")
            with self._connection:
                self._connection.execute(f"INSERT INTO runs VALUES ({marks})", asdict(outcome))

    def record_conditions(self, conditions: dict[str, str]) -> None:
        """Keep what the latest batch ran on, such as versions, in the table ``conditions``."""
        with _sentences(self._path), self._connection:
            self._connection.execute("DELETE FROM conditions")
            self._connection.executemany(
                "INSERT INTO conditions VALUES (?, ?)", list(conditions.items())
            )

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def open_ledger(folder: Path) -> Ledger:
    """Open the ledger of an output folder, and make it if there is none.

    Raises:
        CourseError: there is a file of that name that is not a ledger of this version.
    """
    path = folder / NAME
    with _sentences(path):
        connection = sqlite3.connect(path)
        try:
            _make_tables(connection, path)
        except BaseException:
            connection.close()
            raise
    return Ledger(path, connection)


def _make_tables(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("PRAGMA synchronous = FULL")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if version != _VERSION and tables:
        raise CourseError(f"{path} is no ledger of this version; choose another folder.")
    with connection:
        connection.execute(_RUNS)
        connection.execute(_CONDITIONS)
        connection.execute(f"PRAGMA user_version = {_VERSION}")


def read(folder: Path) -> pd.DataFrame:
    """Read the ledger of an output folder.

    Returns:
        One row per attempt, in the order in which they were written, with the columns of
        ``Outcome``: attempt, cells_* and verdicts_* int64; wall_s (seconds), cpu_s (seconds) and
        max_rss_mb (MB) float64, NaN where not measured; the others str, with started_at missing
        for a run that never started.

    Raises:
        CourseError: there is no ledger, or it cannot be read.
    """
    import pandas as pd

    rows = [asdict(outcome) for outcome in read_outcomes(folder)]
    kinds = {field.name: field.type for field in fields(Outcome)}
    dtypes = {"int": "int64", "float": "float64", "float | None": "float64"}
    return pd.DataFrame(
        {
            name: pd.Series([row[name] for row in rows], dtype=dtypes.get(str(kind), "str"))
            for name, kind in kinds.items()
        }
    )


def read_outcomes(folder: Path) -> list[Outcome]:
    """Read the ledger's rows in the order in which they were written.

    Raises:
        CourseError: there is no ledger, or it cannot be read.
    """
    with _reading(folder) as connection:
        rows = connection.execute(f"SELECT {', '.join(COLUMNS)} FROM runs ORDER BY rowid")
        return [Outcome(*row) for row in rows]


def read_conditions(folder: Path) -> dict[str, str]:
    """Read what the latest batch in a folder ran on.

    Raises:
        CourseError: there is no ledger, or it cannot be read.
    """
    with _reading(folder) as connection:
        return dict(connection.execute("SELECT name, value FROM conditions ORDER BY rowid"))


@contextmanager
def _reading(folder: Path) -> Iterator[sqlite3.Connection]:
    path = folder / NAME
    if not path.is_file():
        raise CourseError(f"There is no ledger in {folder}; give the folder of a batch.")
    with _sentences(path):
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        try:
            yield connection
        finally:
            connection.close()


@contextmanager
def _sentences(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise CourseError(
            f"The ledger {path} cannot be used ({error}); check the folder and the disk."
        ) from None
