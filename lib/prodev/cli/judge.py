"""``prodev judge``: one answer, one verdict."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from prodev.errors import CourseError

_SIGNS = {
    "passed": "✓ passed",
    "failed": "✕ failed",
    "error": "✕ error",
    "timeout": "✕ timeout",
    "not_attempted": "○ not attempted",
    "unavailable": "– unavailable",
    "judge_failed": "! the judge failed",
}
_FINE = ("passed", "unavailable")


@click.command()
@click.argument("slug")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True)
@click.option(
    "--format",
    "layout",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="How to print the verdict; JSON is one object.",
)
def judge(slug: str, file: Path, seed: int, layout: str) -> None:
    """Judge the answer in FILE for the exercise SLUG; ends with 1 unless it passed."""
    from prodev.catalog.exercises import find_exercise
    from prodev.judge import Judge

    exercise = find_exercise(slug)
    with Judge() as opened:
        verdict = opened.judge(exercise, read_answer(file), seed=seed)
    if layout == "json":
        print(json.dumps(verdict.model_dump(), ensure_ascii=False, indent=1))
    else:
        code = f" ({verdict.code})" if verdict.code else ""
        click.echo(f"{_SIGNS[verdict.status]}{code}: {verdict.message}")
        for key, value in verdict.evidence.items():
            click.echo(f"  {key.replace('_', ' ')}: {_text(value)}")
    if verdict.status not in _FINE:
        sys.exit(1)


def read_answer(file: Path) -> str:
    """Return the text of an answer's file.

    Raises:
        CourseError: it is missing, unreadable or not UTF-8.
    """
    try:
        return file.read_text("utf-8-sig")
    except OSError as error:
        raise CourseError(f"{file} cannot be read ({error.strerror}); name another file.") from None
    except UnicodeDecodeError:
        raise CourseError(f"{file} is not UTF-8 text; save it as UTF-8.") from None


def _text(value: object) -> str:
    if isinstance(value, list):
        return "".join(
            f"\n    line {line['line']}, in {line['function']}: {line['text']}" for line in value
        )
    return "".join(map(_visible, str(value))).replace("\n", "\n    ")


def _visible(character: str) -> str:
    """A control character of the answer's must not reach the terminal."""
    if character.isprintable() or character in "\n\t":
        return character
    return character.encode("unicode_escape").decode()
