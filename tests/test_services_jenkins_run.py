"""A rehearsal runs stages, steps and ``post`` as Jenkins documents it, and says it is none."""

from __future__ import annotations

import time
from pathlib import Path
from textwrap import dedent

import pytest

from jenkinsfiles import pipeline, stage, stages, steps
from judge_processes import alive
from prodev.errors import CourseError
from prodev.services.jenkins import Jenkins, JenkinsfileError, PipelineRun, rehearse

pytestmark = pytest.mark.slow

POST = "\n".join(
    f"  {name} {{ echo 'post {name}' }}"
    for name in (
        "cleanup", "unsuccessful", "unstable", "success", "failure", "aborted", "regression",
        "fixed", "changed", "always",
    )
)  # fmt: skip


def results(run: PipelineRun) -> dict[str, str]:
    return {each.name: each.result for each in run.stages}


def posts(run: PipelineRun) -> list[str]:
    return [line.removeprefix("post ") for line in run.log if line.startswith("post ")]


def test_everything_says_that_it_is_a_rehearsal() -> None:
    run = rehearse(steps("echo 'x'"))
    assert run.label == "rehearsal, not Jenkins"
    assert "rehearsal, not Jenkins" in repr(run)
    found = Jenkins().find("embedded")
    assert found.state == "rehearsal"
    assert "not Jenkins" in found.provider
    assert "JENKINS_URL" in found.how


def test_a_script_runs_with_x_and_e_as_in_jenkins() -> None:
    run = rehearse(steps("sh 'echo one; false; echo never'"))
    assert run.result == "FAILURE"
    assert "+ echo one" in run.log
    assert "one" in run.log
    assert "never" not in run.log
    assert "ERROR: script returned exit code 1" in run.log


def test_a_first_line_chooses_another_program() -> None:
    run = rehearse(steps("sh '''#!/bin/cat\nhello\n'''"))
    lines = [line.strip() for line in run.log]
    assert "hello" in lines
    assert "+ hello" not in lines


def test_stages_run_in_order_and_stop_after_a_failure() -> None:
    run = rehearse(pipeline(stages(stage("A", "echo 'a'"), stage("B", "sh 'exit 4'"),
                                   stage("C", "echo 'c'"))))  # fmt: skip
    assert results(run) == {"A": "SUCCESS", "B": "FAILURE", "C": "NOT_BUILT"}
    assert run.stage("C").reason == "earlier failure(s)"
    assert "c" not in run.log


@pytest.mark.parametrize(
    ("step", "previous", "expected"),
    [
        ("echo 'x'", None, ["always", "changed", "success", "cleanup"]),
        ("echo 'x'", "SUCCESS", ["always", "success", "cleanup"]),
        ("echo 'x'", "FAILURE", ["always", "changed", "fixed", "success", "cleanup"]),
        ("error 'x'", None, ["always", "changed", "failure", "unsuccessful", "cleanup"]),
        ("error 'x'", "SUCCESS",
         ["always", "changed", "regression", "failure", "unsuccessful", "cleanup"]),
        ("error 'x'", "FAILURE", ["always", "failure", "unsuccessful", "cleanup"]),
        ("unstable 'x'", "FAILURE", ["always", "changed", "unstable", "unsuccessful", "cleanup"]),
        ("timeout(time: 50, unit: 'MILLISECONDS') { sh 'sleep 60' }", "SUCCESS",
         ["always", "changed", "regression", "aborted", "unsuccessful", "cleanup"]),
    ],
)  # fmt: skip
def test_post_runs_what_fits_in_the_order_of_jenkins(
    step: str, previous: str | None, expected: list[str]
) -> None:
    run = rehearse(steps(step, more=f"post {{\n{POST}\n}}"), previous=previous)  # type: ignore[arg-type]
    assert posts(run) == expected


