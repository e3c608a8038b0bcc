"""What an answer yields is taken value by value, and closed as leaving a loop does."""

from __future__ import annotations

import pytest

from judge_answers import Answers
from prodev.judge import STOP
from prodev.judge.endings import Raised


@pytest.fixture(scope="module")
def answers():
    with Answers() as opened:
        yield opened


def test_a_generator_is_taken_value_by_value(answers):
    answer = answers.load(
        """
        made = []
        def rows():
            for n in (1, 2):
                made.append(n)
                yield n
        def count(): return len(made)
        """
    )
    rows = answer.iterate(answer.call("rows", keep=True))

    assert answer.call("count") == 0
    assert answer.next(rows) == 1
    assert answer.call("count") == 1
    assert [answer.next(rows) for _ in range(3)] == [2, STOP, STOP]


def test_a_list_and_an_endless_iterator_can_be_iterated(answers):
    answer = answers.load("import itertools\nnames = ['a']\nnumbers = itertools.count()")
    names, numbers = answer.iterate("names"), answer.iterate("numbers")

    assert [answer.next(names), answer.next(names)] == ["a", STOP]
    assert [answer.next(numbers) for _ in range(3)] == [0, 1, 2]


def test_what_cannot_be_iterated_says_so(answers):
    answer = answers.load("n = 1")

    with pytest.raises(Raised, match="'int' object is not iterable"):
        answer.iterate("n")


def test_an_error_in_a_generator_is_an_error_of_next(answers):
    answer = answers.load("def rows():\n    yield 1\n    raise KeyError('gone')")
    rows = answer.iterate(answer.call("rows", keep=True))
    answer.next(rows)

    with pytest.raises(Raised, match="KeyError: 'gone'") as caught:
        answer.next(rows)
    assert caught.value.lines == ((3, "rows"),)
    assert answer.next(rows) is STOP


def test_a_call_that_raises_stop_iteration_is_no_end_of_rows(answers):
    answer = answers.load(
        "def f(): raise StopIteration(1)\nasync def g(): raise StopAsyncIteration"
    )

    assert answer.attempt("f").error.name == "StopIteration"
    assert answer.attempt("g").error.name == "StopAsyncIteration"


CLOSED = """
    closed = []
    def rows():
        try:
            yield 1
            yield 2
        finally:
            closed.append("rows")
    async def later():
        try:
            yield 1
            yield 2
        finally:
            import asyncio
            await asyncio.sleep(3)
            closed.append("later")
    names = iter(["a"])
    def seen(): return closed
    """


@pytest.mark.parametrize("name", ["rows", "later"])
def test_closing_a_generator_lets_it_clean_up(answers, name):
    answer = answers.load(CLOSED)
    rows = answer.iterate(answer.call(name, keep=True))
    assert answer.next(rows) == 1
    assert answer.call("seen") == []

    answer.close(rows)

    assert answer.call("seen") == [name]
    assert answer.next(rows) is STOP
    assert answer.now == (3 if name == "later" else 0)


def test_closing_what_cannot_be_closed_does_nothing(answers):
    answer = answers.load(CLOSED)
    names = answer.iterate("names")
    answer.close(names)

    assert answer.next(names) == "a"


def test_an_asynchronous_generator_is_taken_value_by_value(answers):
    answer = answers.load(
        """
        import asyncio
        async def rows():
            for n in range(2):
                await asyncio.sleep(2)
                yield n
        class Rows:
            def __aiter__(self): return self
            async def __anext__(self): raise StopAsyncIteration
        """
    )
    rows = answer.iterate(answer.call("rows", keep=True))

    assert answer.now == 0
    assert (answer.next(rows), answer.now) == (0, 2)
    assert (answer.next(rows), answer.now) == (1, 4)
    assert answer.next(rows) is STOP
    assert answer.next(answer.iterate(answer.call("Rows", keep=True))) is STOP
