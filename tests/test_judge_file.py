"""Answers in a text format are parsed where a trap can do no harm, and never run."""

from __future__ import annotations

import re
import time
from datetime import date, datetime

import pytest

from judge_exercises import make_exercise
from prodev.judge import Judge
from prodev.judge.kinds.file import _many_aliases

CHECK = """
from prodev.judge import Finding

def check(answer):
    return Finding("wrong-value", got=answer.data, kind=type(answer.data).__name__,
                   text=answer.text, lines=len(answer.lines))
"""


@pytest.fixture(scope="module")
def judge():
    with Judge() as opened:
        yield opened


@pytest.fixture(scope="module")
def exercises(tmp_path_factory):
    """An exercise for each format; its check shows what it saw."""

    def make(suffix):
        return make_exercise(
            tmp_path_factory.mktemp("course"),
            CHECK,
            kind="file",
            suffix=suffix,
            starter="# write\n",
            solution="a = 1\n",
            wrong={"wrong-value": ("It is {got}.", "b = 1\n")},
            limits={"seconds": 5, "memory_mb": 64},
        )

    return {suffix: make(suffix) for suffix in (".json", ".toml", ".yaml", ".yml", ".ini", "")}


@pytest.fixture
def verdict(judge, exercises):
    return lambda text, suffix: judge.judge(exercises[suffix], text)


GOOD = (
    (".json", '{"a": [1, 1.5, true, null, "é"]}', {"a": [1, 1.5, True, None, "é"]}),
    (".json", "[1e400]", [float("inf")]),
    (".toml", "a = 1\n[b]\nc = ['x']\n", {"a": 1, "b": {"c": ["x"]}}),
    (
        ".toml",
        "at = 2026-01-02T03:04:05\nday = 2026-01-02\n",
        {"at": datetime(2026, 1, 2, 3, 4, 5), "day": date(2026, 1, 2)},
    ),
    (".yaml", "a: {b: [1, yes, ~]}\n", {"a": {"b": [1, True, None]}}),
    (".yml", "day: 2026-01-02\n", {"day": date(2026, 1, 2)}),
    (".yml", "at: 2026-01-02 03:04:05\n", {"at": datetime(2026, 1, 2, 3, 4, 5)}),
    (".yml", "a: &x [1]\nb: *x\n", {"a": [1], "b": [1]}),
    (".yml", "a: !!binary aGk=\nb: !!set {x}\n", {"a": b"hi", "b": {"x"}}),
    (".yml", "1: one\nyes: two\n2: three\n", {1: "two", 2: "three"}),
)


@pytest.mark.parametrize(("suffix", "text", "data"), GOOD)
def test_what_can_be_read_reaches_the_check_as_plain_data(verdict, suffix, text, data):
    got = verdict(text, suffix)

    assert (got.status, got.code) == ("failed", "wrong-value")
    assert got.evidence["got"] == repr(data)


@pytest.mark.parametrize("suffix", [".ini", ""])
def test_a_format_without_a_parser_has_its_text_and_lines(verdict, suffix):
    evidence = verdict("FROM x\n\nRUN y\n", suffix).evidence

    assert evidence == {"got": None, "kind": "NoneType", "text": "FROM x\n\nRUN y\n", "lines": 3}


BROKEN = (
    (".json", "{'a': 1}", "JSON: Expecting property name enclosed in double quotes: line 1"),
    (".json", '{"a": 1,}', "JSON: "),
    (".json", "[" * 100_000, "JSON: "),
    (".json", "1" * 5_000, "JSON: Exceeds the limit (4300 digits)"),
    (".toml", "a = \n", "TOML: Invalid value (at line 1, column 5)"),
    (".toml", "a = 1\na = 2\n", "TOML: Cannot overwrite a value"),
    (".yaml", "a: [1\n", "YAML: while parsing a flow sequence"),
    (".yaml", "a: b: c\n", "YAML: mapping values are not allowed here"),
    (".yaml", "\ta: 1\n", "YAML: while scanning for the next token found character '\\t'"),
    (".yaml", "a: 1\n---\nb: 2\n", "YAML: expected a single document in the stream"),
    (".yaml", "a: *nothing\n", "YAML: found undefined alias 'nothing'"),
    (".yaml", "a\x00b: 1\n", "YAML: unacceptable character #x0000"),
    (".yaml", "{[a]: 1, {b: 2}: 3}\n", "YAML: while constructing a mapping"),
    (".yaml", "!!python/object/apply:os.system ['echo hi']\n", "YAML: could not determine a const"),
    (".yml", "a: !!python/name:os.system\n", "YAML: could not determine a constructor for the tag"),
    (".yml", "a: 2026-13-45\n", "YAML: month must be in 1..12"),
)


@pytest.mark.parametrize(("suffix", "text", "said"), BROKEN, ids=lambda value: repr(value)[:40])
def test_what_cannot_be_read_is_the_answer_s_own_error_and_says_where(verdict, suffix, text, said):
    got = verdict(text, suffix)

    assert (got.status, got.code) == ("error", "raised")
    assert got.message.startswith(f"Your file cannot be read as {said}")
    assert "\n" not in got.message
    assert "lines" not in got.evidence


@pytest.mark.parametrize(
    ("suffix", "text", "said"),
    [
        (".yaml", "a: &a [*a]\n", "a structure that contains itself"),
        (".yaml", _many_aliases(), "more than 200,000 values"),
        (".toml", "at = 03:04:05\n", "an object of type time"),
        (".yaml", "[" * 50 + "]" * 50, "data nested deeper than 40"),
    ],
    ids=["contains-itself", "billion-laughs", "time", "deep"],
)
def test_a_trap_in_the_data_is_named_at_once(verdict, suffix, text, said):
    started = time.monotonic()
    got = verdict(text, suffix)

    assert (got.status, got.code) == ("error", "raised")
    assert re.fullmatch(rf"Your file cannot be read as (YAML|TOML): it holds {said}\.", got.message)
    assert time.monotonic() - started < 3


def test_the_judge_goes_on_after_every_trap(verdict):
    verdict(_many_aliases(), ".yaml")

    assert verdict("a: 1\n", ".yaml").evidence["got"] == "{'a': 1}"


def test_a_file_is_never_run(verdict, tmp_path):
    mark = tmp_path / "ran"
    for suffix in (".json", ".toml", ".yaml", ".ini", ""):
        verdict(f"import pathlib; pathlib.Path({str(mark)!r}).touch()\n", suffix)

    assert not mark.exists()
