"""What a log says about a server that did not start, as one sentence for a person."""

from __future__ import annotations

import re
from pathlib import Path

_FULL = re.compile(
    r"No space left on device|Errcode: 28\b|OS error 28\b|error(?: number)?:? 28\b"
    r"|Disk is full|not enough free space|disk is full",
    re.IGNORECASE,
)
_OTHER_VERSION = re.compile(
    r"created with (M\w+ [\d.]+)"
    r"|Cannot downgrade from (\d+)"
    r"|Cannot upgrade from server version (\S+)"
    r"|Invalid (M\w+) server (?:downgrade|upgrade)",
)
_SOCKET = re.compile(r"unix socket.*|Can't start server.*", re.IGNORECASE)
_DENIED = re.compile(r"Permission denied|Errcode: 13\b|OS error: 13\b")
_ERROR = re.compile(r"\[ERROR\]\s+(?:\[\S+\]\s+)*(.+)")
_EMPTY = ("Aborting", "Unknown/unsupported storage engine", "Failed to initialize plugins")


def another_version(folder: Path, made_by: str, program: str) -> str:
    """Say that the data directory was made by another version."""
    return (
        f"The data directory {folder / 'data'} is of {made_by}, and the program here is {program}; "
        f"{_again(folder)}."
    )


def explained(log: str, status: int, folder: Path) -> str:
    """Return the sentence; a full disk and another version are known by what the servers write."""
    if _FULL.search(log):
        return (
            f"MySQL does not start: the disk that holds {folder} is full; free some space, then "
            "try again."
        )
    if other := _OTHER_VERSION.search(log):
        made_by = next(part for part in other.groups() if part)
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
            f"MySQL may not use {folder} ({denied[0]}); a system that confines programs (AppArmor) "
            "may forbid it: sudo aa-complain /usr/sbin/mysqld, or install mariadb-server instead."
        )
    return f"MySQL does not start from its data directory ({trouble}); {_again(folder)}."


def _again(folder: Path) -> str:
    return (
        f"remove it (rm -r '{folder}'), then try again: it holds nothing but copies of the "
        "course's data"
    )
