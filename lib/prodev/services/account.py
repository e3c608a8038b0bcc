"""The account that a server runs under when the course runs as root."""

from __future__ import annotations

import os
import pwd
from pathlib import Path
from typing import NamedTuple

_LAST_RESORT = ("daemon", "nobody")


class Account(NamedTuple):
    """User and group id of an unprivileged account."""

    name: str
    uid: int
    gid: int


def server_account(*names: str) -> Account | None:
    """Return the first of these accounts that exists; None where this process is not root's.

    Answers are judged as ``nobody``, so that account comes last: a server should not share it.
    """
    if os.geteuid() != 0:
        return None
    for name in (*names, *_LAST_RESORT):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(name, entry.pw_uid, entry.pw_gid)
    return None


def can_enter(account: Account | None, folder: Path) -> bool:
    """Whether the account may enter this folder and each folder on the way to it."""
    if account is None:
        return os.access(folder, os.X_OK)
    return all(_may_pass(account, part) for part in (folder, *folder.parents) if part.exists())


def hand_over(folder: Path, account: Account | None) -> None:
    """Make the account the owner of a folder, which nobody else may enter."""
    folder.chmod(0o700)
    if account is not None:
        os.chown(folder, account.uid, account.gid)


def _may_pass(account: Account, folder: Path) -> bool:
    status = folder.stat()
    if status.st_uid == account.uid:
        return bool(status.st_mode & 0o100)
    if status.st_gid == account.gid:
        return bool(status.st_mode & 0o010)
    return bool(status.st_mode & 0o001)
