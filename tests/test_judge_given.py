"""What a check gives to an answer: the judge answers every call, and counts it."""

from __future__ import annotations

import itertools

import pytest

from judge_answers import Answers
from prodev.judge import Raise
from prodev.judge.endings import Raised
from prodev.judge.handles import ExceptionType, Handle


@pytest.fixture(scope="module")
def answers():
    with Answers() as opened:
        yield opened


def calls(given):
    return [(call.args, call.kwargs) for call in given.calls]


# Functions


def test_a_function_is_called_with_what_the_answer_wrote(answers):
    answer = answers.load("def pay(charge): return [charge(1, key='a'), charge((2,), None)]")
    charge = answer.function("charge", lambda *args, **kwargs: [args, kwargs])

    assert answer.call("pay", charge) == [[(1,), {"key": "a"}], [((2,), None), {}]]
    assert calls(charge) == [((1,), {"key": "a"}), (((2,), None), {})]
    assert [call.at for call in charge.calls] == [0, 0]


def test_a_function_has_the_name_that_the_check_gave(answers):
    answer = answers.load(
        "import functools\n"
        "def wrap(f): return functools.wraps(f)(lambda: f())\n"
        "def facts(f): return [f.__name__, f.__qualname__, callable(f)]"
    )
    charge = answer.function("charge", lambda: 7)
    wrapped = answer.call("wrap", charge, keep=True)

    assert answer.call("facts", charge) == ["charge", "charge", True]
    assert answer.attribute(wrapped, "__name__") == "charge"
    assert answer.call(wrapped) == 7


def test_the_same_function_stays_the_same_in_the_answer(answers):
    answer = answers.load("seen = set()\ndef keep(f):\n    seen.add(f)\n    return len(seen)")
    one, two = answer.function("f", lambda: 1), answer.function("f", lambda: 2)

    assert [answer.call("keep", f) for f in (one, one, two)] == [1, 1, 2]


def test_what_a_function_changes_in_its_arguments_stays_with_the_judge(answers):
    answer = answers.load("def f(charge):\n    rows = [1]\n    charge(rows)\n    return rows")
    given = answer.function("charge", lambda rows: rows.append(2))

    assert answer.call("f", given) == [1]


def test_a_function_of_the_answer_s_can_be_called_from_within(answers):
    answer = answers.load("def f(each): return each(lambda n: n + 1)")
    each = answer.function("each", lambda function: [answer.call(function, n) for n in (1, 2)])

    assert answer.call("f", each) == [2, 3]
    assert isinstance(each.calls[0].args[0], Handle)


def test_a_function_can_return_another_one(answers):
    answer = answers.load("def f(connect): return connect('db')(5)")
    execute = answer.function("execute", lambda n: n * 2)

    assert answer.call("f", answer.function("connect", lambda _: execute)) == 10
    assert calls(execute) == [((5,), {})]


# Errors that the check wants


RETRIED = """
    class Refused(Exception): pass

    def f(charge):
        try:
            return charge()
        except ConnectionError as error:
            return ["connection", str(error)]
        except Refused as error:
            return ["refused", *error.args]
        except Exception as error:
            return [type(error).__name__, str(error)]
    """


@pytest.mark.parametrize(
    ("raised", "came"),
    [
        (Raise("ConnectionError", "request lost"), ["connection", "request lost"]),
        (Raise("ConnectionResetError"), ["connection", ""]),
        (Raise("Refused", 1, [2]), ["refused", 1, [2]]),
        (Raise("OperationalError", "locked"), ["OperationalError", "locked"]),
        (Raise("print", "is no exception"), ["print", "is no exception"]),
    ],
    ids=lambda value: value.name if isinstance(value, Raise) else None,
)
def test_a_function_can_raise_in_the_answer(answers, raised, came):
    answer = answers.load(RETRIED)

    assert answer.call("f", answer.function("charge", lambda: raised)) == came


