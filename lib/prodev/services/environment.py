"""The environment that servers run in: little, and the same everywhere."""

from __future__ import annotations

import os
from pathlib import Path


def plain_environment(home: Path, **more: str) -> dict[str, str]:
    """Return an environment without anything of the user's: no secrets, no settings, English."""
    return {
        "PATH": os.environ.get("PATH", "/usr/local/bin:/usr/bin:/bin"),
        "HOME": str(home),
        "TMPDIR": str(home),
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        **more,
    }