def test_post_of_a_stage_runs_before_the_next_stage() -> None:
    run = rehearse(
        pipeline(
            stages(
                stage("A", "echo 'post a'", more="post { always { echo 'post of a' } }"),
                stage("B", "echo 'post b'"),
            )
        )
    )
    assert posts(run) == ["a", "of a", "b"]


def test_one_condition_of_post_that_fails_does_not_stop_the_others() -> None:
    run = rehearse(
        steps("echo 'x'", more="post {\n always { sh 'exit 1' }\n cleanup { echo 'post c' }\n}")
    )
    assert posts(run) == ["c"]
    assert run.result == "FAILURE"


@pytest.mark.parametrize("always", [True, False])
def test_artifacts_are_lost_on_failure_without_a_post_block(tmp_path: Path, always: bool) -> None:
    archive = "archiveArtifacts artifacts: 'out/*.txt'"
    test = "sh 'mkdir out; echo red > out/report.txt; exit 1'"
    text = (
        steps(test, more=f"post {{ always {{ {archive} }} }}") if always else steps(test, archive)
    )
    run = rehearse(text, artifacts=tmp_path)
    assert run.result == "FAILURE"
    assert run.artifacts == (("out/report.txt",) if always else ())
    assert (tmp_path / "out" / "report.txt").exists() is always


def test_an_archive_without_files_fails_unless_that_is_allowed() -> None:
    assert rehearse(steps("archiveArtifacts 'nope/**'")).result == "FAILURE"
    allowed = "archiveArtifacts artifacts: 'nope/**', allowEmptyArchive: true"
    assert rehearse(steps(allowed)).result == "SUCCESS"


def branches(first: str, second: str, more: str = "") -> str:
    inner = stage("one", first) + stage("two", second, more="post { aborted { echo 'post two' } }")
    return pipeline(stages(f"stage('P') {{\n{more}\nparallel {{\n{inner}}}\n}}"))


def test_parallel_branches_run_at_the_same_time() -> None:
    # Each waits for a file of the other, so one after the other they would never end.
    meet = "sh 'touch {0}; while ! test -e {1}; do sleep 0.01; done'"
    run = rehearse(branches(meet.format("a", "b"), meet.format("b", "a")), timeout=30)
    assert run.result == "SUCCESS"
    assert run.stage("one").inside == "P"


@pytest.mark.parametrize("where", ["failFast true", ""])
def test_fail_fast_ends_the_other_branches(where: str) -> None:
    text = branches("sh 'while ! test -e started; do sleep 0.01; done; exit 3'",
                    "sh 'touch started; sleep 600'", where)  # fmt: skip
    if not where:
        text = text.replace("agent any", "agent any\noptions { parallelsAlwaysFailFast() }")
    run = rehearse(text, timeout=60)
    assert run.result == "FAILURE"
    assert results(run) == {"P": "FAILURE", "one": "FAILURE", "two": "ABORTED"}
    assert "ERROR: Failed in branch one" in run.stage("two").log
    assert posts(run) == ["two"]


def test_without_fail_fast_the_other_branches_finish() -> None:
    run = rehearse(branches("error 'x'", "sh 'sleep 0.1; echo done'"))
    assert results(run) == {"P": "FAILURE", "one": "FAILURE", "two": "SUCCESS"}
    assert "done" in run.log


def test_a_matrix_runs_each_cell_that_is_not_excluded() -> None:
    axes = "".join(f"axis {{\n name '{name}'\n values 'a', 'b'\n}}\n" for name in ("X", "Y"))
    exclude = axes.replace("'a', 'b'", "'a'")
    text = pipeline(
        stages(
            f"stage('M') {{\n matrix {{\n axes {{\n{axes}}}\n"
            f" excludes {{\n exclude {{\n{exclude}}}\n}}\n"
            "stages {\n" + stage("T", "sh 'echo cell $X$Y'") + "}\n}\n}"
        )
    )
    run = rehearse(text)
    cells = {line for line in run.log if line.startswith("cell ")}
    assert cells == {"cell ab", "cell ba", "cell bb"}


