"""Workflows are really run by act, in a private home, and what they did is told as it was."""

from __future__ import annotations

import base64
import os
import platform
import shutil
import sys
from pathlib import Path

import pytest

from judge_processes import alive
from prodev.errors import CourseError
from prodev.services.actions import GitHubActions
from prodev.services.service import MissingError
from workflow_repositories import repository, steps

pytestmark = pytest.mark.slow

CHECKOUT = "      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683\n"


@pytest.fixture
def actions() -> GitHubActions:
    service = GitHubActions()
    try:
        service.find()
    except MissingError as missing:
        pytest.skip(str(missing))
    return service


def test_act_comes_from_the_environment_and_says_its_version(actions: GitHubActions) -> None:
    found = actions.find("embedded")
    assert found.state == "embedded"
    assert found.provider.startswith("act 0.")
    assert actions.describe().system == "GitHub Actions"


def test_a_folder_without_act_is_missing_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="PRODEV_ACT"):
        GitHubActions().find(address=str(tmp_path))


def test_each_step_tells_its_result_and_what_it_wrote(
    actions: GitHubActions, tmp_path: Path
) -> None:
    workflow = steps("echo one", "echo two >&2; exit 3", "echo three")
    run = actions.run_workflow(repository(tmp_path, workflow))
    assert run.result == "failure"
    job = run.job("test")
    assert job.result == "failure"
    assert [step.result for step in job.steps] == ["success", "failure", "skipped"]
    assert job.steps[0].log == ("one",)
    assert "two" in job.steps[1].log
    assert run.engine.startswith("act 0.")


def test_all_that_a_failed_step_wrote_is_told(actions: GitHubActions, tmp_path: Path) -> None:
    much = "seq 1 3000; echo -n 'no end of line' >&2; exit 9"
    run = actions.run_workflow(repository(tmp_path, steps("echo one", much)))
    log = run.job("test").steps[1].log
    assert log[:3000] == tuple(str(number) for number in range(1, 3001))
    assert log[3000] == "no end of line"
    assert log[3001:] == ("exit status 9",)


def test_a_step_sees_no_shell_but_the_machines(actions: GitHubActions, tmp_path: Path) -> None:
    workflow = steps("command -v bash", "x=$(bash -c 'echo in; exit 3') || echo $x.$?; exit 1")
    seen = actions.run_workflow(repository(tmp_path, workflow)).job("test").steps
    assert seen[0].log == (shutil.which("bash"),)
    assert seen[1].log[0] == "in.3"


def test_a_job_that_needs_a_failed_one_is_skipped_and_says_why(
    actions: GitHubActions, tmp_path: Path
) -> None:
    after = (
        "  after:\n    needs: test\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo x\n"
    )
    run = actions.run_workflow(repository(tmp_path, steps("exit 1") + after))
    assert run.job("after").result == "skipped"
    assert run.job("after").reason == "it needs test, which did not succeed"


def test_a_matrix_gives_a_job_for_each_value(actions: GitHubActions, tmp_path: Path) -> None:
    more = "    strategy:\n      matrix:\n        color: [red, blue]\n"
    workflow = steps('test "${{ matrix.color }}" = red', more=more)
    run = actions.run_workflow(repository(tmp_path, workflow))
    results = {dict(job.matrix)["color"]: job.result for job in run.jobs}
    assert results == {"red": "success", "blue": "failure"}


@pytest.mark.parametrize("place", ["ci.yml", "workflows/ci.yml", ".github/ci.yml"])
def test_a_workflow_in_the_wrong_folder_never_fires_and_hears_where_it_must_lie(
    actions: GitHubActions, tmp_path: Path, place: str
) -> None:
    run = actions.run_workflow(repository(tmp_path, steps("echo x"), place=place))
    assert run.result == "never fired"
    assert run.job("test").result == "never fired"
    assert place in run.reason
    assert ".github/workflows/" in run.reason


