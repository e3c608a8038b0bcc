"""Pipelines that try to get out of the judge's sandbox: none succeeds, and nothing is left."""

from __future__ import annotations

import os
import secrets
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import prodev
from hostile_pipelines import ENDED, SECRET, SURVIVED, World, jenkinsfile, workflow
from judge_exercises import make_exercise
from judge_processes import alive, children, folder_of, pid_of, wait_until
from prodev.catalog.exercise import Exercise
from prodev.judge import Judge, Verdict

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the tests read /proc"),
]

MARK = f"SECRET{secrets.token_hex(8)}"
LIMITS = {"seconds": 30, "memory_mb": 512}
SECONDS = {"timeout timeout": 3.0}
CHECK = {
    "workflow": f"""
from prodev.judge import Finding
hidden = "{MARK}"

def check(answer):
    ran = answer.run({{"README.md": "x"}})
    log = [line for step in ran.steps for line in step["log"] if "LEAK" in line]
    return Finding("wrong-value", got=log or ran.result)
""",
    "jenkinsfile": f"""
from prodev.judge import Finding
hidden = "{MARK}"

def check(answer):
    ran = answer.rehearse({{"README.md": "x"}})
    log = [line for line in ran.log if "LEAK" in line and "+" not in line]
    return Finding("wrong-value", got=log or ran.result)
""",
}
WRITE = {"workflow": workflow, "jenkinsfile": jenkinsfile}
WELL = {"workflow": "success", "jenkinsfile": "SUCCESS"}