def test_an_error_that_the_answer_lets_pass_comes_from_its_own_line(answers):
    answer = answers.load("def f(charge):\n    n = 1\n    return charge()\n")
    charge = answer.function("charge", lambda: Raise("TimeoutError", "slow"))

    error = answer.attempt("f", charge).error
    assert (str(error), error.lines) == ("TimeoutError: slow", ((3, "f"),))


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("charge(1, 2)", r"charge\(\): too many positional arguments"),
        ("charge()", r"charge\(\): missing a required argument: 'cents'"),
        ("charge(1, to=2)", r"charge\(\): got an unexpected keyword argument 'to'"),
        ("bank.pay()", r"bank.pay\(\): missing a required argument: 'cents'"),
    ],
)
def test_a_call_that_does_not_fit_is_a_type_error_on_the_answer_s_own_line(answers, call, said):
    answer = answers.load(f"def f(charge, bank):\n    return {call}\n")
    charge = answer.function("charge", lambda cents: cents)
    bank = answer.object("bank", {"pay": lambda cents: cents})

    with pytest.raises(Raised, match=said) as caught:
        answer.call("f", charge, bank)
    assert caught.value.name == "TypeError"
    assert caught.value.lines == ((2, "f"),)
    assert len(charge.calls) + len(bank.calls) == 1


def test_an_argument_that_the_function_cannot_take_is_the_answer_s_own_error(answers):
    answer = answers.load("def f(charge):\n    return charge('ten')\n")
    charge = answer.function("charge", lambda cents: cents - 1)

    error = answer.attempt("f", charge).error
    assert (error.name, error.lines) == ("TypeError", ((2, "f"),))


def test_exceptions_and_their_types_can_be_passed_both_ways(answers):
    answer = answers.load(
        "class Refused(ValueError): pass\n"
        "def names(*types): return [t.__name__ for t in types if issubclass(t, Exception)]\n"
        "def told(tell): tell(Refused('no'), Refused, ValueError)"
    )
    tell = answer.function("tell", lambda *_: None)

    given = [answer.exception(name) for name in ("OSError", "Refused", "Unheard")]
    assert answer.call("names", *given) == ["OSError", "Refused", "Unheard"]
    answer.call("told", tell)
    error, own, builtin = tell.calls[0].args
    assert (error.name, error.message) == ("Refused", "no")
    assert (own, builtin) == (ExceptionType("Refused"), ExceptionType("ValueError"))


# Iterators


def test_an_iterator_counts_what_the_answer_takes(answers):
    answer = answers.load(
        "import itertools\n"
        "def first(rows, n): return list(itertools.islice(rows, n))\n"
        "def rest(rows): return list(rows)"
    )
    rows = answer.iterator("rows", iter([1, (2,), {"three": 3}]))
    endless = answer.iterator("numbers", itertools.count())

    assert (answer.call("first", rows, 2), rows.pulled) == ([1, (2,)], 2)
    assert (answer.call("rest", rows), rows.pulled) == ([{"three": 3}], 3)
    assert (answer.call("rest", rows), rows.pulled) == ([], 3)
    assert (answer.call("first", endless, 5), endless.pulled) == ([0, 1, 2, 3, 4], 5)


def test_an_iterator_of_the_judge_is_an_iterator_and_no_list(answers):
    answer = answers.load("def f(rows): return [iter(rows) is rows, hasattr(rows, '__len__')]")

    assert answer.call("f", answer.iterator("rows", [])) == [True, False]


def test_an_iterator_can_break_off_with_an_error(answers):
    answer = answers.load(
        "def f(rows):\n"
        "    taken = []\n"
        "    try:\n"
        "        for row in rows:\n"
        "            taken.append(row)\n"
        "    except OSError as error:\n"
        "        taken.append(str(error))\n"
        "    return taken\n"
    )

    assert answer.call("f", answer.iterator("rows", [1, Raise("OSError", "cut")])) == [1, "cut"]


# Objects


