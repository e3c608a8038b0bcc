"""What a database consists of, as statements that make it again elsewhere."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from typing import Any

from prodev.services.mysql.admin import Admin, quoted
from prodev.services.service import ServiceError

_DEFINER = re.compile(r"DEFINER=`(?:[^`]|``)*`@`(?:[^`]|``)*`")
_GENERATED = re.compile(r"\b(?:STORED|VIRTUAL|PERSISTENT) GENERATED\b", re.IGNORECASE)
_PLAIN = re.compile(r"[0-9A-Za-z_]+")  # other signs look different in a file's name


@dataclass(frozen=True)
class Table:
    """One table."""

    name: str
    create: str
    columns: list[str]
    """Those that a copy writes: all but generated ones."""


@dataclass(frozen=True)
class Code:
    """A view, a trigger or a routine."""

    create: str
    sql_mode: str | None = None

    def owned_by(self, user: str) -> str:
        """Return the statement with this user (quoted, with its host) as the one it runs as."""
        return _DEFINER.sub(lambda _: f"DEFINER={user}", self.create, count=1)


@dataclass(frozen=True)
class Schema:
    """A database without its rows."""

    charset: str
    collation: str
    tables: list[Table]
    code: list[Code] = field(default_factory=list)
    by_files: bool = True
    """Whether all tables can be copied by their files."""

    def plain(self) -> dict[str, Any]:
        """Return it as values for JSON."""
        return asdict(self)

    @classmethod
    def of_plain(cls, values: dict[str, Any]) -> Schema:
        """Return the schema that ``plain`` gave."""
        tables = [Table(**table) for table in values["tables"]]
        code = [Code(**code) for code in values["code"]]
        return cls(**{**values, "tables": tables, "code": code})


def read_schema(admin: Admin, database: str) -> Schema:
    """Read a database that nobody changes.

    Raises:
        ServiceError: it holds something that would not be copied exactly, such as a sequence.
    """
    with admin.using(database):
        charset, collation = admin.execute("SELECT @@character_set_database, @@collation_database")[
            0
        ]
        kinds = admin.execute("SHOW FULL TABLES")
        if others := [(n, k) for n, k in kinds if k not in {"BASE TABLE", "VIEW"}]:
            name, kind = others[0]
            raise ServiceError(
                f"A template holds '{name}', a {kind.lower()}, which cannot be copied exactly; "
                "make it in each database instead."
            )
        names = [name for name, kind in kinds if kind == "BASE TABLE"]
        return Schema(
            charset,
            collation,
            [_table(admin, database, name) for name in names],
            [*_routines(admin, database), *_views(admin, kinds), *_triggers(admin)],
            by_files=_by_files(admin, database),
        )


def _table(admin: Admin, database: str, name: str) -> Table:
    create = str(admin.execute(f"SHOW CREATE TABLE {quoted(name)}")[0][1])
    columns = admin.execute(
        "SELECT column_name, extra FROM information_schema.columns "
        "WHERE table_schema = %s AND table_name = %s ORDER BY ordinal_position",
        [database, name],
    )
    return Table(
        name, create, [column for column, extra in columns if not _GENERATED.search(extra)]
    )


def _views(admin: Admin, kinds: list[tuple[Any, ...]]) -> list[Code]:
    names = [name for name, kind in kinds if kind == "VIEW"]
    return [Code(str(admin.execute(f"SHOW CREATE VIEW {quoted(n)}")[0][1])) for n in names]


def _triggers(admin: Admin) -> list[Code]:
    # In the order in which they were made: two of one table and moment run in it.
    names = [
        row[0]
        for row in admin.execute(
            "SELECT trigger_name FROM information_schema.triggers WHERE trigger_schema = DATABASE()"
            " ORDER BY event_object_table, event_manipulation, action_timing, action_order"
        )
    ]
    rows = [admin.execute(f"SHOW CREATE TRIGGER {quoted(name)}")[0] for name in names]
    return [Code(str(row[2]), str(row[1])) for row in rows]


def _routines(admin: Admin, database: str) -> list[Code]:
    found = admin.execute(
        "SELECT routine_type, routine_name FROM information_schema.routines "
        "WHERE routine_schema = %s ORDER BY routine_name",
        [database],
    )
    rows = [admin.execute(f"SHOW CREATE {kind} {quoted(name)}")[0] for kind, name in found]
    return [Code(str(row[2]), str(row[1])) for row in rows]


def _by_files(admin: Admin, database: str) -> bool:
    """Whether ``FLUSH TABLES … FOR EXPORT`` gives all that the tables hold.

    It does not for partitions, full-text indexes and other engines:
    https://mariadb.com/kb/en/innodb-file-per-table-tablespaces/
    """
    tables = admin.execute(
        "SELECT table_name, engine, create_options FROM information_schema.tables "
        "WHERE table_schema = %s AND table_type = 'BASE TABLE'",
        [database],
    )
    special = admin.execute(
        "SELECT 1 FROM information_schema.statistics "
        "WHERE table_schema = %s AND index_type IN ('FULLTEXT', 'SPATIAL') LIMIT 1",
        [database],
    )
    return not special and all(
        engine == "InnoDB" and "partitioned" not in (options or "") and _PLAIN.fullmatch(name)
        for name, engine, options in tables
    )
