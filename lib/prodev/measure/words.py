"""Numbers as people read them."""

from __future__ import annotations

from math import floor, log10


def amount(value: float) -> str:
    """Return a value with three significant digits or more: ``2,000``, ``13.9``, ``0.0812``."""
    if value == 0:
        return "0"
    digits = max(0, 2 - floor(log10(abs(value))))
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def part(ratio: float) -> str:
    """Return a ratio as people say it: ``1/169``, ``0.803``, ``1.47``."""
    if 0 < ratio < 0.02:
        return f"1/{amount(1 / ratio)}"
    return amount(ratio)