REFUSED = {
    "an action outside of the project": "      - uses: ../../action\n",
    "an action of the project": "      - uses: ./action\n",
    "an action by its whole path": "      - uses: /tmp/action\n",
    "an action that climbs out of another": "      - uses: actions/checkout/../../x@v1\n",
    "an image": "      - uses: docker://alpine:3\n",
    "an image in capitals": "      - uses: DOCKER://alpine:3\n",
}
JOBS = {
    "a container": "    container: alpine:3\n",
    "a container with options": "    container: {image: alpine, options: --privileged -v /:/h}\n",
    "services": "    services: {db: {image: postgres, volumes: ['/:/host']}}\n",
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = World(tmp_path_factory.mktemp("world"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def exercises(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Exercise]:
    folder = tmp_path_factory.mktemp("course")
    return {
        kind: make_exercise(
            folder,
            check,
            name=kind,
            kind=kind,
            suffix=".yml" if kind == "workflow" else "",
            starter="# nothing\n",
            solution=WRITE[kind](f"true {MARK}"),
            wrong={"wrong-value": ("{got}", WRITE[kind]("false"))},
            limits=LIMITS,
        )
        for kind, check in CHECK.items()
    }


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    os.environ[SECRET] = MARK
    judge = Judge()
    if not judge.isolation()["programs"]:
        pytest.skip("the judge starts no programs here: allow user namespaces")
    yield judge
    pid = pid_of(judge)
    (forker,) = children(pid)
    folder = folder_of(forker)
    judge.close()
    del os.environ[SECRET]
    assert not alive(pid)
    assert not alive(forker)
    assert not folder.exists()


def judged(judge: Judge, exercise: Exercise, source: str, world: World, seconds: float) -> Verdict:
    """Judge an answer; nothing of it is left, and nothing around it has changed."""
    pid = pid_of(judge)
    (forker,) = children(pid)
    source = world.fill(
        source,
        JUDGE=pid,
        EXERCISE=exercise.folder,
        DATA=exercise.folder.parents[2],
        PACKAGE=Path(prodev.__file__).parents[1],
    )
    started = time.monotonic()
    verdict = judge.judge(exercise, source, seconds=seconds)
    took = time.monotonic() - started
    assert took < seconds + 8
    assert pid_of(judge) == pid
    assert children(pid) == [forker]
    wait_until(lambda: not children(forker) and not list(folder_of(forker).iterdir()), 10)
    world.assert_same()
    assert not world.daemons()
    assert MARK not in verdict.model_dump_json()
    assert "LEAK" not in verdict.model_dump_json()
    return verdict


@pytest.mark.parametrize("kind", CHECK)
@pytest.mark.parametrize("name", SURVIVED)
def test_an_attempt_to_get_out_is_refused_and_the_run_goes_on(
    name: str, kind: str, judge: Judge, exercises: dict[str, Exercise], world: World
) -> None:
    verdict = judged(judge, exercises[kind], WRITE[kind](SURVIVED[name]), world, 30)
    assert (verdict.status, verdict.code) == ("failed", "wrong-value"), verdict
    assert verdict.evidence["got"] == WELL[kind], verdict


@pytest.mark.parametrize("kind", CHECK)
@pytest.mark.parametrize("name", ENDED)
def test_what_does_not_end_by_itself_is_ended(
    name: str, kind: str, judge: Judge, exercises: dict[str, Exercise], world: World
) -> None:
    script, expected = ENDED[name]
    seconds = SECONDS.get(expected, 20)
    verdict = judged(judge, exercises[kind], WRITE[kind](script), world, seconds)
    assert verdict.status not in ("passed", "judge_failed", "unavailable"), verdict
    if expected:
        assert f"{verdict.status} {verdict.code}" == expected, verdict


@pytest.mark.parametrize("kind", CHECK)
def test_gigabytes_of_log_are_not_kept(
    kind: str, judge: Judge, exercises: dict[str, Exercise], world: World
) -> None:
    verdict = judged(judge, exercises[kind], WRITE[kind]("yes some words"), world, 20)
    assert verdict.status in ("error", "failed"), verdict
    assert len(verdict.model_dump_json()) < 10_000


def test_a_disk_that_fills_is_the_answers_own(
    judge: Judge, exercises: dict[str, Exercise], world: World
) -> None:
    script = "for n in 1 2 3 4 5 6 7 8 9; do head -c 60M /dev/zero > file$n; done; echo x > more"
    verdict = judged(judge, exercises["workflow"], workflow(script), world, 30)
    assert verdict.evidence["got"] == "failure"


@pytest.mark.parametrize("name", [*REFUSED, *JOBS])
def test_containers_and_actions_from_outside_are_refused_before_anything_runs(
    name: str, judge: Judge, exercises: dict[str, Exercise], world: World
) -> None:
    script = "echo LEAK"
    source = workflow(script, more=JOBS.get(name, ""))
    source = source.replace("    steps:\n", "    steps:\n" + REFUSED.get(name, ""))
    verdict = judged(judge, exercises["workflow"], source, world, 20)
    assert (verdict.status, verdict.code) == ("error", "raised"), verdict
    assert "for this judge" in verdict.message


@pytest.mark.parametrize(
    "place", ["../../escape.yml", "@OUTSIDE@/escape.yml", "~/escape.yml", "a/../../../escape.yml"]
)
def test_a_workflow_is_written_into_the_judges_repository_only(
    place: str, judge: Judge, exercises: dict[str, Exercise], world: World
) -> None:
    source = workflow("true").replace(".github/workflows/test.yml", place, 1)
    verdict = judged(judge, exercises["workflow"], source, world, 20)
    assert verdict.evidence["got"] == "never fired"


@pytest.mark.parametrize(
    "step",
    [
        "actions/upload-artifact@v4\n        with: {name: ../../../x, path: README.md}",
        "actions/upload-artifact@v4\n        with: {name: x, path: '../../../../../**/kept.txt'}",
        "actions/checkout@v5\n        with: {path: ../../../../x}",
        "actions/checkout@v5\n        with: {repository: '@OUTSIDE@'}",
    ],
)
def test_the_stand_ins_stay_in_the_run(
    step: str, judge: Judge, exercises: dict[str, Exercise], world: World
) -> None:
    source = workflow("true").replace("    steps:\n", f"    steps:\n      - uses: {step}\n")
    verdict = judged(judge, exercises["workflow"], source, world, 20)
    assert verdict.code == "wrong-value", verdict


GROOVY = {
    "reading outside": "echo readFile('@OUTSIDE@/kept.txt') + ' LEAK'",
    "reading above": "echo readFile('../../../../../../etc/passwd') + ' LEAK'",
    "writing outside": "writeFile file: '@OUTSIDE@/new', text: 'LEAK'",
    "writing above": "dir('..') { writeFile file: '../../../x', text: 'x' }",
    "archiving from above": "archiveArtifacts artifacts: '../**/*, /etc/passwd'",
    "a stash by another name": "stash name: '../../x', includes: '**'",
    "a loop that does not end": "script { while (true) { } }",
    "a text that doubles": "script { def t = 'x' * 1000; while (true) { t = t + t } }",
    "a list that doubles": "script { def t = [1]; while (true) { t = t + t } }",
    "a function that calls itself": "script { deeper(1) }",
    "a loop that echoes": "script { while (true) { echo 'x' * 1000 } }",
    "classes of Java": "script { println(new File('/etc/passwd').text + ' LEAK') }",
    "the shell of Java": "script { println('id'.execute().text + ' LEAK') }",
    "names of Python": "script { println(this.class.__subclasses__() + ' LEAK') }",
}


@pytest.mark.parametrize("name", GROOVY)
def test_groovy_stays_in_the_rehearsal(
    name: str, judge: Judge, exercises: dict[str, Exercise], world: World
) -> None:
    source = (
        "def deeper(n) { return deeper(n + 1) }\n"
        f"pipeline {{\n agent any\n stages {{ stage('A') {{ steps {{ {GROOVY[name]} }} }} }}\n}}\n"
    )
    verdict = judged(judge, exercises["jenkinsfile"], source, world, 4)
    assert verdict.status in ("failed", "error", "timeout"), verdict
    assert verdict.evidence.get("got") != "SUCCESS", verdict


@pytest.mark.parametrize("without", ["namespaces", "disk"])
@pytest.mark.parametrize("kind", CHECK)
def test_without_walls_around_processes_no_pipeline_runs(
    kind: str, without: str, exercises: dict[str, Exercise]
) -> None:
    with Judge(without=(without,)) as judge:
        verdict = judge.judge(exercises[kind], WRITE[kind]("echo LEAK"), seconds=10)
    assert verdict.status == "unavailable"
    assert "user namespaces" in verdict.message
