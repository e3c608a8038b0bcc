"""Run one notebook with papermill, in a process that is there for this run only.

papermill counts ``sys.exit(0)`` as success and calls every cell completed after a kernel has died,
so what happened is taken from nbclient's hooks and from the kernel's process.
"""

from __future__ import annotations

import multiprocessing
import os
import re
import resource
import shutil
import signal
import sys
import threading
from contextlib import suppress
from dataclasses import replace
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import NoSuchKernel
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill import execute_notebook
from papermill.exceptions import PapermillExecutionError
from papermill.iorw import LocalHandler, papermill_io

from prodev.batch.job import Ended, Job
from prodev.batch.kernel import LeftByItself, Watch, kernel_manager
from prodev.batch.processes import adopt_orphans, kill, kill_descendants

_SCHEME = "prodev-draft:"
_LONGEST = 400
_START_SECONDS = 300  # many kernels may start at once on a busy machine; a dead one is seen sooner


def run_in_this_process(job: Job, connection: Connection) -> None:
    """Run the job, leave no process behind, and send an ``Ended``."""
    os.setsid()  # Ctrl-C at the terminal is for the batch, which then asks us to stop
    adopt_orphans()
    _redirect_output(job.folder / "log.txt")
    os.environ.clear()
    os.environ.update(job.environment)
    watch = Watch()
    threading.Thread(target=_obey, args=(connection, job, watch), daemon=True).start()
    ended = run_papermill(job, watch)
    if watch.kernel_pid is not None:
        kill(watch.kernel_pid)
    kill_descendants(os.getpid())
    connection.send(replace(ended, cpu_s=_cpu(), max_rss_mb=watch.peak_mb or _peak() or None))


def run_papermill(job: Job, watch: Watch) -> Ended:
    """Run the job's notebook and say how it ended."""
    papermill_io.register(_SCHEME, _WholeFiles())
    try:
        execute_notebook(
            _literal(job.notebook),
            _SCHEME + _literal(job.draft),
            parameters=job.parameters,
            progress_bar=False,
            start_timeout=_START_SECONDS,
            cwd=job.cwd,
            kernel_manager_class=kernel_manager(job.folder, watch),
            timeout_func=lambda _cell: job.cell_timeout,
            on_cell_execute=watch.on_cell_execute,
            on_cell_executed=watch.on_cell_executed,
        )
    except PapermillExecutionError:
        pass  # also raised for a cell that is tagged raises-exception; the watch knows better
    except Exception as error:
        return _broken(error, job, watch)
    if watch.problem:
        status, reason = watch.problem
        return Ended(status, shorten(reason), watch.cell)
    return Ended("passed")


def shorten(text: str) -> str:
    """Return the first line of a message, without terminal colours, not too long."""
    lines = re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", text).strip().splitlines()
    line = lines[0].strip() if lines else ""
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def _dead(watch: Watch) -> Ended:
    code = watch.exit_code
    if code is not None and code >= 0:
        return Ended("exited_early", f"ended the kernel with exit code {code}", watch.cell)
    if code is None:
        return Ended("kernel_died", "the kernel died", watch.cell)
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    hint = ", perhaps for want of memory" if -code == signal.SIGKILL else ""
    return Ended("kernel_died", f"the kernel was killed by {name}{hint}", watch.cell)


def _broken(error: Exception, job: Job, watch: Watch) -> Ended:
    if watch.stopped:
        return Ended("stopped", "was stopped", watch.cell)
    if isinstance(error, DeadKernelError):
        return _dead(watch)
    said = shorten(f"{type(error).__name__}: {error}")
    match error:
        case CellTimeoutError():
            status, reason = "timed_out", f"took longer than {job.cell_timeout:g} s"
        case LeftByItself():
            status, reason = "exited_early", str(error)
        case NoSuchKernel():
            advice = "install it, or choose another in the notebook"
            status, reason = "not_run", f"there is no kernel '{error.name}' here; {advice}"
        case _ if watch.began:
            status, reason = "failed", f"papermill could not go on ({said})"
        case _ if watch.kernel_pid is not None:
            status, reason = "not_run", f"the kernel did not start ({said})"
        case _:
            status, reason = "not_run", f"the notebook cannot be read ({said})"
    return Ended(status, reason, watch.cell)


def _obey(connection: Connection, job: Job, watch: Watch) -> None:
    """End the kernel when the batch says so, and everything when the batch itself is gone."""
    batch = multiprocessing.parent_process()
    with suppress(EOFError, OSError):
        ready = wait([connection, *([batch.sentinel] if batch else [])])
        if connection in ready and connection.recv() == "stop":
            watch.stopped = True
            if watch.kernel_pid is None:
                os._exit(0)
            kill(watch.kernel_pid)
            return
    kill_descendants(os.getpid())
    shutil.rmtree(job.folder, ignore_errors=True)
    job.draft.unlink(missing_ok=True)
    os._exit(1)


class _WholeFiles(LocalHandler):  # type: ignore[misc]
    """Write a notebook whole or not at all: a run killed while saving keeps the last one."""

    def write(self, buf: str, path: str) -> None:
        draft = Path(path.removeprefix(_SCHEME))
        new = draft.with_suffix(".new")
        new.write_text(buf, "utf-8")
        new.replace(draft)

    def pretty_path(self, path: str) -> str:
        return path.removeprefix(_SCHEME)


def _literal(path: Path) -> str:
    # papermill fills in {names} in a path; a folder may well be called so.
    return str(path.absolute()).replace("{", "{{").replace("}", "}}")


def _redirect_output(log: Path) -> None:
    with log.open("wb") as stream:
        for descriptor in (1, 2):
            os.dup2(stream.fileno(), descriptor)


def _cpu() -> float:
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def _peak() -> float:
    peak: Any = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return float(peak) / (1024 * 1024 if sys.platform == "darwin" else 1024)
