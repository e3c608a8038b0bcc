"""Django's tables in a database, from outside of Django."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from prodev.errors import CourseError
from prodev.services.environment import plain_environment
from prodev.stays.database_settings import database_settings


def migrate(database_url: str) -> None:
    """Run the migrations of the booking service; takes some seconds in an empty database.

    They run in a process of their own, because Django knows one set of settings in a process.

    Args:
        database_url: as ``STAYS_DATABASE_URL``.

    Raises:
        CourseError: the URL is wrong, or the database refuses.
    """
    database_settings(database_url)
    done = subprocess.run(
        [sys.executable, "-m", "prodev.stays", "migrate", "--verbosity=0"],
        env=plain_environment(Path(tempfile.gettempdir()), STAYS_DATABASE_URL=database_url),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        last = next(reversed(done.stderr.strip().splitlines()), "no reason told")
        raise CourseError(f"The tables of the booking service cannot be made: {last}")
