"""PostgreSQL: one server for each OS user, a role and a database of its own for each use."""

from __future__ import annotations

from prodev.services.postgresql.database import Database
from prodev.services.postgresql.running import RunningPostgreSQL
from prodev.services.postgresql.service import PostgreSQL

__all__ = ["Database", "PostgreSQL", "RunningPostgreSQL"]
