"""How lines of one chart differ: by mark, dash and colour together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from prodev.widgets.svg import number, path


@dataclass(frozen=True)
class Style:
    """The look of one line: ``mark`` is a path around 0 0."""

    colour: str
    dash: str
    mark: str


STYLES = (
    Style("brand", "", "M-5 0A5 5 0 1 0 5 0A5 5 0 1 0 -5 0Z"),
    Style("warn", "7 4", "M-4.5 -4.5H4.5V4.5H-4.5Z"),
    Style("good", "2 3", "M0 -6L5.5 4.5H-5.5Z"),
    Style("bad", "10 3 2 3", "M0 -6L6 0L0 6L-6 0Z"),
    Style("ink", "4 2", "M0 6L5.5 -4.5H-5.5Z"),
    Style("dim", "12 4", "M-5 -5L0 -2L5 -5L2 0L5 5L0 2L-5 5L-2 0Z"),
)


def line(style: Style, points: Sequence[tuple[float, float]]) -> str:
    """Return a line through points."""
    way = "L".join(f"{number(x)} {number(y)}" for x, y in points)
    dash = f";stroke-dasharray:{style.dash}" if style.dash else ""
    return path(f"M{way}", f"fill:none;stroke:var(--p-{style.colour});stroke-width:2{dash}")


def mark(style: Style, x: float, y: float) -> str:
    """Return the mark of a line at a point."""
    look = f"fill:var(--p-{style.colour});stroke:var(--p-bg);stroke-width:1.5"
    return f'<path transform="translate({number(x)} {number(y)})" d="{style.mark}" style="{look}"/>'