@pytest.mark.parametrize(
    ("condition", "runs"),
    [
        ("branch 'main'", True),
        ("branch 'release-*'", False),
        ('branch pattern: "ma.+", comparator: "REGEXP"', True),
        ("not { branch 'main' }", False),
        ("environment name: 'TO', value: 'production'", True),
        ("environment name: 'TO', value: 'test'", False),
        ("anyOf { branch 'x'; environment name: 'TO', value: 'production' }", True),
        ("allOf { branch 'x'; environment name: 'TO', value: 'production' }", False),
        ("expression { return env.TO == 'production' && params.DEPLOY }", True),
        ("expression { env.TO ==~ /pro.*/ }", True),
        ("expression { return false }", False),
        ("equals expected: 1, actual: currentBuild.number", True),
        ("buildingTag()", False),
        ("branch 'main'\n branch 'x'", False),
    ],
)
def test_a_stage_runs_only_when_its_conditions_hold(condition: str, runs: bool) -> None:
    text = pipeline(
        "environment { TO = 'production' }",
        "parameters { booleanParam(name: 'DEPLOY', defaultValue: true) }",
        stages(stage("A", "echo 'ran'", more=f"when {{\n {condition}\n}}")),
    )
    run = rehearse(text, branch="main")
    assert run.result == "SUCCESS"
    assert run.stage("A").result == ("SUCCESS" if runs else "NOT_BUILT")
    assert ("ran" in run.log) is runs


def test_a_condition_that_only_jenkins_can_know_stops_with_a_note() -> None:
    run = rehearse(pipeline(stages(stage("A", "echo 'x'", more="when { changeset '**/*.py' }"))))
    assert run.result == "FAILURE"
    assert "changeset" in " ".join(run.notes)


def test_double_quotes_are_filled_by_groovy_and_single_quotes_by_the_shell() -> None:
    run = rehearse(
        pipeline(
            "environment {\n A = 'env'\n B = \"${A}-b\"\n C = '${A}'\n}",
            stages(stage("S", "script { A = 'groovy' }", 'sh "echo 1 ${A}"', "sh 'echo 2 $A'",
                         "sh 'echo \"3 $B $C\"'", 'sh "echo 4 \\$A"', 'echo "5 ${env.NONE}"')),
        )
    )  # fmt: skip
    for line in ("1 groovy", "2 env", "3 env-b ${A}", "4 env", "5 null"):
        assert line in run.log


def test_variables_of_a_stage_stay_in_it_and_those_of_with_env_in_its_block() -> None:
    run = rehearse(
        pipeline(
            stages(
                stage("A", "withEnv(['V=2']) { sh 'echo a $V' }", "sh 'echo b $V'",
                      more="environment { V = '1' }"),
                stage("B", "sh 'echo c ${V:-none}'", "sh 'echo d $BUILD_NUMBER $STAGE_NAME'"),
            )
        ),
        number=7,
    )  # fmt: skip
    for line in ("a 2", "b 1", "c none", "d 7 B"):
        assert line in run.log


def test_parameters_have_defaults_and_take_values() -> None:
    text = pipeline(
        "parameters {\n string(name: 'WHO', defaultValue: 'you')\n"
        " choice(name: 'SIZE', choices: ['s', 'm'])\n booleanParam(name: 'FAST')\n}",
        stages(stage("A", 'echo "${params.WHO} ${params.SIZE} ${params.FAST}"', "sh 'echo $WHO'")),
    )
    assert "you s false" in rehearse(text).log
    assert "me s false" in rehearse(text, parameters={"WHO": "me"}).log
    with pytest.raises(CourseError, match="no parameter 'WHOM'"):
        rehearse(text, parameters={"WHOM": "me"})


