"""What an engine is given, and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Job:
    """All that an engine needs to run one notebook.

    Attributes:
        notebook: the file to run; it is only read.
        draft: where the notebook is saved, whole, after each cell.
        parameters: passed to the notebook.
        folder: a private folder that the batch makes and removes.
        cwd: the working directory of the kernel.
        environment: the kernel's environment variables, all of them.
        cell_timeout: seconds that a cell may take, or None.
    """

    notebook: Path
    draft: Path
    parameters: dict[str, Any]
    folder: Path
    cwd: Path
    environment: dict[str, str]
    cell_timeout: float | None


@dataclass(frozen=True)
class Ended:
    """How a run ended, as the engine saw it.

    Attributes:
        status: a status of the ledger, or ``stopped`` where the batch asked for it.
        reason: one sentence without the cell's number; empty for ``passed``.
        cell: the index, in the output notebook, of the cell in which the run stopped; None where
            it ran to the end or never reached a cell.
        cpu_s: CPU seconds of the run's process tree, or None where it is not known.
        max_rss_mb: peak resident memory of the kernel in MB, or None.
    """

    status: str
    reason: str = ""
    cell: int | None = None
    cpu_s: float | None = None
    max_rss_mb: float | None = None
