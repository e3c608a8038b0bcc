"""Mutants of Python: which there are, which there are not, and that their ids last."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import warnings

import pytest

from prodev.errors import CourseError
from prodev.judge.mutants import python_mutants

pytest.importorskip("cosmic_ray")
pytest.importorskip("mutmut")

RETRY = """
import functools
import time


def retry(attempts, on, longest):
    def decorate(function):
        @functools.wraps(function)
        def call(*args, **kwargs):
            for attempt in range(attempts):
                try:
                    return function(*args, **kwargs)
                except on:
                    if attempt == attempts - 1:
                        raise
                    time.sleep(min(2**attempt, longest))

        return call

    return decorate
"""


def by_libraries(source):
    return [m for m in python_mutants(source) if m.operator != "DeleteStatement"]


def changes(source):
    return {(mutant.before, mutant.after) for mutant in by_libraries(source)}


def ids(source):
    return [mutant.id for mutant in by_libraries(source)]


def test_a_mutant_says_what_was_changed_and_where():
    by_operator = {mutant.operator: mutant for mutant in python_mutants(RETRY)}
    mutant = by_operator["ReplaceComparisonOperator_Eq_Lt"]
    assert (mutant.line, mutant.before, mutant.after) == (
        14,
        "if attempt == attempts - 1:",
        "if attempt < attempts - 1:",
    )
    assert mutant.source == RETRY.replace("attempt == attempts", "attempt < attempts")
    assert by_operator["RemoveDecorator"].after == ""


def test_a_change_of_several_lines_is_shown_without_its_indentation():
    source = "def f(a):\n    b = [\n        a,\n    ]\n    return b\n"
    assert ("b = [\n    a,\n]", "b = None") in changes(source)


def test_the_operators_of_both_libraries_take_part():
    operators = {mutant.operator for mutant in python_mutants(RETRY)}
    assert {"ZeroIterationForLoop", "ExceptionReplacer", "NumberReplacer"} <= operators
    assert "operator_arg_removal" in operators


def test_a_decorated_function_is_mutated_too():
    assert ("return a", "return None") not in changes("@keep\ndef f(a):\n    return a\n")
    assert ("b = a", "b = None") in changes("@keep\ndef f(a):\n    b = a\n    return b\n")


def test_every_mutant_compiles_differs_and_stands_once():
    found = python_mutants(RETRY)
    trees = [ast.dump(ast.parse(mutant.source)) for mutant in found]
    assert len(found) == 51
    assert len({*trees, ast.dump(ast.parse(RETRY))}) == 52
    assert len({mutant.id for mutant in found}) == 51


def test_what_does_not_compile_is_no_mutant():
    # mutmut makes `return` of this `break`, outside of a function.
    assert changes("for a in b:\n    break\n") == {
        ("for a in b:", "for a in []:"),
        ("break", "continue"),
    }


def test_mutants_come_by_line_then_operator_and_always_the_same():
    found = python_mutants(RETRY)
    assert [(m.line, m.operator) for m in found] == sorted((m.line, m.operator) for m in found)
    assert found == python_mutants(RETRY)


def test_no_warning_of_a_mutant_reaches_the_author():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert ("return a == 'b'", "return a is 'b'") in changes("def f(a):\n    return a == 'b'\n")


@pytest.mark.parametrize(
    "source",
    [
        "from __future__ import annotations\n",
        "'a docstring'\n",
        "class A:\n    'a docstring'\n",
        "def f():\n    'a docstring'\n    ...\n",
        "async def f(a: 'int' = x) -> list['int']:\n    'a docstring'\n",
        "def f(a: int | None) -> dict[str, 'A'] | None: return a\n",
        "from typing import TypeVar\nT = TypeVar('T', bound='A')\n",
        "import typing\nP = typing.ParamSpec('P')\n",
        "Row: TypeAlias = 'dict[str, int]'\n",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    limit = 10\n",
        "import typing\nif typing.TYPE_CHECKING:\n    limit = 10\n",
    ],
)
def test_what_no_check_can_notice_is_not_mutated(source):
    assert changes(source) == set()


@pytest.mark.parametrize(
    "raised",
    [
        "ValueError('at least one')",
        "ValueError(f'at least {low + 1}')",
        "ValueError('at least ' + low)",
        "ValueError('at least %s' % low)",
        "ValueError('at least {}'.format(low))",
        "Refused(message='at least one')",
    ],
)
def test_the_message_of_an_exception_is_not_mutated(raised):
    assert changes(f"def f(low):\n    raise {raised}\n") == set()


def test_the_message_of_an_assert_is_not_mutated_but_its_test_is():
    assert changes("def f(a):\n    assert a, 'words'\n") == {
        ("assert a, 'words'", "assert not a, 'words'")
    }


def test_what_an_exception_carries_beside_its_message_is_mutated():
    assert changes("def f():\n    raise Refused(404, 'no such booking')\n") == {
        (f"raise Refused({old}, 'no such booking')", f"raise Refused({new}, 'no such booking')")
        for old, new in (("404", " 405"), ("404", " 403"), ("404", "None"))
    }


def test_what_an_exception_carries_by_name_is_mutated():
    assert ("raise Refused(status=404, why='no')", "raise Refused(status=None, why='no')") in (
        changes("def f():\n    raise Refused(status=404, why='no')\n")
    )


def test_the_type_in_a_cast_is_not_mutated_but_its_value_is():
    assert changes("from typing import cast\nb = cast('A', a)\n") == {
        ("b = cast('A', a)", f"b = {after}")
        for after in ("None", "cast('A', None)", "cast(a)", "cast('A', )")
    }


def test_a_field_of_a_dataclass_is_mutated():
    assert ("seconds: float = 3.0", "seconds: float = None") in changes(
        "class Limits:\n    seconds: float = 3.0\n"
    )


def test_an_id_survives_layout_comments_docstrings_and_annotations():
    plain = "def f(a, b):\n    return a + b * 2\n"
    dressed = (
        '"""Words."""\n\n\ndef f(a: int, b: "int") -> int:\n'
        '    """Words."""\n    # why\n    return (a +\n            b * 2)  # so\n'
    )
    assert sorted(ids(plain)) == sorted(ids(dressed))


def test_an_id_is_the_same_on_every_python():
    # Each has written its own tree of this f-string, or its own text of the tree.
    source = "def f(a, *, b):\n    return f\"{a['k']!r:>{b}} {b=}\" f'{{}}{a}' not in b\n"
    assert ids(source) == ["9e968778", "38b2014a", "b4614f4b", "63057fdb"]


def test_two_mutants_of_one_line_have_different_ids():
    assert len(set(ids("a = 1 + 1\n"))) == len(by_libraries("a = 1 + 1\n")) > 10


def test_a_solution_that_is_no_python_is_a_sentence():
    with pytest.raises(
        CourseError, match=r"no valid Python \(invalid syntax, line 2\); correct it"
    ):
        python_mutants("a = 1\ndef f(:\n")


def test_missing_libraries_are_a_sentence(monkeypatch):
    monkeypatch.setitem(sys.modules, "mutmut.mutation.mutators", None)
    with pytest.raises(CourseError, match="run `make setup`, or `pip install cosmic-ray mutmut`"):
        python_mutants("a = 1\n")


@pytest.mark.slow
def test_listing_mutants_writes_nothing_and_warns_of_nothing(tmp_path):
    code = "from prodev.judge.mutants import python_mutants as p; print(len(p('a = 1')))"
    home = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-B", "-c", code],
        cwd=tmp_path,
        env={**os.environ, **home},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("3\n", "")
    assert list(tmp_path.iterdir()) == []


def test_a_statement_is_left_out_but_no_docstring_and_no_none_at_the_end():
    source = (
        "def save(connection, rows):\n"
        '    """Save the rows."""\n'
        "    try:\n"
        "        connection.save(\n"
        "            rows,\n"
        "        )\n"
        "    except OSError:\n"
        "        connection.rollback(); raise\n"
        "    return None\n"
    )
    left_out = [m for m in python_mutants(source) if m.operator == "DeleteStatement"]

    assert [(m.line, m.after) for m in left_out] == [
        (4, "pass"),
        (8, "pass; raise"),
        (8, "connection.rollback(); pass"),
    ]
