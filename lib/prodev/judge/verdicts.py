"""From what came of a check to the verdict that a learner reads."""

from __future__ import annotations

import re
import traceback
from typing import Any

from prodev.catalog.exercise import Exercise
from prodev.judge import endings
from prodev.judge.finding import Finding
from prodev.judge.verdict import Status, Verdict

_PRINTED_SHOWN = 2_000
_VALUE_SHOWN = 300

# %timeit, !ls, ?name, name?, and files = !ls; a cell may also await outside of a function.
_NOTEBOOK_ONLY = re.compile(r"^[%!?]|=\s*[%!]|\?$")
_AWAITS = "'await' outside function"


def of_finding(exercise: Exercise, finding: object) -> Verdict:
    """Return the verdict of what ``check`` returned.

    Raises:
        LookupError, TypeError: the check returned something that it must not.
    """
    if finding is None:
        return Verdict(exercise=exercise.slug, status="passed", message="Your answer holds.")
    if not isinstance(finding, Finding):
        raise TypeError(f"check() returned {type(finding).__name__}; return a Finding or None")
    if finding.code not in exercise.wrong:
        raise LookupError(f"check() found '{finding.code}', which exercise.toml does not name")
    seen = {key: _plain(value) for key, value in finding.observed.items()}
    return Verdict(
        exercise=exercise.slug,
        status="failed",
        code=finding.code,
        message=exercise.message(finding.code, seen),
        evidence=seen,
        section=exercise.wrong[finding.code].section or exercise.section,
    )


def of_ending(exercise: Exercise, ending: endings.Ending, source: str) -> Verdict:
    """Return the verdict of an answer that gave no value."""
    evidence: dict[str, Any] = {"call": ending.call} if ending.call else {}
    status: Status = "error"
    code = ""
    match ending:
        case endings.TimedOut():
            seconds = exercise.limits.seconds
            status, code = "timeout", "timeout"
            message = f"No result within {seconds:g} seconds. Look for a loop that does not end."
        case endings.Unavailable():
            # What could be judged without it was judged, and nothing wrong was found.
            message = f"Read, and nothing found wrong so far. {ending}"
            return Verdict(exercise=exercise.slug, status="unavailable", message=message)
        case endings.Noisy():
            code = "output"
            message = "Your answer printed more than 4 MB. Print less, or look for an endless loop."
        case endings.Forged():
            code, message = "channel", "Your answer wrote into the judge's own channel."
        case endings.Impure():
            code = "not-plain"
            message = (
                f"Your answer returned {ending}. Return plain data: numbers, text, lists, dicts."
            )
        case endings.Missing():
            code = "raised"
            message = f"Your answer does not define `{ending}`, and the exercise asks for it."
        case endings.Unreadable():
            code, message = "raised", f"Your file cannot be read as {ending}."
        case endings.Raised():
            code, message = _of_raised(ending, exercise, source)
            evidence |= {"error": str(ending)}
            if lines := _lines(ending, source):
                evidence["lines"] = lines
        case _:
            code = "exited"
            message = "Your answer ended its process before it gave a result."
    return Verdict(
        exercise=exercise.slug,
        status=status,
        code=code,
        message=message,
        evidence=evidence,
        section=exercise.section if code in ("raised", "timeout") else "",
    )


def of_crash(exercise: Exercise, error: BaseException) -> Verdict:
    """Return the verdict of a check that crashed: the course's fault, and never the learner's."""
    return judge_failed(
        exercise.slug,
        "The check of this exercise failed; your answer was not counted.",
        traceback="".join(traceback.format_exception(error)),
    )


def judge_failed(slug: str, message: str, **evidence: Any) -> Verdict:
    """Return the verdict that says that the course failed."""
    return Verdict(exercise=slug, status="judge_failed", message=message, evidence=evidence)


def shown(printed: str) -> dict[str, str]:
    """Return what the answer printed as evidence; nothing where it printed nothing."""
    text = printed.strip("\n")
    if len(text) > _PRINTED_SHOWN:
        text = f"{text[:_PRINTED_SHOWN]}\n… ({len(text):,} characters in all)"
    return {"printed": text} if text else {}


def _of_raised(ending: endings.Raised, exercise: Exercise, source: str) -> tuple[str, str]:
    match ending.name:
        case "SystemExit":
            return "exited", "Your answer ended the program (sys.exit or quit)."
        case "MemoryError":
            most = exercise.limits.memory_mb
            return "memory", f"Your answer needs more than the {most} MB that it may use."
        case "SyntaxError" | "IndentationError" | "TabError" if not ending.call:
            return "raised", _of_syntax(ending, source)
        case "NameError" if ending.lines:
            return "raised", (
                f"Your answer raised {_unstopped(ending)}. It is judged without the rest of the "
                "notebook: define or import in the cell what it needs."
            )
    return "raised", f"Your answer raised {_unstopped(ending)}."


def _of_syntax(ending: endings.Raised, source: str) -> str:
    for row in _lines(ending, source)[-1:]:
        if _NOTEBOOK_ONLY.search(row["text"]) or ending.message == _AWAITS:
            return (
                f"Line {row['line']} works in a notebook only, and your answer is judged as plain "
                "Python: take the line out, or move it to another cell."
            )
    return f"Python cannot read your answer: {ending.message}."


def _unstopped(ending: endings.Raised) -> str:
    """The exception as it is written, without a full stop at its end."""
    return str(ending).removesuffix(".")


def _lines(ending: endings.Raised, source: str) -> list[dict[str, Any]]:
    text = source.splitlines()
    return [
        {
            "line": line,
            "function": function,
            "text": text[line - 1].strip() if 0 < line <= len(text) else "",
        }
        for line, function in ending.lines
    ]


def _plain(value: object) -> Any:
    """Shorten what was observed to what a table can show; JSON can hold it."""
    if value is None or isinstance(value, bool):
        return value
    # In this order: an int may be too large for a float.
    if isinstance(value, int | float) and abs(value) < 1 << 53:
        return value
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= _VALUE_SHOWN else f"{text[: _VALUE_SHOWN - 1]}…"
