"""A line chart: how amounts change with something else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from prodev.errors import CourseError
from prodev.widgets.display import Piece
from prodev.widgets.figure import apart, axis_name, numbers, picture
from prodev.widgets.scale import Scale, scale
from prodev.widgets.series import STYLES, line, mark
from prodev.widgets.spread import spread
from prodev.widgets.svg import LINE, WIDTH, amount, drawing, label, rule, text_width, wrap

TALL = 230
NAMES = 140


def line_chart(  # noqa: PLR0913 - all but the title are named by the caller
    title: str,
    *,
    x: Sequence[float | str],
    series: Mapping[str, Sequence[float]],
    x_label: str,
    unit: str,
    text: str,
) -> Piece:
    """Show how amounts change, one line each; lines differ by mark and dash, not by colour alone.

    An axis is logarithmic, and says so, where its largest value is at least 100 times the smallest
    and none is 0. Where ``x`` holds a text, all of ``x`` are names, set at equal distances.

    Args:
        title: what is shown.
        x: where each value belongs, rising.
        series: amounts from 0 up, by name, each as many as ``x``; at most six.
        x_label: what ``x`` is, with its unit.
        unit: of all values.
        text: the sentence that says what there is to see.

    Raises:
        CourseError: lengths differ, there are too many series, or a value can't be shown.
    """
    _check(title, x, series)
    values = [value for amounts in series.values() for value in amounts]
    up = scale(values, TALL, 0, zero=True, may_log=min(values) > 0)
    above = axis_name(unit, log=up.log)
    top = 23 + LINE * len(above)
    up = replace(up, start=TALL + top, end=top)
    names = {name: wrap(name, NAMES) for name in series}
    left = max(text_width(amount(tick)) for tick in up.ticks) + 14
    widest = max(text_width(part) for parts in names.values() for part in parts)
    right = WIDTH - widest - 36
    places, ticks, log = _along(x, left + 14, right - 14)

    marks = [label(above, 0, 14, css="prodev-dim")]
    for tick in up.ticks:
        y = up.place(tick)
        marks.append(rule(left, y, right, y))
        marks.append(label([amount(tick)], left - 10, y + 4.5, anchor="end", css="prodev-dim"))
    for place, lines in ticks:
        marks.append(rule(place, up.start, place, up.start + 5, "edge"))
        marks.append(label(lines, place, up.start + 20, anchor="middle", css="prodev-dim"))
    marks.append(rule(left, up.start, right, up.start, "edge"))
    below = axis_name(x_label, log=log)
    deep = up.start + 24 + LINE * max(len(lines) for _, lines in ticks)
    marks.append(label(below, (left + right) / 2, deep, anchor="middle", css="prodev-dim"))

    points = {
        name: [(place, up.place(value)) for place, value in zip(places, amounts, strict=True)]
        for name, amounts in series.items()
    }
    for look, dots in zip(STYLES, points.values(), strict=False):
        marks.append(line(look, dots))
    for look, dots in zip(STYLES, points.values(), strict=False):
        marks += [mark(look, *dot) for dot in dots]
    marks += _values(points, series, up.start)
    marks += _names(points, names, right + 8, up)
    return picture(
        title,
        drawing(marks, deep + 8 + LINE * (len(below) - 1), f"Line chart: {title}"),
        text=text,
        more=_numbers(x_label, x, series, unit),
        plain=[
            f"- {name}: "
            + ", ".join(f"{amount(v)} at {_told(at)}" for at, v in zip(x, amounts, strict=True))
            for name, amounts in series.items()
        ]
        + [f"({unit}, by {x_label})"],
    )


def _check(title: str, x: Sequence[float | str], series: Mapping[str, Sequence[float]]) -> None:
    if not series or not x:
        raise CourseError(f"The chart '{title}' has nothing to show; give it x and a series.")
    if len(series) > len(STYLES):
        raise CourseError(
            f"The chart '{title}' has {len(series)} lines; show {len(STYLES)} at most."
        )
    for name, amounts in series.items():
        if len(amounts) != len(x):
            raise CourseError(
                f"The line '{name}' of the chart '{title}' has {len(amounts)} values "
                f"for {len(x)} places of x; give it one for each."
            )


def _along(
    x: Sequence[float | str], start: float, end: float
) -> tuple[list[float], list[tuple[float, list[str]]], bool]:
    """Return the pixel of each x, the named marks of the axis, and whether it is logarithmic."""
    amounts = [at for at in x if not isinstance(at, str)]
    if len(amounts) < len(x):
        step = (end - start) / len(x)
        places = [start + (i + 0.5) * step for i in range(len(x))]
        names = [wrap(_told(at), step - 8) for at in x]
        return places, list(zip(places, names, strict=True)), False
    axis = scale(amounts, start, end, zero=False, may_log=min(amounts) > 0)
    marks = apart([(axis.place(tick), amount(tick)) for tick in axis.ticks])
    return [axis.place(at) for at in amounts], [(at, [told]) for at, told in marks], axis.log


def _values(
    points: Mapping[str, Sequence[tuple[float, float]]],
    series: Mapping[str, Sequence[float]],
    floor: float,
) -> list[str]:
    """Write the value at a mark wherever it covers no other value, no mark and not the axis."""
    taken = [(px - 6, py - 6, px + 6, py + 6) for dots in points.values() for px, py in dots]
    marks = []
    for look, (name, dots) in zip(STYLES, points.items(), strict=False):
        for (px, py), value in zip(dots, series[name], strict=True):
            told = [amount(value)]
            half = text_width(told[0]) / 2
            for y in (py - 10, py + 21):
                area = (px - half, y - 11, px + half, y + 2)
                if area[3] < floor and not any(_overlap(area, other) for other in taken):
                    taken.append(area)
                    css = f"prodev-halo prodev-{look.colour}"
                    marks.append(label(told, px, y, anchor="middle", css=css))
                    break
    return marks


def _overlap(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _names(
    points: Mapping[str, Sequence[tuple[float, float]]],
    names: Mapping[str, Sequence[str]],
    x: float,
    up: Scale,
) -> list[str]:
    """Name each line at its end, apart from the others, with its mark."""
    order = sorted(points, key=lambda name: (points[name][-1][1], name))
    tall = [LINE * len(names[name]) + 5 for name in order]
    gaps = [(a + b) / 2 for a, b in pairwise(tall)]
    wanted = [points[name][-1][1] for name in order]
    middles = spread(wanted, gaps, up.end - 8 + tall[0] / 2, up.start + 12 - tall[-1] / 2)
    looks = dict(zip(points, STYLES, strict=False))
    marks = []
    for name, middle in zip(order, middles, strict=True):
        end = points[name][-1]
        marks.append(rule(end[0] + 7, end[1], x + 6, middle))
        marks.append(mark(looks[name], x + 12, middle))
        first = middle + 4.5 - LINE * (len(names[name]) - 1) / 2
        marks.append(label(names[name], x + 24, first))
    return marks


def _numbers(
    x_label: str, x: Sequence[float | str], series: Mapping[str, Sequence[float]], unit: str
) -> str:
    head = [x_label, *(f"{name} ({unit})" for name in series)]
    rows = [
        [_told(at), *(amount(amounts[i]) for amounts in series.values())] for i, at in enumerate(x)
    ]
    return numbers(head, rows)


def _told(at: float | str) -> str:
    return at if isinstance(at, str) else amount(at)
