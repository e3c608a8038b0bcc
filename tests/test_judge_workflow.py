"""The judge of workflows: where a file lies, what fires it, and what its runs tell a check."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from textwrap import dedent

import pytest

from judge_exercises import make_exercise
from prodev.catalog.exercise import Exercise
from prodev.judge import Judge, Verdict
from prodev.judge.kinds import kind_of
from prodev.judge.kinds.workflow.mutants import workflow_mutants
from prodev.judge.kinds.workflow.place import body_of, is_found, is_inside, path_of
from prodev.judge.kinds.workflow.project import make_project
from prodev.judge.kinds.workflow.refusals import refusals

TEST = dedent("""\
    # file: .github/workflows/test.yml
    on:
      push:
        branches: [main]
      pull_request:
    jobs:
      test:
        runs-on: ubuntu-latest
        steps:
          - uses: actions/checkout@v5
          - run: test "$(cat README.md)" = good && echo it is good
    """)
# What a check of these tests tells: everything that a run has.
TELL = """
import json
from prodev.judge import Finding

def check(answer):
    told = [{run}]
    return Finding("told", **{{f"n{{n}}": json.dumps(each) for n, each in enumerate(told)}})
"""


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge() as judge:
        if not judge.isolation()["programs"]:
            pytest.skip("the judge starts no programs here: allow user namespaces")
        yield judge


def exercise_of(folder: Path, run: str) -> Exercise:
    return make_exercise(
        folder,
        TELL.format(run=run),
        kind="workflow",
        suffix=".yml",
        starter="# file: x\non: push\n",
        solution=TEST,
        wrong={"told": ("This is told.", TEST + "\n")},
        limits={"seconds": 20, "memory_mb": 512},
    )


def told(judge: Judge, folder: Path, source: str, run: str) -> list[object]:
    verdict = judge.judge(exercise_of(folder, run), source)
    assert verdict.code == "told", verdict
    return [json.loads(text) for key, text in verdict.evidence.items() if key != "printed"]


def run(files: str = '{"README.md": "good"}', *more: str, ask: str = "result") -> str:
    return f"answer.run({', '.join((files, *more))}).{ask}"


@pytest.mark.parametrize(
    ("source", "path"),
    [
        ("# file: .github/workflows/a.yml\non: push", ".github/workflows/a.yml"),
        ("\n\n#file:   ./x/a.yml  \r\non: push", "x/a.yml"),
        ("# File: `a.yml`\n", "a.yml"),
        ("on: push\n# file: a.yml\n", ""),
        ("# the file: a.yml\n", ""),
        ("", ""),
    ],
)
def test_the_first_line_says_where_the_file_lies(source: str, path: str) -> None:
    assert path_of(source) == path
    if path:
        assert "file" not in body_of(source).lower()


@pytest.mark.parametrize(
    ("path", "found"),
    [
        (".github/workflows/a.yml", True),
        (".github/workflows/a.yaml", True),
        (".github/workflows/a.txt", False),
        (".github/workflows/.yml", False),
        (".github/workflows/deep/a.yml", False),
        ("x/.github/workflows/a.yml", False),
        (".github/workflow/a.yml", False),
        ("a.yml", False),
    ],
)
def test_github_looks_into_one_folder_only(path: str, found: bool) -> None:
    assert is_found(path) is found


@pytest.mark.parametrize("path", ["../a.yml", "/a.yml", "~/a.yml", "a/../../b.yml", "", "a\0.yml"])
def test_a_path_outside_of_the_repository_is_told(path: str) -> None:
    assert not is_inside(path)


@pytest.mark.parametrize(
    ("job", "refused"),
    [
        ({"container": "alpine"}, True),
        ({"services": {"db": {}}}, True),
        ({"uses": "a/b/.github/workflows/c.yml@v1"}, True),
        ({"steps": [{"uses": "docker://a"}]}, True),
        ({"steps": [{"uses": "Docker://a"}]}, True),
        ({"steps": [{"uses": "./../x"}]}, True),
        ({"steps": [{"uses": "a/b/../../c@v1"}]}, True),
        ({"steps": [{"uses": "actions/checkout@v5"}, {"run": "docker build ."}]}, False),
        ({"steps": "text"}, False),
        ({"steps": [None, 3, {"uses": None}]}, False),
    ],
)
def test_containers_and_actions_from_elsewhere_are_refused(job: object, refused: bool) -> None:
    assert bool(refusals({"jobs": {"a": job}})) is refused


def test_a_change_of_the_place_alone_is_an_attempt() -> None:
    kind = kind_of("workflow")
    assert not kind.attempted(TEST, TEST)
    assert not kind.attempted(TEST.replace("  test:\n", "  # here\n\n  test:\n"), TEST)
    assert kind.attempted(TEST.replace("# file: ", "# file: service/"), TEST)
    assert kind.attempted(TEST.replace("main", "dev"), TEST)
    assert not kind.attempted("# file: .github/workflows/other.yml\n", TEST)


def test_mutants_keep_the_place_and_move_the_file() -> None:
    mutants = workflow_mutants(TEST, ".yml")
    assert len({mutant.id for mutant in mutants}) == len(mutants) > 15
    moved = [mutant for mutant in mutants if mutant.operator == "MoveFile"]
    assert moved
    assert not any(is_found(path_of(mutant.source)) for mutant in moved)
    assert all(is_found(path_of(m.source)) for m in mutants if m.operator != "MoveFile")


def test_each_seed_draws_other_numbers_and_every_defect_changes_one_file() -> None:
    one, other = make_project(Random(1)), make_project(Random(2))
    assert one.files != other.files
    for project in (one, other, make_project(Random(1))):
        assert len(project.defects) == 8
        for defect in project.defects:
            changed = [name for name in project.files if defect.files[name] != project.files[name]]
            assert changed == [defect.file]
        assert len(project.one_of_each_file()) == 3
    assert make_project(Random(1)) == one


@pytest.mark.slow
def test_a_check_sees_results_steps_and_logs(judge: Judge, tmp_path: Path) -> None:
    steps = '[[s["result"], s["log"][-1:]] for s in answer.run({"README.md": "good"}).steps]'
    uses = run(ask='uses("actions/checkout")')
    asked = ", ".join([run(), run("{}"), uses, steps])
    good, bad, used, listed = told(judge, tmp_path, TEST, asked)
    assert (good, bad, used) == ("success", "failure", True)
    assert [result for result, _ in listed] == ["success", "success"]  # type: ignore[attr-defined]
    assert listed[-1][1] == ["it is good"]  # type: ignore[index]


@pytest.mark.slow
def test_events_branches_and_paths_decide_what_runs(judge: Judge, tmp_path: Path) -> None:
    source = TEST.replace("[main]", "[main]\n    paths: ['src/**']").replace(
        "pull_request:", "pull_request: {branches: [main], types: [opened]}"
    )
    files = '{"README.md": "good"}'
    asked = [
        run(files),
        run(files, 'changed=["src/a.py"]'),
        run(files, 'changed=["README.md"]'),
        run(files, 'branch="dev"'),
        run(files, '"pull_request"'),
        run(files, '"pull_request"', 'branch="dev"'),
        run(files, '"release"'),
    ]
    never = "never fired"
    assert told(judge, tmp_path, source, ", ".join(asked)) == [
        "success", "success", never, never, "success", never, never,
    ]  # fmt: skip


@pytest.mark.slow
def test_a_file_in_another_folder_never_fires(judge: Judge, tmp_path: Path) -> None:
    source = TEST.replace("# file: ", "# file: service/")
    (result, reason) = told(judge, tmp_path, source, f"{run()}, {run(ask='reason')}")
    assert result == "never fired"
    assert "service/.github/workflows/test.yml lies in the wrong folder" in str(reason)


@pytest.mark.slow
def test_the_linter_is_asked_as_if_the_file_lay_in_the_right_place(
    judge: Judge, tmp_path: Path
) -> None:
    source = TEST.replace("# file: .github/workflows/", "# file: x/").replace("steps:", "step:")
    (problems,) = told(judge, tmp_path, source, '[p["rule"] for p in answer.problems()]')
    assert "syntax-check" in problems  # type: ignore[operator]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("# file: a.yml\non: [push\n", "cannot be read as YAML"),
        (TEST.replace("    runs-on", "    container: alpine\n    runs-on"), "for this judge"),
        (TEST.replace("runs-on: ubuntu-latest", "runs-on: [3"), "cannot be read as YAML"),
    ],
)
def test_what_cannot_be_read_is_the_learners_error_and_named(
    source: str, said: str, judge: Judge, tmp_path: Path
) -> None:
    verdict: Verdict = judge.judge(exercise_of(tmp_path, run()), source)
    assert (verdict.status, verdict.code) == ("error", "raised")
    assert said in verdict.message


@pytest.mark.slow
def test_the_time_of_all_runs_together_is_limited(judge: Judge, tmp_path: Path) -> None:
    source = TEST.replace("echo it is good", "sleep 1")
    asked = ", ".join([run()] * 20)
    verdict = judge.judge(exercise_of(tmp_path, asked), source, seconds=3)
    assert (verdict.status, verdict.code) == ("timeout", "timeout")
    assert 2 < verdict.seconds < 8


@pytest.mark.slow
def test_without_act_the_exercise_is_unavailable(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PRODEV_ACT", str(tmp_path))
    assert "PRODEV_ACT" in kind_of("workflow").missing()


@pytest.mark.slow
def test_the_scaffold_of_a_new_exercise_holds(tmp_path: Path, judge: Judge) -> None:
    files = kind_of("workflow").scaffold()
    (right,) = [text for path, text in files.items() if path.startswith("right/")]
    (wrong,) = [text for path, text in files.items() if path.startswith("wrong/")]
    exercise = make_exercise(
        tmp_path,
        files["check.py"],
        kind="workflow",
        suffix=".yml",
        starter=files["starter.yml"],
        solution=files["solution.yml"],
        wrong={"not-green": ("It is {result}.", wrong)},
        limits={"seconds": 20, "memory_mb": 512},
    )
    answers = (exercise.solution, right, wrong, exercise.starter)
    verdicts = [judge.judge(exercise, answer) for answer in answers]
    assert [verdict.code or verdict.status for verdict in verdicts] == [
        "passed", "passed", "not-green", "not_attempted",
    ]  # fmt: skip
