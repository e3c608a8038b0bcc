"""An exception of an answer's: what a check sees of it, and whose lines are shown."""

from __future__ import annotations

import pytest

from judge_answers import Answers
from prodev.judge.endings import Gone, Raised, TimedOut
from prodev.judge.handles import Outcome


@pytest.fixture(scope="module")
def answers():
    with Answers() as opened:
        yield opened


def test_an_attempt_makes_a_value_of_an_error(answers):
    answer = answers.load(
        """
        class Refused(ConnectionError):
            def __str__(self): return f"refused {self.args}"

        def f(n):
            if n:
                raise Refused("no", n)
            return "yes"
        """
    )

    assert answer.attempt("f", 0) == Outcome("yes", None)
    outcome = answer.attempt("f", 1)
    assert outcome.value is None
    assert (outcome.error.name, outcome.error.message) == ("Refused", "refused ('no', 1)")
    assert outcome.error.bases[:4] == ("Refused", "ConnectionError", "OSError", "Exception")
    assert outcome.error.lines == ((7, "f"),)
    assert outcome.error.call == "f(1)"


@pytest.mark.parametrize("how", ["raise SystemExit(0)", "exit()", "quit()", "raise MemoryError"])
def test_an_attempt_does_not_take_an_answer_that_leaves(answers, how):
    answer = answers.load(f"import sys\nfrom sys import exit\nquit = exit\ndef f(): {how}")

    with pytest.raises(Raised, match=r"SystemExit|MemoryError"):
        answer.attempt("f")


def test_only_the_answer_s_own_lines_are_kept(answers):
    answer = answers.load(
        """
        import json

        def outer(text):
            return sorted([1], key=lambda _: inner(text))

        def inner(text):
            return json.loads(text)
        """
    )

    error = answer.attempt("outer", "{").error
    assert error.name == "JSONDecodeError"
    assert error.lines == ((5, "outer"), (5, "<lambda>"), (8, "inner"))


def test_the_lines_of_endless_recursion_are_few(answers):
    error = answers.load("def f(): return f()").attempt("f").error

    assert error.name == "RecursionError"
    assert 1 <= len(error.lines) <= 12


@pytest.mark.parametrize(
    ("source", "name", "line"),
    [
        ("x = 1\ny = (\n", "SyntaxError", 2),
        ("def f():\nreturn 1\n", "IndentationError", 2),
        ("if 1:\n    x = 1\n\ty = 2\n", "TabError", 3),
        ("return 1\n", "SyntaxError", 1),
        ("x = 1\nraise ValueError('top')\n", "ValueError", 2),
        ("import not_installed_anywhere\n", "ModuleNotFoundError", 1),
    ],
)
def test_an_answer_that_cannot_be_loaded_says_its_line(answers, source, name, line):
    with pytest.raises(Raised) as caught:
        answers.load(source)

    assert caught.value.name == name
    assert caught.value.lines == ((line, "<module>"),)
    assert caught.value.call == ""


@pytest.mark.parametrize(
    "body",
    [
        "def __str__(self): raise self",
        "def __str__(self): return 7",
        "def __init_subclass__(cls): raise ValueError\n    __str__ = None",
        "def __getattribute__(self, name): raise SystemExit",
    ],
)
def test_an_exception_that_resists_is_still_an_exception(answers, body):
    answer = answers.load(f"class Odd(Exception):\n    {body}\ndef f(): raise Odd('x')")

    assert answer.attempt("f").error.name == "Odd"
    assert answer.callable("f")


def test_a_long_message_is_cut(answers):
    error = answers.load("def f(): raise ValueError('x' * 10_000)").attempt("f").error

    assert len(error.message) == 500


def test_an_answer_that_ends_its_process_is_gone(answers):
    answer = answers.load("import os\ndef f(): os._exit(0)")

    with pytest.raises(Gone) as caught:
        answer.call("f")
    assert caught.value.call == "f()"


def test_a_loop_without_end_is_timed_out(answers):
    answer = answers.load("def f(n):\n    while True: pass", seconds=0.4)

    with pytest.raises(TimedOut) as caught:
        answer.call("f", 7)
    assert caught.value.call == "f(7)"
