"""The dataset's tables as pandas DataFrames."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prodev.stays.columns import DAY, MISSING, Column, Days, Joined, Moments, Part, Words, join


def frame_of(parts: Sequence[Part]) -> pd.DataFrame:
    """Return the rows of these parts, in their order, as one frame.

    Numbers are ``int64``, text is ``str``, days and moments are ``datetime64[s]``; missing values
    are missing.
    """
    return pd.DataFrame({name: _values(join([part[name] for part in parts])) for name in parts[0]})


def _values(column: Column) -> pd.Series[str] | NDArray[np.int64] | NDArray[np.datetime64]:
    if isinstance(column, Words):
        table = np.array(column.words, dtype=object)
        return pd.Series(table[column.positions], dtype="str")
    if isinstance(column, Joined):
        return pd.Series(_joined(column), dtype="str")
    if isinstance(column, Days):
        return (column.numbers.astype(np.int64) * DAY).astype("datetime64[s]")
    if isinstance(column, Moments):
        moments = column.seconds.astype(np.int64).astype("datetime64[s]")
        moments[column.seconds == MISSING] = np.datetime64("NaT")
        return moments
    return column.astype(np.int64)


def _joined(column: Joined) -> list[str]:
    form, varying = "", []
    for piece in column.pieces:
        if isinstance(piece, str):
            form += piece.replace("%", "%%")
            continue
        form += "%s"
        if isinstance(piece, Words):
            varying.append(np.array(piece.words, dtype=object)[piece.positions].tolist())
        else:
            varying.append(piece.tolist())
    return [form % values for values in zip(*varying, strict=True)]
