"""A plan of PostgreSQL as it was carried out: EXPLAIN (ANALYZE, BUFFERS), as a small tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_REMOVED = tuple(f"Rows Removed by {part}" for part in ("Filter", "Index Recheck", "Join Filter"))
_READS = ("Seq Scan", "Index Scan", "Index Only Scan", "Bitmap Heap Scan", "Tid Scan")


@dataclass(frozen=True)
class Node:
    """One step of a plan; counts are those of all its loops together.

    Attributes:
        type: such as ``Index Scan``.
        table: what it reads; may be empty.
        index: the index that it uses; may be empty.
        rows: how many rows it gave.
        removed: how many rows it read and threw away.
        buffers: pages of 8 kB that it touched, its children's included.
        condition: what it asks of the index.
        filter: what it asks of each row that it has read.
        children: the steps that it takes rows from.
    """

    type: str
    table: str
    index: str
    rows: int
    removed: int
    buffers: int
    condition: str
    filter: str
    children: tuple[Node, ...]

    def walk(self) -> Iterator[Node]:
        """Yield this step and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True)
class Plan:
    """A whole plan; ``root`` is the step that gives the result."""

    root: Node

    @property
    def nodes(self) -> tuple[Node, ...]:
        """All steps, from the root on."""
        return tuple(self.root.walk())

    @property
    def types(self) -> tuple[str, ...]:
        """The types of all steps."""
        return tuple(node.type for node in self.nodes)

    @property
    def indexes(self) -> frozenset[str]:
        """The indexes that were used."""
        return frozenset(node.index for node in self.nodes if node.index)

    @property
    def rows(self) -> int:
        """Rows in the result."""
        return self.root.rows

    @property
    def removed(self) -> int:
        """Rows that were read from tables and thrown away."""
        return sum(node.removed for node in self.nodes)

    @property
    def visited(self) -> int:
        """Rows that were read from tables."""
        return sum(node.rows + node.removed for node in self.nodes if node.type in _READS)

    @property
    def buffers(self) -> int:
        """Pages of 8 kB that were touched, found in memory or read."""
        return self.root.buffers


def read_plan(explained: Any) -> Plan:
    """Return what ``EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON)`` gave, parsed."""
    return Plan(_node(explained[0]["Plan"]))


def _node(held: Mapping[str, Any]) -> Node:
    loops = held.get("Actual Loops", 1)
    return Node(
        type=held["Node Type"],
        table=held.get("Relation Name", ""),
        index=held.get("Index Name", ""),
        rows=round(held.get("Actual Rows", 0) * loops),
        removed=round(sum(held.get(name, 0) for name in _REMOVED) * loops),
        buffers=held.get("Shared Hit Blocks", 0) + held.get("Shared Read Blocks", 0),
        condition=held.get("Index Cond", ""),
        filter=held.get("Filter", ""),
        children=tuple(_node(child) for child in held.get("Plans", ())),
    )
