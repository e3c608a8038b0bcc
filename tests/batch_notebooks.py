"""Tiny notebooks and rosters for the tests of the batch."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
PARAMETERS = 'learner: str = "demo"\nseed: int = 1'


def make_notebook(
    path: Path, *cells: str, parameters: str = "", tags: tuple[str, ...] = (), kernel: str = ""
) -> Path:
    """Write a notebook whose code cells, after a parameters cell if any, carry the tags."""
    notebook = new_notebook(
        metadata={"kernelspec": {**KERNEL, **({"name": kernel} if kernel else {})}}
    )
    notebook.cells.append(new_markdown_cell("# A tiny notebook"))
    if parameters:
        notebook.cells.append(new_code_cell(parameters, metadata={"tags": ["parameters"]}))
    notebook.cells += [new_code_cell(source, metadata={"tags": list(tags)}) for source in cells]
    nbformat.write(notebook, path)
    return path


def make_roster(path: Path, text: str = "learner\nada\n") -> Path:
    """Write a roster and return its path."""
    path.write_text(text, "utf-8")
    return path
