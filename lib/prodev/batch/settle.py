"""Settle a run: make the output notebook say what happened, and put it in its place."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prodev.batch.job import Ended
from prodev.batch.plan import Run
from prodev.judge.verdict import VERDICT_TYPE

_MARKER = "papermill-error-cell-tag"


@dataclass(frozen=True)
class Settled:
    """What the output notebook shows.

    Attributes:
        reason: with the number of the cell before it, as in ``In [7]`` of the output notebook.
        cells_total: code cells that would run: with code, and not tagged ``skip-execution``.
        cells_run: those that began.
        output_sha256: of the output notebook; empty where there is none.
    """

    reason: str
    cells_total: int
    cells_run: int
    verdicts_passed: int
    verdicts_total: int
    output_sha256: str


def settle(run: Run, ended: Ended, draft: Path, out: Path, *, attempt: int) -> Settled:
    """Correct the draft of a run and move it to its place below ``out``.

    papermill marks every cell completed after a killed kernel or a time limit; here each cell's
    status, and the notebook's own, become what the ledger says.

    Raises:
        OSError: the output notebook cannot be written.
    """
    try:
        notebook = json.loads(draft.read_bytes())
        cells = [cell for cell in notebook["cells"] if not _is_marker(cell)]
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        draft.unlink(missing_ok=True)
        return Settled(ended.reason, 0, 0, 0, 0, "")
    stop = ended.cell if ended.cell is not None else _running(cells)
    if ended.status == "passed":
        notebook["cells"] = cells
        stop = None
    begun = _correct(cells, stop, ran=ended.status == "passed" or stop is not None)
    reason = f"cell {begun}: {ended.reason}" if stop is not None and ended.reason else ended.reason
    about = notebook["metadata"].setdefault("papermill", {})
    about["exception"] = None if ended.status == "passed" else True
    about["input_path"], about["output_path"] = run.notebook.name, run.output_path
    notebook["metadata"]["prodev"] = {
        "run_id": run.run_id,
        "attempt": attempt,
        "status": ended.status,
        "reason": reason,
    }
    content = (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode()
    with draft.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(out / run.output_path)
    verdicts = list(_verdicts(cells))
    return Settled(
        reason=reason,
        cells_total=sum(map(_runs, cells)),
        cells_run=begun,
        verdicts_passed=verdicts.count("passed"),
        verdicts_total=len(verdicts),
        output_sha256=hashlib.sha256(content).hexdigest(),
    )


def _correct(cells: list[dict[str, Any]], stop: int | None, *, ran: bool) -> int:
    """Give every cell its true status and return how many code cells began."""
    last = (len(cells) - 1 if stop is None else stop) if ran else -1
    for index, cell in enumerate(cells):
        about = cell["metadata"].setdefault("papermill", {})
        if index > last:
            about.update(
                status="pending", exception=None, start_time=None, end_time=None, duration=None
            )
            if cell["cell_type"] == "code":
                cell.update(execution_count=None, outputs=[])
        elif index == stop:
            about.update(status="failed", exception=True)
        else:
            about.update(status="completed", exception=False)
    return sum(map(_runs, cells[: last + 1]))


def _running(cells: list[dict[str, Any]]) -> int | None:
    """Return the cell that ran when the draft of a run that died without a word was saved."""
    for index, cell in enumerate(cells):
        if cell["metadata"].get("papermill", {}).get("status") == "running":
            return index
    return None


def _runs(cell: dict[str, Any]) -> bool:
    skipped = "skip-execution" in cell["metadata"].get("tags", [])
    return cell["cell_type"] == "code" and bool("".join(cell["source"]).strip()) and not skipped


def _is_marker(cell: dict[str, Any]) -> bool:
    return _MARKER in cell["metadata"].get("tags", [])


def _verdicts(cells: list[dict[str, Any]]) -> Iterator[object]:
    for cell in cells:
        for output in cell.get("outputs", []):
            record = output.get("data", {}).get(VERDICT_TYPE)
            if isinstance(record, dict):
                yield record.get("status")
