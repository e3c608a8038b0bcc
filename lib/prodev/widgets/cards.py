"""Flash cards for later review: the question is seen, the answer is folded away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from prodev.widgets.display import Piece
from prodev.widgets.look import card, inline
from prodev.widgets.prose import prose

TITLE = "Cards for later review"


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
    return Piece(html=card(body, sheets=("cards",)), text="\n".join(lines))
