"""What an answer's exception looks like on the wire: its own lines only."""

from __future__ import annotations

from typing import Any

from prodev.judge.box.operations import ANSWER_FILE
from prodev.judge.wire import type_name

_UNREADABLE = (SyntaxError, IndentationError, TabError)

_MOST_LINES = 12
_LONGEST = 500


def explain(error: BaseException) -> dict[str, Any]:
    """Return name, message, bases and the answer's own lines; whatever the exception does."""
    return {
        "name": type_name(type(error)),
        "message": _message(error),
        "bases": [type_name(base) for base in type.mro(type(error))][:10],
        "lines": _lines(error),
    }


def _message(error: BaseException) -> str:
    try:
        if type(error) in _UNREADABLE:
            return str(error.msg)[:_LONGEST]  # type: ignore[attr-defined]
        return str(error)[:_LONGEST]
    except BaseException:
        return "(its message cannot be shown)"


def _lines(error: BaseException) -> list[list[Any]]:
    lines: list[list[Any]] = []
    # Asked of the base class: the answer's own may raise when it is asked for an attribute.
    traceback = BaseException.__dict__["__traceback__"].__get__(error)
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if code.co_filename == ANSWER_FILE:
            lines.append([traceback.tb_lineno, code.co_name[:80]])
        traceback = traceback.tb_next
    if type(error) in _UNREADABLE and error.filename == ANSWER_FILE:  # type: ignore[attr-defined]
        line = error.lineno  # type: ignore[attr-defined]
        lines.append([line if type(line) is int else 0, "<module>"])
    return lines[-_MOST_LINES:]
