"""The account that an answer runs under when the judge runs as root."""

from __future__ import annotations

import os
import pwd
import sys
import sysconfig
from pathlib import Path

_NAMES = ("nobody",)


def unprivileged_account() -> tuple[int, int] | None:
    """Return user and group id of an account that can read Python and the package, or None.

    None too where this process is not root's: then there is nothing to give up.
    """
    if os.geteuid() != 0:
        return None
    for name in _NAMES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if all(_reachable(Path(place)) for place in python_folders()):
            return entry.pw_uid, entry.pw_gid
    return None


def python_folders() -> list[str]:
    """Return the folders that Python needs to import: its own, and those of installed packages."""
    own = [sys.prefix, sys.base_prefix, sys.exec_prefix, *sysconfig.get_paths().values()]
    package = Path(__file__).resolve().parents[3]
    return sorted(
        {str(Path(place).resolve()) for place in own if Path(place).is_dir()} | {str(package)}
    )


def _reachable(place: Path) -> bool:
    """Whether everybody may enter each folder on the way."""
    return all(folder.stat().st_mode & 0o001 for folder in (place, *place.parents))
