"""A picture in its card: title, drawing, what it says, and the numbers or steps behind it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from prodev.widgets.display import Piece
from prodev.widgets.look import card, inline
from prodev.widgets.svg import WIDTH, text_width, wrap


def picture(title: str, drawing: str, *, text: str, more: str, plain: Sequence[str]) -> Piece:
    """Put a drawing into its card.

    Args:
        title: what is shown.
        drawing: the SVG.
        text: the sentence that says what there is to see; it stands below the drawing.
        more: HTML with everything that the drawing shows, folded away.
        plain: the same as lines of text.
    """
    html = card(
        f'<p class="prodev-title">{inline(title)}</p>{drawing}'
        f"<figcaption>{inline(text)}</figcaption>{more}",
        tag="figure",
    )
    return Piece(html=html, text="\n".join([title, text, *plain]))


def numbers(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a folded table; all columns but the first hold numbers."""
    first, *rest = head
    others = "".join(f'<th scope="col" class="prodev-n">{escape(h)}</th>' for h in rest)
    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th>'
        + "".join(f'<td class="prodev-n">{escape(cell)}</td>' for cell in cells)
        + "</tr>"
        for name, *cells in rows
    )
    return (
        "<details><summary>The numbers</summary><table><thead><tr>"
        f'<th scope="col">{escape(first)}</th>{others}</tr></thead>'
        f"<tbody>{body}</tbody></table></details>"
    )


def steps(summary: str, lines: Sequence[str], *, tag: str = "ol") -> str:
    """Return a folded list."""
    items = "".join(f"<li>{inline(line)}</li>" for line in lines)
    return f"<details><summary>{escape(summary)}</summary><{tag}>{items}</{tag}></details>"


def axis_name(unit: str, *, log: bool) -> list[str]:
    """Return the lines that name an axis; a logarithmic one says so."""
    told = f"{unit} (log scale: each mark is 10 times the one before)" if log else unit
    return wrap(told, WIDTH * 0.66)


def apart(marks: Sequence[tuple[float, str]]) -> list[tuple[float, str]]:
    """Return those texts (middle, text) along an axis that stand clear of the ones before."""
    kept: list[tuple[float, str]] = []
    free = float("-inf")
    for x, told in marks:
        half = text_width(told) / 2
        if x - half >= free:
            kept.append((x, told))
            free = x + half + 10
    return kept
