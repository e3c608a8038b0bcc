"""Small exercises for tests of the judge, in a data folder of their own."""

from __future__ import annotations

import json
import shutil
import tomllib
from collections.abc import Mapping
from pathlib import Path

from prodev.catalog.exercise import Exercise
from prodev.catalog.exercises import find_exercise

MODULE = "python-toolkit"
_DATA = Path(__file__).resolve().parents[1] / "data"

STARTER = "def double(number):\n    ...\n"
SOLUTION = "def double(number):\n    return 2 * number\n"
WRONG = {"wrong-value": ("The answer gave {got}.", "def double(number):\n    return number\n")}


def make_exercise(
    folder: Path,
    check: str,
    *,
    starter: str = STARTER,
    solution: str = SOLUTION,
    wrong: Mapping[str, tuple[str, str]] = WRONG,
    right: Mapping[str, str] | None = None,
    limits: Mapping[str, float] | None = None,
    kind: str = "python",
    suffix: str = ".py",
    name: str = "small",
) -> Exercise:
    """Write an exercise below ``folder/data`` and read it; other names may stand beside it.

    Args:
        folder: a temporary folder; the course's ``modules.toml`` is copied there.
        check: the text of ``check.py``.
        starter: the starter's text.
        solution: the solution's text.
        wrong: code of a mistake, its message, and the answer that makes it.
        right: other correct answers by name; the solution itself by default.
        limits: ``seconds`` and ``memory_mb``; the usual ones by default.
        kind: the kind of exercise.
        suffix: how the answers' files end.
        name: the exercise's own name.
    """
    data = folder / "data"
    home = data / "exercises" / MODULE / name
    home.mkdir(parents=True)
    shutil.copy(_DATA / "modules.toml", data)
    texts = {f"starter{suffix}": starter, f"solution{suffix}": solution, "check.py": check}
    texts |= {f"right/{stem}{suffix}": text for stem, text in (right or {"same": solution}).items()}
    texts |= {f"wrong/{code}{suffix}": text for code, (_, text) in wrong.items()}
    messages = {code: message for code, (message, _) in wrong.items()}
    order = len(list(home.parent.iterdir()))
    texts["exercise.toml"] = _toml(kind, name, order, messages, limits or {})
    for path, text in texts.items():
        (home / path).parent.mkdir(exist_ok=True)
        (home / path).write_text(text, "utf-8")
    return find_exercise(f"{MODULE}/{name}", data)


def _toml(
    kind: str, name: str, order: int, messages: Mapping[str, str], limits: Mapping[str, float]
) -> str:
    modules = tomllib.loads((_DATA / "modules.toml").read_text("utf-8"))["module"]
    objective = next(m["objectives"][0] for m in modules if m["slug"] == MODULE)
    rows = {
        "title": name.capitalize(),
        "kind": kind,
        "order": order,
        "objective": objective,
        "points": 10,
        "section": "The lab",
        "prompt": "Write it.",
        "hints": ["Look.", "Think.", "Nearly there."],
    }
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in rows.items()]
    lines += ["[limits]", *(f"{key} = {value}" for key, value in limits.items())]
    for code, message in messages.items():
        lines += [f"[wrong.{code}]", f"message = {json.dumps(message, ensure_ascii=False)}"]
    return "\n".join(lines) + "\n"
