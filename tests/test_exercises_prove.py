"""``prodev exercises prove``: what does not hold is named, with the file and the reason."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from random import Random

import pytest

from judge_exercises import MODULE, make_exercise
from prodev.judge.kinds.python import Python
from prodev.judge.mutants import python_mutants
from prodev.judge.proof import matrix, prove

pytestmark = pytest.mark.slow

SLUG = f"{MODULE}/small"
SOLUTION = "def double(number):\n    return 2 * number\n"
CHECK = """\
from prodev.judge import Finding, same

def check(answer):
    for number in (0, 1, answer.random.randrange(2, 1000)):
        got = answer.call("double", number)
        if not same(got, 2 * number):
            return Finding("wrong-value", got=got)
"""
COLUMNS = [
    "slug",
    "solution",
    "starter",
    "wrong_total",
    "wrong_named",
    "right_total",
    "right_passed",
    "mutants",
    "killed",
    "equivalent",
]


@pytest.fixture(scope="module")
def judges() -> Iterator[prove.Prover]:
    """Judges of one pair of seeds: what is tested here differs in no other."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(prove, "SEEDS", prove.SEEDS[:1])
        prover = prove.Prover()
    with prover as opened:
        yield opened


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course of its own, with a place for records."""
    (tmp_path / "tests").mkdir()
    monkeypatch.setenv("PRODEV_COURSE", str(tmp_path))
    return tmp_path


@pytest.fixture
def proving(course, prodev, monkeypatch, judges):
    """Prove on the command line; ``proved`` has the slugs that were not taken from a record."""
    proved: list[str] = []

    class Borrowed:
        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

        def prove(self, exercise, *, show):
            proved.append(exercise.slug)
            return judges.prove(exercise, show=show)

    monkeypatch.setattr(matrix, "Prover", Borrowed)
    monkeypatch.setattr(prove, "SEEDS", prove.SEEDS[:1])

    def run(*options):
        proved.clear()
        return prodev("exercises", "prove", "--module", MODULE, *options)

    run.proved = proved
    return run


def problems(result):
    """The sentences on stderr, without those on what comes next."""
    lines = result.stderr.splitlines()
    return [line for line in lines if not re.fullmatch(r"\S+: \d+ (answers|mutants)", line)]


def change(exercise, file, old, new):
    path = exercise.folder / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_an_exercise_that_holds_is_a_row_of_the_matrix(course, proving):
    exercise = make_exercise(course, CHECK)
    result = proving("--format", "json")

    assert (result.exit_code, problems(result)) == (0, [])
    (row,) = json.loads(result.stdout)
    assert list(row) == COLUMNS
    found = len(python_mutants(exercise.solution))
    assert found > 5
    assert row == {
        "slug": SLUG,
        "solution": "passed",
        "starter": "not_attempted",
        "wrong_total": 1,
        "wrong_named": 1,
        "right_total": 1,
        "right_passed": 1,
        "mutants": found,
        "killed": found,
        "equivalent": 0,
    }


def test_the_table_has_a_line_for_each_exercise(course, proving):
    for name in ("one", "two"):
        make_exercise(course, CHECK, name=name)
    result = proving()

    assert result.exit_code == 0
    assert [line.split()[0] for line in result.stdout.splitlines() if "/" in line] == [
        f"{MODULE}/one",
        f"{MODULE}/two",
    ]


# What makes it fail, each with the sentence that begins so


def deletes_the_solution(exercise):
    (exercise.folder / "solution.py").unlink()
    return f"data/exercises/{SLUG}/solution.*: the file is missing; write it."


def adds_an_unknown_key(exercise):
    change(exercise, "exercise.toml", "points = 10", "points = 10\nlevel = 3")
    return f"data/exercises/{SLUG}/exercise.toml, column 'level': unknown name; remove it."


def names_an_unknown_kind(exercise):
    change(exercise, "exercise.toml", '"python"', '"pythons"')
    return (
        f"data/exercises/{SLUG}/exercise.toml, column 'kind': there is no kind of exercise named "
        "'pythons'; did you mean 'python'?"
    )


def has_answers_of_another_suffix(exercise):
    for path in exercise.folder.rglob("*.py"):
        if path.name != "check.py":
            path.rename(path.with_suffix(".sql"))
    return f"data/exercises/{SLUG}/starter.sql: an answer of kind 'python' must end in '.py'."


def has_a_wrong_answer_that_passes(exercise):
    (exercise.folder / "wrong/wrong-value.py").write_text(SOLUTION.replace("2 *", "number +"))
    return (
        f"{SLUG}, wrong/wrong-value.py: the judge says passed where failed (wrong-value) is "
        "expected; Your answer holds."
    )


def has_a_wrong_answer_of_another_code(exercise):
    change(exercise, "exercise.toml", "[wrong.", "[wrong.other]\nmessage = 'x'\n[wrong.")
    (exercise.folder / "wrong/other.py").write_text("def double(number):\n    return 1\n")
    return (
        f"{SLUG}, wrong/other.py: the judge says failed (wrong-value) where failed (other) is "
        "expected; {'got': 1}."
    )


def has_a_wrong_answer_that_raises(exercise):
    (exercise.folder / "wrong/wrong-value.py").write_text("def double(n):\n    return 1 / 0\n")
    return (
        f"{SLUG}, wrong/wrong-value.py: the judge says error (raised) where failed (wrong-value) "
        "is expected; {'call': 'double(0)', 'error': 'ZeroDivisionError: division by zero'"
    )


def has_a_check_that_crashes(exercise):
    (exercise.folder / "check.py").write_text("\n\ndef check(answer):\n    return {}['a']\n")
    return f"{SLUG}, check.py, line 4: crashes (KeyError: 'a') on solution.py."


def has_a_check_that_crashes_on_odd_answers(exercise):
    change(exercise, "check.py", "if not same(got, 2 * number)", "if got < 0 or got != 2 * number")
    return (
        f"{SLUG}, check.py, line 6: crashes (TypeError: '<' not supported between instances of "
        "'NoneType' and 'int') on the degenerate answer 'returns-none'."
    )


def has_a_check_that_is_no_python(exercise):
    (exercise.folder / "check.py").write_text("def check(answer:\n")
    return f"{SLUG}, check.py, line 1: crashes (SyntaxError: '(' was never closed) on solution.py."


def has_a_solution_that_fails(exercise):
    change(exercise, "solution.py", "2 *", "3 *")
    return f"{SLUG}, solution.py: the judge says failed (wrong-value) where passed is expected; "


def has_another_answer_that_fails(exercise):
    (exercise.folder / "right/same.py").write_text("def double(number):\n    return 7\n")
    return f"{SLUG}, right/same.py: the judge says failed (wrong-value) where passed is expected; "


def has_a_check_of_another_name(exercise):
    change(exercise, "check.py", "def check", "def unused")
    return f"{SLUG}, check.py: crashes (LookupError: check.py defines no function check(answer))"


def has_a_message_of_more_than_was_observed(exercise):
    change(exercise, "exercise.toml", "{got}", "{expected}")
    return f"{SLUG}, check.py: crashes (KeyError: 'expected') on wrong/wrong-value.py."


BREAKS = [
    deletes_the_solution,
    adds_an_unknown_key,
    names_an_unknown_kind,
    has_answers_of_another_suffix,
    has_a_wrong_answer_that_passes,
    has_a_wrong_answer_of_another_code,
    has_a_wrong_answer_that_raises,
    has_a_check_that_crashes,
    has_a_check_that_crashes_on_odd_answers,
    has_a_check_that_is_no_python,
    has_a_solution_that_fails,
    has_another_answer_that_fails,
    has_a_check_of_another_name,
    has_a_message_of_more_than_was_observed,
]


@pytest.mark.parametrize("broken", BREAKS, ids=lambda broken: broken.__name__)
def test_an_exercise_that_does_not_hold_is_named_with_file_and_reason(course, proving, broken):
    sentence = broken(make_exercise(course, CHECK))
    make_exercise(course, CHECK, name="other")
    result = proving("--format", "json")

    assert result.exit_code == 1
    found = problems(result)
    assert any(problem.startswith(sentence) for problem in found), found
    assert all(problem.startswith((SLUG, f"data/exercises/{SLUG}/")) for problem in found)
    assert "Traceback" not in result.stderr
    rows = {row["slug"]: row for row in json.loads(result.stdout)}
    assert rows[f"{MODULE}/other"]["solution"] == "passed"  # the others are proved all the same


def test_two_exercises_with_the_same_order_do_not_hold_together(course, proving):
    make_exercise(course, CHECK)
    change(make_exercise(course, CHECK, name="other"), "exercise.toml", "order = 2", "order = 1")
    result = proving()

    assert result.exit_code == 1
    (problem,) = problems(result)
    assert "column 'order': '1' stands 2 times" in problem


# Mutants

BLIND = CHECK.replace("(0, 1, answer.random.randrange(2, 1000))", "(0,)")


def survivors(result):
    said = r"check\.py: mutant ([0-9a-f]{8}) survives \(solution line (\d+), [\w/]+: (.*?) became"
    return re.findall(said, result.stderr)


def test_a_mutant_that_survives_is_named_with_its_line(course, proving):
    make_exercise(course, BLIND)
    result = proving("--format", "json")

    assert result.exit_code == 1
    found = survivors(result)
    assert {(line, before) for _, line, before in found} == {("2", "'return 2 * number'")}
    (row,) = json.loads(result.stdout)
    assert row["mutants"] - row["killed"] == len(found)
    assert row["equivalent"] == 0
    assert not list((course / "tests").rglob("*.json"))


def test_a_system_that_is_missing_is_no_failure_and_no_proof(course, proving, monkeypatch):
    make_exercise(course, CHECK)
    monkeypatch.setattr(Python, "missing", lambda _: "RabbitMQ is not here; install it.")
    result = proving("--format", "json")

    assert (result.exit_code, problems(result)) == (0, [])
    (row,) = json.loads(result.stdout)
    assert (row["solution"], row["starter"]) == ("unavailable", "not_attempted")
    assert (row["wrong_named"], row["right_passed"], row["mutants"]) == (0, 0, 0)
    assert not list((course / "tests").rglob("*.json"))


# The whole command, with all pairs of seeds


@pytest.mark.parametrize("kind", ["python", "file"])
def test_a_new_exercise_of_each_kind_proves_green(course, prodev, repository, kind):
    (course / "data").mkdir()
    (course / "data/modules.toml").write_bytes((repository / "data/modules.toml").read_bytes())
    made = prodev("exercises", "new", MODULE, "try-out", "--kind", kind)
    assert made.exit_code == 0, made.output
    result = prodev("exercises", "prove", "--module", MODULE, "--format", "json")

    assert (result.exit_code, problems(result)) == (0, [])
    (row,) = json.loads(result.stdout)
    assert row["wrong_named"] == row["wrong_total"] > 0
    assert row["right_passed"] == row["right_total"] > 0
    assert row["killed"] == row["mutants"] > 0


def test_what_holds_for_one_seed_only_is_found(course, prodev):
    lucky = CHECK.replace("2 * number):", "2 * number) and chance < 0.5:")
    lucky = lucky.replace("    for number", "    chance = answer.random.random()\n    for number")
    chances = [Random(f"{SLUG} {seed}").random() < 0.5 for seed, _ in prove.SEEDS]
    assert chances[0]
    assert not all(chances)
    make_exercise(course, lucky)
    result = prodev("exercises", "prove", "--module", MODULE)

    assert result.exit_code == 1
    assert any("wrong/wrong-value.py: the judge says passed" in line for line in problems(result))


def test_an_answer_that_depends_on_the_hash_seed_is_found(course, prodev):
    shaky = "def double(number):\n    return 2 * number + hash('a') % 2\n"
    make_exercise(course, CHECK, right={"shaky": shaky})
    result = prodev("exercises", "prove", "--module", MODULE)

    assert result.exit_code == 1
    assert any(line.startswith(f"{SLUG}, right/shaky.py") for line in problems(result))


def test_an_unknown_module_is_wrong_input(course, prodev):
    make_exercise(course, CHECK)
    result = prodev("exercises", "prove", "--module", "python-toolkits")

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "There is no module 'python-toolkits'; did you mean 'python-toolkit'?\n"
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((MODULE, "small", "--kind", "python"), f"The exercise {SLUG} exists already; choose"),
        ((MODULE, "Small", "--kind", "python"), "'Small' is no slug; write lower case and hyphens"),
        (
            (MODULE, "other", "--kind", "pythons"),
            "There is no kind of exercise named 'pythons'; did",
        ),
        (("python", "other"), "There is no module 'python'; there are start, python-toolkit"),
    ],
)
def test_a_new_exercise_that_cannot_be_is_refused_with_a_sentence(course, prodev, arguments, said):
    exercise = make_exercise(course, CHECK)
    before = sorted(course.rglob("*"))
    result = prodev("exercises", "new", *arguments)

    assert result.exit_code == 2
    assert result.stderr.startswith(said)
    assert sorted(course.rglob("*")) == before
    assert exercise.solution == SOLUTION
