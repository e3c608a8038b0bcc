"""Where servers keep their files, and where their sockets lie."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import tempfile
from pathlib import Path

from prodev.errors import CourseError
from prodev.services.account import Account, can_enter

CACHE_VARIABLE = "PRODEV_CACHE"

_ROOTS_CACHE = Path("/var/cache/prodev")
_LONGEST = 80
"""Bytes of a folder's path that leave room for a socket's name: the system's limit is 104 to 108
bytes (``sun_path`` in unix(7))."""


def cache_folder() -> Path:
    """Return the folder of all that can be made again: data of shared servers, programs, images.

    It is ``PRODEV_CACHE``, else the user's cache folder, else, for root, ``/var/cache/prodev``,
    because servers run under another account there, which cannot enter root's home.

    Raises:
        CourseError: the folder cannot be made.
    """
    from platformdirs import user_cache_path

    named = os.environ.get(CACHE_VARIABLE, "")
    if named:
        folder = Path(named).expanduser().absolute()
    else:
        folder = _ROOTS_CACHE if os.geteuid() == 0 else user_cache_path("prodev")
    return made(folder)


def server_folder(name: str, account: Account | None) -> Path:
    """Return the folder of one shared server, which its account can enter."""
    folder = cache_folder()
    if not can_enter(account, folder):
        folder = made(_ROOTS_CACHE) / digest_of(str(folder))
    return made(folder / name)


def made(folder: Path) -> Path:
    """Make a folder that others may pass but not list, unless it is there; return it.

    Raises:
        CourseError: it cannot be made; the sentence names another way.
    """
    try:
        folder.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise CourseError(
            f"The folder {folder} cannot be made ({error.strerror}); "
            f"set {CACHE_VARIABLE} to a folder that you may write to."
        ) from None
    return folder


def short_folder(folder: Path) -> Path:
    """Return this folder, or, where its path is too long for a socket, a private one for it.

    The same folder always has the same short one.

    Raises:
        CourseError: somebody else has taken the short folder's name.
    """
    if len(os.fsencode(folder)) <= _LONGEST:
        return folder
    short = Path("/tmp") / f"prodev-{os.geteuid()}-{digest_of(str(folder))}"
    short.mkdir(mode=0o700, exist_ok=True)
    status = short.lstat()
    private = stat.S_ISDIR(status.st_mode) and not status.st_mode & 0o077
    if not private or status.st_uid != os.geteuid():
        raise CourseError(f"{short} is not your own private folder; remove it, then try again.")
    return short


def fresh_folder(account: Account | None) -> Path:
    """Make an empty private folder with a short path, for sockets or a server's own files.

    Its name is ``prodev-`` and eight random signs; the account owns it.
    """
    base = Path(tempfile.gettempdir())
    # Not every program takes a space or a letter beyond ASCII in a socket's path.
    plain = str(base).isascii() and " " not in str(base)
    if not plain or len(str(base)) > _LONGEST - 20 or not can_enter(account, base):
        base = Path("/tmp")
    folder = Path(tempfile.mkdtemp(prefix="prodev-", dir=base))
    if account is not None:
        os.chown(folder, account.uid, account.gid)
    return folder


def reachable_copy(folder: Path, name: str, account: Account | None) -> Path:
    """Return this folder, or a copy of it that the account can enter.

    Args:
        folder: programs, such as those of a wheel in somebody's home.
        name: what the copy is called; another version needs another name.
        account: who has to enter.
    """
    if can_enter(account, folder):
        return folder
    copies = made(server_folder("programs", account))
    copy = copies / name
    if not copy.exists():
        new = Path(tempfile.mkdtemp(prefix=".new-", dir=copies))
        try:
            new.chmod(0o755)
            shutil.copytree(folder, new, symlinks=True, dirs_exist_ok=True)
            new.chmod(0o755)
            try:
                new.rename(copy)
            except OSError:
                if not copy.exists():  # else another process was faster
                    raise
        finally:
            shutil.rmtree(new, ignore_errors=True)
    return copy


def digest_of(text: str) -> str:
    """Return eight signs that stand for a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]
