"""How a session that starts programs can be ended by its watcher: the exit code says it."""

TOO_MANY, TOO_LARGE = 96, 97
"""It had too many processes; they held too much memory."""
