"""A timeline: who does what when, one lane for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from prodev.errors import CourseError
from prodev.widgets.display import Piece
from prodev.widgets.figure import apart, picture, steps
from prodev.widgets.scale import Scale, scale
from prodev.widgets.svg import (
    LINE,
    WIDTH,
    amount,
    box,
    drawing,
    label,
    rule,
    text_width,
    wrap,
)

NAMES = 130
BAR = 30
Span = tuple[float, float, str]


@dataclass(frozen=True)
class _Note:
    """A label below its bar, for a bar that is too narrow to hold it."""

    lines: list[str]
    x: float
    level: int
    at: float


def timeline(title: str, lanes: Mapping[str, Sequence[Span]], *, unit: str, text: str) -> Piece:
    """Show who does what when.

    Args:
        title: what happens.
        lanes: for each actor its spans (start, end, label), in the unit; where the spans of one
            actor overlap, they are drawn below each other.
        unit: of the axis, such as ``ms`` or ``step``.
        text: the sentence that says what there is to see.

    Raises:
        CourseError: there is no span, or one ends before it starts.
    """
    for name, spans in lanes.items():
        for start, end, what in spans:
            if end < start:
                raise CourseError(
                    f"In the timeline '{title}', '{what}' of '{name}' ends at {amount(end)} "
                    f"before it starts at {amount(start)}; swap the two."
                )
    names = {name: wrap(name, NAMES) for name in lanes}
    left = max((text_width(line) for lines in names.values() for line in lines), default=0) + 16
    ends = [at for spans in lanes.values() for span in spans for at in span[:2]]
    axis = scale(ends, left, WIDTH - 24, zero=False, may_log=False)

    marks, y = [], 6.0
    for name, spans in lanes.items():
        drawn, height = _lane(spans, axis, y)
        height = max(height, LINE * len(names[name]) + 8)
        marks.append(label(names[name], left - 14, y + 20, anchor="end"))
        marks += drawn
        y += height + 8
        marks.append(rule(0, y - 4, WIDTH, y - 4))
    grid = []
    for tick in axis.ticks:
        grid.append(rule(axis.place(tick), 0, axis.place(tick), y))
    for x, mark in apart([(axis.place(tick), amount(tick)) for tick in axis.ticks]):
        grid.append(label([mark], x, y + 15, anchor="middle", css="prodev-dim"))
    middle = (left + WIDTH - 24) / 2
    grid.append(label([unit], middle, y + 35, anchor="middle", css="prodev-dim"))
    told = _told(lanes, unit)
    return picture(
        title,
        drawing([*grid, *marks], y + 42, f"Timeline: {title}"),
        text=text,
        more=steps("What happens when", told, tag="ul"),
        plain=[f"- {sentence}" for sentence in told],
    )


def _told(lanes: Mapping[str, Sequence[Span]], unit: str) -> list[str]:
    spans = [(start, end, name, told) for name, row in lanes.items() for start, end, told in row]
    spans.sort(key=lambda span: span[:2])
    return [
        f"{unit} {amount(start)} to {amount(end)}, {name}: {told}"
        if end > start
        else f"{unit} {amount(start)}, {name}: {told}"
        for start, end, name, told in spans
    ]


def _lane(spans: Sequence[Span], axis: Scale, top: float) -> tuple[list[str], float]:
    """Return the marks of one lane and its height."""
    marks: list[str] = []
    y = top
    for row in _rows(spans):
        drawn, height = _row(row, axis, y)
        marks += drawn
        y += height + 4
    return marks, max(y - top, BAR)


def _rows(spans: Sequence[Span]) -> list[list[Span]]:
    """Share out spans to as few rows as keep them from overlapping."""
    rows: list[list[Span]] = []
    for span in sorted(spans, key=lambda span: (span[0], span[1])):
        row = next((row for row in rows if row[-1][1] <= span[0]), None)
        if row is None:
            rows.append([span])
        else:
            row.append(span)
    return rows


def _row(spans: Sequence[Span], axis: Scale, y: float) -> tuple[list[str], float]:
    inside: dict[int, list[str]] = {}
    notes: dict[int, _Note] = {}
    busy: list[float] = []  # where the notes of each level begin
    # From right to left, so that the leader of a deeper note passes left of the others.
    for i, (start, end, told) in reversed(list(enumerate(spans))):
        room = axis.place(end) - axis.place(start) - 14
        lines = wrap(told, room) if room > 0 else []
        if lines and len(lines) <= 3 and all(text_width(w) <= room for w in told.split()):
            inside[i] = lines
        else:
            notes[i] = _note(told, axis.place(start), axis.place(end), busy)
    bar = max([BAR, *(LINE * len(lines) + 12 for lines in inside.values())])
    deep = [0.0]
    for level in range(len(busy)):
        tall = max(len(note.lines) for note in notes.values() if note.level == level)
        deep.append(deep[-1] + LINE * tall + 5)
    leaders, marks = [], []
    for i, (start, end, _) in enumerate(spans):
        x, wide = axis.place(start), max(axis.place(end) - axis.place(start) - 2, 4)
        marks.append(box(x, y, wide, bar, "fill:var(--p-tint);stroke:var(--p-brand)"))
        if i in inside:
            first = y + bar / 2 + 4.5 - LINE * (len(inside[i]) - 1) / 2
            marks.append(label(inside[i], x + 7, first))
        else:
            note = notes[i]
            base = y + bar + deep[note.level] + 17
            leaders.append(rule(note.at, y + bar, note.at, base - 11, "edge"))
            marks.append(label(note.lines, note.x, base, css="prodev-halo"))
    return [*leaders, *marks], bar + deep[-1] + (4 if notes else 0)


def _note(told: str, start: float, end: float, busy: list[float]) -> _Note:
    lines = wrap(told, 220)
    wide = max(text_width(line) for line in lines)
    at = (start + max(end - 2, start + 4)) / 2
    x = max(0.0, min(start, WIDTH - wide - 2))
    level = next((i for i, taken in enumerate(busy) if x + wide + 10 <= taken), len(busy))
    if level == len(busy):
        busy.append(0.0)
    busy[level] = x
    return _Note(lines, x, level, at)
