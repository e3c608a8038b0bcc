"""Tables copied by their files: fifteen times faster than by their rows where there are many.

Both servers can take in a table's file that was exported with all it needs beside it:
https://mariadb.com/kb/en/innodb-file-per-table-tablespaces/ and
https://dev.mysql.com/doc/refman/8.4/en/innodb-table-import.html
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import NamedTuple

from prodev.services.mysql.admin import Admin, quoted
from prodev.services.mysql.schema import Schema

_ENDINGS = ("ibd", "cfg")
_SCHEMA = "schema.json"


class Store(NamedTuple):
    """Where a private server's files are, for processes of the same OS user."""

    data: Path
    templates: Path
    account: tuple[int, int] | None
    """User and group of the server, where that is another account than ours."""


class FileTemplate:
    """A folder with the files of a database's tables, and the statements for the rest."""

    def __init__(self, store: Store, folder: Path) -> None:
        """Take a folder that ``export`` made."""
        self._store, self._folder = store, folder
        self.schema = Schema.of_plain(json.loads((folder / _SCHEMA).read_text("utf-8")))

    def copy_tables(self, admin: Admin, target: str) -> None:
        """Make the tables in this empty database, with their rows."""
        with admin.using(target):
            for table in self.schema.tables:
                name = quoted(table.name)
                admin.execute(table.create)
                admin.execute(f"ALTER TABLE {name} DISCARD TABLESPACE")
                for ending in _ENDINGS:
                    self._place(table.name, target, ending)
                admin.execute(f"ALTER TABLE {name} IMPORT TABLESPACE")
                (self._store.data / target / f"{table.name}.cfg").unlink(missing_ok=True)

    def _place(self, table: str, target: str, ending: str) -> None:
        file = self._store.data / target / f"{table}.{ending}"
        shutil.copyfile(self._folder / f"{table}.{ending}", file)
        if self._store.account:
            os.chown(file, *self._store.account)


def export(admin: Admin, database: str, schema: Schema, store: Store, folder: Path) -> None:
    """Copy the files of a database's tables into a folder, which is complete when it is there."""
    store.templates.mkdir(mode=0o700, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix=".new-", dir=store.templates))
    try:
        _export_tables(admin, database, schema, store.data / database, new)
        (new / _SCHEMA).write_text(json.dumps(schema.plain()), "utf-8")
        new.rename(folder)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise


def _export_tables(admin: Admin, database: str, schema: Schema, source: Path, target: Path) -> None:
    if not schema.tables:
        return
    names = ", ".join(quoted(table.name) for table in schema.tables)
    with admin.using(database):
        admin.execute(f"FLUSH TABLES {names} FOR EXPORT")
        try:
            for table in schema.tables:
                for ending in _ENDINGS:
                    shutil.copyfile(
                        source / f"{table.name}.{ending}", target / f"{table.name}.{ending}"
                    )
        finally:
            admin.execute("UNLOCK TABLES")
