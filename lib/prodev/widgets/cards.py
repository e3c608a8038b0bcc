"""Flash cards for later review: the question is seen, the answer is folded away."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Protocol

from prodev.widgets.display import Piece
from prodev.widgets.look import card, inline
from prodev.widgets.prose import prose

TITLE = "Cards for later review"

# Letters and arrows are commands of the notebook: without this, a "d" typed twice on an open card
# deletes the cell. Tab, Escape and Ctrl with a key still go to the page.
KEEP_KEYS = (
    "if (!['Tab', 'Escape'].includes(event.key) && !event.ctrlKey && !event.metaKey)"
    " event.stopPropagation()"
)


class Flashcard(Protocol):
    """A question and its answer, as in ``data/cards/<module>.toml``."""

    @property
    def slug(self) -> str:
        """The card's name."""

    @property
    def front(self) -> str:
        """The question, one line."""

    @property
    def back(self) -> str:
        """The answer; may have paragraphs, lists and code."""


def review_cards(cards: Sequence[Flashcard]) -> Piece:
    """Show cards that open on request; as text there are the questions only."""
    folded = "".join(
        f"<li><details><summary>{inline(c.front)}</summary>"
        f"<div>{prose(c.back)}</div></details></li>"
        for c in cards
    )
    body = f'<p class="prodev-title">{TITLE}</p><ol class="prodev-flashes">{folded}</ol>'
    lines = [TITLE, *(f"{number}. {c.front}" for number, c in enumerate(cards, start=1))]
    html = card(body, attributes=f'onkeydown="{escape(KEEP_KEYS)}"', sheets=("cards",))
    return Piece(html=html, text="\n".join(lines))
