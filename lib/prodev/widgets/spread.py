"""Keep things in a row apart: as near to where they want to be as their sizes allow."""

from __future__ import annotations

from collections.abc import Sequence


def spread(wanted: Sequence[float], gaps: Sequence[float], low: float, high: float) -> list[float]:
    """Return places in the same order, near the wanted ones.

    Least squares under fixed distances: neighbours that collide are pooled and share their mean
    (the pool-adjacent-violators algorithm).

    Args:
        wanted: where each thing would like to be, in the order they must keep.
        gaps: the least distance of each to the next; one fewer than things.
        low: no place is below it.
        high: no place is above it, where there is room.
    """
    offsets = [0.0]
    for gap in gaps:
        offsets.append(offsets[-1] + gap)
    blocks: list[list[float]] = []
    for want, offset in zip(wanted, offsets, strict=True):
        blocks.append([want - offset])
        while len(blocks) > 1 and _mean(blocks[-2]) > _mean(blocks[-1]):
            blocks[-2:] = [blocks[-2] + blocks[-1]]
    places = [_mean(block) for block in blocks for _ in block]
    top = high - offsets[-1]
    return [
        max(low, min(place, top)) + offset for place, offset in zip(places, offsets, strict=True)
    ]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
