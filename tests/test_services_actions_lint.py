"""Three linters read workflows, and each says file, line and rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from prodev.errors import CourseError
from prodev.services.actions import lint_workflow
from prodev.services.service import MissingError, ServiceError
from workflow_repositories import repository, steps

pytestmark = pytest.mark.slow

CLEAN = """\
    name: CI
    on: push
    permissions: {}
    jobs:
      test:
        name: Test
        runs-on: ubuntu-24.04
        steps:
          - run: echo x
    """


def test_a_clean_workflow_has_no_problems(tmp_path: Path) -> None:
    problems = lint_workflow(repository(tmp_path, CLEAN))
    assert [p for p in problems if p.tool != "zizmor"] == []


def test_each_tool_finds_what_it_is_there_for(tmp_path: Path) -> None:
    workflow = steps("echo ${{ github.event.issue.title }}", "echo ${{ nothing.there }}")
    workflow += "      - uses: actions/checkout@main\n    stepz: []\n"
    problems = lint_workflow(repository(tmp_path, workflow))
    rules = {(problem.tool, problem.rule) for problem in problems}
    assert ("zizmor", "template-injection") in rules
    assert ("actionlint", "expression") in rules
    assert ("check-jsonschema", "schema") in rules
    assert all(problem.file == ".github/workflows/ci.yml" for problem in problems)
    schema = next(problem for problem in problems if problem.tool == "check-jsonschema")
    assert "stepz" in schema.message
    assert schema.line == 3  # the job
    injection = next(problem for problem in problems if problem.rule == "template-injection")
    assert injection.line == 6
    assert problems == sorted(problems)


def test_broken_yaml_is_told_with_its_line(tmp_path: Path) -> None:
    problems = lint_workflow(repository(tmp_path, "on: push\njobs: [\n"))
    assert {problem.tool for problem in problems} == {"actionlint", "check-jsonschema"}
    assert all(problem.line >= 2 for problem in problems)


def test_a_workflow_in_the_wrong_folder_is_a_problem(tmp_path: Path) -> None:
    (problem,) = lint_workflow(repository(tmp_path, steps("echo x"), place="ci/ci.yml"))
    assert problem.rule == "wrong-folder"
    assert problem.file == "ci/ci.yml"
    assert ".github/workflows/" in problem.message


def test_a_repository_without_workflows_is_a_problem(tmp_path: Path) -> None:
    (problem,) = lint_workflow(tmp_path)
    assert problem.rule == "no-workflow"


def test_a_tool_that_is_missing_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("prodev.services.actions.program.packaged", lambda *_: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingError, match="pip install"):
        lint_workflow(repository(tmp_path, CLEAN))


def test_a_tool_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    with pytest.raises(ServiceError, match="took longer than"):
        lint_workflow(repository(tmp_path, CLEAN), timeout=0.001)


def test_a_file_in_the_place_of_a_folder_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="is no folder"):
        lint_workflow(tmp_path / "nope")
