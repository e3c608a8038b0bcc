"""What was proved is recorded, and not proved again while nothing has changed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from judge_exercises import MODULE, make_exercise
from prodev import judge
from prodev.judge.proof import matrix, records
from prodev.judge.proof.prove import Proof

SLUG = f"{MODULE}/small"
CHECK = "def check(answer):\n    return None\n"


class Counting:
    """Stands in for the prover: counts what it is asked, and finds ``problems``."""

    def __init__(self):
        self.proved, self.problems = [], []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def prove(self, exercise, *, show):
        show(f"{exercise.slug}: 1 answers")
        self.proved.append(exercise.slug)
        return Proof(
            exercise.slug, solution="passed", starter="not_attempted", problems=[*self.problems]
        )


@pytest.fixture
def prover(monkeypatch):
    counting = Counting()
    monkeypatch.setattr(matrix, "Prover", lambda: counting)
    return counting


@pytest.fixture
def exercise(tmp_path, monkeypatch, prover):
    (tmp_path / "tests").mkdir()
    monkeypatch.setenv("PRODEV_COURSE", str(tmp_path))
    return make_exercise(tmp_path, CHECK)


@pytest.fixture
def record(tmp_path):
    return tmp_path / "tests/proofs" / f"{SLUG}.json"


@pytest.fixture
def proving(prodev, prover):
    """Prove on the command line; say what was proved and not taken from a record."""

    def run(*options):
        prover.proved.clear()
        result = prodev("exercises", "prove", *options)
        return result, [*prover.proved]

    return run


def test_what_was_proved_is_not_proved_again(exercise, record, proving):
    first, proved = proving("--format", "json")
    assert proved == [SLUG]
    assert json.loads(record.read_text("utf-8"))["solution"] == "passed"
    again, proved = proving("--format", "json")

    assert (again.stdout, again.stderr, proved) == (first.stdout, "", [])


def test_all_proves_afresh(exercise, proving):
    proving()

    assert proving("--all")[1] == [SLUG]
    assert proving()[1] == []


FILES = ("exercise.toml", "check.py", "starter.py", "solution.py", "right/same.py")


@pytest.mark.parametrize("file", [*FILES, "wrong/wrong-value.py"])
def test_a_change_of_any_file_is_proved(exercise, proving, file):
    proving()
    with (exercise.folder / file).open("a", encoding="utf-8") as opened:
        opened.write("# changed\n")

    assert proving()[1] == [SLUG]
    assert proving()[1] == []


def test_an_answer_that_came_or_was_renamed_is_proved(exercise, proving):
    proving()
    right = exercise.folder / "right/same.py"
    (right.with_name("added.py")).write_text("x = 1\n")
    assert proving()[1] == [SLUG]
    right.rename(right.with_name("alike.py"))

    assert proving()[1] == [SLUG]


def test_compiled_files_change_no_proof(exercise, proving):
    proving()
    (exercise.folder / "__pycache__").mkdir()
    (exercise.folder / "__pycache__/check.pyc").write_bytes(b"x")

    assert proving()[1] == []


@pytest.mark.parametrize(
    "file", ["wire.py", "timeline.py", "box/peer.py", "sandbox/seccomp.py", "proof/prove.py"]
)
def test_a_proof_depends_on_the_judge_that_made_it(exercise, monkeypatch, file):
    before = records.digest(exercise)
    path = Path(judge.__file__).parent / file
    read = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda p: read(p) + (b"#" if p == path else b""))

    assert records.digest(exercise) != before


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", "7", '{"digest": 1}', "{", "\xff"])
def test_a_record_that_cannot_be_read_is_no_proof(exercise, record, proving, text):
    record.parent.mkdir(parents=True)
    record.write_text(text, "latin-1")
    result, proved = proving()

    assert (result.exit_code, proved) == (0, [SLUG])
    assert json.loads(record.read_text("utf-8"))["slug"] == SLUG


def test_an_exercise_that_no_longer_holds_loses_its_record(exercise, record, prover, proving):
    proving()
    assert record.exists()
    prover.problems = [f"{SLUG}, check.py: does not hold."]

    result, _ = proving("--all")
    assert (result.exit_code, record.exists()) == (1, False)
    assert f"{SLUG}, check.py: does not hold.\n" in result.stderr
    assert proving()[1] == [SLUG]


def test_without_a_folder_for_tests_nothing_is_recorded(tmp_path, exercise, proving):
    (tmp_path / "tests").rmdir()

    assert proving()[1] == [SLUG]
    assert proving()[1] == [SLUG]
    assert [path.name for path in tmp_path.iterdir()] == ["data"]
