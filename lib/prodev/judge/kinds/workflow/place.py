"""Where a workflow lies: the learner writes it into the first line, as ``# file: PATH``."""

from __future__ import annotations

import re

PLACE = ".github/workflows"
_FIRST_LINE = re.compile(r"\A\s*#[ \t]*file[ \t]*:[ \t]*([^\n]*?)[ \t]*\r?(?:\n|\Z)", re.IGNORECASE)


def path_of(source: str) -> str:
    """Return the path in the first line that is not empty; empty where it names none."""
    found = _FIRST_LINE.match(source)
    path = found.group(1).strip("`'\"") if found else ""
    return path.removeprefix("./")


def body_of(source: str) -> str:
    """Return the text without the line that names the path."""
    return _FIRST_LINE.sub("", source, count=1)


def is_inside(path: str) -> bool:
    """Whether a path stays inside the repository."""
    parts = path.split("/")
    return bool(path) and not path.startswith(("/", "~")) and ".." not in parts and "\0" not in path


def is_found(path: str) -> bool:
    """Whether GitHub looks for a workflow there."""
    folder, _, name = path.rpartition("/")
    return folder == PLACE and name.endswith((".yml", ".yaml")) and not name.startswith(".y")
