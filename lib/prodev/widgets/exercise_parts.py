"""What an exercise's card says of a verdict: as HTML, in parts, and as text."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, NamedTuple

from prodev.widgets.look import inline
from prodev.widgets.observed import Observed, observed
from prodev.widgets.prose import prose

if TYPE_CHECKING:
    from prodev.catalog.exercise import Exercise
    from prodev.judge.verdict import Verdict

START = "Write your answer in the cell above, then run it (Shift+Enter)."


class Said(NamedTuple):
    """A status in words, with a sign; ``look`` chooses the colour."""

    look: str
    sign: str
    words: str


SAID = {
    "passed": Said("good", "✓", "Passed"),
    "failed": Said("bad", "✕", "Not yet"),
    "error": Said("bad", "✕", "Your code stopped"),
    "timeout": Said("bad", "✕", "Out of time"),
    "not_attempted": Said("idle", "○", "Not started"),
    "unavailable": Said("warn", "–", "Not available here"),
    "judge_failed": Said("warn", "!", "The course failed here, not you"),
}


class Parts(NamedTuple):
    """What a card shows.

    Attributes:
        look: ``good``, ``bad``, ``idle`` or ``warn``.
        html: the parts ``head``, ``said``, ``seen``, ``task`` and ``author`` (who alone needs the
            traceback of a check that crashed).
        text: all of it for readers without HTML.
    """

    look: str
    html: dict[str, str]
    text: str


def exercise_parts(exercise: Exercise, verdict: Verdict, attempts: int) -> Parts:
    """Put a verdict into words; the same input always gives the same bytes."""
    said, seen = SAID[verdict.status], observed(verdict.evidence)
    html = {
        "head": _head(exercise),
        "said": _said(said, verdict, attempts),
        "seen": _seen(seen, verdict.section),
        "task": _task(exercise, verdict),
        "author": _folded("For the author", seen.traceback),
    }
    return Parts(said.look, html, _text(exercise, verdict, said, seen, attempts))


def _head(exercise: Exercise) -> str:
    return (
        f'<div class="prodev-row"><p class="prodev-title">{inline(exercise.title)}</p>'
        f'<span class="prodev-dim prodev-small">{escape(_about(exercise))}</span></div>'
    )


def _said(said: Said, verdict: Verdict, attempts: int) -> str:
    idle = verdict.status == "not_attempted"
    notes = [_count(attempts, "attempt")] if attempts else []
    if idle:
        notes.append(inline(_message(verdict)))
    if verdict.status == "failed" and verdict.code:
        # The number before a mistake's name is the curriculum's: it tells a learner nothing.
        notes.append(f"<code>{escape(re.sub(r'^M[0-9]+-', '', verdict.code))}</code>")
    dim = "".join(f' <span class="prodev-dim prodev-small">{note}</span>' for note in notes)
    return (
        f'<p class="prodev-row"><strong class="prodev-{said.look}">'
        f'<span aria-hidden="true">{said.sign}</span> {said.words}</strong>{dim}</p>'
        f"{'' if idle else f'<p>{inline(_message(verdict))}</p>'}"
    )


def _message(verdict: Verdict) -> str:
    return verdict.message or (START if verdict.status == "not_attempted" else "")


def _seen(seen: Observed, section: str) -> str:
    rows = "".join(
        f'<tr><th scope="row">{escape(label)}</th><td>{escape(value)}</td></tr>'
        for label, value in seen.rows
    )
    table = f'<table class="prodev-seen" aria-label="What was observed">{rows}</table>'
    lines = f'<pre class="prodev-wrap">{escape(chr(10).join(seen.lines))}</pre>'
    again = f'<p class="prodev-dim">Read again: <b>{inline(section)}</b></p>'
    parts = [table if rows else "", lines if seen.lines else ""]
    return "".join(parts) + _folded("What it printed", seen.printed) + (again if section else "")


def _task(exercise: Exercise, verdict: Verdict) -> str:
    task = f'<div class="prodev-part">{prose(exercise.prompt)}</div>'
    if verdict.status == "not_attempted":
        return task
    return f"<details><summary>The task</summary>{task}</details>"


def _folded(summary: str, text: str) -> str:
    if not text:
        return ""
    return (
        f'<details><summary>{summary}</summary><pre class="prodev-wrap">{escape(text)}</pre>'
        "</details>"
    )


def _text(exercise: Exercise, verdict: Verdict, said: Said, seen: Observed, attempts: int) -> str:
    tried = f" ({_count(attempts, 'attempt')})" if attempts else ""
    lines = [f"{exercise.title} ({_about(exercise)})", f"{said.sign} {said.words}{tried}"]
    lines += [message] if (message := _message(verdict)) else []
    if verdict.status == "not_attempted":
        lines += ["", *exercise.prompt.strip("\n").splitlines(), ""]
    lines += [f"  {label}: {value}" for label, value in seen.rows]
    lines += [f"  {line}" for line in seen.lines]
    if seen.printed:
        lines += ["What it printed:", *(f"  {line}" for line in seen.printed.splitlines())]
    lines += [f"Read again: {verdict.section}"] if verdict.section else []
    lines += [f"Hints: {len(exercise.hints)}, shown in JupyterLab"]
    return "\n".join(lines)


def _about(exercise: Exercise) -> str:
    return f"{exercise.kind} exercise, {_count(exercise.points, 'point')}"


def _count(number: int, name: str) -> str:
    return f"{number:,} {name}{'' if number == 1 else 's'}"
