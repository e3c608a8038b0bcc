"""MySQL or MariaDB: one server for each OS user, a user and a database of its own for each use."""

from __future__ import annotations

from prodev.services.mysql.database import Database
from prodev.services.mysql.running import RunningMySQL
from prodev.services.mysql.service import MySQL

__all__ = ["Database", "MySQL", "RunningMySQL"]
