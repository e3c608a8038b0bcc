"""A quiz that grades itself in the page, so that it works without a kernel too."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from string import ascii_uppercase
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from prodev.errors import CourseError
from prodev.widgets.look import card, inline, style
from prodev.widgets.script import script

if TYPE_CHECKING:
    from prodev.catalog import Question


class Quiz(anywidget.AnyWidget):
    """Questions with radio buttons and feedback on every choice.

    ``questions`` holds one dict a question: ``slug``, ``prompt``, ``code`` and ``choices`` (each
    with ``text``, ``right``, ``feedback``). ``answers`` is what the learner did, by the question's
    slug: ``first`` (index of the first choice), ``tries`` (checks until right) and ``right``.
    ``note`` is a sentence below the questions, where the answers cannot be kept.
    """

    _esm = script("quiz")
    _css = style("controls")
    title = traitlets.Unicode("").tag(sync=True)
    questions = traitlets.List(traitlets.Dict()).tag(sync=True)
    answers = traitlets.Dict().tag(sync=True)
    note = traitlets.Unicode("").tag(sync=True)

    def __repr__(self) -> str:
        return _text(self.title, self.questions)

    def keep(self, answers: dict[str, Any], on_answers: Callable[[dict[str, Any]], None]) -> None:
        """Hand the answers over; where they cannot be kept, say so in the page."""
        try:
            on_answers(answers)
            self.note = ""
        except CourseError as error:
            self.note = f"Your answers are not kept: {error}"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is None:
            return None
        data, metadata = bundle
        html = _html(self.title, self.questions)
        return {**data, "text/html": html, "text/plain": repr(self)}, metadata


def quiz(
    questions: Sequence[Question],
    title: str = "Check yourself",
    *,
    answers: Mapping[str, Any] | None = None,
    on_answers: Callable[[dict[str, Any]], None] | None = None,
) -> Quiz:
    """Ask questions, each with exactly one right choice; nothing is shuffled.

    Args:
        questions: what to ask.
        title: the heading.
        answers: what was answered before, as ``Quiz`` has it; questions that are gone are left out.
        on_answers: called with all answers when there is a new one; a CourseError that it raises is
            told below the questions.
    """
    asked = {question.slug for question in questions}
    made = Quiz(
        answers={slug: held for slug, held in (answers or {}).items() if slug in asked},
        title=title,
        questions=[
            {
                "slug": q.slug,
                "prompt": q.prompt,
                "code": q.code,
                "choices": [
                    {"text": c.text, "right": c.right, "feedback": c.feedback} for c in q.choices
                ],
            }
            for q in questions
        ],
    )
    if on_answers is not None:
        made.observe(lambda change: made.keep(change["new"], on_answers), "answers")
    return made


def _html(title: str, questions: list[dict[str, Any]]) -> str:
    items = "".join(f"<li>{_html_question(q)}</li>" for q in questions)
    return card(f'<p class="prodev-title">{inline(title)}</p><ol>{items}</ol>')


def _html_question(question: dict[str, Any]) -> str:
    code = _code(question["code"])
    choices = "".join(f"<li>{inline(c['text'])}</li>" for c in question["choices"])
    answers = "".join(
        f"<li><b>{'✓ Right' if c['right'] else '✕ Not right'}</b>: {inline(c['feedback'])}</li>"
        for c in question["choices"]
    )
    return (
        f'<p class="prodev-status">{inline(question["prompt"])}</p>{code}'
        f'<ol type="A">{choices}</ol>'
        f'<details><summary>Answer</summary><ol type="A">{answers}</ol></details>'
    )


def _code(code: str) -> str:
    # It may scroll sideways, so the keyboard must reach it.
    return (
        f'<pre tabindex="0" role="group" aria-label="Code">{escape(code.strip())}</pre>'
        if code
        else ""
    )


def _text(title: str, questions: list[dict[str, Any]]) -> str:
    lines = [title]
    for number, question in enumerate(questions, start=1):
        lines += ["", f"{number}. {question['prompt']}"]
        lines += [f"       {line}" for line in question["code"].strip().splitlines()]
        lines += [
            f"   {letter}. {choice['text']}"
            for letter, choice in zip(ascii_uppercase, question["choices"], strict=False)
        ]
    return "\n".join(lines)
