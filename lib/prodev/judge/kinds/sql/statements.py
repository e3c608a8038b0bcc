"""An answer's text, cut into its statements."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import sqlglot
from sqlglot import Token, TokenType
from sqlglot.errors import SqlglotError

from prodev.judge.endings import Unreadable
from prodev.services.address import Engine

DIALECTS: dict[Engine, str] = {"postgresql": "postgres", "mysql": "mysql"}
"""The engines by their name in sqlglot."""

_LONGEST = 100_000
_ROUTINES = {"TRIGGER", "PROCEDURE", "FUNCTION"}
_LOOPS = {"IF", "LOOP", "WHILE", "REPEAT"}


class Statement(NamedTuple):
    """One statement; numbers and lines begin with 1."""

    number: int
    line: int
    text: str


def split(text: str, engine: Engine) -> tuple[Statement, ...]:
    """Return the statements of a text, as its engine's own program would send them.

    A semicolon in a text, in a comment, or in the body of a routine or trigger ends none.

    Raises:
        Unreadable: a quotation mark is never closed, or the text is no SQL for other reasons.
    """
    if len(text) > _LONGEST:
        raise Unreadable(f"SQL: it has {len(text):,} characters, and {_LONGEST:,} are the most")
    if "\0" in text or (not text.isascii() and text != text.encode("utf-8", "replace").decode()):
        raise Unreadable("SQL: it holds a character that no database takes")
    found: list[Statement] = []
    for tokens, end in _groups(tokens_of(text, DIALECTS[engine]), len(text)):
        first = tokens[0]
        if first.text.upper() == "DELIMITER":
            raise Unreadable(
                "SQL: DELIMITER is a command of the program mysql. Leave it out: a body from BEGIN "
                "to END is one statement here"
            )
        found.append(Statement(len(found) + 1, first.line, text[first.start : end].rstrip()))
    return tuple(found)


def tokens_of(text: str, dialect: str) -> list[Token]:
    """Return the tokens of a text.

    Raises:
        Unreadable: it has none that fit.
    """
    try:
        return sqlglot.tokenize(text, read=dialect)
    except (SqlglotError, RecursionError) as error:
        said = " ".join(str(error).split())[:120]
        raise Unreadable(f"SQL: a text, a name or a comment may be open ({said})") from None


def _groups(tokens: list[Token], size: int) -> Iterator[tuple[list[Token], int]]:
    """Yield the tokens of each statement, and where it ends: a comment may follow the last one."""
    group: list[Token] = []
    depth, routine = 0, False
    for place, token in enumerate(tokens):
        if token.token_type == TokenType.SEMICOLON and depth == 0:
            if group:
                yield group, token.start
            group, routine = [], False
            continue
        word = token.text.upper()
        if group and group[0].text.upper() == "CREATE" and word in _ROUTINES:
            routine = True
        if routine and token.token_type not in (TokenType.STRING, TokenType.HEREDOC_STRING):
            after = tokens[place + 1].text.upper() if place + 1 < len(tokens) else ""
            before = tokens[place - 1].text.upper()
            if word in ("BEGIN", "CASE") and before != "END":
                depth += 1
            elif word == "END" and after not in _LOOPS:
                depth = max(0, depth - 1)
        group.append(token)
    if group:
        yield group, size
