"""What a log says about a server that did not start, as one sentence for a person."""

from __future__ import annotations

import re
from pathlib import Path

from prodev.services.server import full_disk

_FULL = re.compile(
    r"No space left on device|Errcode: 28\b|OS error 28\b|error(?: number)?:? 28\b"
    r"|Disk is full|not enough free space|disk is full",
    re.IGNORECASE,
)
# https://github.com/MariaDB/server/blob/10.11/storage/innobase/log/log0recv.cc and MySQL's
# share/messages_to_error_log.txt; the most telling first.
_OTHER_VERSION = (
    re.compile(r"created with (M\w+ \d+\.[\d.]*\d)"),
    re.compile(r"Cannot (?:downgrade|upgrade) from (?:server version )?(\d[\d.]*\d)"),
    re.compile(r"Invalid (M\w+) server (?:downgrade|upgrade)"),
)
_SOCKET = re.compile(r"unix socket.*|Can't start server.*", re.IGNORECASE)
_DENIED = re.compile(r"Permission denied|Errcode: 13\b|OS error: 13\b")
_ERROR = re.compile(r"\[ERROR\]\s+(?:\[\S+\]\s+)*(.+)")
_EMPTY = ("Aborting", "Unknown/unsupported storage engine", "Failed to initialize plugins")


def tells_full_disk(log: str) -> bool:
    """Whether a log says that a disk is full."""
    return bool(_FULL.search(log))


def another_version(folder: Path, made_by: str, program: str) -> str:
    """Say that the data directory was made by another version."""
    return (
        f"The data directory {folder / 'data'} is of {made_by}, and the program here is {program}; "
        f"{_again(folder)}."
    )


def explained(log: str, status: int, folder: Path) -> str:
    """Return the sentence; a full disk and another version are known by what the servers write."""
    if tells_full_disk(log):
        return full_disk("MySQL", folder)
    if other := next(filter(None, (words.search(log) for words in _OTHER_VERSION)), None):
        made_by = other[1]
        return (
            f"The data directory {folder / 'data'} is of another version ({made_by}) than the "
            f"program here; {_again(folder)}."
        )
    errors = [line for line in _ERROR.findall(log) if not line.startswith(_EMPTY)]
    trouble = " ".join(errors[0].split())[:200].rstrip(".") if errors else f"exit status {status}"
    if socket := _SOCKET.search(log):
        return (
            f"MySQL cannot open its socket ({socket[0].strip().rstrip('.')}); set TMPDIR to a "
            "folder with a short path that you may write to, then try again."
        )
    if denied := _DENIED.search(log):
        return (
            f"MySQL may not use {folder} ({denied[0]}); {_again(folder)}. Where AppArmor confines "
            "MySQL: sudo aa-complain /usr/sbin/mysqld, or install mariadb-server."
        )
    return f"MySQL does not start from its data directory ({trouble}); {_again(folder)}."


def _again(folder: Path) -> str:
    return (
        f"remove it (rm -r '{folder}'), then try again: it holds nothing but copies of the "
        "course's data"
    )
