"""A new exercise's folder: small, but whole, so that its author changes what already holds."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

from prodev.catalog.course import course_folder
from prodev.catalog.exercises import read_exercises
from prodev.catalog.read import read_tables
from prodev.catalog.records import Module
from prodev.errors import CourseError
from prodev.judge.kinds import kind_of

_SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def new_exercise(module: str, name: str, kind: str) -> Path:
    """Write the folder of a new exercise; return its path.

    Args:
        module: the module's slug.
        name: the exercise's own name, such as ``retry-with-limit``.
        kind: a registered kind of exercise.

    Raises:
        CourseError: there is no such module or kind, the name does not fit, or it is taken.
    """
    data = course_folder("data")
    modules = {m.slug: m for m in read_tables(data / "modules.toml", "module", Module)}
    if module not in modules:
        raise CourseError(f"There is no module '{module}'; there are {', '.join(modules)}.")
    if not _SLUG.fullmatch(name):
        raise CourseError(f"'{name}' is no slug; write lower case and hyphens: cache-aside.")
    folder = data / "exercises" / module / name
    if folder.exists():
        raise CourseError(f"The exercise {module}/{name} exists already; choose another name.")
    files = kind_of(kind).scaffold()
    mine = [e for e in read_exercises(data, modules.values()) if e.module == module]
    order = max((exercise.order for exercise in mine), default=0) + 1
    files["exercise.toml"] = _toml(name, kind, order, modules[module].objectives[0], files)
    draft = folder.with_name(f".{name}.new")
    try:
        shutil.rmtree(draft, ignore_errors=True)
        for path, text in files.items():
            (draft / path).parent.mkdir(parents=True, exist_ok=True)
            (draft / path).write_text(text, "utf-8")
        draft.rename(folder)
    except OSError as error:
        shutil.rmtree(draft, ignore_errors=True)
        raise CourseError(f"{folder} cannot be written ({error.strerror}).") from None
    return folder


def _toml(name: str, kind: str, order: int, objective: str, files: dict[str, str]) -> str:
    codes = sorted(Path(path).stem for path in files if path.startswith("wrong/"))
    wrong = "\n".join(f"[wrong.{code}]\nmessage = {json.dumps(_message(code))}\n" for code in codes)
    return (
        f"title = {json.dumps(name.replace('-', ' ').capitalize())}\n"
        f"kind = {json.dumps(kind)}\n"
        f"order = {order}\n"
        f"objective = {json.dumps(objective, ensure_ascii=False)}\n"
        "points = 10\n"
        'section = "The lab"\n'
        'prompt = """\nSay what to write, and everything that the check demands.\n"""\n'
        'hints = [\n  "Where to look.",\n  "What to think about.",\n  "Nearly there.",\n]\n\n'
        f"{wrong}"
    )


def _message(code: str) -> str:
    return f"{code.replace('-', ' ').capitalize()}: name the mistake, and say why it matters."
