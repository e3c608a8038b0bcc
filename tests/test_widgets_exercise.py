"""The exercise's card: what it says, what it never gives away, and whom it asks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from prodev.catalog.exercise import Exercise
from prodev.errors import CourseError
from prodev.judge.verdict import STATUSES, VERDICT_TYPE, Verdict
from prodev.widgets.cards import review_cards
from prodev.widgets.exercise import ExerciseCard, exercise_card
from prodev.widgets.observed import observed, value_text
from prodev.widgets.prose import prose
from prodev.widgets.quiz import Quiz
from prodev.widgets.topic_table import TopicTable

EVIL = "<script>alert('x')</script>"
SOLUTION = "def total(rows):\n    return sum(rows)  # the secret\n"
VIEW = "application/vnd.jupyter.widget-view+json"


def exercise(words: str = "") -> Exercise:
    return Exercise.model_construct(
        module="python-toolkit",
        name="total",
        title=f"Add it up {words}".strip(),
        kind="python",
        points=3,
        prompt=f"Write `total(rows)`. {words}",
        hints=(f"Look again. {words}", "Think of zero.", "Nearly: `sum`."),
    )


def verdict(status: Any = "failed", **more: Any) -> Verdict:
    return Verdict(exercise="python-toolkit/total", status=status, **more)


FAILED = verdict(
    code="M1-one-too-many",
    message="It adds the first row twice.",
    evidence={"call": "total([1, 2])", "rows_read": 3, "expected": 3, "got": "3"},
    section="Sums",
    seconds=0.123456,
)


def bundle(card: ExerciseCard) -> dict[str, Any]:
    data: dict[str, Any] = card._repr_mimebundle_()[0]
    return data


def page_asks(card: ExerciseCard) -> None:
    card._handle_custom_msg({"ask": "solution"}, [])


def test_a_notebook_gets_the_widget_html_text_and_the_record() -> None:
    data = bundle(exercise_card(exercise(), FAILED, attempts=2))

    assert set(data) == {VIEW, "text/html", "text/plain", VERDICT_TYPE}
    assert data[VERDICT_TYPE] == {
        "exercise": "python-toolkit/total",
        "status": "failed",
        "code": "M1-one-too-many",
    }


def test_the_card_says_status_message_observations_and_attempts() -> None:
    data = bundle(exercise_card(exercise(), FAILED, attempts=2))

    assert data["text/plain"].splitlines() == [
        "Add it up (python exercise, 3 points)",
        "✕ Not yet (2 attempts)",
        "It adds the first row twice.",
        "  call: total([1, 2])",
        "  rows read: 3",
        "  expected: 3",
        "  got: '3'",
        "Read again: Sums",
        "Hints: 3, shown in JupyterLab",
    ]
    html = data["text/html"]
    assert "✕</span> Not yet</strong>" in html
    assert "2 attempts" in html
    assert "<code>one-too-many</code>" in html
    assert '<th scope="row">rows read</th><td>3</td>' in html
    assert "Read again: <b>Sums</b>" in html


@pytest.mark.parametrize("status", STATUSES)
def test_each_status_is_said_in_words_with_a_sign(status: str) -> None:
    said = {
        "passed": "✓ Passed",
        "failed": "✕ Not yet",
        "error": "✕ Your code stopped",
        "timeout": "✕ Out of time",
        "not_attempted": "○ Not started",
        "unavailable": "– Not available here",
        "judge_failed": "! The course failed here, not you",
    }[status]

    data = bundle(exercise_card(exercise(), verdict(status)))

    assert data["text/plain"].splitlines()[1] == said
    sign, _, words = said.partition(" ")
    assert f'<span aria-hidden="true">{sign}</span> {words}</strong>' in data["text/html"]


def test_what_is_not_started_says_how_to_start_and_shows_the_task_unfolded() -> None:
    started, idle = (
        bundle(exercise_card(exercise(), verdict(s))) for s in ("error", "not_attempted")
    )

    assert "Write your answer in the cell above, then run it (Shift+Enter)." in idle["text/plain"]
    assert "Write `total(rows)`." in idle["text/plain"]
    assert "<summary>The task</summary>" in started["text/html"]
    assert "<summary>The task</summary>" not in idle["text/html"]
    assert "Write <code>total(rows)</code>." in idle["text/html"]


def test_the_solution_is_in_no_fallback_and_in_the_state_only_once_it_was_revealed() -> None:
    card = exercise_card(
        exercise(), verdict("passed"), attempts=1, solved=True, on_reveal=lambda: SOLUTION
    )
    before = json.dumps([bundle(card), card.get_state()], default=str)

    page_asks(card)

    assert "secret" not in before
    assert "secret" in card.get_state()["solution"]
    assert "secret" not in json.dumps(bundle(card))


def test_only_the_page_reveals_the_solution_and_the_kernel_is_asked_once() -> None:
    asked: list[str] = []

    def reveal() -> str:
        asked.append("asked")
        return SOLUTION

    card = exercise_card(exercise(), FAILED, attempts=3, honest=3, on_reveal=reveal)
    bundle(card)
    card._handle_custom_msg({"ask": "something else"}, [])
    card._handle_custom_msg("solution", [])
    assert (asked, card.solution, card.solution_open) == ([], "", False)

    page_asks(card)
    page_asks(card)

    assert asked == ["asked"]
    assert (card.solution, card.solution_open) == (SOLUTION, True)


def test_a_solution_that_was_revealed_before_is_there_but_folded() -> None:
    card = exercise_card(exercise(), FAILED, solution=SOLUTION)

    assert (card.solution, card.solution_open) == (SOLUTION, False)


@pytest.mark.parametrize(
    ("honest", "solved", "at_once"),
    [(0, False, False), (1, False, False), (2, False, True), (0, True, True)],
)
def test_after_two_honest_attempts_or_once_solved_nobody_asks_twice(
    honest: int, solved: bool, at_once: bool
) -> None:
    assert exercise_card(exercise(), FAILED, honest=honest, solved=solved).at_once is at_once


def test_each_hint_is_reported_once_also_when_the_page_sends_two_in_one() -> None:
    heard: list[int] = []
    card = exercise_card(exercise(), FAILED, hints_shown=0, on_hint=heard.append)

    card.set_state({"hints_shown": 1})
    card.set_state({"hints_shown": 1})
    card.set_state({"hints_shown": 3})

    assert heard == [1, 2, 3]


def test_hints_that_were_shown_before_stay_shown_and_are_not_reported_again() -> None:
    heard: list[int] = []
    card = exercise_card(exercise(), FAILED, hints_shown=2, on_hint=heard.append)

    card.set_state({"hints_shown": 1})
    assert (card.hints_shown, heard) == (2, [])
    card.set_state({"hints_shown": 99})
    assert (card.hints_shown, heard) == (3, [3])


def test_the_fallback_folds_each_hint_and_opens_those_that_were_shown() -> None:
    html = bundle(exercise_card(exercise(), FAILED, hints_shown=1))["text/html"]

    assert "<details open><summary>Hint 1 of 3</summary>" in html
    assert "<details><summary>Hint 2 of 3</summary>" in html
    assert "<details><summary>Hint 3 of 3</summary>" in html


@pytest.mark.parametrize("which", ["hint", "reveal"])
def test_what_the_kernel_cannot_do_is_said_in_the_card(
    which: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> str:
        raise CourseError("The disk is full; free some space.")

    said: list[Any] = []
    card = exercise_card(exercise(), FAILED, on_hint=fail, on_reveal=fail)
    monkeypatch.setattr(card, "send", said.append)

    if which == "hint":
        card.set_state({"hints_shown": 1})
    else:
        page_asks(card)

    assert said == [{"sorry": "The disk is full; free some space."}]
    assert card.solution == ""


def test_the_saved_state_holds_all_that_the_card_shows() -> None:
    card = exercise_card(exercise(), FAILED, attempts=2, hints_shown=1, on_reveal=lambda: SOLUTION)
    page_asks(card)

    state = json.loads(json.dumps(card.get_state()))

    assert state["hints_shown"] == 1
    assert len(state["hints"]) == 3
    assert state["attempts"] == 2
    assert state["solution"] == SOLUTION
    assert state["solution_open"] is True
    assert "It adds the first row twice." in state["parts"]["said"]
    assert "rows read" in state["parts"]["seen"]


def test_text_from_outside_is_escaped() -> None:
    evil = verdict(
        code="",
        message=f"No. {EVIL}",
        section=EVIL,
        evidence={
            EVIL: EVIL,
            "lines": [{"line": 1, "function": EVIL, "text": EVIL}],
            "printed": EVIL,
            "traceback": EVIL,
        },
    )
    card = exercise_card(exercise(EVIL), evil)
    html = bundle(card)["text/html"] + "".join([*card.parts.values(), *card.hints])

    assert "<script" not in html
    assert html.count("&lt;script&gt;") > 10


def test_the_traceback_is_for_the_author_and_in_no_fallback() -> None:
    card = exercise_card(
        exercise(), verdict("judge_failed", evidence={"traceback": "ZeroDivision"})
    )

    assert "ZeroDivision" in card.parts["author"]
    assert "ZeroDivision" not in json.dumps(bundle(card))


def test_an_answers_own_lines_and_what_it_printed_are_shown() -> None:
    lines = [
        {"line": 7, "function": "wrapper", "text": "    return f(x)"},
        {"line": 9, "function": "<module>", "text": "f(1)"},
    ]
    card = exercise_card(exercise(), verdict("error", evidence={"lines": lines, "printed": "hm\n"}))

    data = bundle(card)

    assert "line 7, in wrapper: return f(x)\nline 9: f(1)</pre>" in data["text/html"]
    assert "<summary>What it printed</summary>" in data["text/html"]
    assert "  line 7, in wrapper: return f(x)\n  line 9: f(1)\n" in data["text/plain"]
    assert "What it printed:\n  hm\n" in data["text/plain"]
    assert "<table" not in data["text/html"]


def test_two_cards_of_the_same_input_give_the_same_bytes_whatever_time_it_took() -> None:
    slow = FAILED.model_copy(update={"seconds": 9.87})
    first, second = (bundle(exercise_card(exercise(), v, attempts=1)) for v in (FAILED, slow))
    for data in (first, second):
        del data[VIEW]

    assert json.dumps(first) == json.dumps(second)


@pytest.mark.slow
def test_a_set_is_shown_in_the_same_order_in_every_process() -> None:
    code = (
        "from prodev.widgets.observed import value_text as t;"
        "print(t({'b', 'a', None, 3, ('x', None)}), t([{'k': frozenset('zyx')}]), t(set()))"
    )
    shown = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3", "4")
    }

    assert shown == {"{None, 3, 'a', 'b', ('x', None)} [{'k': frozenset({'x', 'y', 'z'})}] set()\n"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5, "5"),
        ("5", "'5'"),
        ("None", "'None'"),
        ("", "''"),
        (" a", "' a'"),
        ("[1, 2]", "[1, 2]"),
        ("(1, 2)", "(1, 2)"),
        (["x" * 60], f"['{'x' * 60}']"),
        ("total([1, 2])", "total([1, 2])"),
        ("1, 2, 4", "1, 2, 4"),
        ("an error", "an error"),
        (True, "True"),
        ({"b": 1, "a": [2]}, "{'b': 1, 'a': [2]}"),
        (
            list(range(30)),
            "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, ...]",
        ),
    ],
)
def test_a_value_is_short_and_a_text_is_told_from_what_it_looks_like(
    value: object, text: str
) -> None:
    assert value_text(value) == text


@pytest.mark.parametrize("value", ["xy" * 5_000, "x " * 5_000, ["x" * 5_000] * 99, 10**4_000])
def test_a_long_value_is_cut(value: object) -> None:
    assert len(value_text(value)) < 330


def test_a_long_print_is_cut_and_says_so() -> None:
    printed = observed({"printed": "x" * 9_000}).printed

    assert printed.endswith("… (9,000 characters)")
    assert len(printed) < 2_100


def test_prose_is_markdown_without_html_and_pictures() -> None:
    text = (
        "One\ntwo `a<b`.\n\n- **first**\n- second\n\n```python\nif x:\n\n    y\n```\n\n<b>End</b>"
    )

    assert "".join(prose(text).split("\n")) == (
        "<p>Onetwo <code>a&lt;b</code>.</p>"
        "<ul><li><strong>first</strong></li><li>second</li></ul>"
        '<pre tabindex="0" role="group" aria-label="Code">if x:    y</pre>'
        "<p>&lt;b&gt;End&lt;/b&gt;</p>"
    )


@pytest.mark.parametrize("widget", [ExerciseCard, Quiz, TopicTable])
def test_a_widgets_script_stands_alone(widget: Any) -> None:
    script = str(widget._esm)

    assert script.count("function element(") == 1
    assert script.count("function keepKeys(") == 1
    assert script.count("export default { render };") == 1
    assert "import " not in script
    assert "http" not in script


@dataclass(frozen=True)
class Flash:
    slug: str
    front: str
    back: str


def test_a_review_card_asks_first_and_its_text_gives_no_answer_away() -> None:
    piece = review_cards([Flash("a", f"Why `wraps`? {EVIL}", f"It keeps the name.\n\n- {EVIL}")])

    assert piece.text == f"Cards for later review\n1. Why `wraps`? {EVIL}"
    assert "<details><summary>Why <code>wraps</code>? &lt;script&gt;" in piece.html
    assert "<p>It keeps the name.</p>\n<ul>\n<li>&lt;script&gt;" in piece.html
    assert "<script" not in piece.html


@pytest.mark.parametrize(
    "html",
    [
        lambda: bundle(exercise_card(exercise(), FAILED))["text/html"],
        lambda: review_cards([Flash("a", "b", "c")]).html,
    ],
)
def test_no_selector_reaches_out_of_the_card(html: Callable[[], str]) -> None:
    sheet = html().partition("<style>")[2].partition("</style>")[0]
    depth, outermost, selector = 0, set(), ""
    for sign in sheet:
        if depth == 0 and sign not in "{}":
            selector += sign
        if sign == "{" and depth == 0:
            outermost.add(selector.strip())
            selector = ""
        depth += (sign == "{") - (sign == "}")

    assert outermost == {".prodev-card"}
    assert depth == 0
