"""A check drives an answer in Python: it calls it, keeps what it made, and takes what it yields."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from judge_answers import Answers
from prodev.judge import same
from prodev.judge.endings import Gone, Impure, Missing, Raised
from prodev.judge.handles import Handle


@pytest.fixture(scope="module")
def answers():
    with Answers() as opened:
        yield opened


# Calling


def test_a_call_returns_what_the_answer_returns(answers):
    answer = answers.load("def f(*args, **kwargs): return args, kwargs")
    arguments = (
        None,
        True,
        1,
        1.5,
        "é",
        b"b",
        [1],
        (2,),
        {"k": {3}},
        Decimal("0.1"),
        date(2026, 1, 2),
    )

    assert same(answer.call("f", *arguments, rate=2), (arguments, {"rate": 2}))
    assert same(answer.call("f"), ((), {}))


def test_a_coroutine_is_run_to_its_end(answers):
    answer = answers.load("async def f(n): return n + 1")

    assert answer.call("f", 1) == 2
    assert answer.attempt("f", None).error.name == "TypeError"


def test_an_answer_remembers_from_call_to_call(answers):
    answer = answers.load("seen = []\ndef f(n):\n    seen.append(n)\n    return seen")

    assert (answer.call("f", 1), answer.call("f", 2)) == ([1], [1, 2])


def test_a_list_that_the_check_sends_is_a_copy(answers):
    answer = answers.load("def f(rows): rows.append(1)")
    rows = []
    answer.call("f", rows)

    assert rows == []


def test_a_name_that_is_missing_is_named(answers):
    answer = answers.load("other = 1")

    for use in (answer.call, answer.attempt, answer.iterate, answer.callable):
        with pytest.raises(Missing, match=r"^total$"):
            use("total")


def test_a_builtin_is_no_name_of_the_answer_s(answers):
    with pytest.raises(Missing):
        answers.load("").call("print")


def test_what_is_no_function_says_so_when_it_is_called(answers):
    answer = answers.load("total = 7")

    with pytest.raises(Raised, match="'int' object is not callable"):
        answer.call("total")
    assert not answer.callable("total")


def test_the_wrong_number_of_arguments_is_python_s_own_type_error(answers):
    answer = answers.load("def total(rows): return rows")

    with pytest.raises(Raised, match="missing 1 required positional argument: 'rows'"):
        answer.call("total")


@pytest.mark.parametrize(
    ("returned", "said"),
    [
        ("object()", "an object of type object"),
        ("(n for n in [])", "an object of type generator"),
        ("[1, {2: lambda: 3}]", "an object of type function"),
        ("range(300)", "an object of type range"),
        ("list(range(300_000))", "more than 200,000 values"),
        ("10 ** 5_000", "an int of"),
        ("map(int, '12')", "an object of type map"),
    ],
)
def test_what_is_not_plain_data_is_named(answers, returned, said):
    answer = answers.load(f"def f(): return {returned}")

    with pytest.raises(Impure, match=said):
        answer.call("f")


def test_a_check_can_go_on_after_what_is_not_plain(answers):
    answer = answers.load("def f(n): return object() if n else 1")
    with pytest.raises(Impure):
        answer.call("f", 1)

    assert answer.call("f", 0) == 1


# Handles


def test_what_is_kept_stays_in_the_answer_and_can_be_used(answers):
    answer = answers.load(
        """
        class Account:
            def __init__(self): self.cents = 5
            def add(self, n): self.cents += n
        def doubled(function): return lambda *args: 2 * function(*args)
        def cents(account): return account.cents
        """
    )
    account = answer.call("Account", keep=True)
    answer.call(answer.attribute(account, "add", keep=True), 7)
    twice = answer.call("doubled", answer.attribute("cents", "__call__", keep=True), keep=True)

    assert isinstance(account, Handle)
    assert answer.attribute(account, "cents") == 12
    assert answer.call("cents", account) == 12
    assert answer.call(twice, account) == 24
    assert answer.call("cents", account=account) == 12
    assert answer.callable(twice)
    assert not answer.callable(account)


def test_a_handle_can_stand_inside_of_plain_data(answers):
    answer = answers.load("def make(): return {1}\ndef size(held): return len(held['rows'][0])")

    assert answer.call("size", {"rows": [answer.call("make", keep=True)]}) == 1


def test_a_handle_says_how_it_came(answers):
    answer = answers.load("def retry(attempts, on): return lambda f: f\ndef f(): pass")
    made = answer.call("retry", 3, on=answer.exception("OSError"), keep=True)
    decorated = answer.call(made, answer.function("charge", len), keep=True)

    assert repr(made) == "retry(3, on=OSError)"
    assert repr(decorated) == "retry(3, on=OSError)(charge)"
    assert repr(answer.attribute("f", "__name__", keep=True)) == "f.__name__"
    assert len(repr(answer.call(made, "x" * 1_000, keep=True))) <= 160


def test_attributes_of_names_and_handles_are_plain_data(answers):
    answer = answers.load("def f(): 'Says f.'\nf.calls = [1]")

    assert answer.attribute("f", "__name__") == "f"
    assert answer.attribute("f", "calls") == [1]
    with pytest.raises(Raised, match="has no attribute 'missing'"):
        answer.attribute("f", "missing")
    with pytest.raises(Impure):
        answer.attribute("f", "__code__")


# What the check puts beside the answer, and what it measures


def test_what_is_prepared_stands_beside_the_answer(answers):
    answer = answers.load("def total(rows): return sum(rows) * RATE")
    answer.prepare("RATE = 2\ndef rows(n): return list(range(n))")
    rows = answer.call("rows", 300_000, keep=True)

    assert answer.call("total", rows) == 299_999 * 300_000
    assert answer.call("total", [1]) == 2


def test_a_mistake_in_what_was_prepared_is_not_shown_as_the_answer_s_line(answers):
    answer = answers.load("def f(): return 1")

    with pytest.raises(Raised) as caught:
        answer.prepare("def g(:\n")
    assert caught.value.lines == ()


def test_peak_memory_sees_a_big_list(answers):
    answer = answers.load("def f(n): return len(list(range(n)))")
    before = answer.peak_memory()
    answer.call("f", 1_000)
    small = answer.peak_memory()
    answer.call("f", 3_000_000)
    big = answer.peak_memory()

    assert before > 5
    assert small - before < 10
    assert 90 < big - small < 150


def test_peak_memory_of_an_answer_that_has_gone_says_so(answers):
    answer = answers.load("import os, threading\ndef f(): os.kill(os.getpid(), 9)")
    with pytest.raises(Gone):
        answer.call("f")

    with pytest.raises(Gone):
        answer.peak_memory()


def test_what_the_answer_printed_is_kept(answers):
    answer = answers.load("import sys\nprint('loaded')\ndef f(): print('é', file=sys.stderr)")
    answer.call("f")

    assert answers.printed() == "loaded\né\n"


def test_the_answer_looks_like_a_module_to_its_own_code(answers):
    answer = answers.load(
        """
        import dataclasses, inspect, pickle, typing

        @dataclasses.dataclass
        class Row:
            cents: "int"

        def f():
            same = pickle.loads(pickle.dumps(Row(1))) == Row(1)
            return same, typing.get_type_hints(Row) == {"cents": int}, inspect.getsource(f)[:8]
        """
    )

    assert answer.call("f") == (True, True, "def f():")
