"""Programs that come with this environment's packages."""

from __future__ import annotations

import os
import sysconfig
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from shutil import which
from typing import NamedTuple

from prodev.services.service import MissingError


class PackagedProgram(NamedTuple):
    """A program and the version of the package that carries it."""

    path: Path
    version: str


def packaged(package: str, program: str) -> PackagedProgram | None:
    """Return the program that a package of this environment carries, or None.

    It is looked up in the package's own list of files: the folder need not be on ``PATH``.
    """
    try:
        found = distribution(package)
    except PackageNotFoundError:
        return None
    listed = [Path(str(found.locate_file(file))) for file in found.files or ()]
    places = [path for path in listed if path.name == program and path.parent.name == "bin"]
    for path in (*places, Path(sysconfig.get_path("scripts")) / program):
        if path.is_file() and os.access(path, os.X_OK):
            return PackagedProgram(path.resolve(), found.version)
    return None


def tool(title: str, package: str, program: str) -> Path:
    """Return a tool's program: this environment's, else the one on ``PATH``.

    Raises:
        MissingError: there is none.
    """
    if found := packaged(package, program):
        return found.path
    if path := which(program):
        return Path(path)
    raise MissingError(title, f"pip install {package}")
