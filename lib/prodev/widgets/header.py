"""The head of a module: its question, what it asks for and where it stands in the course."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from prodev.widgets.display import Piece
from prodev.widgets.look import card, inline, link, listing

if TYPE_CHECKING:
    from prodev.catalog import Module


def header(
    module: Module,
    *,
    modules: Sequence[Module],
    learner: str = "",
    exercises: int = 0,
    solved: int = 0,
) -> Piece:
    """Show the head of a module.

    Args:
        module: the module that the notebook teaches.
        modules: all modules of the course; they give the number of the last one and the names of
            those before and after.
        learner: the learner's name; empty where nobody was named.
        exercises: how many the module has.
        solved: how many of them the learner has solved.
    """
    before = [m for m in modules if m.slug in module.prerequisites]
    after = [m for m in modules if module.slug in m.prerequisites]
    facts = [_number(module, modules), f"{module.minutes} minutes"]
    if before:
        facts.append("after " + listing([_label(m) for m in before]))
    if learner:
        facts.append(f"for {learner}")
    return Piece(
        html=_html(module, facts, before, after, _progress(exercises, solved)),
        text=_text(module, facts, after, exercises, solved),
    )


def _html(
    module: Module,
    facts: list[str],
    before: Sequence[Module],
    after: Sequence[Module],
    progress: str,
) -> str:
    dot = ' <span aria-hidden="true">·</span> '
    objectives = "".join(f"<li>{inline(o)}</li>" for o in module.objectives)
    left_out = "; ".join(inline(o) for o in module.out_of_scope)
    parts = [
        f'<p class="prodev-dim">{dot.join(escape(f) for f in facts)}</p>',
        f"<h2>{inline(module.question)}</h2>",
        f"<p>{inline(module.summary)}</p>",
        progress,
        f'<div><p class="prodev-status">At the end you can</p><ul>{objectives}</ul></div>',
        _place(module, before, after),
    ]
    if left_out:
        parts.append(f'<p class="prodev-dim prodev-small">Not covered here: {left_out}</p>')
    return card("".join(parts), sheets=("map",))


def _progress(exercises: int, solved: int) -> str:
    if not exercises:
        return ""
    done = 100 * solved // exercises
    bar = (
        '<svg viewBox="0 0 100 8" preserveAspectRatio="none" style="width:180px;height:8px"'
        ' class="prodev-brand" aria-hidden="true"><g fill="currentColor">'
        f'<rect width="100" height="8" opacity=".2"/><rect width="{done}" height="8"/></g></svg>'
    )
    return (
        f'<div class="prodev-row">{bar}<span>{solved} of {exercises} exercises solved</span></div>'
    )


def _place(module: Module, before: Sequence[Module], after: Sequence[Module]) -> str:
    arrow = '<span class="prodev-dim" aria-hidden="true">→</span>'
    here = (
        f'<span class="prodev-pill prodev-here" aria-current="page">{escape(_label(module))}'
        " · <b>you are here</b></span>"
    )
    groups = [_pills(before), here, _pills(after)]
    row = arrow.join(group for group in groups if group)
    return f'<nav class="prodev-row" aria-label="Before and after this module">{row}</nav>'


def _pills(modules: Sequence[Module]) -> str:
    return "".join(
        f'<span class="prodev-pill">{link(m.notebook, _label(m))}</span>' for m in modules
    )


def _text(
    module: Module, facts: list[str], after: Sequence[Module], exercises: int, solved: int
) -> str:
    lines = [", ".join(facts), module.question, module.summary]
    if exercises:
        lines.append(f"{solved} of {exercises} exercises solved")
    lines += ["", "At the end you can:"]
    lines += [f"- {o}" for o in module.objectives]
    if module.out_of_scope:
        lines.append("Not covered here: " + "; ".join(module.out_of_scope))
    if after:
        lines.append("Leads to: " + ", ".join(_label(m) for m in after))
    return "\n".join(lines)


def _number(module: Module, modules: Sequence[Module]) -> str:
    last = max(m.order for m in modules)
    return f"Module {module.order} of {last}" if module.order else f"Start of {last} modules"


def _label(module: Module) -> str:
    return f"{module.order} {module.title}"
