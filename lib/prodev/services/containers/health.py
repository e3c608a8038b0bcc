"""Runs the health checks of a room's containers.

Podman leaves that to systemd's timers, and a room has none. What a check finds is kept and counted
by Podman.
"""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

from prodev.services.containers.layout import PLACE

_TURN = 0.1  # seconds
_LEAST = 0.2  # seconds between two checks of one container
_LIST = PLACE / "storage" / "overlay-containers" / "containers.json"


async def check_health() -> None:
    """Check each container that asks for it, in its own interval, until killed."""
    seen: float | None = None
    checks: dict[str, asyncio.Task[None]] = {}
    while True:
        await asyncio.sleep(_TURN)
        changed = _changed()
        if changed == seen:
            continue
        seen = changed
        intervals = await _intervals()
        for container in checks.keys() - intervals.keys():
            checks.pop(container).cancel()
        for container in intervals.keys() - checks.keys():
            checks[container] = asyncio.create_task(_check(container, intervals[container]))


async def _check(container: str, interval: float) -> None:
    while True:
        began = time.monotonic()
        # A container that does not run is refused; it may start later.
        await _podman("healthcheck", "run", container)
        await asyncio.sleep(max(0.0, interval - (time.monotonic() - began)))


async def _intervals() -> dict[str, float]:
    listed = (await _podman("ps", "--all", "--quiet", "--no-trunc")).split()
    if not listed:
        return {}
    found = json.loads(await _podman("inspect", "--type", "container", *listed) or "[]")
    return {one["Id"]: _interval(check) for one in found if (check := _wanted(one))}


def _wanted(inspected: dict[str, Any]) -> dict[str, Any] | None:
    check: dict[str, Any] | None = inspected["Config"].get("Healthcheck")
    if not check or check.get("Test", ["NONE"])[:1] in ([], ["NONE"]):
        return None
    return check


def _interval(check: dict[str, Any]) -> float:
    return max(_LEAST, float(check.get("Interval", 30e9)) / 1e9)


def _changed() -> float:
    try:
        return _LIST.stat().st_mtime_ns
    except OSError:
        return 0.0


async def _podman(*arguments: str) -> str:
    process = await asyncio.create_subprocess_exec(
        "podman",
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    output, _ = await process.communicate()
    return output.decode("utf-8", "replace")
