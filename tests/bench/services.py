"""Start time, memory and stop time of each server: medians of five, side by side in one run."""

from __future__ import annotations

import os
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from prodev.services.service import MissingError
from prodev.services.systems import service

SERVERS = ("redis", "postgresql", "mysql", "rabbitmq")
ROUNDS = 5


def main() -> None:
    """Print one row for each server."""
    cache = Path(tempfile.mkdtemp(prefix="prodev-bench-", dir="/tmp"))
    cache.chmod(0o711)
    os.environ["PRODEV_CACHE"] = str(cache)
    print(f"{'system':12}{'first start s':>15}{'start s':>10}{'memory MB':>12}{'gone after s':>14}")
    for system in SERVERS:
        try:
            service(system).find()
        except MissingError as missing:
            print(f"{system:12}{missing}")
            continue
        rounds = [measure(system, cache) for _ in range(ROUNDS + 1)]
        start, memory, stop = (
            statistics.median(values) for values in zip(*rounds[1:], strict=True)
        )
        print(f"{system:12}{rounds[0][0]:15.2f}{start:10.2f}{memory:12.0f}{stop:14.2f}")
    shutil.rmtree(cache, ignore_errors=True)


def measure(system: str, cache: Path) -> tuple[float, float, float]:
    """Return the seconds to start, the MB of all processes, and the seconds until all are gone."""
    starter: Any = service(system)
    began = time.perf_counter()
    running = starter.start()
    started = time.perf_counter() - began
    pids = family(cache)
    memory = sum(own_memory(pid) for pid in pids)
    began = time.perf_counter()
    running.stop()
    while any(alive(pid) for pid in pids):
        time.sleep(0.005)
    return started, memory, time.perf_counter() - began


def family(cache: Path) -> set[int]:
    """Return the keeper of this cache and all processes below it."""
    mark = f"PRODEV_CACHE={cache}".encode()
    parents = {}
    keepers = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status = (folder / "stat").read_text().rpartition(")")[2].split()
            parents[int(folder.name)] = int(status[1])
            keeper = b"prodev.services.keeper" in (folder / "cmdline").read_bytes()
            if keeper and mark in (folder / "environ").read_bytes().split(b"\0"):
                keepers.add(int(folder.name))
        except OSError:
            continue
    found = set(keepers)
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def alive(pid: int) -> bool:
    """Whether a process exists and is no zombie: those wait for a parent that is not ours."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def own_memory(pid: int) -> float:
    """Return the proportional share of memory in MB: shared pages are counted once in all."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    return next(
        int(line.split()[1]) / 1024 for line in text.splitlines() if line.startswith("Pss:")
    )


if __name__ == "__main__":
    main()