def test_an_object_has_methods_and_attributes(answers):
    answer = answers.load(
        "def f(bank):\n"
        "    bank.note = 'kept'\n"
        "    return [bank.pay(5, to='x'), bank.rate, bank.charge(1), bank.note]"
    )
    charge = answer.function("charge", lambda n: -n)
    bank = answer.object("bank", {"pay": lambda n, to: [n, to], "rate": 1.5, "charge": charge})

    assert answer.call("f", bank) == [[5, "x"], 1.5, -1, "kept"]
    assert [(call.method, call.args, call.kwargs) for call in bank.calls] == [
        ("pay", (5,), {"to": "x"})
    ]
    assert len(charge.calls) == 1


def test_an_attribute_that_an_object_lacks_is_an_attribute_error(answers):
    answer = answers.load("def f(bank): return bank.refund()")
    bank = answer.object("bank", {"pay": lambda: 1})

    assert answer.attempt("f", bank).error.name == "AttributeError"
    assert bank.calls == []


SCOPED = """
    def f(connection):
        with connection as opened:
            opened.execute("select 1")
            raise LookupError("inside")
    """


@pytest.mark.parametrize(("swallows", "error"), [(True, None), (False, "LookupError")])
def test_an_object_can_be_a_context_manager(answers, swallows, error):
    answer = answers.load(SCOPED)
    log = []
    cursor = answer.object("cursor", {"execute": log.append})
    connection = answer.object(
        "connection",
        {"__enter__": lambda: cursor, "__exit__": lambda *args: log.append(args) or swallows},
    )

    outcome = answer.attempt("f", connection)

    assert (outcome.error.name if outcome.error else None) == error
    assert [call.method for call in connection.calls] == ["__enter__", "__exit__"]
    kind, value, traceback = connection.named("__exit__")[0].args
    assert log[0] == "select 1"
    assert (kind, value.name, value.message) == (
        ExceptionType("LookupError"),
        "LookupError",
        "inside",
    )
    assert traceback is None


def test_a_context_manager_that_ends_well_is_told_of_no_error(answers):
    answer = answers.load("def f(scope):\n    with scope as name:\n        return name")
    scope = answer.object("scope", {"__enter__": lambda: "x", "__exit__": lambda *_: False})

    assert answer.call("f", scope) == "x"
    assert scope.named("__exit__")[0].args == (None, None, None)


def test_a_coroutine_that_nobody_awaits_is_no_call(answers):
    answer = answers.load("def f(fetch):\n    fetch('a').close()")
    fetch = answer.coroutine("fetch", lambda url: url)
    answer.call("f", fetch)

    assert fetch.calls == []
    assert fetch.most_open == 0


def test_a_coroutine_is_seen_as_one(answers):
    answer = answers.load("import inspect\ndef f(g): return inspect.iscoroutinefunction(g)")

    assert answer.call("f", answer.coroutine("fetch", lambda url: url)) is True
    assert answer.call("f", answer.function("fetch", lambda url: url)) is False


@pytest.mark.parametrize(
    ("returned", "came"),
    [(5, 5), (Raise("OSError", "lost"), "OSError lost")],
    ids=["value", "raise"],
)
def test_a_coroutine_answers_and_raises(answers, returned, came):
    answer = answers.load(
        "async def f(fetch):\n"
        "    try:\n"
        "        return await fetch('a', n=1)\n"
        "    except OSError as error:\n"
        "        return f'OSError {error}'\n"
    )
    fetch = answer.coroutine("fetch", lambda url, n: returned, seconds=2)  # noqa: ARG005

    assert answer.call("f", fetch) == came
    assert calls(fetch) == [(("a",), {"n": 1})]
    assert answer.now == 2


def test_a_coroutine_called_wrongly_is_a_type_error_on_the_answer_s_own_line(answers):
    answer = answers.load("async def f(fetch):\n    return await fetch()\n")

    error = answer.attempt("f", answer.coroutine("fetch", lambda url: url, seconds=5)).error
    assert str(error) == "TypeError: fetch(): missing a required argument: 'url'"
    assert error.lines == ((2, "f"),)
    assert answer.now == 0
