"""The judge of Jenkinsfiles: the outline of a file, and what a rehearsal of it tells a check."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from jenkinsfiles import pipeline, stage, stages
from judge_exercises import make_exercise
from prodev.catalog.exercise import Exercise
from prodev.judge import Judge
from prodev.judge.kinds import kind_of
from prodev.judge.kinds.jenkinsfile.mutants import jenkinsfile_mutants
from prodev.services.jenkins import check_jenkinsfile, parse_jenkinsfile
from prodev.services.jenkins.outline import outline

BOUND = "withCredentials([string(credentialsId: 'token', variable: 'T')]) {{ {} }}"
TEXT = pipeline(
    "environment { PLACE = 'here' }",
    stages(
        stage("Test", "sh 'cat README.md'"),
        stage("Deploy", BOUND.format("sh 'test \"$T\" = secret-1 && echo $T > kept.txt'")),
    ),
    "post { always { archiveArtifacts artifacts: 'kept.txt', allowEmptyArchive: true } }",
)
TELL = """
import json
from prodev.judge import Finding

def check(answer):
    told = [{ask}]
    return Finding("told", **{{f"n{{n}}": json.dumps(each) for n, each in enumerate(told)}})
"""


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge() as judge:
        if not judge.isolation()["programs"]:
            pytest.skip("the judge starts no programs here: allow user namespaces")
        yield judge


def exercise_of(folder: Path, ask: str) -> Exercise:
    return make_exercise(
        folder,
        TELL.format(ask=ask),
        kind="jenkinsfile",
        suffix="",
        starter="pipeline {\n}\n",
        solution=TEXT,
        wrong={"told": ("This is told.", TEXT + "\n")},
        limits={"seconds": 20, "memory_mb": 512},
    )


def told(judge: Judge, folder: Path, source: str, ask: str) -> list[object]:
    verdict = judge.judge(exercise_of(folder, ask), source)
    assert verdict.code == "told", verdict
    return [json.loads(text) for key, text in verdict.evidence.items() if key != "printed"]


def test_the_outline_names_stages_variables_credentials_and_texts() -> None:
    made = outline(parse_jenkinsfile(TEXT))
    assert made["agent"] == "any"
    assert [each["name"] for each in made["environment"]] == ["PLACE"]
    assert [each["name"] for each in made["stages"]] == ["Test", "Deploy"]
    assert "withCredentials" in made["stages"][1]["steps"]
    assert [(each["id"], each["inside"]) for each in made["credentials"]] == [("token", "Deploy")]
    assert made["post"] == ["always"]
    assert "here" in {each["text"] for each in made["texts"]}
    json.dumps(made)


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        (pipeline("environment { C = credentials('c') }", stages(stage("A", "sh 'x'"))), ""),
        (
            pipeline(stages(stage("A", "sh 'x'", more="environment { C = credentials('c') }"))),
            "A",
        ),
    ],
)
def test_the_outline_tells_who_asks_for_a_credential(text: str, inside: str) -> None:
    (found,) = outline(parse_jenkinsfile(text))["credentials"]
    assert (found["id"], found["inside"]) == ("c", inside)


def test_mutants_are_valid_pipelines_and_differ() -> None:
    solution = kind_of("jenkinsfile").scaffold()["solution"]
    mutants = jenkinsfile_mutants(solution)
    assert mutants
    assert len({mutant.id for mutant in mutants}) == len(mutants)
    assert not [mutant for mutant in mutants if check_jenkinsfile(mutant.source)]
    assert not [mutant for mutant in mutants if mutant.source == solution]


def test_comments_and_spaces_alone_are_no_attempt() -> None:
    kind = kind_of("jenkinsfile")
    assert not kind.attempted(TEXT.replace("agent any", "// mine\n\n    agent any"), TEXT)
    assert kind.attempted(TEXT.replace("here", "there"), TEXT)
    assert not kind.attempted("// nothing\n", TEXT)


@pytest.mark.slow
def test_a_check_sees_the_rehearsal_and_its_label(judge: Judge, tmp_path: Path) -> None:
    run = 'answer.rehearse({"README.md": "words"}, credentials={"token": "secret-1"})'
    asked = (
        f'{run}.result, {run}.label, {run}.artifacts, {run}.log[:9], {run}.stage("test")["result"]'
    )
    result, label, artifacts, log, test = told(judge, tmp_path, TEXT, asked)
    assert (result, label, test) == ("SUCCESS", "rehearsal, not Jenkins", "SUCCESS")
    assert artifacts == {"kept.txt": "secret-1\n"}
    assert "words" in log  # type: ignore[operator]
    assert "secret-1" not in "\n".join(log)  # type: ignore[arg-type]


@pytest.mark.slow
def test_another_token_and_none_fail_the_build(judge: Judge, tmp_path: Path) -> None:
    other = 'answer.rehearse({"README.md": ""}, credentials={"token": "secret-2"}).result'
    none = 'answer.rehearse({"README.md": ""}).last_error'
    result, error = told(judge, tmp_path, TEXT, f"{other}, {none}")
    assert result == "FAILURE"
    assert "Could not find credentials entry" in str(error)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("pipeline {\n  agent any\n", "declarative Jenkinsfile"),
        ("node { sh 'x' }\n", "no block 'pipeline"),
        ("pipeline {\n agent any\n stages {\n  stage('A') {\n  }\n }\n}\n", "line 4"),
    ],
)
def test_what_is_no_pipeline_is_the_learners_error_and_its_line_is_named(
    source: str, said: str, judge: Judge, tmp_path: Path
) -> None:
    verdict = judge.judge(exercise_of(tmp_path, "1"), source)
    assert (verdict.status, verdict.code) == ("error", "raised")
    assert said in verdict.message


@pytest.mark.slow
def test_a_build_that_does_not_end_is_a_timeout(judge: Judge, tmp_path: Path) -> None:
    source = TEXT.replace("cat README.md", "sleep 600")
    verdict = judge.judge(exercise_of(tmp_path, "answer.rehearse({}).result"), source, seconds=2)
    assert (verdict.status, verdict.code) == ("timeout", "timeout")


@pytest.mark.slow
def test_the_scaffold_of_a_new_exercise_holds(tmp_path: Path, judge: Judge) -> None:
    files = kind_of("jenkinsfile").scaffold()
    (right,) = [text for path, text in files.items() if path.startswith("right/")]
    (wrong,) = [text for path, text in files.items() if path.startswith("wrong/")]
    exercise = make_exercise(
        tmp_path,
        files["check.py"],
        kind="jenkinsfile",
        suffix="",
        starter=files["starter"],
        solution=files["solution"],
        wrong={"not-green": ("It is {result}.", wrong)},
        limits={"seconds": 20, "memory_mb": 512},
    )
    answers = (exercise.solution, right, wrong, exercise.starter)
    verdicts = [judge.judge(exercise, answer) for answer in answers]
    assert [verdict.code or verdict.status for verdict in verdicts] == [
        "passed", "passed", "not-green", "not_attempted",
    ]  # fmt: skip
