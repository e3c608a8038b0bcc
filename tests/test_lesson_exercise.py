"""``%%exercise`` in a notebook: judged, shown, kept, and then run beside the rest."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

import prodev
from prodev.judge.verdict import VERDICT_TYPE
from prodev.learner.store import Store

REPOSITORY = Path(__file__).resolve().parents[1]
SLUG = "python-toolkit/double"
MAGIC = f"%%exercise {SLUG}\n"
STARTER = "def double(number):\n    ...\n"
SOLUTION = "def double(number):\n    return 2 * number\n"
SQUARE = "def double(number):\n    return number**2\n"
CHECK = """
from prodev.judge import Finding


def check(answer):
    got = answer.call("double", 3)
    return None if got == 6 else Finding("squares", got=got)
"""
TOML = """
title = "Double it"
kind = "python"
order = 1
objective = "Wait for several slow calls at the same time"
points = 10
section = "The lab"
prompt = "Return twice the number."
hints = ["Look.", "Think.", "Nearly there."]

[wrong.squares]
message = "You returned {got}."
"""


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course with one small exercise; its folder is returned."""
    root = tmp_path / "course"
    shutil.copytree(REPOSITORY / "data", root / "data", ignore=shutil.ignore_patterns("exercises"))
    folder = root / "data/exercises/python-toolkit/double"
    files = {
        "exercise.toml": TOML,
        "check.py": CHECK,
        "starter.py": STARTER,
        "solution.py": SOLUTION,
        "right/adds.py": SOLUTION.replace("2 * number", "number + number"),
        "wrong/squares.py": SQUARE,
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    monkeypatch.setenv("PRODEV_COURSE", str(root))
    return folder


def run(*cells: str, mode: str = "learn") -> list[list[Any]]:
    """Run cells on a stock kernel; return the outputs of each."""
    begin = f"import prodev\nlesson = prodev.begin('python-toolkit', learner='Ada', mode={mode!r})"
    sources = [f"{begin}\nlesson.header()", *cells]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(s) for s in sources])
    NotebookClient(notebook, allow_errors=True, timeout=60).execute()
    return [cell.outputs for cell in notebook.cells]


def statuses(outputs: list[Any]) -> list[str]:
    found = [output.get("data", {}).get(VERDICT_TYPE) for output in outputs]
    return [record["status"] for record in found if record]


def text(outputs: list[Any]) -> str:
    parts = []
    for output in outputs:
        data = output.get("data", {}).get("text/plain", "")
        parts.append(output.get("text", "") + data + output.get("evalue", ""))
    return "\n".join(parts)


@pytest.mark.slow
def test_a_cell_is_judged_kept_and_then_runs_in_the_notebook(course: Path):
    _, starter, nothing, wrong, squared, right, doubled, header = run(
        MAGIC + STARTER,
        "'double' in globals()",
        MAGIC + SQUARE,
        "double(5)",
        MAGIC + SOLUTION + "print('ran here')\n",
        "double(5)",
        "lesson.header()",
    )

    assert (statuses(starter), text(nothing)) == (["not_attempted"], "False")
    assert (statuses(wrong), text(squared)) == (["failed"], "25")
    assert "You returned 9." in text(wrong)
    assert (statuses(right), text(doubled)) == (["passed"], "10")
    assert [o.text for o in right if o.output_type == "stream"] == ["ran here\n"]
    assert "1 of 1 exercises solved" in text(header)
    kept = Store("Ada").attempts(SLUG)
    assert [(a.status, a.code, a.solver) for a in kept] == [
        ("failed", "squares", "learner"),
        ("passed", "", "learner"),
    ]
    assert kept[0].source.rstrip("\n") == SQUARE.rstrip("\n")


@pytest.mark.slow
def test_an_answer_that_stopped_does_not_run_in_the_notebook(course: Path):
    _, stopped, known = run(
        MAGIC + "double = 1\nraise SystemExit\n",
        "'double' in globals()",
    )

    assert (statuses(stopped), text(known)) == (["error"], "False")


@pytest.mark.slow
def test_in_solve_mode_the_reference_answers_and_earns_the_learner_nothing(course: Path):
    _, solved, doubled, header = run(MAGIC + STARTER, "double(5)", "lesson.header()", mode="solve")

    assert (statuses(solved), text(doubled)) == (["passed"], "10")
    assert "The reference solution holds." in text(solved)
    assert "0 of 1 exercises solved" in text(header)
    assert not Store("Ada").solved(SLUG)
    assert [a.solver for a in Store("Ada").attempts(SLUG, solver=None)] == ["reference"]


@pytest.mark.slow
def test_in_solve_mode_a_solution_that_does_not_pass_stops_the_run(course: Path):
    (course / "solution.py").write_text(SQUARE, "utf-8")

    _, solved = run(MAGIC + STARTER, mode="solve")

    assert statuses(solved) == ["failed"]
    assert f"The solution of {SLUG} did not pass: failed (squares)." in text(solved)


@pytest.mark.slow
def test_a_check_that_crashes_costs_the_learner_no_attempt(course: Path):
    (course / "check.py").write_text("def check(answer):\n    return 1 / 0\n", "utf-8")

    _, judged = run(MAGIC + SQUARE)

    assert statuses(judged) == ["judge_failed"]
    assert Store("Ada").attempts(SLUG) == ()


@pytest.mark.slow
def test_where_nothing_can_be_kept_the_verdict_is_shown_with_a_sentence(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "a-file").write_text("no folder", "utf-8")
    monkeypatch.setenv("PRODEV_HOME", str(tmp_path / "a-file"))

    header, judged = run(MAGIC + SOLUTION)

    assert "0 of 1 exercises solved" in text(header)
    assert statuses(judged) == ["passed"]
    assert "This attempt is not kept: " in text(judged)


@pytest.mark.slow
def test_a_wrong_name_is_answered_with_a_sentence(course: Path):
    _, misspelt, unnamed = run("%%exercise python-toolkit/doubles\nx", "%%exercise\nx")

    assert "did you mean 'python-toolkit/double'?" in text(misspelt)
    assert "Name the exercise after %%exercise" in text(unnamed)


def test_quiz_answers_are_kept_and_come_back(course: Path):
    lesson = prodev.begin("python-toolkit", learner="Ada")
    question = lesson.catalog.quiz("python-toolkit")[0].slug
    answer = {"first": 1, "tries": 2, "right": True}

    lesson.quiz().answers = {question: answer}

    assert prodev.begin("python-toolkit", learner="Ada").quiz().answers == {question: answer}
    assert prodev.begin("python-toolkit", learner="Kwame").quiz().answers == {}


def test_an_answer_to_a_question_that_is_gone_is_not_shown(course: Path):
    Store("Ada").save_quiz("python-toolkit", {"gone": {"first": 0, "tries": 1, "right": True}})

    assert prodev.begin("python-toolkit", learner="Ada").quiz().answers == {}


def test_a_quiz_that_cannot_be_kept_says_so(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    lesson = prodev.begin("python-toolkit", learner="Ada")
    quiz = lesson.quiz()
    (tmp_path / "a-file").write_text("no folder", "utf-8")
    monkeypatch.setenv("PRODEV_HOME", str(tmp_path / "a-file"))
    lesson.__dict__["store"] = Store("Ada")
    question = lesson.catalog.quiz("python-toolkit")[0].slug

    quiz.answers = {question: {"first": 0, "tries": 1, "right": False}}

    assert quiz.note.startswith("Your answers are not kept: ")