def test_a_script_block_runs_groovy() -> None:
    code = """\
        script {
          def out = sh(returnStdout: true, script: 'printf " hi "').trim()
          def status = sh(returnStatus: true, script: 'exit 9')
          if (out == 'hi' && status in [9]) { echo "yes ${out}${status}" } else { error 'no' }
          for (int i = 0; i < 2; i++) { echo "i${i}" }
          ['a', 'b'].each { echo "each ${it}" }
          try { sh 'exit 5' } catch (e) { echo "caught ${e.message}" } finally { echo 'finally' }
          env.LATER = out.toUpperCase()
          echo "${twice(3)} ${[1, 2].collect { it + 1 }.join('-')} ${null ?: 'elvis'}"
        }
        """
    text = "def twice(n) { return n * 2 }\n" + steps(dedent(code), "sh 'echo later $LATER'")
    run = rehearse(text)
    assert run.result == "SUCCESS", run.log
    for line in ("yes hi9", "i0", "i1", "each b", "caught script returned exit code 5", "finally",
                 "6 2-3 elvis", "later HI"):  # fmt: skip
        assert line in run.log


def test_steps_that_only_jenkins_can_run_stop_with_a_sentence() -> None:
    run = rehearse(steps("build 'another'"))
    assert run.result == "FAILURE"
    assert "cannot run the step 'build'" in " ".join(run.notes)
    run = rehearse(steps("mail to: 'a@b.example', subject: 'x', body: 'y'"))
    assert run.result == "SUCCESS"
    assert run.notes == ("The step 'mail' is left out.",)


def test_retry_runs_again_until_it_works_and_gives_up_after_the_last_time() -> None:
    count = "sh 'echo x >> tries; test $(wc -l < tries) -ge 3'"
    assert rehearse(steps(f"retry(3) {{ {count} }}")).result == "SUCCESS"
    run = rehearse(steps(f"retry(2) {{ {count} }}"))
    assert run.result == "FAILURE"
    assert run.log.count("Retrying") == 1


def test_a_timeout_ends_the_step_and_aborts_the_build(tmp_path: Path) -> None:
    file = tmp_path / "pid"
    script = f"sh 'echo $$ > {file}; sleep 600'"
    run = rehearse(steps(f"timeout(time: 300, unit: 'MILLISECONDS') {{ {script} }}"))
    assert run.result == "ABORTED"
    assert "Timeout has been exceeded" in run.log
    assert not alive(int(file.read_text()))


def test_a_rehearsal_that_takes_too_long_is_aborted_and_post_still_runs() -> None:
    started = time.monotonic()
    run = rehearse(steps("sh 'sleep 600'", more="post { always { echo 'post x' } }"), timeout=0.3)
    assert run.result == "ABORTED"
    assert posts(run) == ["x"]
    assert time.monotonic() - started < 60


def test_an_endless_loop_of_groovy_is_ended() -> None:
    assert rehearse(steps("script { while (true) { } }"), timeout=0.3).result == "ABORTED"


def test_catch_error_goes_on_with_the_results_it_is_told() -> None:
    catch = "catchError(buildResult: 'UNSTABLE', stageResult: 'FAILURE') { sh 'false' }"
    run = rehearse(steps(catch, "echo 'on'"))
    assert (run.result, run.stage("Only").result) == ("UNSTABLE", "FAILURE")
    assert "on" in run.log


def test_junit_counts_tests_and_makes_the_build_unstable(tmp_path: Path) -> None:
    report = (
        '<testsuite><testcase name="a"/><testcase name="b"><failure/></testcase>'
        '<testcase name="c"><skipped/></testcase></testsuite>'
    )
    (tmp_path / "report.xml").write_text(report)
    run = rehearse(steps("junit '*.xml'", "echo 'on'"), tmp_path)
    assert run.result == "UNSTABLE"
    assert (run.tests.total, run.tests.failed, run.tests.skipped, run.tests.passed) == (3, 1, 1, 1)
    assert "on" in run.log
    assert rehearse(steps("junit 'nope.xml'")).result == "FAILURE"


