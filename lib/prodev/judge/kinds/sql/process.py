"""What a process of a server's holds, as Linux tells it; nothing elsewhere, or where it is gone."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

_ALONE = re.compile(r"^RssAnon:\s+(\d+) kB", re.MULTILINE)  # proc_pid_status(5)


def memory(pid: int | None) -> int:
    """Return the bytes of memory that a process has for itself alone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text("ascii", "replace")
    except OSError:
        return 0
    found = _ALONE.search(status)
    return int(found[1]) << 10 if found else 0


def open_files(pid: int | None) -> Iterator[tuple[str, int]]:
    """Yield the path and the bytes of each file that a process has open."""
    with contextlib.suppress(OSError):
        for held in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                yield str(held.readlink()), held.stat().st_size
