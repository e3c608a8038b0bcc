"""Whether there is an answer at all is decided before anything runs."""

from __future__ import annotations

import pytest

from judge_exercises import make_exercise
from prodev.judge import Judge
from prodev.judge.kinds import kind_of

STARTER = '''\
# Write your code below.
import time


def total(rows, rate=1):
    """Add up the rows."""
    ...
'''
YAML = """\
# Name the image.
services:
  web:
    image:
"""


def attempted(kind, source, starter):
    return kind_of(kind).attempted(source, starter)


@pytest.mark.parametrize(
    "source",
    [
        "",
        " \n\t\n",
        "# only a comment",
        "\n\n# one\n\n    # two\n",
        STARTER,
        STARTER.strip(),
        "\n\n" + STARTER + "\n\n",
        STARTER.replace("\n", "\r\n"),
        STARTER.replace("# Write your code below.\n", ""),
        STARTER.replace("...", "...  # I do not know"),
        STARTER.replace("    ", "  "),
        STARTER.replace("    ", "\t"),
        STARTER.replace("\n\n\n", "\n# why\n"),
        STARTER.replace("rows, rate=1", " rows ,rate = 1 "),
    ],
)
def test_white_space_and_comments_make_no_answer_in_python(source):
    assert not attempted("python", source, STARTER)


@pytest.mark.parametrize(
    "source",
    [
        "x = 1",
        STARTER.replace("...", "return 0"),
        STARTER.replace("...", "pass"),
        STARTER.replace("rate=1", "rate=2"),
        STARTER.replace("Add up", "Sum"),
        STARTER.replace("import time", ""),
        STARTER + "total([])\n",
        STARTER.replace("rows, rate", "rate, rows"),
        STARTER.replace("    ...", ""),
        STARTER.replace("...", "return (rows"),
        STARTER.replace("...", "'unclosed"),
        STARTER.replace("    ...", "  ..."),
        "%time\n",
        "é = \x00",
    ],
)
def test_any_other_change_is_an_answer_in_python(source):
    assert attempted("python", source, STARTER)


def test_where_a_block_ends_is_more_than_white_space():
    starter = "def f(n):\n    if n:\n        ...\n    return 1\n"

    assert attempted("python", starter.replace("    return", "        return"), starter)


def test_white_space_inside_of_a_text_counts():
    starter = "greeting = 'a b'\n"

    assert attempted("python", "greeting = 'a  b'\n", starter)
    assert not attempted("python", "greeting  =  'a b'\n", starter)


def test_a_starter_that_is_no_python_is_compared_line_by_line():
    starter = "def f(:\n    ___\n"

    assert not attempted("python", "\ndef f(:\n  ___\n", starter)
    assert attempted("python", "def f(n):\n    return n\n", starter)
    assert attempted("python", "def f(:\n    1\n", starter)


@pytest.mark.parametrize(
    "source",
    [
        "",
        "\n  \n",
        "# nothing",
        "// nothing\n; nothing\n",
        YAML,
        YAML.replace("\n", "\n\n"),
        YAML.replace("\n", "\r\n"),
        YAML.replace("# Name the image.", "# Which one?"),
        YAML + "# Help!\n",
        YAML.replace("image:", "image:   "),
    ],
)
def test_white_space_and_comments_make_no_answer_in_a_file(source):
    assert not attempted("file", source, YAML)


@pytest.mark.parametrize(
    "source",
    [
        YAML.replace("image:", "image: stays"),
        YAML.replace("web", "app"),
        YAML + "volumes: {}\n",
        "{[}",
        "services:\n",
        "7",
    ],
)
def test_any_other_change_is_an_answer_in_a_file(source):
    assert attempted("file", source, YAML)


def test_what_is_no_attempt_starts_no_judge(tmp_path, monkeypatch):
    exercise = make_exercise(tmp_path, "def check(answer): pass", starter=STARTER)
    monkeypatch.setattr(Judge, "_start", lambda _: pytest.fail("a process was started"))
    with Judge() as judge:
        verdict = judge.judge(exercise, STARTER + "# ?\n")

    assert (verdict.status, verdict.code, verdict.evidence) == ("not_attempted", "", {})
    assert verdict.message == "Write your answer in the cell, then run it."
    assert not verdict.attempted


def test_a_very_long_answer_is_an_attempt_and_nobody_waits_for_its_tokens():
    # Python 3.12 takes minutes for the tokens of such a line.
    assert kind_of("python").attempted("x = [" + "1," * 100_000 + "]\n", "x = 1\n")
