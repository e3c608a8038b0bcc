"""The few marks that pictures are drawn with; text is measured before it is set, and escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

WIDTH = 760
SIZE = 13
LINE = 17
_NARROW = frozenset("ijltfrI.,:;'|!()[] ")
_WIDE = frozenset("mwMW@%&→×–—")


def number(value: float) -> str:
    """Return a coordinate with at most one digit, the same on every machine.

    The last bits of a float differ between Python versions (``sum`` compensates since 3.12) and
    mathematics libraries; the small shift keeps a value that lies just between two digits from
    falling to either side.
    """
    text = f"{value + 1e-6:.1f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def amount(value: float) -> str:
    """Return a value as people read it: ``2,000``, ``13.9``, ``0.08``, ``0.0004``."""
    if value and abs(value) < 0.01:
        return f"{value:.2g}"
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def text_width(text: str, size: float = SIZE) -> float:
    """Return the width of a text in pixels, rather too much than too little.

    The reader's font is not known here; the widths are those of wide ones such as DejaVu Sans.
    """
    return size * sum(_em(character) for character in text)


def _em(character: str) -> float:
    if character in _NARROW:
        return 0.4
    if character in _WIDE or ord(character) > 0x2E80:
        return 1.0
    return 0.75 if character.isupper() else 0.62


def wrap(text: str, width: float, size: float = SIZE) -> list[str]:
    """Break a text into lines that fit a width; a word that is too long is cut."""
    lines = [""]
    for word in text.split():
        for piece in _pieces(word, width, size):
            longer = f"{lines[-1]} {piece}".strip()
            if text_width(longer, size) <= width:
                lines[-1] = longer
            elif lines[-1]:
                lines.append(piece)
            else:
                lines[-1] = piece
    return lines


def _pieces(word: str, width: float, size: float) -> list[str]:
    pieces = [""]
    for character in word:
        if pieces[-1] and text_width(pieces[-1] + character, size) > width:
            pieces.append("")
        pieces[-1] += character
    return pieces


def label(
    lines: Sequence[str],
    x: float,
    y: float,
    *,
    anchor: str = "start",
    css: str = "",
) -> str:
    """Return lines of text, the first one's baseline at ``y``."""
    classed = f' class="{css}"' if css else ""
    anchored = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return "".join(
        f'<text x="{number(x)}" y="{number(y + i * LINE)}"{anchored}{classed}>{escape(line)}</text>'
        for i, line in enumerate(lines)
    )


def box(x: float, y: float, width: float, height: float, look: str) -> str:
    """Return a rectangle with rounded corners; ``look`` is its style."""
    return (
        f'<rect x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}"'
        f' rx="3" style="{look}"/>'
    )


def path(points: str, look: str) -> str:
    """Return a path; ``look`` is its style."""
    return f'<path d="{points}" style="{look}"/>'


def rule(x1: float, y1: float, x2: float, y2: float, colour: str = "line") -> str:
    """Return a thin straight line."""
    return path(
        f"M{number(x1)} {number(y1)}L{number(x2)} {number(y2)}", f"stroke:var(--p-{colour})"
    )


def arrowhead(x: float, y: float, direction: str, colour: str = "dim") -> str:
    """Return the tip of an arrow that points ``left``, ``right`` or ``down`` and ends at x, y."""
    dx, dy = {"left": (8, 0), "right": (-8, 0), "down": (0, -8)}[direction]
    a = f"{number(x + dx - dy / 2)} {number(y + dy - dx / 2)}"
    b = f"{number(x + dx + dy / 2)} {number(y + dy + dx / 2)}"
    return path(f"M{number(x)} {number(y)}L{a}L{b}Z", f"fill:var(--p-{colour})")


def drawing(marks: Sequence[str], height: float, name: str, *, role: str = "img") -> str:
    """Return marks as one picture with a name for screen readers."""
    return (
        f'<svg viewBox="0 0 {WIDTH} {number(height)}" role="{role}" aria-label="{escape(name)}">'
        f"{''.join(marks)}</svg>"
    )
