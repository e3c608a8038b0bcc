"""Rows put aside while a dataset is made: in memory, or in files so that memory stays small."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import Any
from weakref import finalize

import numpy as np
from numpy.typing import NDArray

from prodev.errors import CourseError
from prodev.stays.draw import PART, Ints

Records = NDArray[Any]
"""A structured array: one record a row."""
Fields = list[tuple[str, str]]


class Spool:
    """Records in several parts, each in the order they were added; a part is taken out once.

    Args:
        fields: the fields of a record.
        on_disk: whether they wait in a file, which has no name: it is gone when the process is.
        parts: how many parts there are.
    """

    def __init__(self, fields: Fields, *, on_disk: bool, parts: int = 1) -> None:
        self.dtype = np.dtype(fields)
        self._blocks: list[list[Records]] = [[] for _ in range(parts)]
        self._places: list[list[tuple[int, int]]] = [[] for _ in range(parts)]
        self._file = tempfile.TemporaryFile(buffering=0) if on_disk else None  # noqa: SIM115
        if self._file is not None:
            finalize(self, self._file.close)
        self._end = 0

    def add(self, **columns: NDArray[Any]) -> None:
        """Add rows to the first part: a value of each field for each."""
        self.put(records_of(self.dtype, columns))

    def put(self, records: Records, part: int = 0) -> None:
        """Add a block of records to a part.

        Raises:
            CourseError: the disk is full.
        """
        if self._file is None:
            self._blocks[part].append(records)
            return
        try:
            rest = records.view(np.uint8).data
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError as error:
            raise CourseError(
                f"The rows cannot wait in {tempfile.gettempdir()} ({error.strerror}); free some "
                "space, or name another folder in the environment variable TMPDIR."
            ) from error
        self._places[part].append((self._end, len(records)))
        self._end += records.nbytes

    def blocks(self, part: int = 0) -> Iterator[Records]:
        """Return the blocks of a part as they were added."""
        while self._blocks[part]:
            yield self._blocks[part].pop(0)
        if self._file is not None:
            for offset, count in self._places[part]:
                self._file.seek(offset)
                yield np.fromfile(self._file, self.dtype, count)

    def whole(self, part: int = 0) -> Records:
        """Return all records of a part as one array."""
        return np.concatenate([np.empty(0, self.dtype), *self.blocks(part)])


class Sorter:
    """Sorts rows by a whole number; equal ones stay in their order.

    On disk the rows are dealt out by their key, so that sorting one part at a time sorts them all.

    Args:
        fields: what a row holds beside its ``key``.
        keys: the keys that may come; those from one number of the range to before the next come in
            the same part.
        rows: about how many rows will come.
        on_disk: whether they wait in a file.
    """

    def __init__(self, fields: Fields, keys: range, *, rows: int, on_disk: bool) -> None:
        self._parts = 2 * rows // PART if on_disk and rows > PART else 1
        self._low = keys.start
        self._width = -(-len(keys) // self._parts) * keys.step
        self._spool = Spool([("key", "i4"), *fields], on_disk=on_disk, parts=self._parts)

    def add(self, key: Ints, **columns: NDArray[Any]) -> None:
        """Add rows: their keys, and a value of each field for each."""
        records = records_of(self._spool.dtype, {"key": key, **columns})
        if self._parts == 1:
            self._spool.put(records)
            return
        part = ((key - self._low) // self._width).astype(np.int16)
        order = np.argsort(part, kind="stable")
        ends = np.searchsorted(part[order], np.arange(self._parts + 1))
        records = records.take(order)
        for number in range(self._parts):
            if ends[number] < ends[number + 1]:
                self._spool.put(records[ends[number] : ends[number + 1]], number)

    def parts(self) -> Iterator[Records]:
        """Return the rows in the order of their keys, a part at a time; only once."""
        for number in range(self._parts):
            records = self._spool.whole(number)
            if len(records):
                yield records.take(_order(records["key"]))


def records_of(dtype: np.dtype[Any], columns: dict[str, NDArray[Any]]) -> Records:
    """Return rows as records: a value of each field for each."""
    records = np.empty(len(next(iter(columns.values()))), dtype)
    for name, values in columns.items():
        records[name] = values
    return records


def _order(keys: NDArray[np.int32]) -> Ints:
    """Return the positions that sort these keys, equal ones as they stand.

    With the position in its lower half each number is unique, so the fastest sort is stable too.
    """
    packed = keys.astype(np.int64) << 32
    packed |= np.arange(len(keys))
    packed.sort()
    packed &= 0xFFFF_FFFF
    return packed
