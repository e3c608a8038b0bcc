"""Put the Python that the course runs on onto the path, as the stand-in for actions/setup-python.

It gets an environment of its own, so that ``pip install`` in a workflow changes nothing outside
of the run. The packages of the course's environment can be imported in it.
"""

from __future__ import annotations

import os
import platform
import sys
import sysconfig
import venv
from pathlib import Path
from typing import Any


class Environment(venv.EnvBuilder):
    """An environment without the scripts that a person activates it with."""

    def setup_scripts(self, context: Any) -> None:
        """Write none: the path does all of it."""


def make_environment(folder: Path) -> Path:
    """Make the environment and return its folder of programs."""
    # pip itself comes from the course's environment: unpacking another one takes seconds.
    Environment(with_pip=False, symlinks=True).create(folder)
    programs = folder / "bin"
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    packages = folder / "lib" / version / "site-packages"
    places = os.environ["STAND_IN_PACKAGES"].split(os.pathsep)
    (packages / "course.pth").write_text("\n".join(places) + "\n", "utf-8")
    for name in ("pip", "pip3"):
        made = os.open(programs / name, os.O_WRONLY | os.O_CREAT, 0o755)
        with open(made, "w", encoding="utf-8") as program:  # noqa: PTH123
            program.write(f'#!/bin/sh\nexec "{programs}/python" -m pip "$@"\n')
    return programs


def append(variable: str, *lines: str) -> None:
    """Add lines to one of the files that a step speaks to the runner by."""
    with Path(os.environ[variable]).open("a", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)


def main() -> int:
    """Make the environment, put it first on the path, and tell its version."""
    here, asked = platform.python_version(), os.environ.get("STAND_IN_PYTHON_VERSION", "")
    programs = make_environment(Path(os.environ["RUNNER_TEMP"]) / f"python-{here}")
    # The last one is first on the path.
    append("GITHUB_PATH", sysconfig.get_path("scripts"), str(programs))
    append("GITHUB_OUTPUT", f"python-version={here}", f"python-path={programs}/python")
    wish = f" The workflow asks for {asked}." if asked and not here.startswith(asked) else ""
    print(f"stand-in for {os.environ['STAND_IN_ACTION']}: this is Python {here}.{wish}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
