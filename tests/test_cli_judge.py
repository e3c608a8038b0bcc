"""``prodev judge``: one answer, one verdict, and an exit code that says whether it passed."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest

from judge_exercises import MODULE, make_exercise
from prodev.judge import Judge, Verdict, client

SLUG = f"{MODULE}/small"
CHECK = """
from prodev.judge import Finding

def check(answer):
    got = answer.call("double", answer.random.randrange(2, 10**9))
    if type(got) is not int or got % 2:
        return Finding("wrong-value", the_call="double(n)", got=got)
"""
PASSES = "def double(number):\n    return 2 * number\n"
COMMAND = Path(sys.executable).with_name("prodev")


@pytest.fixture(scope="module")
def judge():
    with Judge() as opened:
        yield opened


@pytest.fixture
def course(tmp_path, monkeypatch):
    monkeypatch.setenv("PRODEV_COURSE", str(tmp_path))
    make_exercise(tmp_path, CHECK)
    return tmp_path


@pytest.fixture
def judged(course, prodev, monkeypatch, judge):
    """Judge a source on the command line, with one judge for this whole file."""
    monkeypatch.setattr(client, "Judge", lambda: nullcontext(judge))

    def run(source, *options, slug=SLUG):
        file = course / "answer.py"
        file.write_bytes(source if isinstance(source, bytes) else source.encode("utf-8"))
        return prodev("judge", slug, str(file), *options)

    return run


STATUSES = {
    "passed": (PASSES, 0, "✓ passed: Your answer holds.\n"),
    "failed": (
        "def double(number):\n    return 'x'\n",
        1,
        "✕ failed (wrong-value): The answer gave x.\n  the call: double(n)\n  got: x\n",
    ),
    "not_attempted": (
        "def double(number):\n    ...  # later\n",
        1,
        "○ not attempted: Write your answer in the cell, then run it.\n",
    ),
    "error": (
        "def double(number):\n    print('so\\nfar')\n    return [][0]\n",
        1,
        "✕ error (raised): Your answer raised IndexError: list index out of range.\n",
    ),
}


@pytest.mark.parametrize(("source", "code", "text"), STATUSES.values(), ids=STATUSES)
def test_a_verdict_is_printed_in_words_and_told_by_the_exit_code(judged, source, code, text):
    result = judged(source)

    assert result.exit_code == code
    assert result.stdout.startswith(text)
    assert result.stderr == ""


def test_the_answer_s_own_lines_and_prints_are_shown(judged):
    out = judged(STATUSES["error"][0]).stdout

    assert "\n  lines: \n    line 3, in double: return [][0]\n" in out
    assert "\n  printed: so\n    far\n" in out


@pytest.mark.parametrize("name", STATUSES)
def test_json_is_one_object_and_nothing_else(judged, name):
    source, code, _ = STATUSES[name]
    result = judged(source, "--format", "json")

    verdict = json.loads(result.stdout)
    assert list(verdict) == [
        "exercise",
        "status",
        "code",
        "message",
        "evidence",
        "section",
        "seconds",
    ]
    assert (verdict["exercise"], verdict["status"]) == (SLUG, name)
    assert (result.exit_code, result.stderr) == (code, "")


@pytest.mark.parametrize("status", ["timeout", "unavailable", "judge_failed"])
def test_every_status_has_its_words_and_its_exit_code(judged, monkeypatch, status):
    said = Verdict(exercise=SLUG, status=status, message="So it is.")
    monkeypatch.setattr(Judge, "judge", lambda *_, **__: said)
    result = judged(PASSES)

    assert result.exit_code == (0 if status == "unavailable" else 1)
    assert result.stdout.endswith(": So it is.\n")
    assert status.split("_")[-1] in result.stdout


def test_the_seed_draws_other_cases(judged):
    def got(seed):
        source = "def double(number):\n    return 2 * number + 1\n"
        return json.loads(judged(source, "--seed", seed, "--format", "json").stdout)["evidence"]

    assert got("1") == got("1") != got("2")


@pytest.mark.parametrize(
    ("slug", "said"),
    [
        (f"{MODULE}/smaller", f"There is no exercise '{MODULE}/smaller'; did you mean '{SLUG}'?\n"),
        ("zzz", "There is no exercise 'zzz'; 'prodev exercises list' names them all.\n"),
    ],
)
def test_an_unknown_slug_is_wrong_input(judged, slug, said):
    result = judged(PASSES, slug=slug)

    assert (result.exit_code, result.stdout, result.stderr) == (2, "", said)


def test_a_file_that_is_not_there_is_wrong_input(course, prodev):
    result = prodev("judge", SLUG, str(course / "none.py"))

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        f"{course / 'none.py'} cannot be read (No such file or directory); name another file.\n"
    )


def test_a_folder_is_wrong_input(course, prodev):
    result = prodev("judge", SLUG, str(course))

    assert result.exit_code == 2
    assert "cannot be read (Is a directory)" in result.stderr


def test_a_file_that_is_no_utf_8_is_wrong_input(judged, course):
    result = judged("é = 1".encode("latin-1"))

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"{course / 'answer.py'} is not UTF-8 text; save it as UTF-8.\n"


def test_a_file_with_a_byte_order_mark_is_read(judged):
    assert judged(PASSES.encode("utf-8-sig")).exit_code == 0


def test_a_broken_exercise_is_wrong_input(judged, course):
    (course / "data/exercises" / SLUG / "solution.py").unlink()
    result = judged(PASSES)

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"data/exercises/{SLUG}/solution.*: the file is missing")


@pytest.mark.parametrize("options", [[], ["--seed", "-1"], ["--format", "csv"]])
def test_wrong_usage_is_told_apart_from_a_wrong_answer(prodev, options):
    arguments = [SLUG, "answer.py", *options] if options else []

    assert prodev("judge", *arguments).exit_code == 2


@pytest.mark.slow
@pytest.mark.parametrize(("source", "code"), [(PASSES, 0), ("x = 1\n", 1)])
def test_the_real_command_leaves_no_process_behind(course, source, code):
    file = course / "answer.py"
    file.write_text(source)
    command = [COMMAND, "judge", SLUG, file]
    # Whoever is left would keep these pipes open, and the call from coming back.
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)

    assert result.returncode == code
    assert result.stderr == ""
    assert "Traceback" not in result.stdout


def test_what_an_answer_prints_cannot_steer_the_terminal(judged):
    done = judged("print('\\x1b[2J gone')\ndef double(number):\n    return 1\n")

    assert "\\x1b[2J gone" in done.stdout
    assert "\x1b" not in done.stdout
