"""Copies of a person's folders for an engine that cannot see them."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path

from prodev.errors import CourseError


def copy_folder(folder: Path, copy: Path) -> None:
    """Copy a folder with its times, and without what is no file: sockets, pipes, devices.

    Raises:
        CourseError: it is no folder, or a part of it cannot be read.
    """
    if not folder.is_dir():
        raise CourseError(f"There is no folder {folder}.")
    try:
        shutil.copytree(folder, copy, symlinks=True, ignore=_special)
    except (shutil.Error, OSError) as error:
        raise CourseError(f"The folder {folder} cannot be copied: {error}.") from None


def _special(folder: str, names: list[str]) -> list[str]:
    def is_special(name: str) -> bool:
        mode = (Path(folder) / name).lstat().st_mode
        return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_ISLNK(mode))

    return [name for name in names if is_special(name)]
