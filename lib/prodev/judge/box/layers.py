"""Which layers of isolation this system allows, tried once at the forker's start."""

from __future__ import annotations

import os
import pwd
import sys
import sysconfig
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prodev.judge.sandbox import crowd, landlock, namespaces, program, seccomp
from prodev.judge.sandbox.account import unprivileged_account

LAYERS = ("seccomp", "landlock", "namespaces", "disk")
"""All layers besides limits, a session of its own and an unprivileged account."""

_SYSTEM = (
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/share/zoneinfo",
    "/etc/localtime",
    "/dev/null",
    "/dev/zero",
    "/dev/random",
    "/dev/urandom",
)
_PACKAGE = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Isolation:
    """What an answer's process gives up here.

    Attributes:
        layers: those of ``LAYERS`` that work.
        account: user and group id to change to, where the judge is root's.
        read: files and folders that an answer may read.
        programs: whether an answer may start programs, as a pipeline does: only where all of its
            processes are in a namespace of their own, and end with it.
        refused: why no answer may run here at all; empty as a rule.
    """

    layers: tuple[str, ...]
    account: tuple[int, int] | None
    read: tuple[str, ...]
    programs: bool = False
    refused: str = ""

    def describe(self) -> dict[str, Any]:
        """Return what the judge is told."""
        uid = self.account[0] if self.account else os.geteuid()
        try:
            name = pwd.getpwuid(uid).pw_name
        except KeyError:
            name = str(uid)
        told = {"layers": list(self.layers), "account": name}
        return {**told, "programs": self.programs, "refused": self.refused}


def probe(without: tuple[str, ...] = ()) -> Isolation:
    """Try each layer in a child of its own.

    Args:
        without: layers to leave out, for tests and for finding out what each one costs.
    """
    layers = []
    if "seccomp" not in without and seccomp.available() and _works(seccomp.restrict):
        layers.append("seccomp")
    if "landlock" not in without and landlock.version():
        layers.append("landlock")
    if "namespaces" not in without and _works(namespaces.enter):
        layers.append("namespaces")
        if "disk" not in without and _works(_enter_with_disk):
            layers.append("disk")
    account = unprivileged_account()
    refused = ""
    # Without capabilities root still owns root's files, so Landlock must stand before them.
    if os.geteuid() == 0 and account is None and not {"landlock", "seccomp"} <= set(layers):
        refused = (
            "An answer could only run with root's powers here, because Python lies in a folder of "
            "root's; work as an ordinary user, or install Python where everybody may read it."
        )
    limited = os.geteuid() != 0 or account is not None or _may_limit()
    walls = {"seccomp", "namespaces", "disk"} <= set(layers)
    programs = limited and walls and _works(_enter_for_programs)
    return Isolation(tuple(layers), account, tuple(_readable()), programs, refused)


def _may_limit() -> bool:
    if group := crowd.make_group():
        crowd.remove_group(group)
    return group is not None


def _enter_with_disk() -> None:
    namespaces.enter()
    with tempfile.TemporaryDirectory() as folder:
        namespaces.small_disk(folder)
        os._exit(0)


def _enter_for_programs() -> None:
    namespaces.enter()
    child = os.fork()
    if child == 0:
        with suppress(BaseException), tempfile.TemporaryDirectory() as folder:
            program.own_view(folder)
            program.own_processes()
            os._exit(0)
        os._exit(1)
    os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


def _works(layer: Callable[[], None]) -> bool:
    pid = os.fork()
    if pid == 0:
        with suppress(BaseException):
            layer()
            os._exit(0)
        os._exit(1)
    return os.waitpid(pid, 0)[1] == 0


def _readable() -> list[str]:
    """Python's own folders and the installed packages, but not the course, which has solutions."""
    paths = sysconfig.get_paths()
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    folders = {os.path.realpath(paths[name]) for name in names}
    folders.add(str(Path(os.__file__).resolve().parent))
    found: set[str] = set()
    # Python's shared libraries stand beside its own folder.
    with suppress(OSError):
        beside = os.scandir(Path(sys.base_prefix, "lib"))
        found |= {entry.path for entry in beside if ".so" in entry.name}
    for folder in (*_SYSTEM, *folders):
        found |= without_the_course(folder)
    return sorted(found)


def without_the_course(folder: str) -> set[str]:
    """The folder itself; or, where the course is below it, all of it but the course."""
    if not _PACKAGE.is_relative_to(folder):
        return {folder}
    kept: set[str] = set()
    with suppress(OSError):
        for entry in os.scandir(folder):
            if _PACKAGE.is_relative_to(entry.path):
                kept |= without_the_course(entry.path) if entry.path != str(_PACKAGE) else set()
            else:
                kept.add(entry.path)
    return kept
