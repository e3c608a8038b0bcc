"""Small changes of a workflow, and of the place where it lies."""

from __future__ import annotations

from dataclasses import replace

from prodev.judge.kinds.workflow.place import body_of, path_of
from prodev.judge.mutants import Mutant, file_mutants
from prodev.judge.mutants.mutant import Rewrite, distinct


def workflow_mutants(source: str, suffix: str) -> tuple[Mutant, ...]:
    """Return the workflow with each key or item deleted or swapped, and in other places.

    Args:
        source: the solution; its first line names the place.
        suffix: how its file's name ends.
    """
    path, body = path_of(source), body_of(source)
    header = f"# file: {path}\n"
    changed = [
        replace(mutant, line=mutant.line + 1, source=header + mutant.source)
        for mutant in file_mutants(body, suffix)
    ]
    moved = [Rewrite("MoveFile", f"# file: {place}\n{body}") for place in _places(path)]
    return (*distinct(source, moved, lambda text: [path_of(text), body_of(text)]), *changed)


def _places(path: str) -> list[str]:
    """Other places that look like the right one."""
    folder, _, name = path.rpartition("/")
    return [
        f"service/{path}",
        f"{folder}/nested/{name}",
        f"{folder.removesuffix('s')}/{name}",
        f"{folder.removeprefix('.')}/{name}",
        f"{path.rpartition('.')[0]}.txt",
        name,
    ]
