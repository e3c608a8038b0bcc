"""The map of the modules: what builds on what, drawn, with a link to every notebook."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from prodev.widgets.display import Piece
from prodev.widgets.layers import Layout, layered
from prodev.widgets.look import card, link, listing
from prodev.widgets.svg import WIDTH, arrowhead, drawing, number, path

if TYPE_CHECKING:
    from prodev.catalog import Module

BOX, HEIGHT, GAP, SLOT = 166, 52, 38, 26


def module_map(modules: Sequence[Module], here: str = "") -> Piece:
    """Draw how the modules build on each other.

    Args:
        modules: all modules of the course, in order.
        here: the slug of the module to mark as the reader's place.
    """
    label = {m.slug: f"{m.order} {m.title}" for m in modules}
    needs = {m.slug: [p for p in m.prerequisites if p in label] for m in modules}
    layout = layered(needs, width=WIDTH - 2, node=BOX + 14, slot=SLOT)
    marks = [_edge(layout, route) for route in layout.routes.values()]
    marks += [_node(m, label[m.slug], layout, here=m.slug == here) for m in modules]
    height = len(layout.rows) * (HEIGHT + GAP) - GAP + 4
    svg = drawing(marks, height, "Map of the modules, every one after those it needs", role="group")
    items = "".join(f"<li>{_item(m, label, needs, here, linked=True)}</li>" for m in modules)
    html = card(
        f'<p class="prodev-title">What builds on what</p>{svg}'
        f"<details><summary>The map as a list</summary><ol role='list'>{items}</ol></details>",
        tag="nav",
        attributes='aria-label="Map of the modules"',
        sheets=("map",),
    )
    lines = [_item(m, label, needs, here, linked=False) for m in modules]
    return Piece(html=html, text="\n".join(["What builds on what", *lines]))


def _top(row: int) -> float:
    return 2 + row * (HEIGHT + GAP)


def _edge(layout: Layout, route: Sequence[str]) -> str:
    """Draw an edge: it bends between the rows only, and passes a row straight down its slot."""
    x, y = layout.x[route[0]], _top(layout.row[route[0]]) + HEIGHT
    line = f"M{number(x)} {number(y)}"
    for stop in route[1:]:
        to, top = layout.x[stop], _top(layout.row[stop])
        end = top - (6 if stop == route[-1] else 0)
        middle = number((y + top) / 2)
        line += f"C{number(x)} {middle} {number(to)} {middle} {number(to)} {number(end)}"
        if stop != route[-1]:
            line += f"V{number(top + HEIGHT)}"
        x, y = to, top + HEIGHT
    tip = arrowhead(x, _top(layout.row[route[-1]]), "down", "edge")
    return path(line, "fill:none;stroke:var(--p-edge);stroke-width:1.5") + tip


def _node(module: Module, label: str, layout: Layout, *, here: bool) -> str:
    # HTML inside the SVG: JupyterLab opens a notebook from an HTML link, not from an SVG one.
    x, y = layout.x[module.slug] - BOX / 2, _top(layout.row[module.slug])
    told = "<b>you are here</b>" if here else ""
    mark = ' aria-current="page"' if here else ""
    css = "prodev-node prodev-here" if here else "prodev-node"
    return (
        f'<foreignObject x="{number(x)}" y="{number(y)}" width="{BOX}" height="{HEIGHT}">'
        f'<a href="{escape(module.notebook)}" class="{css}"{mark}>{escape(label)}{told}</a>'
        "</foreignObject>"
    )


def _item(
    module: Module,
    label: dict[str, str],
    needs: dict[str, list[str]],
    here: str,
    *,
    linked: bool,
) -> str:
    name = link(module.notebook, label[module.slug]) if linked else label[module.slug]
    above = [label[slug] for slug in needs[module.slug]]
    told = f", after {listing(above)}" if above else ""
    return (
        name
        + (escape(told) if linked else told)
        + (" (you are here)" if module.slug == here else "")
    )
