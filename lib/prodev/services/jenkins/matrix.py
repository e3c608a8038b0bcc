"""The axes of a matrix, and the cells that come of them."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from prodev.services.jenkins.groovy.nodes import Call, Literal
from prodev.services.jenkins.records import Axis, Stage

if TYPE_CHECKING:
    from prodev.services.jenkins.directives import DirectiveReader


def read_axes(reader: DirectiveReader, section: Call | None) -> tuple[Axis, ...]:
    """Read the ``axis`` blocks of a section."""
    axes = []
    for node in reader.body(section) or ():
        if not (isinstance(node, Call) and node.name == "axis"):
            reader.problem(node.line, "wrong-nesting", "only 'axis { }' may stand here.")
            continue
        if axis := _axis(reader, node):
            axes.append(axis)
    names = [axis.name for axis in axes]
    for name in sorted({name for name in names if names.count(name) > 1}):
        line = section.line if section else 1
        reader.problem(line, "duplicate-axis", f"there are two axes '{name}'.")
    return tuple(axes)


def read_excludes(reader: DirectiveReader, section: Call | None) -> tuple[tuple[Axis, ...], ...]:
    """Read the ``exclude`` blocks of a section."""
    excludes = []
    for node in reader.body(section) or ():
        if isinstance(node, Call) and node.name == "exclude":
            excludes.append(read_axes(reader, node))
        else:
            reader.problem(node.line, "wrong-nesting", "only 'exclude { }' may stand here.")
    return tuple(excludes)


def cells_of(stage: Stage) -> list[dict[str, str]]:
    """Return the cells of a matrix: the value of each axis, without those that are excluded."""
    names = [axis.name for axis in stage.axes]
    cells = [
        dict(zip(names, values, strict=True)) for values in product(*(a.values for a in stage.axes))
    ]
    return [cell for cell in cells if not any(_excluded(cell, axes) for axes in stage.excludes)]


def _excluded(cell: dict[str, str], axes: tuple[Axis, ...]) -> bool:
    return bool(axes) and all((cell.get(a.name) in a.values) is not a.inverse for a in axes)


def _axis(reader: DirectiveReader, node: Call) -> Axis | None:
    name, inverse = "", False
    values: tuple[str, ...] = ()
    for part in reader.body(node) or ():
        texts = tuple(
            str(each.value)
            for each in getattr(part, "arguments", ())
            if isinstance(each, Literal) and isinstance(each.value, str)
        )
        if isinstance(part, Call) and len(texts) == len(part.arguments):
            if part.name == "name" and len(texts) == 1:
                name = texts[0]
            elif part.name in ("values", "notValues"):
                values, inverse = texts, part.name == "notValues"
    if not name or not values:
        reader.problem(
            node.line,
            "axis",
            "an axis has a name and values in quotes: name 'OS' and values 'a', 'b'.",
        )
        return None
    return Axis(name, values, inverse)
