"""What Jenkins would refuse is told with its line, and with what is expected there."""

from __future__ import annotations

import pytest

from jenkinsfiles import pipeline, stage, stages, steps
from prodev.services.jenkins import JenkinsfileError, check_jenkinsfile, parse_jenkinsfile

ECHO = stages(stage("A", "echo 'x'"))
NEST = "stage('P') {\n parallel {\n stage('Q') {\n parallel {\n" + stage("A", "echo 'a'") + "}}}}"

INVALID = {
    "nothing": ("", 1, "no-pipeline", "no block 'pipeline"),
    "a scripted pipeline": ("node {\n sh 'x'\n}\n", 1, "no-pipeline", "scripted"),
    "no agent": (pipeline(ECHO, agent=""), 1, "missing-section", "'agent'"),
    "no stages": (pipeline(), 1, "missing-section", "'stages'"),
    "an empty pipeline": ("pipeline {\n}\n", 1, "empty-section", "'pipeline' is empty"),
    "empty stages": (pipeline("stages {\n}"), 3, "empty-section", "'stages' is empty"),
    "empty steps": (steps(), 5, "empty-section", "'steps' is empty"),
    "an empty post": (pipeline(ECHO, "post {\n}"), 10, "empty-section", "'post' is empty"),
    "an empty environment": (pipeline("environment {\n}", ECHO), 3, "empty-section", "environment"),
    "an empty when": (
        pipeline(stages(stage("A", "echo 'x'", more="when {\n}"))),
        8,
        "empty-section",
        "'when'",
    ),
    "an unknown section": (
        pipeline(ECHO, "posts {\n always { echo 'x' }\n}"),
        10,
        "unknown-section",
        "'post'",
    ),
    "an unknown section of a stage": (
        pipeline(stages("stage('A') {\n stepz { echo 'x' }\n}")),
        5,
        "unknown-section",
        "'steps'",
    ),
    "an unknown step": (steps("ech 'x'"), 6, "unknown-step", "did you mean 'echo'"),
    "a command without sh": (steps("pytest '-q'"), 6, "unknown-step", "sh 'pytest"),
    "a step in a pipeline": (pipeline(ECHO, "sh 'x'"), 10, "wrong-nesting", "'steps'"),
    "a step in a stage": (
        pipeline(stages("stage('A') {\n sh 'x'\n}")),
        5,
        "wrong-nesting",
        "must stand in",
    ),
    "steps in a pipeline": (
        pipeline(ECHO, "steps {\n sh 'x'\n}"),
        10,
        "wrong-nesting",
        "'steps' may not stand",
    ),
    "a stage without stages": (
        pipeline(stage("A", "echo 'x'")),
        3,
        "wrong-nesting",
        "belongs in 'stages'",
    ),
    "a step in stages": (pipeline("stages {\n sh 'x'\n}"), 4, "wrong-nesting", "only 'stage'"),
    "when in a pipeline": (pipeline(ECHO, "when { branch 'x' }"), 10, "wrong-nesting", "a stage"),
    "a section in steps": (
        steps("post {\n always { echo 'x' }\n}"),
        6,
        "wrong-nesting",
        "is a section",
    ),
    "two agents": (pipeline("agent none", ECHO), 3, "duplicate-section", "two sections 'agent'"),
    "two stages of one name": (
        pipeline(stages(stage("A", "echo 'x'"), stage("A", "echo 'y'"))),
        9,
        "duplicate-stage",
        "'A'",
    ),
    "steps and parallel": (
        pipeline(
            stages(
                "stage('A') {\n steps { echo 'x' }\n parallel {\n" + stage("B", "echo 'b'") + "}\n}"
            )
        ),
        4,
        "stage-body",
        "exactly one",
    ),
    "neither steps nor anything": (
        pipeline(stages("stage('A') {\n agent any\n}")),
        4,
        "stage-body",
        "exactly one",
    ),
    "parallel in parallel": (pipeline(stages(NEST)), 7, "wrong-nesting", "another 'parallel'"),
    "an agent beside parallel": (
        pipeline(
            stages("stage('P') {\n agent any\n parallel {\n" + stage("A", "echo 'a'") + "}\n}")
        ),
        5,
        "wrong-nesting",
        "inner stages",
    ),
    "failFast without parallel": (
        pipeline(stages(stage("A", "echo 'x'", more="failFast true"))),
        4,
        "wrong-nesting",
        "needs",
    ),
    "a stage without a name": (
        pipeline(stages("stage {\n steps { echo 'x' }\n}")),
        4,
        "stage-name",
        "one name",
    ),
    "an unknown agent": (pipeline(ECHO, agent="agent { doccker 'a' }"), 2, "agent", "'docker'"),
    "an agent by text": (pipeline(ECHO, agent="agent 'linux'"), 2, "agent", "agent any"),
    "an unknown setting of an agent": (
        pipeline(ECHO, agent="agent { docker { images 'a' } }"),
        2,
        "agent",
        "'image'",
    ),
    "a name as a variable's value": (
        pipeline("environment {\n A = B\n}", ECHO),
        4,
        "environment-value",
        "without quotes",
    ),
    "a list as a variable's value": (
        pipeline("environment {\n A = ['x']\n}", ECHO),
        4,
        "environment-value",
        "not allowed",
    ),
    "a difference as a variable's value": (
        pipeline("environment {\n A = 'x' - 'y'\n}", ECHO),
        4,
        "environment-value",
        "made with -",
    ),
    "a call in an environment": (
        pipeline("environment {\n echo 'x'\n}", ECHO),
        4,
        "environment",
        "NAME = 'value'",
    ),
    "a variable twice": (
        pipeline("environment {\n A = 'x'\n A = 'y'\n}", ECHO),
        5,
        "environment",
        "set twice",
    ),
    "an unknown condition of post": (
        steps("echo 'x'", more="post {\n alwayz { echo 'x' }\n}"),
        11,
        "post-condition",
        "'always'",
    ),
    "a step in post": (
        steps("echo 'x'", more="post {\n echo 'x'\n}"),
        11,
        "post-condition",
        "no condition",
    ),
    "an unknown condition of when": (
        pipeline(stages(stage("A", "echo 'x'", more="when { brannch 'x' }"))),
        8,
        "when-condition",
        "'branch'",
    ),
    "not with two conditions": (
        pipeline(
            stages(stage("A", "echo 'x'", more="when {\n not {\n branch 'x'\n branch 'y'\n}\n}"))
        ),
        9,
        "when-condition",
        "exactly one",
    ),
    "an unknown option": (
        pipeline("options { timestamp() }", ECHO),
        3,
        "unknown-option",
        "'timestamps'",
    ),
    "an option of the pipeline in a stage": (
        pipeline(stages(stage("A", "echo 'x'", more="options { buildDiscarder(x) }"))),
        8,
        "unknown-option",
        "no option here",
    ),
    "a parameter without a name": (
        pipeline("parameters { string(defaultValue: 'x') }", ECHO),
        3,
        "parameter",
        "needs a name",
    ),
    "an unknown trigger": (
        pipeline("triggers { crontab('x') }", ECHO),
        3,
        "unknown-trigger",
        "cron",
    ),
    "code in steps": (steps("if (x) { echo 'y' }"), 6, "code", "script"),
    "a definition in steps": (steps("def x = 1"), 6, "code", "script"),
    "a call on an object in steps": (steps("docker.build('x')"), 6, "code", "script"),
    "a step without its argument": (steps("sh()"), 6, "step-argument", "'script'"),
    "an unknown argument": (
        steps("archiveArtifacts artefacts: 'x'"),
        6,
        "step-argument",
        "did you mean 'artifacts'",
    ),
    "a block that is missing": (steps("dir('x')"), 6, "no-block", "'dir' needs a block"),
    "input without a message": (
        pipeline(stages(stage("A", "echo 'x'", more="input { ok 'x' }"))),
        8,
        "input",
        "message",
    ),
    "a matrix without axes": (
        pipeline(stages("stage('M') {\n matrix {\n" + ECHO + "}\n}")),
        5,
        "missing-section",
        "'axes'",
    ),
    "a bracket that is missing": ("pipeline {\n agent any\n", 1, "syntax", "no '}'"),
    "a bracket too much": (pipeline(ECHO) + "}\n", 11, "syntax", "too much"),
    "a quote that is missing": (steps("echo 'x"), 6, "syntax", "no ' at its end"),
    "two steps in one line": (steps("echo 'x' echo 'y'"), 6, "syntax", "begin a new line"),
    "something outside": (pipeline(ECHO) + "sh 'x'\n", 11, "outside", "outside"),
    "brackets without end": ("(" * 5000, 1, "syntax", "nested too deeply"),
    "texts in texts without end": ('"${' * 5000, 1, "syntax", "nested too deeply"),
}


@pytest.mark.parametrize("name", INVALID)
def test_a_mistake_is_named_with_its_line_and_what_is_expected(name: str) -> None:
    text, line, rule, words = INVALID[name]
    problems = check_jenkinsfile(text)
    assert (line, rule) in {(problem.line, problem.rule) for problem in problems}, problems
    problem = next(each for each in problems if (each.line, each.rule) == (line, rule))
    assert words in problem.message
    assert problem.message.endswith((".", "?"))


def test_all_mistakes_are_told_at_once_by_line() -> None:
    text = pipeline("options { timestamp() }", stages(stage("A", "ech 'x'", "sh()")))
    assert [problem.rule for problem in check_jenkinsfile(text)] == [
        "unknown-option", "unknown-step", "step-argument",
    ]  # fmt: skip


def test_parsing_an_invalid_jenkinsfile_is_one_sentence_and_has_all_problems() -> None:
    with pytest.raises(JenkinsfileError, match=r"line 6: 'ech' is no step") as caught:
        parse_jenkinsfile(steps("ech 'x'", "sh()"))
    assert len(caught.value.problems) == 2
