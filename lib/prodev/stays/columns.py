"""Columns of the dataset as they are made: small numbers that stand for text, days and moments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

DAY = 86_400  # seconds
MISSING = -1  # a moment that never came

Whole = NDArray[np.signedinteger[Any]]
"""Whole numbers of any width."""


@dataclass(frozen=True, eq=False)
class Words:
    """A column of text: the words at these positions; None is a missing value."""

    words: tuple[str | None, ...]
    positions: Whole


@dataclass(frozen=True, eq=False)
class Days:
    """A column of days, counted from 1970."""

    numbers: Whole


@dataclass(frozen=True, eq=False)
class Moments:
    """A column of moments: seconds since 1970 (UTC), or MISSING."""

    seconds: Whole


@dataclass(frozen=True, eq=False)
class Joined:
    """A column of text that is joined of pieces."""

    pieces: tuple[Words | Whole | str, ...]


Column = Whole | Words | Days | Moments | Joined
Part = Mapping[str, Column]
"""Some rows of a table: its columns by name, each as long as the first, ``id``."""


def rows_in(part: Part) -> int:
    """Return how many rows a part has."""
    ids = part["id"]
    assert isinstance(ids, np.ndarray)
    return len(ids)


def numbered(start: int, size: int) -> Whole:
    """Return the ids of ``size`` rows that come after ``start`` others."""
    return np.arange(start + 1, start + size + 1, dtype=np.int64)


def join(columns: Sequence[Any]) -> Column:
    """Return one column of several that follow each other, all of the same kind."""
    first = columns[0]
    if len(columns) == 1:
        one: Column = first
        return one
    if isinstance(first, Words):
        return Words(first.words, np.concatenate([each.positions for each in columns]))
    if isinstance(first, Days):
        return Days(np.concatenate([each.numbers for each in columns]))
    if isinstance(first, Moments):
        return Moments(np.concatenate([each.seconds for each in columns]))
    if isinstance(first, Joined):
        pieces = zip(*(each.pieces for each in columns), strict=True)
        return Joined(tuple(_join_piece(each) for each in pieces))
    return np.concatenate(columns)


def cut(column: Column, rows: slice) -> Column:
    """Return these rows of a column."""
    if isinstance(column, Words):
        return Words(column.words, column.positions[rows])
    if isinstance(column, Days):
        return Days(column.numbers[rows])
    if isinstance(column, Moments):
        return Moments(column.seconds[rows])
    if isinstance(column, Joined):
        return Joined(tuple(_cut_piece(piece, rows) for piece in column.pieces))
    return column[rows]


def _cut_piece(piece: Words | Whole | str, rows: slice) -> Words | Whole | str:
    if isinstance(piece, Words):
        return Words(piece.words, piece.positions[rows])
    return piece if isinstance(piece, str) else piece[rows]


def _join_piece(pieces: Sequence[Any]) -> Words | Whole | str:
    if isinstance(pieces[0], str):
        return pieces[0]
    joined = join(pieces)
    assert isinstance(joined, Words | np.ndarray)
    return joined
