"""What Podman needs on this machine, and what of it is missing."""

from __future__ import annotations

import os
import pwd
import re
import subprocess
from pathlib import Path
from shutil import which
from typing import NamedTuple

from prodev.services.containers.podman_server import NEW_ACCOUNTS, NEW_ROOM

PACKAGES = "podman crun netavark aardvark-dns uidmap"
GET = f"sudo apt-get install {PACKAGES}, or install Docker (its page: Install Docker Engine)"

# An ordinary user's PATH often lacks the administrator's folders.
_PATH = os.pathsep.join(
    (os.environ.get("PATH", os.defpath), "/usr/local/sbin", "/usr/sbin", "/sbin")
)
_HELPERS = [Path(top) / "podman" for top in ("/usr/lib", "/usr/libexec", "/usr/local/lib")]
_LEAST = (4, 0)  # the first with netavark


class Podman(NamedTuple):
    """Podman on this machine, with what it needs."""

    program: str
    version: str


class Lacking(NamedTuple):
    """Why Podman cannot be used here, as the end of a sentence, and what to do."""

    why: str
    how: str


def find_podman() -> Podman | Lacking:
    """Return Podman, or the first thing that it lacks; starts no container."""
    program = which("podman", path=_PATH)
    if not program:
        return Lacking("is not on this machine", GET)
    told = subprocess.run(
        [program, "--version"], capture_output=True, text=True, check=False, timeout=20
    ).stdout
    version = re.search(r"\d+(?:\.\d+)+", told)
    if not version or tuple(map(int, version[0].split(".")[:2])) < _LEAST:
        return Lacking("is older than version 4", GET)
    for name in ("netavark", "aardvark-dns"):
        if not which(name, path=_PATH) and not any((top / name).exists() for top in _HELPERS):
            return Lacking(f"lacks {name}", f"sudo apt-get install {name}")
    if not find_runtime():
        return Lacking("lacks a runtime", "sudo apt-get install crun")
    return _lacks_rights() or Podman(program, version[0])


def find_runtime() -> str:
    """Return the program that starts a container for Podman; empty where there is none."""
    # runc wants control groups, which an ordinary user may not make.
    names = ("crun", "runc") if os.geteuid() == 0 else ("crun",)
    return next((found for name in names if (found := which(name, path=_PATH))), "")


def _lacks_rights() -> Lacking | None:
    ordinary = os.geteuid() != 0
    if ordinary:
        if not which("newuidmap", path=_PATH):
            return Lacking("needs newuidmap for your account", "sudo apt-get install uidmap")
        user = pwd.getpwuid(os.geteuid()).pw_name
        for file in ("/etc/subuid", "/etc/subgid"):
            if not _has_range(Path(file), user):
                return Lacking(
                    f"needs a range of user numbers for your account in {file}",
                    f"sudo usermod --add-subuids 200000-265535 --add-subgids 200000-265535 {user}",
                )
    command = ["unshare", *(NEW_ACCOUNTS if ordinary else ()), *NEW_ROOM, "true"]
    try:
        tried = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)
    except OSError:
        return Lacking("needs the program unshare", "sudo apt-get install util-linux")
    if tried.returncode == 0:
        return None
    words = tried.stderr.strip().splitlines()[:1]
    return Lacking(
        f"may not make namespaces here ({' '.join(words)})",
        "install Docker, or allow your account to make user namespaces"
        if ordinary
        else "run outside of this container, or give it the right SYS_ADMIN",
    )


def _has_range(file: Path, user: str) -> bool:
    try:
        lines = file.read_text("utf-8").splitlines()
    except OSError:
        return False
    return any(line.split(":")[0] in (user, str(os.geteuid())) for line in lines)
