"""A sequence diagram: who calls whom, one arrow a step, from top to bottom."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from prodev.errors import CourseError
from prodev.widgets.display import Piece
from prodev.widgets.figure import picture
from prodev.widgets.figure import steps as folded
from prodev.widgets.svg import (
    LINE,
    WIDTH,
    arrowhead,
    box,
    drawing,
    label,
    number,
    path,
    rule,
    text_width,
    wrap,
)

LEFT = 30  # the numbers of the steps
LOOP = 34  # how far an arrow to oneself reaches out
MOST = 7
ARROW = "fill:none;stroke:var(--p-ink);stroke-width:1.5"


def flow(title: str, steps: Sequence[tuple[str, str, str]], *, text: str) -> Piece:
    """Show who calls whom.

    Args:
        title: what happens.
        steps: (from, to, label), in order; actors stand in order of appearance. One that calls
            itself gets a loop.
        text: the sentence that says what there is to see.

    Raises:
        CourseError: there is no step, or there are more than seven actors.
    """
    actors = list(dict.fromkeys(name for source, target, _ in steps for name in (source, target)))
    if not actors or len(actors) > MOST:
        raise CourseError(
            f"The flow '{title}' has {len(actors)} actors; give it steps of one to {MOST} actors."
        )
    column = (WIDTH - LEFT) / len(actors)
    x = {name: LEFT + column * (i + 0.5) for i, name in enumerate(actors)}
    heads = {name: wrap(name, column - 34) for name in actors}
    head = LINE * max(len(lines) for lines in heads.values()) + 12

    marks, y = [], head + 6.0
    for i, (source, target, told) in enumerate(steps, start=1):
        drawn, y = _step(x, source, target, told, y)
        marks += [label([str(i)], 0, y - 4, css="prodev-dim"), *drawn]
    y += 12
    frame = []
    for name in actors:
        frame.append(rule(x[name], head, x[name], y))
        wide = max(text_width(line) for line in heads[name]) + 24
        look = "fill:var(--p-tint);stroke:var(--p-brand)"
        frame.append(box(x[name] - wide / 2, 1, wide, head - 1, look))
        first = head / 2 + 5 - LINE * (len(heads[name]) - 1) / 2
        frame.append(label(heads[name], x[name], first, anchor="middle"))
    told_steps = [f"{source} → {target}: {told}" for source, target, told in steps]
    return picture(
        title,
        drawing([*frame, *marks], y + 2, f"Sequence of steps: {title}"),
        text=text,
        more=folded("The steps", told_steps),
        plain=[f"{i}. {line}" for i, line in enumerate(told_steps, start=1)],
    )


def _step(
    x: dict[str, float], source: str, target: str, told: str, y: float
) -> tuple[list[str], float]:
    """Return the marks of a step that begins below ``y``, and where its arrow lies."""
    if source == target:
        return _loop(x, source, told, y)
    a, b = x[source], x[target]
    lines = wrap(told, max(abs(a - b) - 26, 60))
    y += LINE * len(lines) + 14
    way, tip = ("right", b - 1) if b > a else ("left", b + 1)
    marks = [
        label(
            lines, (a + b) / 2, y - 7 - LINE * (len(lines) - 1), anchor="middle", css="prodev-halo"
        ),
        path(f"M{number(a)} {number(y)}H{number(tip)}", ARROW),
        arrowhead(tip, y, way, "ink"),
    ]
    return marks, y


def _loop(x: dict[str, float], name: str, told: str, y: float) -> tuple[list[str], float]:
    # The label stands beside the loop: to the right, or to the left for the last actor.
    others = sorted(x.values())
    side = -1 if len(others) > 1 and x[name] == others[-1] else 1
    room = WIDTH - x[name] if len(others) == 1 else min(b - a for a, b in pairwise(others))
    lines = wrap(told, max(room - LOOP - 20, 60))
    tall = max(22.0, LINE * len(lines))
    top = y + 14
    reach = x[name] + side * LOOP
    marks = [
        path(
            f"M{number(x[name])} {number(top)}H{number(reach)}V{number(top + tall)}"
            f"H{number(x[name] + side)}",
            ARROW,
        ),
        arrowhead(x[name] + side, top + tall, "left" if side == 1 else "right", "ink"),
        label(
            lines,
            reach + side * 6,
            top + tall / 2 + 4.5 - LINE * (len(lines) - 1) / 2,
            anchor="start" if side == 1 else "end",
            css="prodev-halo",
        ),
    ]
    return marks, top + tall