@pytest.mark.parametrize(
    ("on", "event", "branch", "fires"),
    [
        ("push", "push", "main", True),
        ("push", "pull_request", "main", False),
        ("[push, pull_request]", "pull_request", "main", True),
        ("{push: {branches: [main]}}", "push", "main", True),
        ("{push: {branches: [main]}}", "push", "feature/x", False),
        ("{push: {branches: ['feature/**']}}", "push", "feature/a/b", True),
        ("{push: {branches: ['feature/*']}}", "push", "feature/a/b", False),
        ("{push: {branches: ['**', '!main']}}", "push", "main", False),
        ("{push: {branches-ignore: [main]}}", "push", "main", False),
        ("{push: {tags: ['v*']}}", "push", "main", False),
    ],
)
def test_a_workflow_fires_for_its_event_and_branch_only(  # noqa: PLR0917
    actions: GitHubActions, tmp_path: Path, on: str, event: str, branch: str, fires: bool
) -> None:
    folder = repository(tmp_path, steps("echo x", on=on))
    run = actions.run_workflow(folder, event, branch=branch)
    assert run.result == ("success" if fires else "never fired")
    assert bool(run.reason) is not fires


def test_the_workspace_is_empty_without_a_checkout(actions: GitHubActions, tmp_path: Path) -> None:
    folder = repository(tmp_path, steps("test -e data.txt"), data__txt="x")
    assert actions.run_workflow(folder).result == "failure"
    with_checkout = steps().replace("    steps:\n", "    steps:\n" + CHECKOUT)
    repository(tmp_path, with_checkout + "      - run: test -e data.txt\n")
    run = actions.run_workflow(folder)
    assert run.result == "success"
    assert run.job("test").steps[0].stand_in.startswith("actions/checkout@")
    assert "Stand-in: checkout copies the repository's folder." in run.notes


def test_steps_change_nothing_in_the_repository(actions: GitHubActions, tmp_path: Path) -> None:
    workflow = steps().replace("    steps:\n", "    steps:\n" + CHECKOUT)
    folder = repository(tmp_path, workflow + "      - run: rm data.txt\n", data__txt="x")
    assert actions.run_workflow(folder).result == "success"
    assert sorted(path.name for path in folder.iterdir()) == [".github", "data.txt"]


def test_setup_python_gives_this_python_in_an_environment_of_its_own(
    actions: GitHubActions, tmp_path: Path
) -> None:
    use = "      - uses: actions/setup-python@v5\n        with:\n          python-version: '3.x'\n"
    show = (
        "      - run: python -c 'import sys, pytest; print(sys.version.split()[0], sys.prefix)'\n"
    )
    workflow = steps().replace("    steps:\n", "    steps:\n" + use + show)
    run = actions.run_workflow(repository(tmp_path, workflow))
    assert run.result == "success", run
    version, prefix = run.job("test").steps[1].log[0].split(maxsplit=1)
    assert version == platform.python_version()
    assert prefix != sys.prefix


def test_an_action_without_a_stand_in_fails_and_says_so(
    actions: GitHubActions, tmp_path: Path
) -> None:
    use = "      - uses: someone/something@v1\n"
    run = actions.run_workflow(
        repository(tmp_path, steps().replace("    steps:\n", "    steps:\n" + use))
    )
    assert run.result == "failure"
    log = " ".join(run.job("test").steps[0].log)
    assert "someone/something@v1 is not on this machine" in log


