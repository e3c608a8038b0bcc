"""Where each run's output notebook goes: below the output folder, whatever the learner's name."""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Sequence

_LONGEST = 48  # characters of four bytes each still fit a file name of 255 bytes


def output_paths(runs: Sequence[tuple[str, str, str]]) -> list[str]:
    """Return one relative path for each run, no two the same, not even where case is ignored.

    Args:
        runs: learner, notebook stem and run id of each run.

    Returns:
        ``<learner>/<stem>.ipynb``; with ``-<run id>``, its first eight digits, where several runs
        would meet. A name that is not plain is written with underscores and a short hash of it.
    """
    plain = [f"{safe_name(learner)}/{safe_name(stem)}" for learner, stem, _ in runs]
    paths = _apart(plain, [run_id[:8] for _, _, run_id in runs])
    if len({path.casefold() for path in paths}) < len(paths):
        paths = [f"{path}-{run_id}" for path, (_, _, run_id) in zip(plain, runs, strict=True)]
    return [f"{path}.ipynb" for path in paths]


def safe_name(name: str) -> str:
    """Return the name as one part of a path; different names give different parts."""
    letters = unicodedata.normalize("NFC", name)
    letters = "".join(c if c.isalnum() or c in "-_" else "_" for c in letters)[:_LONGEST]
    if letters.startswith("-"):
        letters = "_" + letters[1:]  # a folder named -rf invites an accident
    if letters == name:
        return letters
    return f"{letters}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def _apart(paths: list[str], marks: list[str]) -> list[str]:
    count = Counter(path.casefold() for path in paths)
    return [
        f"{path}-{mark}" if count[path.casefold()] > 1 else path
        for path, mark in zip(paths, marks, strict=True)
    ]
