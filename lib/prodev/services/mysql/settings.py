"""The settings of a private server: light, fast for data that can be made again, strict."""

from __future__ import annotations

_LOG_SIZE = "48M"

_BOTH = {
    # Data that can be made again needs no waiting for the disk.
    "innodb-flush-log-at-trx-commit": "2",
    "innodb-doublewrite": "0",
    "loose-innodb-flush-method": "nosync",
    "innodb-buffer-pool-size": "64M",
    "innodb-buffer-pool-dump-at-shutdown": "0",
    "innodb-buffer-pool-load-at-startup": "0",
    "key-buffer-size": "1M",
    "max-connections": "200",
    "performance-schema": "OFF",
    "skip-log-bin": "",
    "skip-networking": "",
    "skip-name-resolve": "",
    # A user must not choose where the server writes.
    "skip-symbolic-links": "",
    "event-scheduler": "OFF",
    # A program's addresses would push out of the log why it ended.
    "skip-stack-trace": "",
    # The loader's LOAD DATA LOCAL reads the client's files, and only where the client agrees.
    "local-infile": "1",
    # What MySQL 8 has by itself. Both servers know this collation.
    "sql-mode": "ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,"
    "ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION",
    "character-set-server": "utf8mb4",
    "collation-server": "utf8mb4_unicode_ci",
    "default-time-zone": "+00:00",
}

_MARIADB = {
    "innodb-log-file-size": _LOG_SIZE,
    "loose-debug-no-sync": "",
    "loose-skip-sync-frm": "",
    "aria-pagecache-buffer-size": "8M",
}

_MYSQL = {
    "loose-innodb-redo-log-capacity": _LOG_SIZE,
    "loose-mysqlx": "OFF",
    # Milliseconds, for SELECT alone. MariaDB has a limit by user, and for every statement.
    "max-execution-time": "30000",
}


def settings_for(engine: str) -> list[str]:
    """Return the options of the command line."""
    chosen = {**_BOTH, **(_MARIADB if engine == "MariaDB" else _MYSQL)}
    return [f"--{name}={value}" if value else f"--{name}" for name, value in chosen.items()]


def creation_settings_for(engine: str) -> list[str]:
    """Return the options that shape a new data directory, or make it faster."""
    chosen = _MARIADB if engine == "MariaDB" else {}
    chosen = {**chosen, "loose-innodb-flush-method": "nosync", "innodb-doublewrite": "0"}
    return [f"--{name}={value}" if value else f"--{name}" for name, value in chosen.items()]
