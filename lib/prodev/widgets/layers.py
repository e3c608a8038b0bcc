"""A layered drawing of a graph without cycles: nodes in rows, every edge downwards.

The method is Sugiyama's: rows by longest path, a slot in each row that a long edge passes (so that
no edge runs through a box), few crossings, and nodes near what they are joined to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from itertools import pairwise, permutations

from prodev.widgets.spread import spread

MOST_TRIED = 6  # 720 orders of one row; a longer row keeps the order it came in


@dataclass(frozen=True)
class Layout:
    """Where all is: ``x`` in pixels, ``row`` from 0, and the nodes and slots of each edge."""

    x: dict[str, float]
    row: dict[str, int]
    routes: dict[tuple[str, str], tuple[str, ...]]
    rows: tuple[tuple[str, ...], ...]


def layered(
    needs: Mapping[str, Sequence[str]], *, width: float, node: float, slot: float
) -> Layout:
    """Lay out a graph.

    Args:
        needs: for each node the nodes above it; the order decides between equals.
        width: the width of the drawing in pixels.
        node: the width that a node takes, with the space beside it.
        slot: the width that a passing edge takes.
    """
    row = _rows(needs)
    routes = {
        (above, below): _route(above, below, row) for below in needs for above in needs[below]
    }
    row = row | {
        stop: row[route[0]] + i for route in routes.values() for i, stop in enumerate(route)
    }
    depth = max(row.values(), default=-1) + 1
    joints = [joint for route in routes.values() for joint in pairwise(route)]
    rows = _order([[n for n in row if row[n] == i] for i in range(depth)], joints, list(row))
    size = {name: node if name in needs else slot for name in row}
    return Layout(_places(rows, joints, size, width), row, routes, tuple(map(tuple, rows)))


def _rows(needs: Mapping[str, Sequence[str]]) -> dict[str, int]:
    row: dict[str, int] = {}
    for name in TopologicalSorter(needs).static_order():
        row[name] = 1 + max((row[above] for above in needs[name]), default=-1)
    return {name: row[name] for name in needs}


def _route(above: str, below: str, row: Mapping[str, int]) -> tuple[str, ...]:
    passed = (f"{above} > {below} @{i}" for i in range(row[above] + 1, row[below]))
    return (above, *passed, below)


def _order(
    all_rows: list[list[str]], joints: Sequence[tuple[str, str]], given: Sequence[str]
) -> list[list[str]]:
    joined = {name for joint in joints for name in joint}
    rows = [[name for name in row if name in joined] for row in all_rows]
    best = _cost(rows, joints)
    for _ in range(8):
        before = best
        for i in (*range(len(rows)), *reversed(range(len(rows)))):
            if len(rows[i]) > MOST_TRIED:
                continue
            for order in permutations(rows[i]):
                tried = [*rows[:i], list(order), *rows[i + 1 :]]
                cost = _cost(tried, joints)
                if cost < best:
                    rows, best = tried, cost
        if best == before:
            break
    # A drawing and its mirror image are equally good: take the one nearer to the given order.
    mirrored = [row[::-1] for row in rows]
    rows = min(rows, mirrored, key=lambda tried: _out_of_order(tried, given))
    lone = [[name for name in row if name not in joined] for row in all_rows]
    return [alone + row for alone, row in zip(lone, rows, strict=True)]


def _out_of_order(rows: Sequence[Sequence[str]], given: Sequence[str]) -> int:
    at = {name: i for i, name in enumerate(given)}
    return sum(at[a] > at[b] for row in rows for a, b in pairwise(row))


def _cost(rows: Sequence[Sequence[str]], joints: Sequence[tuple[str, str]]) -> tuple[int, float]:
    at = {n: i - (len(row) - 1) / 2 for row in rows for i, n in enumerate(row)}
    level = {n: i for i, row in enumerate(rows) for n in row}
    crossings = sum(
        level[a] == level[c] and (at[a] - at[c]) * (at[b] - at[d]) < 0
        for i, (a, b) in enumerate(joints)
        for c, d in joints[i + 1 :]
    )
    return crossings, round(sum((at[a] - at[b]) ** 2 for a, b in joints), 6)


def _places(
    rows: Sequence[Sequence[str]],
    joints: Sequence[tuple[str, str]],
    size: Mapping[str, float],
    width: float,
) -> dict[str, float]:
    x = dict.fromkeys(size, width / 2)
    near: dict[str, list[str]] = {name: [] for name in size}
    for above, below in joints:
        near[above].append(below)
        near[below].append(above)
    for turn in range(24):
        for row in rows if turn % 2 == 0 else reversed(rows):
            wanted = [_middle([x[n] for n in near[name]], x[name]) for name in row]
            gaps = [(size[a] + size[b]) / 2 for a, b in pairwise(row)]
            places = spread(wanted, gaps, size[row[0]] / 2, width - size[row[-1]] / 2)
            x |= dict(zip(row, places, strict=True))
    return x


def _middle(values: Sequence[float], default: float) -> float:
    return sum(values) / len(values) if values else default
