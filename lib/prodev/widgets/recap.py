"""How a module ends: what to keep, where to go next, and the words to know."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from prodev.widgets.display import Piece
from prodev.widgets.look import card, inline, link

if TYPE_CHECKING:
    from prodev.catalog import Module, Term

START = "00_start.ipynb"


def recap(module: Module) -> Piece:
    """Show the sentences of a module that are worth keeping."""
    items = "".join(f"<li>{inline(sentence)}</li>" for sentence in module.recap)
    html = card(f'<p class="prodev-title">What to keep from this module</p><ul>{items}</ul>')
    lines = ["What to keep from this module", *(f"- {sentence}" for sentence in module.recap)]
    return Piece(html=html, text="\n".join(lines))


def next_step(module: Module, unlocked: Sequence[Module]) -> Piece:
    """Show the modules that this one opens, as links to their notebooks.

    Args:
        module: the module that ends here.
        unlocked: those that name it as a prerequisite; there may be none.
    """
    if not unlocked:
        return _end(module)
    items = "".join(
        f"<li>{link(m.notebook, f'{m.order} {m.title}')}"
        f' <span class="prodev-dim">{m.minutes} minutes</span><br>{inline(m.question)}</li>'
        for m in unlocked
    )
    html = card(f'<p class="prodev-title">Where to go next</p><ul>{items}</ul>')
    lines = ["Where to go next"]
    lines += [f"- {m.order} {m.title} ({m.minutes} minutes): {m.question}" for m in unlocked]
    return Piece(html=html, text="\n".join(lines))


def glossary_card(terms: Sequence[Term]) -> Piece:
    """Show terms with their meaning in plain English."""
    pairs = "".join(
        f"<div><dt>{inline(t.term)}</dt><dd>{inline(t.meaning)}</dd></div>" for t in terms
    )
    html = card(f'<p class="prodev-title">Words to know</p><dl>{pairs}</dl>')
    lines = ["Words to know", *(f"- {t.term}: {t.meaning}" for t in terms)]
    return Piece(html=html, text="\n".join(lines))


def _end(module: Module) -> Piece:
    if module.slug == "capstone":
        title = "The end of the course"
        sentence = (
            "No module comes after this one. "
            "Take its questions to a service of your own, and measure before you change it."
        )
        html = inline(sentence)
    else:
        title = "Where to go next"
        sentence = "No other module builds on this one. Choose the next one on the map in "
        html = inline(sentence) + link(START, START) + "."
        sentence += f"{START}."
    html = card(f'<p class="prodev-title">{title}</p><p>{html}</p>')
    return Piece(html=html, text=f"{title}\n{sentence}")
