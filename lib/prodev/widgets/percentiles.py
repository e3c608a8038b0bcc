"""Percentiles side by side: one bar for each way, with the interval as far as it is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from prodev.errors import CourseError
from prodev.measure.sample import Percentile, Samples
from prodev.measure.words import amount
from prodev.widgets.display import Piece
from prodev.widgets.figure import apart, axis_name, numbers, picture
from prodev.widgets.scale import scale
from prodev.widgets.series import STYLES, mark
from prodev.widgets.svg import (
    LINE,
    WIDTH,
    box,
    drawing,
    label,
    number,
    path,
    rule,
    text_width,
    wrap,
)
from prodev.widgets.svg import amount as tick_amount

NAMES = 170
BAR = 16
LOOKS = (STYLES[1], STYLES[0], *STYLES[2:])  # before and after look as in comparison_chart
STUB = 14  # a logarithmic axis has no 0: its bars begin a little before the lowest mark


def percentile_chart(title: str, ways: Mapping[str, Samples], *, text: str) -> Piece:
    """Compare median, p95 and p99 of a few ways, as far as each has samples enough.

    Args:
        title: what was measured.
        ways: the samples by name, all in one unit; at most six.
        text: the sentence that says what there is to see.

    Raises:
        CourseError: there is no way or too many, the units differ, or samples are too few for
            even a median.
    """
    unit = _check(title, ways)
    known = {name: {p.name: p for p in side.percentiles} for name, side in ways.items()}
    groups = list(dict.fromkeys(p for found in known.values() for p in found))
    every = [v for f in known.values() for p in f.values() for v in (p.value, p.high or p.value)]
    names = {name: wrap(name, NAMES) for name in ways}
    widest = max(text_width(line) for lines in names.values() for line in lines)
    left = widest + 28
    right = WIDTH - max(text_width(_told(p, unit)) for f in known.values() for p in f.values()) - 20
    axis = scale(every, left, right, zero=True)
    if axis.log:
        axis = scale(every, left + STUB, right, zero=True)

    bars, y = [], 0.0
    for group in groups:
        bars.append(label([group], 0, y + 15))
        y += 26
        for look, (name, found) in zip(LOOKS, known.items(), strict=False):
            height = max(BAR + 8, LINE * len(names[name]) + 4)
            middle = y + height / 2
            first = middle + 4.5 - LINE * (len(names[name]) - 1) / 2
            bars.append(label(names[name], 20, first, css="prodev-dim"))
            bars.append(mark(look, 8, middle))
            bars += _bar(found.get(group), look.colour, axis.place, left, middle, unit)
            y += height
        y += 8
    marks = [rule(axis.place(tick), 0, axis.place(tick), y) for tick in axis.ticks]
    marks += bars
    for x, tick in apart([(axis.place(tick), tick_amount(tick)) for tick in axis.ticks]):
        marks.append(label([tick], x, y + 16, anchor="middle", css="prodev-dim"))
    marks.append(rule(left, 0, left, y, "edge"))
    below = axis_name(unit, log=axis.log)
    marks.append(label(below, (left + right) / 2, y + 37, anchor="middle", css="prodev-dim"))
    rows = [
        [f"{name}, {group}", *_cells(found.get(group))]
        for group in groups
        for name, found in known.items()
    ]
    return picture(
        title,
        drawing(marks, y + 27 + LINE * len(below), f"Bar chart: {title}"),
        text=f"{text} The thin line is the 95% interval, where there are samples enough for one.",
        more=numbers(["what", unit, "from", "to"], rows),
        plain=[
            f"- {what}: {value} {unit}" + (f" ({low} to {high})" if low != "–" else "")
            for what, value, low, high in rows
        ],
    )


def _bar(  # noqa: PLR0913, PLR0917 - a mark with its place
    found: Percentile | None,
    colour: str,
    place: Callable[[float], float],
    left: float,
    middle: float,
    unit: str,
) -> list[str]:
    """Return the marks of one bar with its interval and its value."""
    if found is None:
        return [label(["too few samples"], left + 8, middle + 4.5, css="prodev-dim prodev-halo")]
    end = place(found.value) if found.value > 0 else left
    fill = f"fill:var(--p-{colour})"
    marks = [box(left, middle - BAR / 2, max(end - left, 0), BAR, fill)]
    far = end
    if found.low is not None and found.high is not None:
        low, far = (place(v) if v > 0 else left for v in (found.low, found.high))
        a, b, m = number(low), number(far), number(middle)
        whisker = f"M{a} {m}H{b}M{a} {number(middle - 5)}V{number(middle + 5)}"
        whisker += f"M{b} {number(middle - 5)}V{number(middle + 5)}"
        # Light below dark, so that the line is seen on the bar and beside it.
        marks.append(path(whisker, "fill:none;stroke:var(--p-bg);stroke-width:4"))
        marks.append(path(whisker, "fill:none;stroke:var(--p-ink);stroke-width:2"))
    return [*marks, label([_told(found, unit)], far + 9, middle + 4.5, css="prodev-halo")]


def _told(found: Percentile, unit: str) -> str:
    return f"{amount(found.value)} {unit}"


def _cells(found: Percentile | None) -> list[str]:
    if found is None:
        return ["too few samples", "–", "–"]
    ends = [amount(end) if end is not None else "–" for end in (found.low, found.high)]
    return [amount(found.value), *ends]


def _check(title: str, ways: Mapping[str, Samples]) -> str:
    """Return the one unit of all ways."""
    units = sorted({side.unit for side in ways.values()})
    if len(units) != 1 or len(ways) > len(STYLES):
        raise CourseError(
            f"The chart '{title}' needs one to {len(STYLES)} ways in one unit; "
            f"it got {len(ways)} in {', '.join(units) or 'none'}."
        )
    if not any(side.percentiles for side in ways.values()):
        raise CourseError(f"The chart '{title}' has too few samples even for a median.")
    return units[0]
