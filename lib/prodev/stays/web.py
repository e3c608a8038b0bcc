"""Django in this process, over a private SQLite file with the dataset's rows.

Everything here is for lessons: one process, one thread, data that may be spoiled and made again.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from atexit import register
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd

from prodev.errors import CourseError
from prodev.stays.dataset import Stays
from prodev.stays.schema import COLUMNS, insert_rows

SETTINGS = "prodev.stays.lesson_settings"

_loaded: Stays | None = None


def start(stays: Stays) -> None:
    """Set up Django in this process, and a database that holds these rows.

    Models, views and API clients work from then on: import ``prodev.stays.models`` after this. The
    first call makes a private temporary SQLite file, runs the migrations and loads the rows. A
    further call with the same rows changes nothing, not even what was written since; with other
    rows the database is made anew. The file is removed when the process exits.

    Beside the primary keys there are the indexes that Django makes: one for each foreign key. Users
    have no usable password.

    Raises:
        CourseError: this process already uses Django with other settings.
    """
    global _loaded  # noqa: PLW0603 - Django itself lives once in a process
    _configure()
    if _loaded is not None and _same(_loaded, stays):
        return
    _loaded = None  # if the next lines fail, the next call begins afresh
    _make_database(stays)
    _loaded = stays


class Queries:
    """The statements sent so far on the default connection; goes on counting inside its block."""

    def __init__(self, context: Any) -> None:
        self._context = context

    @property
    def sql(self) -> list[str]:
        """The statements in the order they were sent, with their values in place."""
        return [str(query["sql"]) for query in self._context.captured_queries]

    @property
    def count(self) -> int:
        """How many statements there are."""
        return len(self.sql)

    def __repr__(self) -> str:
        return "1 query" if self.count == 1 else f"{self.count} queries"


@contextmanager
def count_queries() -> Iterator[Queries]:
    """Collect the statements that Django sends on this thread's default connection.

    ``seen.count`` and ``seen.sql`` can be read inside the block and after it. BEGIN, COMMIT and
    SAVEPOINT count too: they are sent like the others. Blocks can be nested.
    """
    from django.core.signals import request_started
    from django.db import connection, reset_queries
    from django.test.utils import CaptureQueriesContext

    if connection.queries_log.maxlen is not None:
        # Django keeps the last 9,000 only, and would count no further.
        connection.queries_log = deque(connection.queries_log)
    context = CaptureQueriesContext(connection)
    seen = Queries(context)
    try:
        with context:
            yield seen
    finally:
        seen._context = _Kept(list(context.captured_queries))
        if connection.force_debug_cursor:
            # Around this block is another one, whose log a request would empty from now on.
            request_started.disconnect(reset_queries)
        else:
            connection.queries_log.clear()


class _Kept:
    def __init__(self, captured_queries: list[dict[str, str]]) -> None:
        self.captured_queries = captured_queries


def _configure() -> None:
    import django
    from django.conf import settings

    if settings.configured:
        if settings.is_overridden("AUTH_USER_MODEL") and settings.AUTH_USER_MODEL == "stays.User":
            return
        raise CourseError(
            "This process already uses Django with other settings; restart the kernel, then call "
            "web.start(stays) before anything of Django."
        )
    # A notebook's cell runs inside an event loop, where Django refuses its synchronous ORM. Django
    # documents this switch for Jupyter, where no other task waits for the loop meanwhile:
    # https://docs.djangoproject.com/en/5.2/topics/async/#envvar-DJANGO_ALLOW_ASYNC_UNSAFE
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    os.environ["PRODEV_STAYS_DATABASE"] = str(_private_folder() / "stays.sqlite3")
    django.setup()


def _private_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="prodev-stays-"))
    owner = os.getpid()

    def remove() -> None:
        if os.getpid() == owner:  # a fork runs this too, and its parent still needs the file
            from django.db import connections

            connections.close_all()
            shutil.rmtree(folder, ignore_errors=True)

    register(remove)
    return folder


def _same(one: Stays, other: Stays) -> bool:
    if one is other:
        return True
    frames = other.frames()
    return all(frame.equals(frames[name]) for name, frame in one.frames().items())


def _make_database(stays: Stays) -> None:
    from django.core.cache import cache
    from django.core.management import call_command
    from django.db import connection, transaction

    connection.close()
    for path in Path(connection.settings_dict["NAME"]).parent.glob("stays.sqlite3*"):
        path.unlink()
    cache.clear()
    call_command("migrate", verbosity=0, interactive=False)
    with transaction.atomic():
        for table, frame in stays.frames().items():
            if table == "users":
                frame = _with_account(frame)  # noqa: PLW2901
                columns = tuple(frame.columns)
            else:
                columns = COLUMNS[table]
            insert_rows(connection.connection, table, frame, columns)


def _with_account(users: pd.DataFrame) -> pd.DataFrame:
    """Return the users with the columns that Django's own users have."""
    admin = (users["role"] == "admin").astype("int64")
    return users[list(COLUMNS["users"])].assign(
        username=users["email"].str.removesuffix("@example.com"),
        password="!",  # what Django's set_unusable_password begins with: nothing can match it
        is_superuser=admin,
        is_staff=admin,
        is_active=1,
    )
