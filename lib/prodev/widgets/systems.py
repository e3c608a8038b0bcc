"""Which systems are live on this machine, as a table with signs and words."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Protocol

from prodev.widgets.display import Piece
from prodev.widgets.look import card, inline

_STATES = {
    "real": ("✓", "good", "an installed program, or a server that you named"),
    "embedded": ("✓", "good", "comes with the course"),
    "rehearsal": ("≈", "warn", "a rehearsal, not the system itself"),
    "missing": ("✕", "bad", "not on this machine; the labs that need it say so"),
}


class Described(Protocol):
    """What ``prodev doctor`` says about one system."""

    @property
    def system(self) -> str:
        """Its name."""

    @property
    def state(self) -> str:
        """How it runs: real, embedded, rehearsal or missing."""

    @property
    def provider(self) -> str:
        """The program behind it."""

    @property
    def version(self) -> str:
        """Its whole version."""

    @property
    def how(self) -> str:
        """How to get or improve it."""


def systems_table(rows: Sequence[Described]) -> Piece:
    """Show the systems, how each one runs here, and how to get what is missing."""
    live = sum(row.state != "missing" for row in rows)
    title = f"{live} of {len(rows)} systems are live on this machine"
    body = "".join(_row(row) for row in rows)
    head = "".join(
        f'<th scope="col">{name}</th>' for name in ("System", "State", "Runs as", "To get more")
    )
    used = [state for state in _STATES if any(row.state == state for row in rows)]
    meaning = "; ".join(f"{_STATES[state][0]} {state}: {_STATES[state][2]}" for state in used)
    html = card(
        f'<p class="prodev-title">{escape(title)}</p>'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        f'<p class="prodev-dim prodev-small">{escape(meaning)}.</p>'
    )
    lines = [title, *(_line(row) for row in rows)]
    return Piece(html=html, text="\n".join(lines))


def _row(row: Described) -> str:
    sign, colour, _ = _STATES[row.state]
    runs = " ".join(part for part in (row.provider, _exact(row)) if part)
    return (
        f'<tr><th scope="row"><b>{escape(row.system)}</b></th>'
        f'<td class="prodev-status prodev-{colour}"><span aria-hidden="true">{sign}</span> '
        f"{escape(row.state)}</td>"
        f"<td>{escape(runs) or '–'}</td>"
        f'<td class="prodev-small">{inline(row.how)}</td></tr>'
    )


def _line(row: Described) -> str:
    runs = " ".join(part for part in (row.provider, _exact(row)) if part)
    parts = [f"- {row.system}: {row.state}", runs, row.how]
    return "; ".join(part for part in parts if part)


def _exact(row: Described) -> str:
    """Return the whole version, where the provider's name does not already have it."""
    return f"({row.version})" if row.version and row.version not in row.provider else ""
