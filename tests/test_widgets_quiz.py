"""The quiz and the table: what they hold, and what readers without widgets see."""

from __future__ import annotations

import json
from typing import Any

import pytest

from prodev.catalog import Choice, Question
from prodev.widgets import quiz, topic_table
from prodev.widgets.quiz import Quiz

QUESTIONS = (
    Question(
        slug="rows-read",
        prompt="How many rows are read?",
        code="SELECT 1",
        choice=(
            Choice(text="37", feedback="It reads more."),
            Choice(text="18,204", feedback="Every booking in the range.", right=True),
        ),
    ),
    Question(
        slug="order",
        prompt="Which column first?",
        choice=(
            Choice(text="the property", feedback="Equality first.", right=True),
            Choice(text="the date", feedback="A range stops the search."),
        ),
    ),
)


@pytest.fixture
def asked() -> Quiz:
    return quiz(QUESTIONS, title="Check yourself")


def test_the_quiz_as_text_asks_and_gives_no_answer_away(asked: Quiz) -> None:
    text = bundle(asked)["text/plain"]

    assert "1. How many rows are read?" in text
    assert "SELECT 1" in text
    assert "A. 37" in text
    assert "B. 18,204" in text
    assert "2. Which column first?" in text
    told = [choice.feedback for question in QUESTIONS for choice in question.choices]
    assert not [feedback for feedback in told if feedback in text]
    assert not any(sign in text.lower() for sign in ("✓", "✕", "right", "true"))


def test_where_the_right_choice_stands_changes_nothing_in_the_text(asked: Quiz) -> None:
    turned = [
        question.model_copy(
            update={
                "choices": tuple(
                    choice.model_copy(update={"right": not choice.right})
                    for choice in question.choices
                )
            }
        )
        for question in QUESTIONS
    ]

    assert bundle(quiz(turned, title="Check yourself"))["text/plain"] == bundle(asked)["text/plain"]


def test_the_quiz_as_html_folds_the_answers_away(asked: Quiz) -> None:
    html = bundle(asked)["text/html"]

    assert html.count("<details><summary>Answer</summary>") == 2
    open_part = "".join(part.split("</details>")[-1] for part in html.split("<details>"))
    for question in QUESTIONS:
        for choice in question.choices:
            assert choice.feedback in html
            assert choice.feedback not in open_part
            assert choice.text in open_part


def test_a_notebook_gets_the_widget_beside_html_and_text(asked: Quiz) -> None:
    data = bundle(asked)

    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == asked.model_id
    assert set(data) == {
        "application/vnd.jupyter.widget-view+json",
        "text/html",
        "text/plain",
    }
    assert repr(asked) == data["text/plain"]


def test_the_quiz_keeps_what_the_page_answers(asked: Quiz) -> None:
    assert asked.answers == {}

    asked.set_state({"answers": {"order": {"first": 1, "tries": 2, "right": True}}})

    assert asked.answers == {"order": {"first": 1, "tries": 2, "right": True}}
    assert json.dumps(asked.get_state("answers"))


def test_the_order_of_questions_and_choices_is_that_of_the_data(asked: Quiz) -> None:
    assert [q["slug"] for q in asked.questions] == ["rows-read", "order"]
    assert [c["text"] for c in asked.questions[0]["choices"]] == ["37", "18,204"]


def test_the_table_shows_what_people_read_and_hides_what_machines_need() -> None:
    import pandas as pd

    df = pd.DataFrame(
        {
            "kind": ["concept", "takeaway"],
            "slug": ["caching", "habits"],
            "title": ["Caching", "Habits"],
            "description": ["Keep a copy.", ""],
            "icon": ["", "⚡"],
            "modules": ["start caching", "capstone"],
        }
    )

    table = topic_table(df, title="Rows")

    assert table.columns == ["Title", "Kind", "Description", "Modules"]
    assert table.rows[0]["cells"] == ["Caching", "concept", "Keep a copy.", "start, caching"]
    assert "Rows (2 rows)" in bundle(table)["text/plain"]
    assert '<span aria-hidden="true">⚡ </span>Habits' in bundle(table)["text/html"]
    assert "habits" not in bundle(table)["text/html"]


def test_a_table_of_one_kind_has_no_column_for_it() -> None:
    import pandas as pd

    df = pd.DataFrame({"kind": ["system"] * 2, "title": ["Redis", "Celery"], "colour": ["A", "B"]})

    assert topic_table(df).columns == ["Title"]


def test_a_table_without_rows_is_still_a_table() -> None:
    import pandas as pd

    table = topic_table(pd.DataFrame({"slug": [], "title": []}), title="None")

    assert table.rows == []
    assert "None (0 rows)" in repr(table)


def bundle(widget: Any) -> dict[str, Any]:
    data: dict[str, Any] = widget._repr_mimebundle_()[0]
    return data
