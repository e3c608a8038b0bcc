"""The conditions under which a batch runs: versions, machine, time."""

from __future__ import annotations

import platform
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

_PACKAGES = ("prodev-notebooks", "papermill", "nbclient", "ipykernel", "pandas", "django")


def conditions(engine: str, jobs: int) -> dict[str, str]:
    """Return name to value, in the order to show them."""
    found = {
        "started": f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC",
        "host": platform.node(),
        "system": platform.platform(),
        "engine": engine,
        "runs at a time": str(jobs),
        "Python": platform.python_version(),
    }
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found
