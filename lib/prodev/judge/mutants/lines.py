"""Changes to a format that is read line by line, such as a Dockerfile."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from prodev.judge.mutants.mutant import Rewrite

_COMMENTS = ("#", "//", ";")
_CONTINUED = re.compile(r"\\\s*\n")


def line_rewrites(source: str) -> Iterator[Rewrite]:
    """Yield the text without one of its instructions, and with two neighbours swapped.

    An instruction is a line with its continuations. Comments, blank lines and lines without a word,
    such as a lone bracket, stay where they are.
    """
    pieces = _pieces(source)
    places = [place for place, piece in enumerate(pieces) if _is_instruction(piece)]
    for place in places:
        rest = [*pieces[:place], *pieces[place + 1 :]]
        yield Rewrite("DeleteLine", "".join(rest))
    for first, second in pairwise(places):
        swapped = list(pieces)
        swapped[first], swapped[second] = pieces[second], pieces[first]
        yield Rewrite("SwapLines", "".join(swapped))


def line_meaning(source: str) -> list[str]:
    """Return the instructions and brackets in their order, without comments and layout."""
    pieces = (piece for piece in _pieces(source) if not _is_blank(piece))
    return [" ".join(_CONTINUED.sub(" ", piece).split()) for piece in pieces]


def _pieces(source: str) -> list[str]:
    """Cut the text into instructions, comments and blank lines; each ends with its newline."""
    pieces: list[str] = []
    goes_on = False
    for text in source.splitlines():
        line = text + "\n"
        if goes_on:
            pieces[-1] += line
        else:
            pieces.append(line)
        # A Dockerfile may hold a comment between the lines of one instruction.
        goes_on = _CONTINUED.search(line) is not None if not _is_blank(text) else goes_on
    return pieces


def _is_blank(piece: str) -> bool:
    return not piece.strip() or piece.lstrip().startswith(_COMMENTS)


def _is_instruction(piece: str) -> bool:
    return not _is_blank(piece) and re.search(r"\w", piece) is not None
