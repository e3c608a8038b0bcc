"""Remake the committed outputs of notebooks, the same on every machine.

``python -m prodev.batch.outputs [--check] NOTEBOOK ...``
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import sys
import tempfile
import uuid
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode
from traitlets.config import Config

from prodev.errors import CourseError

VARIES = "nbval-ignore-output"
_NAMESPACE = uuid.UUID("5f6a2d7e-3c1b-4f0e-9a55-0d1c8e7b4a21")
_STATE = "application/vnd.jupyter.widget-state+json"


def remake(path: Path, *, check: bool = False) -> bool:
    """Execute a notebook on a stock kernel and store its outputs; return whether the file changed.

    The stored output of a cell tagged ``nbval-ignore-output`` is kept while no code cell up to and
    including it has changed, so that a figure that varies does not make a new commit each time.

    Args:
        path: the notebook.
        check: only say whether it would change; write nothing.

    Raises:
        CourseError: the notebook cannot be read, or a cell fails.
    """
    try:
        before = path.read_text("utf-8")
        stored = nbformat.reads(before, as_version=4)
        nbformat.validate(stored)
    except (OSError, ValueError, nbformat.ValidationError) as error:
        raise CourseError(f"{path.name} is not a readable notebook: {error}.") from None
    fresh = _execute(stored, path)
    _keep_what_varies(stored, fresh)
    after = _normal_text(fresh, path.stem)
    if not check and after != before:
        draft = path.with_suffix(".ipynb.new")
        draft.write_text(after, "utf-8", newline="\n")
        draft.replace(path)
    return after != before


def _execute(stored: NotebookNode, path: Path) -> NotebookNode:
    notebook: NotebookNode = nbformat.from_dict(stored)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    with tempfile.TemporaryDirectory(prefix="prodev-outputs-") as scratch, _clean(scratch):
        client = NotebookClient(
            notebook,
            kernel_name="python3",
            record_timing=False,
            coalesce_streams=True,  # a busy machine sends one cell's text in several pieces
            timeout=120,
            resources={"metadata": {"path": scratch}},
            # TCP ports are chosen before they are bound, so kernels that start together race.
            config=Config(
                KernelManager={"transport": "ipc", "connection_file": f"{scratch}/kernel.json"}
            ),
        )
        try:
            client.execute()
        except CellExecutionError as error:
            last = re.sub(r"\x1b\[[0-9;]*m", "", str(error)).strip().splitlines()[-1]
            raise CourseError(f"{path.name} stops with an error: {last}") from None
    return notebook


@contextmanager
def _clean(scratch: str) -> Iterator[None]:
    """Give kernels the environment of the committed outputs: embedded services, an empty home."""
    ours = {"PRODEV_SERVICES": "embedded", "PRODEV_HOME": scratch, "PRODEV_LEARNER": "demo"}
    before = {name: os.environ.get(name) for name in ours}
    os.environ.update(ours)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _keep_what_varies(stored: NotebookNode, fresh: NotebookNode) -> None:
    digest = hashlib.sha256()
    for old, new in zip(stored.cells, fresh.cells, strict=True):
        if new.cell_type != "code":
            continue
        digest.update(new.source.encode() + b"\0")
        if VARIES not in new.metadata.get("tags", []):
            continue
        code = digest.hexdigest()[:16]
        if old.outputs and old.metadata.get("code") == code:
            new.outputs = old.outputs
        new.metadata["code"] = code


def _normal_text(notebook: NotebookNode, stem: str) -> str:
    """Leave out what differs from machine to machine, and number the widgets."""
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        cell.metadata.pop("trusted", None)
    widgets = notebook.metadata.get("widgets")
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {
                "file_extension": ".py",
                "mimetype": "text/x-python",
                "name": "python",
            },
            **({"widgets": widgets} if widgets else {}),
        }
    )
    text = nbformat.writes(notebook, version=4)
    state = (widgets or {}).get(_STATE, {}).get("state", {})
    for number, name in enumerate(state):
        text = text.replace(name, uuid.uuid5(_NAMESPACE, f"{stem} {number}").hex)
    # The state is written in the order of its names, which have just changed.
    return f"{nbformat.writes(nbformat.reads(text, as_version=4), version=4)}\n"


def main(arguments: list[str] | None = None) -> int:
    """Remake or check notebooks; return 0, or 1 if one failed or, with --check, would change."""
    parser = argparse.ArgumentParser(prog="python -m prodev.batch.outputs", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail on a change")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("notebooks", type=Path, nargs="+")
    chosen = parser.parse_args(arguments)
    failed = False
    with ProcessPoolExecutor(max_workers=chosen.jobs) as pool:
        tasks = [(path, pool.submit(remake, path, check=chosen.check)) for path in chosen.notebooks]
        for path, task in tasks:
            try:
                changed = task.result()
            except CourseError as error:
                print(error, file=sys.stderr)
                failed = True
                continue
            print(f"{'changed' if changed else 'same   '} {path}")
            failed = failed or (changed and chosen.check)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
