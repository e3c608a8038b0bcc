"""Rows as the text that a database reads, written a block at a time by numpy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from prodev.stays.columns import DAY, MISSING, Column, Days, Joined, Moments, Whole, Words, cut

BLOCK = 8_192  # rows: what is written of them fits into a processor's cache

Bytes = NDArray[np.uint8]


@dataclass(frozen=True)
class Form:
    """How a row is written: what begins and ends it, parts its values, quotes text, means NULL."""

    begin: bytes
    between: bytes
    end: bytes
    quote: bytes
    null: bytes
    escapes: tuple[tuple[str, str], ...]


#: PostgreSQL's COPY in text format: https://www.postgresql.org/docs/current/sql-copy.html
COPY = Form(b"", b"\t", b"\n", b"", b"\\N", (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n")))
#: A list of SQL values as MySQL and MariaDB read it; a comma follows each row.
VALUES = Form(b"(", b",", b"),", b"'", b"NULL", (("\\", "\\\\"), ("'", "''")))


class _Text(NamedTuple):
    """A value for each row: its bytes, and which of them count where not all do."""

    signs: Bytes
    counts: NDArray[np.bool_] | None = None


def blocks(columns: Sequence[Column], size: int, form: Form) -> Iterator[Bytes]:
    """Return the rows of these columns as text, a block of rows at a time."""
    for start in range(0, size, BLOCK):
        rows = slice(start, min(start + BLOCK, size))
        yield _block([cut(column, rows) for column in columns], rows.stop - rows.start, form)


def _block(columns: Sequence[Column], size: int, form: Form) -> Bytes:
    texts = [_constant(form.begin)]
    for column in columns:
        texts += [*_texts(column, form), _constant(form.between)]
    texts[-1] = _constant(form.end)
    width = sum(text.signs.shape[1] for text in texts)
    signs, counts = np.empty((size, width), dtype=np.uint8), np.ones((size, width), dtype=np.bool_)
    at = 0
    for text in texts:
        here = slice(at, at + text.signs.shape[1])
        signs[:, here] = text.signs
        if text.counts is not None:
            counts[:, here] = text.counts
        at = here.stop
    return signs[counts]


def _constant(text: bytes) -> _Text:
    return _Text(np.frombuffer(text, dtype=np.uint8).reshape(1, len(text)))


def _texts(column: Column, form: Form) -> list[_Text]:
    if isinstance(column, Words):
        return [_words(column, form, quote=form.quote)]
    if isinstance(column, Days):
        quote = _constant(form.quote)
        return [quote, _Text(_days(column.numbers)), quote]
    if isinstance(column, Moments):
        return [_moments(column.seconds, form)]
    if isinstance(column, Joined):
        quote = _constant(form.quote)
        return [quote, *(_piece(piece, form) for piece in column.pieces), quote]
    return [_numbers(column)]


def _piece(piece: Words | Whole | str, form: Form) -> _Text:
    if isinstance(piece, str):
        return _constant(_escaped(piece, form))
    return _words(piece, form, quote=b"") if isinstance(piece, Words) else _numbers(piece)


def _escaped(text: str, form: Form) -> bytes:
    for sign, other in form.escapes:
        text = text.replace(sign, other)
    return text.encode()


def _words(column: Words, form: Form, *, quote: bytes) -> _Text:
    signs, counts = _table(column.words, form, quote)
    return _Text(
        signs.take(column.positions, axis=0),
        None if counts.all() else counts.take(column.positions, axis=0),
    )


@lru_cache(maxsize=64)
def _table(
    words: tuple[str | None, ...], form: Form, quote: bytes
) -> tuple[Bytes, NDArray[np.bool_]]:
    """Return the bytes of each word, and which of them count."""
    texts = [form.null if word is None else quote + _escaped(word, form) + quote for word in words]
    lengths = np.array([len(text) for text in texts])
    table = np.array(texts, dtype=np.bytes_)
    signs = table.view(np.uint8).reshape(len(texts), table.itemsize)
    return signs, np.arange(table.itemsize) < lengths[:, None]


def _numbers(numbers: Whole) -> _Text:
    most = int(numbers.max())
    width = len(str(most))
    groups = -(-width // 4)
    rest = numbers.astype(np.int64)
    signs = np.empty((len(numbers), groups), dtype=np.uint32)
    for group in reversed(range(groups)):
        rest, four = np.divmod(rest, 10_000)
        signs[:, group] = _four_digits().take(four)
    shown = signs.view(np.uint8)[:, groups * 4 - width :]
    powers = 10 ** np.arange(width - 1, -1, -1, dtype=np.int64)
    powers[-1] = 0  # the last digit of 0 counts
    if int(numbers.min()) >= powers[0]:
        return _Text(shown)
    return _Text(shown, numbers[:, None] >= powers)


@cache
def _four_digits() -> NDArray[np.uint32]:
    """Return the numbers from 0 to 9,999 as four signs each, held as one number."""
    return np.array([b"%04d" % number for number in range(10_000)]).view(np.uint32)


def _days(numbers: Whole) -> Bytes:
    """Return days since 1970 as 2025-07-14."""
    first, last = int(numbers.min()), int(numbers.max())
    days = np.arange(first, last + 1).astype("datetime64[D]")
    table = np.datetime_as_string(days).astype("S10").view(np.uint8).reshape(-1, 10)
    return table.take(numbers - first, axis=0)


@cache
def _clock() -> tuple[Bytes, Bytes]:
    """Return the minutes of a day as " 09:30", and the seconds of a minute as ":00"."""
    minutes = np.array([b" %02d:%02d" % divmod(minute, 60) for minute in range(1440)])
    seconds = np.array([b":%02d" % second for second in range(60)])
    return minutes.view(np.uint8).reshape(-1, 6), seconds.view(np.uint8).reshape(-1, 3)


def _moments(seconds: Whole, form: Form) -> _Text:
    """Return seconds since 1970 as 2025-07-14 09:30:00."""
    missing = seconds == MISSING
    known = np.where(missing, seconds.max(), seconds)
    day, second = np.divmod(known.astype(np.int64), DAY)
    minutes, clock = _clock()
    at, edge = len(form.quote), np.frombuffer(form.quote, dtype=np.uint8)
    signs = np.empty((len(seconds), 19 + 2 * at), dtype=np.uint8)
    signs[:, :at] = edge
    signs[:, at : at + 10] = _days(day)
    signs[:, at + 10 : at + 16] = minutes.take(second // 60, axis=0)
    signs[:, at + 16 : at + 19] = clock.take(second % 60, axis=0)
    signs[:, at + 19 :] = edge
    if not missing.any():
        return _Text(signs)
    null = np.frombuffer(form.null, dtype=np.uint8)
    signs[missing, : len(null)] = null
    counts = np.ones(signs.shape, dtype=np.bool_)
    counts[missing, len(null) :] = False
    return _Text(signs, counts)
