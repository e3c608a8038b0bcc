"""Columns of the dataset: text, days and moments as pandas holds them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prodev.stays.draw import Ints

DAY = 86_400  # seconds


def text(words: Sequence[str | None], positions: Ints) -> pd.Series[str]:
    """Return the words at these positions, as a column of ``str``; None is a missing value."""
    table = np.array(words, dtype=object)
    return pd.Series(table[positions], dtype="str")


def days(numbers: Ints) -> NDArray[np.datetime64]:
    """Return days since 1970 as ``datetime64[s]`` at midnight, which pandas shows as 2025-07-14."""
    return (numbers * DAY).astype("datetime64[s]")


def moments(seconds: Ints) -> NDArray[np.datetime64]:
    """Return seconds since 1970 (UTC) as ``datetime64[s]``."""
    return seconds.astype("datetime64[s]")


def seconds_of(column: pd.Series[pd.Timestamp]) -> Ints:
    """Return a column of days or moments as seconds since 1970."""
    seconds: Ints = column.to_numpy().astype("datetime64[s]").astype(np.int64)
    return seconds


def days_of(column: pd.Series[pd.Timestamp]) -> Ints:
    """Return a column of days or moments as days since 1970."""
    return seconds_of(column) // DAY


def ids_of(column: pd.Series[int]) -> Ints:
    """Return a column of ids as whole numbers."""
    numbers: Ints = column.to_numpy().astype(np.int64)
    return numbers


def numbered(size: int) -> Ints:
    """Return the ids 1 to ``size``."""
    return np.arange(1, size + 1, dtype=np.int64)
