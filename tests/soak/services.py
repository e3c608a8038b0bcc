"""Start and stop each server hundreds of times, and kill its owners in random moments.

After each round no process, port, socket, lock or folder of it may be left within five seconds.
Run by ``make soak``; name systems to run those alone: ``python tests/soak/services.py redis``.
"""

from __future__ import annotations

import fcntl
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from prodev.services.service import MissingError
from prodev.services.systems import service

CYCLES = {"redis": 200, "postgresql": 200, "mysql": 200, "rabbitmq": 20}
KILLS = 20
PATIENCE = 5.0  # seconds until everything has to be gone
LONGEST = {"redis": 0.4, "postgresql": 1.0, "mysql": 1.5, "rabbitmq": 9.0}
"""Seconds within which an owner is killed: about twice what a start takes."""

OWNER = """
import sys
from prodev.services.systems import service
running = service(sys.argv[1]).start()
print("up", flush=True)
sys.stdin.read()
"""


def main() -> int:
    """Run the systems that are named, or all; return 1 where anything was left."""
    random.seed(4)
    failures = 0
    for system in sys.argv[1:] or CYCLES:
        try:
            service(system).find()
        except MissingError as missing:
            print(f"{system}: skipped, {missing}")
            continue
        failures += soak(system, cycle, CYCLES[system], "start and stop")
        failures += soak(system, kill, KILLS, "SIGKILL of the owner")
    return 1 if failures else 0


def soak(system: str, act: Callable[[str], None], rounds: int, name: str) -> int:
    """Do this in a cache of its own; return how many rounds left something."""
    cache = Path(tempfile.mkdtemp(prefix="prodev-soak-", dir="/tmp"))
    cache.chmod(0o711)
    os.environ["PRODEV_CACHE"] = str(cache)
    temporary = cache / "t"
    temporary.mkdir()
    temporary.chmod(0o1777)
    os.environ["TMPDIR"] = str(temporary)
    # A first start makes the data directory; the rounds are about what comes after.
    with subprocess.Popen([sys.executable, "-c", OWNER, system], stdin=subprocess.PIPE) as owner:
        owner.communicate()
    gone(cache)
    slowest, left = 0.0, 0
    for number in range(rounds):
        act(system)
        began = time.monotonic()
        remains = gone(cache)
        slowest = max(slowest, time.monotonic() - began)
        if remains:
            left += 1
            print(f"{system}, {name}, round {number + 1}: left after {PATIENCE:.0f} s: {remains}")
    print(
        f"{system}: {rounds} times {name}, {left} left something; "
        f"everything was gone after {slowest:.1f} s at the latest",
        flush=True,
    )
    shutil.rmtree(cache, ignore_errors=True)
    return left


def cycle(system: str) -> None:
    """Start it, ask whether it runs, and stop it."""
    tempfile.tempdir = None  # the variable has changed since it was read
    starter: Any = service(system)
    with starter.start() as running:
        running.check()


def kill(system: str) -> None:
    """Start it in a process that is killed at a random moment."""
    with subprocess.Popen(
        [sys.executable, "-c", OWNER, system], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as owner:
        time.sleep(random.uniform(0, LONGEST[system]))
        owner.kill()


def gone(cache: Path) -> list[str]:
    """Return what is left when the patience is over."""
    deadline = time.monotonic() + PATIENCE
    while (remains := left_of(cache)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return remains


def left_of(cache: Path) -> list[str]:
    """Return the processes, sockets, locks and folders that belong to this cache's servers."""
    found = [str(path) for path in cache.glob("*/*") if path.is_socket()]
    found += [str(path) for path in cache.glob("*/leftovers.json")]
    found += [str(path) for path in cache.glob("*/data/*.pid")]
    found += [f"the lock on {path}" for path in cache.glob("*/") if locked(path)]
    for folder in Path("/proc").glob("[0-9]*"):
        if int(folder.name) == os.getpid():
            continue
        try:
            environment = (folder / "environ").read_bytes()
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ")
        except OSError:
            continue
        # A port has no life of its own: it goes with the last of these.
        if str(cache).encode() in environment + command:
            found.append(f"process {folder.name}: {command[:80].decode('utf-8', 'replace')}")
    return found + [str(path) for path in (cache / "t").iterdir()]


def locked(folder: Path) -> bool:
    """Whether a keeper holds the lock on this folder."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


if __name__ == "__main__":
    sys.exit(main())
