"""The answers to a quiz are kept, and never go back."""

from __future__ import annotations

import pytest

from prodev.learner.store import Store


@pytest.fixture
def store():
    return Store("Ada Lovelace")


def test_a_quiz_comes_back_with_its_score(store):
    answers = {
        "retry": {"first": 0, "tries": 1, "right": True},
        "cache": {"first": 2, "tries": 2, "right": True},
        "scope": {"first": 1, "tries": 1, "right": False},
    }
    store.save_quiz("python-toolkit", answers)
    store.save_quiz("caching", {"retry": {"first": 1, "tries": 4, "right": False}})
    assert store.quiz("python-toolkit") == answers
    score = store.quiz_score("python-toolkit")
    assert (score.right_first, score.answered) == (1, 3)
    assert store.quiz_score("start").answered == 0


@pytest.mark.parametrize(
    ("before", "saved", "after"),
    [
        ((0, 2, False), (0, 3, True), (0, 3, True)),
        ((0, 2, False), (0, 3, False), (0, 3, False)),
        ((0, 3, False), (0, 2, False), (0, 3, False)),
        ((0, 2, True), (1, 5, False), (0, 2, True)),
        ((0, 1, True), (0, 1, True), (0, 1, True)),
        ((0, 1, True), (0, 4, True), (0, 1, True)),
        # A second notebook, which counts from one again, does not make it right at the first try.
        ((0, 1, False), (1, 1, True), (0, 2, True)),
        ((0, 3, False), (1, 1, True), (0, 4, True)),
    ],
)
def test_a_quiz_never_goes_back(store, before, saved, after):
    names = ("first", "tries", "right")
    for answer in (before, saved, saved):
        store.save_quiz("m", {"q": dict(zip(names, answer, strict=True))})
    assert tuple(store.quiz("m")["q"].values()) == after


@pytest.mark.parametrize(
    "answer",
    [{}, {"first": 0, "tries": 0, "right": True}, {"first": "0", "tries": 1, "right": True}],
)
def test_an_answer_of_another_shape_is_refused_and_none_is_kept(store, answer):
    with pytest.raises(ValueError, match="QuizRow"):
        store.save_quiz("m", {"good": {"first": 0, "tries": 1, "right": True}, "q": answer})
    assert store.quiz("m") == {}
