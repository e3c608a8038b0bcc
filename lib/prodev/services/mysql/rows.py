"""Tables copied by their rows: where the server's files are out of reach, or hold less than all."""

from __future__ import annotations

from prodev.services.mysql.admin import Admin, quoted
from prodev.services.mysql.schema import Schema, read_schema


class RowTemplate:
    """A database that nobody enters any more."""

    def __init__(self, database: str, schema: Schema) -> None:
        """Take its name and what it consists of."""
        self._database, self.schema = database, schema

    @classmethod
    def of(cls, admin: Admin, database: str) -> RowTemplate:
        """Return the template that this database is."""
        return cls(database, read_schema(admin, database))

    def copy_tables(self, admin: Admin, target: str) -> None:
        """Make the tables in this empty database, with their rows."""
        with admin.using(target):
            for table in self.schema.tables:
                admin.execute(table.create)
            for table in self.schema.tables:
                names = ", ".join(quoted(name) for name in table.columns)
                source = f"{quoted(self._database)}.{quoted(table.name)}"
                admin.execute(
                    f"INSERT INTO {quoted(table.name)} ({names}) SELECT {names} FROM {source}"
                )
            for table in self.schema.tables:
                # Else the planner guesses until a background thread has counted.
                admin.execute(f"ANALYZE TABLE {quoted(table.name)}")