def test_a_workflow_sees_nothing_of_the_users_environment(
    actions: GitHubActions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_SECRET_TOKEN", "very-secret")
    monkeypatch.setenv("GITHUB_TOKEN", "very-secret")
    run = actions.run_workflow(
        repository(tmp_path, steps("env", "cat /proc/$PPID/environ || true", 'echo "$HOME"')),
        env={"GIVEN": "yes"},
    )
    log = "\n".join(line for step in run.job("test").steps for line in step.log)
    assert "very-secret" not in log
    assert "GIVEN=yes" in log
    assert run.job("test").steps[2].log != (os.environ.get("HOME", ""),)


def test_files_of_variables_in_the_repository_are_not_read(
    actions: GitHubActions, tmp_path: Path
) -> None:
    folder = repository(tmp_path, steps('test -z "$FROM_FILE"'))
    (folder / ".env").write_text("FROM_FILE=1\n")
    (folder / ".actrc").write_text("--env FROM_FILE=1\n")
    assert actions.run_workflow(folder).result == "success"


@pytest.mark.parametrize("secret", ["s3cret-words", 'a"b$HOME\\c', "two\nlines"])
def test_a_secret_arrives_as_it_is_and_is_masked(
    actions: GitHubActions, tmp_path: Path, secret: str
) -> None:
    workflow = steps('printf %s "$TOKEN" | base64 -w0', 'echo "$TOKEN"').replace(
        "    steps:\n", "    env:\n      TOKEN: ${{ secrets.TOKEN }}\n    steps:\n"
    )
    run = actions.run_workflow(repository(tmp_path, workflow), secrets={"TOKEN": secret})
    encoded, shown = (step.log for step in run.job("test").steps)
    assert base64.b64decode(encoded[0]).decode() == secret
    assert all(part not in line for line in shown for part in secret.splitlines())


def test_a_run_that_takes_too_long_is_ended(actions: GitHubActions, tmp_path: Path) -> None:
    file = tmp_path / "pid"
    folder = repository(tmp_path / "repo", steps(f"echo $$ > '{file}'; sleep 600"))
    run = actions.run_workflow(folder, timeout=1.5)
    assert run.result == "timed out"
    assert run.job("test").steps[0].result == "cancelled"
    assert not alive(int(file.read_text()))


def test_a_file_that_act_refuses_is_invalid_and_says_where(
    actions: GitHubActions, tmp_path: Path
) -> None:
    run = actions.run_workflow(repository(tmp_path, steps("echo x").replace("steps:", "step:")))
    assert run.result == "invalid"
    assert "Unknown Property step" in run.reason
    assert run.job("test").result == "never fired"


def test_services_and_foreign_runners_are_told_not_hidden(
    actions: GitHubActions, tmp_path: Path
) -> None:
    more = "    services:\n      db:\n        image: postgres:16\n"
    windows = "  win:\n    runs-on: windows-latest\n    steps:\n      - run: echo x\n"
    run = actions.run_workflow(repository(tmp_path, steps("echo x", more=more) + windows))
    assert "test: its services are not started; its steps run on this machine." in run.notes
    assert run.job("win").result == "skipped"
    assert "windows-latest" in run.job("win").reason


def test_artifacts_are_kept_where_the_caller_wants_them(
    actions: GitHubActions, tmp_path: Path
) -> None:
    upload = (
        "      - uses: actions/upload-artifact@v4\n"
        "        with:\n          name: report\n          path: out/*.txt\n"
    )
    workflow = steps("mkdir out; echo x > out/a.txt") + upload
    kept = tmp_path / "kept"
    run = actions.run_workflow(repository(tmp_path / "repo", workflow), artifacts=kept)
    assert run.result == "success"
    assert (kept / "report" / "out" / "a.txt").read_text() == "x\n"


def test_one_job_can_be_asked_for_and_an_unknown_one_is_named(
    actions: GitHubActions, tmp_path: Path
) -> None:
    other = "  other:\n    runs-on: ubuntu-latest\n    steps:\n      - run: exit 1\n"
    folder = repository(tmp_path, steps("echo x") + other)
    run = actions.run_workflow(folder, job="test")
    assert run.result == "success"
    assert run.job("other").reason == "only test was asked for"
    with pytest.raises(CourseError, match="no job 'nope'"):
        actions.run_workflow(folder, job="nope")


def test_a_path_with_spaces_and_letters_beyond_ascii_works(
    actions: GitHubActions, tmp_path: Path
) -> None:
    workflow = steps().replace("    steps:\n", "    steps:\n" + CHECKOUT)
    workflow += "      - run: test -e data.txt\n"
    folder = repository(tmp_path / "größe und mehr", workflow, data__txt="x")
    assert actions.run_workflow(folder).result == "success"


def test_a_payload_reaches_the_workflow(actions: GitHubActions, tmp_path: Path) -> None:
    workflow = steps('test "${{ github.event.head_commit.message }}" = fix', on="push")
    run = actions.run_workflow(
        repository(tmp_path, workflow), event_payload={"head_commit": {"message": "fix"}}
    )
    assert run.result == "success"


def test_no_folder_is_left(
    actions: GitHubActions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "tmp"
    place.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(place))
    actions.run_workflow(repository(tmp_path / "repo", steps("echo x")))
    assert list(place.iterdir()) == []
