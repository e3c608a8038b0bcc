"""Before and after in one picture: every sample, the medians with their intervals, the verdict."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from prodev.measure.comparison import Comparison
from prodev.measure.count import CountComparison
from prodev.measure.sample import Samples
from prodev.measure.words import amount, part
from prodev.widgets.bars import bar_chart
from prodev.widgets.display import Piece
from prodev.widgets.dots import MOST, shown, stacked
from prodev.widgets.figure import apart, axis_name, numbers, picture, steps
from prodev.widgets.look import inline
from prodev.widgets.scale import Scale, scale
from prodev.widgets.series import STYLES, Style
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

NAMES = 190
DOT = 9.0
TALLEST = 8
"""Floors of dots; where more would be needed, they stand closer."""
LOOKS = (STYLES[1], STYLES[0])


def comparison_chart(
    title: str, comparison: Comparison | CountComparison, *, text: str = ""
) -> Piece:
    """Show before and after side by side, with the verdict and its reason.

    Each sample is a dot; the bar below the dots goes from one end of the median's interval to the
    other. Counts are bars: they have no interval.

    Args:
        title: what was measured.
        comparison: as ``prodev.measure`` made it.
        text: a sentence that says what there is to see; the verdict stands there anyway.
    """
    if isinstance(comparison, CountComparison):
        return _counts(title, comparison, text)
    sides = (comparison.before, comparison.after)
    heads = [_head(side) for side in sides]
    widest = max(text_width(line) for head in heads for line in head)
    left = min(NAMES, widest) + 22
    every = [value for side in sides for value in side.values]
    axis = scale(every, left + 8, WIDTH - 22, zero=False, may_log=min(every) > 0)

    lanes, y = [], 6.0
    for side, head, look in zip(sides, heads, LOOKS, strict=True):
        marks, height = _lane(side, head, look, axis, y)
        lanes += marks
        y += height + 18
    marks = [rule(axis.place(tick), 0, axis.place(tick), y) for tick in axis.ticks]
    marks += lanes
    marks.append(rule(left, y, WIDTH - 14, y, "edge"))
    for x, tick in apart([(axis.place(tick), tick_amount(tick)) for tick in axis.ticks]):
        marks.append(label([tick], x, y + 18, anchor="middle", css="prodev-dim"))
    below = axis_name(comparison.unit, log=axis.log)
    marks.append(label(below, (left + WIDTH) / 2, y + 38, anchor="middle", css="prodev-dim"))
    svg = drawing(marks, y + 29 + LINE * len(below), f"Dots: {title}")
    return picture(
        title,
        svg + verdict_line(comparison),
        text=" ".join([*filter(None, [text]), _legend(sides)]),
        more=_numbers(comparison) + _how(comparison),
        plain=[f"- {line}" for line in comparison.lines()],
    )


def verdict_line(comparison: Comparison | CountComparison) -> str:
    """Return the verdict as HTML: a sign, the words, and the reason."""
    if isinstance(comparison, CountComparison):
        good, even = comparison.verdict == "less", comparison.verdict not in ("less", "more")
    else:
        good, even = comparison.improved, not comparison.shown
    sign, colour = ("○", "dim") if even else ("✓", "good") if good else ("✕", "bad")
    return (
        f'<p><span class="prodev-status prodev-{colour}">{sign} '
        f"{escape(comparison.verdict[0].upper() + comparison.verdict[1:])}:</span> "
        f"{inline(comparison.why)}</p>"
    )


def _head(side: Samples) -> list[str]:
    """Return the lines left of a lane: its name, and its percentiles."""
    told = [f"{p.name} {amount(p.value)} {side.unit}" for p in side.percentiles[:2]]
    return [*wrap(side.name, NAMES), *(line for one in told for line in wrap(one, NAMES))]


def _lane(
    side: Samples, head: Sequence[str], look: Style, axis: Scale, top: float
) -> tuple[list[str], float]:
    """Return the marks of one way, and how tall they are."""
    places = [axis.place(value) for value in shown(side.values)]
    size = DOT
    dots = stacked(places, size)
    floors = 1 + max(floor for _, floor in dots)
    step = DOT if floors <= TALLEST else DOT * TALLEST / floors
    tall = max(LINE * len(head) + 2, step * (floors - 1) + DOT + 18)
    ground = top + tall - 14
    marks = []
    for i, line in enumerate(head):
        css = "" if i < len(wrap(side.name, NAMES)) else "prodev-dim"
        y = top + (tall - LINE * len(head)) / 2 + LINE * (i + 0.75)
        marks.append(label([line], 0, y, css=css))
    for x, floor in dots:
        marks.append(
            f'<path transform="translate({number(x)} {number(ground - 5 - step * floor)}) '
            f'scale(.72)" d="{look.mark}" style="fill:var(--p-{look.colour});fill-opacity:.75;'
            'stroke:var(--p-bg)"/>'
        )
    median = side.percentiles[0] if side.percentiles else None
    if median and median.low is not None and median.high is not None:
        low, high = axis.place(median.low), axis.place(median.high)
        fill = f"fill:var(--p-{look.colour})"
        marks.append(box(low - 1, ground + 4, max(high - low, 0) + 2, 6, fill))
    at = axis.place(side.median)
    ink = "stroke:var(--p-ink);stroke-width:2"
    marks.append(path(f"M{number(at)} {number(ground + 1)}V{number(ground + 13)}", ink))
    if len(side.percentiles) > 1:
        ring = f"fill:var(--p-bg);stroke:var(--p-{look.colour});stroke-width:2"
        at = axis.place(side.percentiles[1].value)
        marks.append(f'<circle cx="{number(at)}" cy="{number(ground + 7)}" r="4" style="{ring}"/>')
    return marks, tall


def _legend(sides: Sequence[Samples]) -> str:
    many = max(side.n for side in sides) > MOST
    dot = (
        f"Each dot is one of {MOST} equal parts of the samples" if many else "Each dot is a sample"
    )
    interval = all(p.low is not None for side in sides for p in side.percentiles[:1])
    bar = ", and the bar below the dots is the 95% interval of the median" if interval else ""
    ring = ", the ring p95" if any(len(side.percentiles) > 1 for side in sides) else ""
    return f"{dot}; the short line marks the median{ring}{bar}."


def _how(comparison: Comparison) -> str:
    """Return, folded, the method, the conditions, and every sample."""
    told = [comparison.method] if comparison.method else []
    told += [f"{name}: {value}" for name, value in comparison.before.conditions.lines()]
    for side in (comparison.before, comparison.after):
        more = f" and {side.n - MOST:,} more" if side.n > MOST else ""
        values = ", ".join(amount(value) for value in side.values[:MOST])
        told.append(f"{side.name}, in the order of measuring ({side.unit}): {values}{more}")
    return steps("How it was measured, and every sample", told, tag="ul")


def _numbers(comparison: Comparison) -> str:
    sides = (comparison.before, comparison.after)
    rows = [["samples", *(f"{side.n:,}" for side in sides)]]
    rows.append(["smallest", *(amount(side.least) for side in sides)])
    known = [{p.name: p for p in side.percentiles} for side in sides]
    for name in dict.fromkeys(name for found in known for name in found):
        rows.append([name, *(amount(f[name].value) if name in f else "too few" for f in known)])
        ends = [(f[name].low, f[name].high) if name in f else (None, None) for f in known]
        told = [
            f"{amount(a)} to {amount(b)}" if a is not None and b is not None else "too few"
            for a, b in ends
        ]
        rows.append([f"{name}, 95% interval", *told])
    rows.append(["largest", *(amount(side.most) for side in sides)])
    rows.append(["middle half", *(amount(side.spread) for side in sides)])
    head = [comparison.unit, *(side.name for side in sides)]
    if comparison.ratio:
        r = comparison.ratio
        rows.append(["after / before", "1", f"{part(r.value)} ({part(r.low)} to {part(r.high)})"])
    return numbers(head, rows)


def _counts(title: str, comparison: CountComparison, text: str) -> Piece:
    sides = (comparison.before, comparison.after)
    unit = comparison.before.unit
    bars = bar_chart(
        title,
        {side.name: side.value for side in sides},
        unit=unit,
        text=text or "Counted twice on each side; a count has no interval.",
    )
    # The verdict stands between the drawing and its caption.
    html = bars.html.replace("<figcaption>", f"{verdict_line(comparison)}<figcaption>", 1)
    return Piece(html=html, text="\n".join([bars.text, comparison.lines()[-1]]))
