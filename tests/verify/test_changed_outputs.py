"""nbval sees a changed digit in every committed output, whatever its kind."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
VARIES = "nbval-ignore-output"


def kinds(output: NotebookNode) -> dict[str, str]:
    """The texts of an output that a reader sees, by kind."""
    if output.output_type == "stream":
        return {"stream": output.text}
    data = output.get("data", {})
    return {
        kind: text
        for kind, text in data.items()
        if isinstance(text, str) and (kind.startswith("text/") or kind == "image/svg+xml")
    }


def change_a_digit(text: str) -> str:
    """Change the digit nearest to the middle of the text."""
    digits = [match.start() for match in re.finditer(r"\d", text)]
    place = min(digits, key=lambda at: abs(at - len(text) // 2))
    return text[:place] + str((int(text[place]) + 1) % 10) + text[place + 1 :]


def change(notebook: NotebookNode, kind: str) -> set[int]:
    """Change one digit of this kind in each cell that has one; return the cells' numbers."""
    changed = set()
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for number, cell in enumerate(cells):
        if VARIES in cell.metadata.get("tags", []):
            continue
        for output in cell.outputs:
            text = kinds(output).get(kind, "")
            if number not in changed and re.search(r"\d", text):
                if kind == "stream":
                    output.text = change_a_digit(text)
                else:
                    output.data[kind] = change_a_digit(text)
                changed.add(number)
    return changed


def failing_cells(path: Path, home: Path) -> set[int]:
    environment = {**os.environ, "PRODEV_SERVICES": "embedded", "PRODEV_HOME": str(home)}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--nbval", "-p", "no:cacheprovider", "-q", "-rf", path],
        cwd=path.parent,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return {int(n) for n in re.findall(r"^FAILED .*::Cell (\d+)", done.stdout, re.M)}


def pairs() -> list[Any]:
    """Each notebook with each kind of output that it has and that holds a digit."""
    found = []
    for path in NOTEBOOKS:
        cells = nbformat.read(path, as_version=4).cells
        outputs = [output for cell in cells for output in cell.get("outputs", [])]
        present = {k for o in outputs for k, text in kinds(o).items() if re.search(r"\d", text)}
        found += [pytest.param(path, kind, id=f"{path.stem} {kind}") for kind in sorted(present)]
    return found


@pytest.mark.parametrize(("path", "kind"), pairs())
def test_a_changed_digit_is_seen(path, kind, tmp_path):
    notebook = nbformat.read(path, as_version=4)
    changed = change(notebook, kind)
    copy = tmp_path / path.name
    nbformat.write(notebook, copy)
    assert changed
    assert changed <= failing_cells(copy, tmp_path / "home")


def test_stripped_outputs_are_seen(tmp_path):
    course = tmp_path / "course" / "notebooks"
    course.mkdir(parents=True)
    for path in NOTEBOOKS:
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        nbformat.write(notebook, course / path.name)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider",
         Path(__file__).parents[1] / "test_notebooks_outputs.py"],
        env={**os.environ, "PRODEV_COURSE": str(course.parent)},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert len(re.findall(r"^FAILED .*every_code_cell_ran", done.stdout, re.M)) == len(NOTEBOOKS)
