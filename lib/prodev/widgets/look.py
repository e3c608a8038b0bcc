"""How every piece looks: one card, with the style inside, so that each output stands alone.

JupyterLab takes outputs that are off screen out of the page, so a style that lived in one output
would vanish for the others.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from html import escape
from pathlib import Path


@cache
def style(*more: str) -> str:
    """Return the shared style sheet, and further ones (``controls``, ``map``) by their names."""
    files = (Path(__file__).parent / f"{name}.css" for name in ("look", *more))
    return "".join(_squeeze(file.read_text(encoding="utf-8")) for file in files)


def _squeeze(css: str) -> str:
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    return re.sub(r" ?([{};,>]) ?|(:) (?=[^{}]*;)", r"\1\2", css).replace(";}", "}").strip()


def card(body: str, *, tag: str = "div", attributes: str = "", sheets: tuple[str, ...] = ()) -> str:
    """Wrap HTML in a card that carries its own style, and further style sheets by name."""
    opening = f"{tag} {attributes}".strip()
    return f'<{opening} class="prodev-card"><style>{style(*sheets)}</style>{body}</{tag}>'


def inline(text: str) -> str:
    """Escape text for HTML; what stands between `backticks` becomes code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def listing(names: Sequence[str]) -> str:
    """Return names as a sentence has them: ``a, b and c``."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def link(href: str, text: str) -> str:
    """Return a link to another notebook, its address relative to this one."""
    return f'<a href="{escape(href)}">{escape(text)}</a>'
