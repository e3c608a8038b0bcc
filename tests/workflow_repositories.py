"""Small repositories with workflows, for the tests of GitHub Actions."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

PLACE = ".github/workflows/ci.yml"


def repository(folder: Path, workflow: str, *, place: str = PLACE, **files: str) -> Path:
    """Make a repository; the names of more files have ``__`` for a point."""
    path = folder / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dedent(workflow), "utf-8")
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text, "utf-8")
    return folder


def steps(*runs: str, on: str = "push", more: str = "") -> str:
    """Return a workflow with one job ``test`` that runs these commands."""
    lines = "".join(f"      - run: {run}\n" for run in runs)
    head = f"on: {on}\njobs:\n  test:\n    runs-on: ubuntu-latest\n{more}    steps:\n"
    return head + lines
