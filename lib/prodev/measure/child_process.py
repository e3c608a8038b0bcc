"""The process of ``run_in_child``: prepare, run, and answer with result, time and peak."""

from __future__ import annotations

import gc
import resource
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

from prodev.measure.answering import answer_owner

_STATUS = Path("/proc/self/status")


def peak_mb() -> float:
    """Return the largest resident memory of this process so far, in MB of 2**20 bytes.

    ``ru_maxrss`` is not asked on Linux: there it begins at the size of the parent.
    """
    if _STATUS.exists():
        return int(_STATUS.read_text().split("VmHWM:")[1].split()[0]) / 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 2**20 if sys.platform == "darwin" else most / 1024


def forget_peak() -> None:
    """Set the peak back to what is used now, where the system can (proc(5), ``clear_refs``)."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        # Then a peak of the preparation hides a part of the growth, as it does on macOS.
        return


def run(task: dict[str, Any]) -> dict[str, Any]:
    """Run the code of the task."""
    names: dict[str, Any] = {"__name__": "__child__", "arguments": task["arguments"]}
    exec(compile(task["code"], "the code in its own process", "exec"), names)
    call = names.get("run")
    if not callable(call):
        raise SystemExit("the code defines no function run().")
    gc.collect()
    forget_peak()
    before, start = peak_mb(), perf_counter()
    result = call()
    ms, peak = 1000 * (perf_counter() - start), peak_mb() - before
    return {"result": result, "ms": ms, "peak_mb": peak}


if __name__ == "__main__":
    answer_owner(run)
