"""What an answer's exception looks like on the wire: its own lines only."""

from __future__ import annotations

from typing import Any

from prodev.judge.box.operations import ANSWER_FILE

_MOST_LINES = 12
_LONGEST = 500


def explain(error: BaseException) -> dict[str, Any]:
    """Return name, message, bases and the answer's own lines; whatever the exception does."""
    return {
        "name": type.__getattribute__(type(error), "__name__")[:80],
        "message": _message(error),
        "bases": [base.__name__[:80] for base in type.mro(type(error))][:10],
        "lines": _lines(error),
    }


def _message(error: BaseException) -> str:
    try:
        if isinstance(error, SyntaxError):
            return str(error.msg)[:_LONGEST]
        return str(error)[:_LONGEST]
    except BaseException:
        return "(its message cannot be shown)"


def _lines(error: BaseException) -> list[list[Any]]:
    lines: list[list[Any]] = []
    traceback = error.__traceback__
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if code.co_filename == ANSWER_FILE:
            lines.append([traceback.tb_lineno, code.co_name[:80]])
        traceback = traceback.tb_next
    if isinstance(error, SyntaxError) and error.filename == ANSWER_FILE:
        lines.append([error.lineno or 0, "<module>"])
    return lines[-_MOST_LINES:]
