"""Changes to nested data: each key or item deleted, two neighbouring scalar values swapped."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import yaml

Path = tuple[Any, ...]


class Edit(NamedTuple):
    """Nested data after one change at ``path``."""

    operator: str
    path: Path
    value: Any


def edits(value: Any) -> Iterator[Edit]:
    """Yield every change of dicts, lists and YAML nodes.

    A YAML node is kept as a node, for its scalars are not what Python makes of them: ``on`` is a
    key in a workflow, not True. A node with an alias is changed in all its places at once.
    """
    for path, node in _containers(value):
        found = children(node)
        operator = "DeleteKey" if isinstance(node, dict | yaml.MappingNode) else "DeleteItem"
        for key, _ in found:
            yield Edit(operator, (*path, key), _edited(value, path, _delete, key))
        for (key, first), (other, second) in pairwise(found):
            if _is_scalar(first) and _is_scalar(second):
                changed = _edited(value, path, _swap, key, other)
                yield Edit("SwapValues", (*path, key), changed)


def children(node: Any) -> list[tuple[Any, Any]]:
    """Return keys and values of a dict, a list or a YAML node; nothing of a scalar."""
    if isinstance(node, dict):
        return list(node.items())
    if isinstance(node, yaml.MappingNode):
        return [(place, pair[1]) for place, pair in enumerate(node.value)]
    if isinstance(node, yaml.SequenceNode):
        return list(enumerate(node.value))
    return list(enumerate(node)) if isinstance(node, list) else []


def _containers(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    if not _is_scalar(value):
        yield path, value
        for key, child in children(value):
            yield from _containers(child, (*path, key))


def _is_scalar(node: Any) -> bool:
    return not isinstance(node, dict | list | yaml.CollectionNode)


def _edited(value: Any, path: Path, change: Any, *keys: Any) -> Any:
    root = node = copy.deepcopy(value)
    for key in path:
        node = dict(children(node))[key]
    change(node.value if isinstance(node, yaml.CollectionNode) else node, *keys)
    return root


def _delete(held: Any, key: Any) -> None:
    del held[key]


def _swap(held: Any, first: Any, second: Any) -> None:
    one, two = held[first], held[second]
    if isinstance(one, tuple):  # key and value of a YAML mapping
        held[first], held[second] = (one[0], two[1]), (two[0], one[1])
    else:
        held[first], held[second] = two, one
