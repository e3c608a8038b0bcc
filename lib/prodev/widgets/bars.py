"""A bar chart: compare a few amounts of one unit."""

from __future__ import annotations

from collections.abc import Mapping

from prodev.widgets.display import Piece
from prodev.widgets.figure import apart, axis_name, numbers, picture
from prodev.widgets.scale import scale
from prodev.widgets.svg import LINE, WIDTH, amount, box, drawing, label, rule, text_width, wrap

NAMES = 210
STUB = 14  # a logarithmic axis has no 0: its bars begin a little before the lowest mark


def bar_chart(title: str, values: Mapping[str, float], *, unit: str, text: str) -> Piece:
    """Compare a few amounts, one bar each, with the value at its end.

    The axis begins at 0; it is logarithmic, and says so, where the largest positive value is at
    least 100 times the smallest.

    Args:
        title: what is compared.
        values: amounts from 0 up, by name, drawn in this order.
        unit: of all values, such as ``rows``.
        text: the sentence that says what there is to see.

    Raises:
        CourseError: there is no value, or one is negative, infinite or not a number.
    """
    short = text_width(unit) <= 60  # else the axis alone names it
    told = {name: amount(value) + f" {unit}" * short for name, value in values.items()}
    names = {name: wrap(name, NAMES) for name in values}
    widest = max((text_width(line) for lines in names.values() for line in lines), default=0)
    left = min(NAMES, widest) + 14
    right = WIDTH - max((text_width(t) for t in told.values()), default=0) - 14
    axis = scale(values.values(), left, right, zero=True)
    if axis.log:
        axis = scale(values.values(), left + STUB, right, zero=True)

    bars, y = [], 4.0
    for name, value in values.items():
        end = axis.place(value) if value > 0 else left
        height = max(30, LINE * len(names[name]) + 8)
        middle = y + height / 2
        first = middle + 4.5 - LINE * (len(names[name]) - 1) / 2
        bars.append(label(names[name], left - 12, first, anchor="end"))
        bars.append(box(left, middle - 10, max(end - left, 0), 20, "fill:var(--p-brand)"))
        bars.append(label([told[name]], end + 8, middle + 4.5, css="prodev-halo"))
        y += height + 6

    grid = []
    for tick in axis.ticks:
        x = axis.place(tick)
        grid.append(rule(x, 0, x, y))
    for x, mark in apart([(axis.place(tick), amount(tick)) for tick in axis.ticks]):
        grid.append(label([mark], x, y + 16, anchor="middle", css="prodev-dim"))
    grid.append(rule(left, 0, left, y, "edge"))
    lines = axis_name(unit, log=axis.log)
    grid.append(label(lines, (left + right) / 2, y + 37, anchor="middle", css="prodev-dim"))
    return picture(
        title,
        drawing([*grid, *bars], y + 27 + LINE * len(lines), f"Bar chart: {title}"),
        text=text,
        more=numbers(["what", unit], [(name, amount(v)) for name, v in values.items()]),
        plain=[f"- {name}: {amount(value)} {unit}" for name, value in values.items()],
    )