def test_each_agent_has_a_workspace_of_its_own_and_stash_carries_files() -> None:
    text = pipeline(
        stages(
            stage("A", "sh 'echo x > a.txt'", "stash name: 's', includes: '*.txt'",
                  more="agent any"),
            stage("B", "sh 'test ! -e a.txt'", "unstash 's'", "sh 'test -e a.txt'",
                  more="agent any"),
        ),
        agent="agent none",
    )  # fmt: skip
    assert rehearse(text).result == "SUCCESS"


def test_a_step_without_an_agent_fails_as_in_jenkins() -> None:
    run = rehearse(pipeline(stages(stage("A", "sh 'x'")), agent="agent none"))
    assert run.result == "FAILURE"
    assert any("agent none" in line for line in run.log)


def test_the_repository_is_checked_out_and_never_changed(tmp_path: Path) -> None:
    (tmp_path / "data.txt").write_text("x")
    text = steps("sh 'test -e data.txt; rm data.txt'")
    assert rehearse(text, tmp_path).result == "SUCCESS"
    assert (tmp_path / "data.txt").exists()
    skipping = text.replace("agent any", "agent any\noptions { skipDefaultCheckout() }")
    assert rehearse(skipping, tmp_path).result == "FAILURE"


def test_files_outside_of_the_workspace_are_refused(tmp_path: Path) -> None:
    for step in (f"writeFile file: '{tmp_path}/x', text: 'y'", "readFile '/etc/passwd'",
                 "dir('..') { sh 'x' }"):  # fmt: skip
        run = rehearse(steps(step))
        assert run.result == "FAILURE"
        assert any("outside of the workspace" in line for line in run.log)
    assert list(tmp_path.iterdir()) == []


def test_steps_see_nothing_of_the_users_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_SECRET_TOKEN", "very-secret")
    run = rehearse(steps("sh 'env'", 'echo "${env.MY_SECRET_TOKEN}"'))
    assert not any("very-secret" in line for line in run.log)


def test_what_a_script_leaves_behind_lives_until_the_end_of_the_build(tmp_path: Path) -> None:
    file = tmp_path / "pid"
    run = rehearse(steps(f"sh 'sleep 600 & echo $! > {file}'", f"sh 'kill -0 $(cat {file})'"))
    assert run.result == "SUCCESS"
    assert not alive(int(file.read_text()))


def test_an_invalid_jenkinsfile_runs_nothing(tmp_path: Path) -> None:
    with pytest.raises(JenkinsfileError):
        rehearse(steps(f"sh 'touch {tmp_path}/x'", "ech 'x'"))
    assert list(tmp_path.iterdir()) == []


def test_wrong_values_in_steps_are_failures_of_the_build_not_of_the_rehearsal() -> None:
    for step in (
        "sleep 'x'",
        "retry('x') { sh 'x' }",
        "withEnv('x') { withEnv(null) { sh 'x' } }",
        "script { def x = null; x.trim() }",
        "script { def x = [1]; x[5].size() }",
        "script { nothing() }",
        "script { def x = 1 / 0 }",
        "script { break }",
        "script { f = { f() }; f() }",
    ):
        assert rehearse(steps(step)).result == "FAILURE", step


def test_no_folder_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    rehearse(steps("sh 'mkdir -p a; chmod 0 a'"))
    assert list(tmp_path.iterdir()) == []


def test_the_projects_own_jenkinsfile_runs(repository: Path, tmp_path: Path) -> None:
    makefile = (
        "setup test verify:\n\t@echo made $@\nrun:\n\t@mkdir -p runs/demo; echo x > runs/demo/r\n"
    )
    (tmp_path / "Makefile").write_text(makefile)
    run = rehearse((repository / "Jenkinsfile").read_text("utf-8"), tmp_path)
    assert run.result == "SUCCESS"
    assert run.artifacts == ("runs/demo/r",)
    assert [line for line in run.log if line.startswith("made")] == [
        "made setup", "made test", "made verify",
    ]  # fmt: skip
