"""Jenkinsfiles as Jenkins accepts them are read without a complaint."""

from __future__ import annotations

from pathlib import Path

import pytest

from jenkinsfiles import pipeline, stage, stages, steps
from prodev.services.jenkins import check_jenkinsfile, parse_jenkinsfile

ECHO = stages(stage("A", "echo 'x'"))

VALID = {
    "agent label": pipeline(ECHO, agent="agent { label 'linux && docker' }"),
    "agent node": pipeline(ECHO, agent="agent { node { label 'a'\n customWorkspace '/w' } }"),
    "agent docker": pipeline(ECHO, agent="agent { docker 'python:3.12' }"),
    "agent docker block": pipeline(
        ECHO, agent="agent {\n docker {\n image 'a'\n args '-v /a:/b'\n reuseNode true\n }\n }"
    ),
    "agent dockerfile": pipeline(ECHO, agent="agent { dockerfile true }"),
    "agent none, then in the stage": pipeline(
        stages(stage("A", "sh 'x'", more="agent any")), agent="agent none"
    ),
    "environment": pipeline(
        "environment {\n A = 'a'\n B = \"${A}-b\"\n C = 'a' + \"$B\"\n N = 3\n"
        " K = credentials('id')\n V = sh(returnStdout: true, script: 'x').trim()\n}",
        ECHO,
    ),
    "options": pipeline(
        "options {\n timeout(time: 1, unit: 'HOURS')\n retry(3)\n timestamps()\n"
        " buildDiscarder(logRotator(numToKeepStr: '5'))\n disableConcurrentBuilds()\n}",
        ECHO,
    ),
    "parameters": pipeline(
        "parameters {\n string(name: 'A', defaultValue: '', description: '')\n"
        " booleanParam(name: 'B', defaultValue: true)\n choice(name: 'C', choices: ['a', 'b'])\n}",
        ECHO,
    ),
    "triggers": pipeline("triggers {\n cron('H */4 * * 1-5')\n pollSCM('H/5 * * * *')\n}", ECHO),
    "tools": pipeline("tools {\n maven 'm3'\n jdk 'j17'\n}", ECHO),
    "when": pipeline(
        stages(
            stage(
                "A",
                "echo 'x'",
                more="when {\n beforeAgent true\n allOf {\n branch 'main'\n"
                " not { environment name: 'A', value: 'b' }\n }\n"
                " anyOf { tag 'v*'; expression { return params.X && env.Y != 'z' } }\n}",
            )
        )
    ),
    "when with a pattern": pipeline(
        stages(
            stage("A", "echo 'x'", more='when { branch pattern: "r-\\\\d+", comparator: "REGEXP" }')
        )
    ),
    "input": pipeline(
        stages(
            stage("A", 'echo "$WHO"', more="input {\n message 'ok?'\n ok 'Go'\n submitter 'a'\n}")
        )
    ),
    "parallel": pipeline(
        stages(
            "stage('P') {\n failFast true\n parallel {\n"
            + stage("A", "echo 'a'", more="agent any")
            + stage("B", "echo 'b'")
            + "}\n}"
        )
    ),
    "stages in a stage": pipeline(
        stages("stage('S') {\n agent any\n stages {\n" + stage("A", "echo 'a'") + "}\n}")
    ),
    "parallel in stages in a stage": pipeline(
        stages(
            "stage('S') {\n stages {\n stage('P') {\n parallel {\n"
            + stage("A", "echo 'a'")
            + "}\n}\n}\n}"
        )
    ),
    "matrix": pipeline(
        stages(
            "stage('M') {\n matrix {\n axes {\n axis {\n name 'OS'\n values 'a', 'b'\n }\n }\n"
            " excludes {\n exclude {\n axis {\n name 'OS'\n notValues 'a'\n }\n }\n }\n stages {\n"
            + stage("A", 'echo "${OS}"')
            + "}\n}\n}"
        )
    ),
    "every condition of post": steps(
        "echo 'x'",
        more="post {\n"
        + "".join(
            f" {name} {{ echo '{name}' }}\n"
            for name in (
                "cleanup",
                "always",
                "changed",
                "fixed",
                "regression",
                "aborted",
                "failure",
                "success",
                "unstable",
                "unsuccessful",
            )
        )
        + "}",
    ),
    "script": steps(
        "script {\n def x = sh(returnStdout: true, script: 'ls').trim()\n"
        " if (x == 'a' || !(x in ['b'])) { echo 'b' } else { error('no') }\n"
        ' for (int i = 0; i < 3; i++) { echo "$i" }\n [1, 2].each { n -> echo "${n}" }\n'
        " try { sh 'x' } catch (Exception e) { echo e.message } finally { echo 'f' }\n"
        " env.A = x ?: 'none'\n currentBuild.result = 'UNSTABLE'\n}"
    ),
    "texts of all kinds": steps(
        "sh 'it\\'s $HOME'",
        'sh "\\${HOME} ${env.A} $B"',
        "sh '''\n a\n b \"c\"\n'''",
        'sh """\n ${A}\n \'x\'\n"""',
        "echo ''",
    ),
    "steps with blocks": steps(
        "dir('a') { withEnv(['A=b', \"C=${D}\"]) { sh 'x' } }",
        "timeout(time: 5, unit: 'MINUTES') {\n retry(3) { sh 'x' }\n}",
        "catchError(buildResult: 'SUCCESS', stageResult: 'FAILURE') { sh 'x' }",
        "withCredentials([string(credentialsId: 'a', variable: 'B'),\n"
        " usernamePassword(credentialsId: 'c', usernameVariable: 'U', passwordVariable: 'P')]) {\n"
        " sh 'x'\n}",
    ),
    "steps without brackets": steps(
        "archiveArtifacts artifacts: 'a/**', allowEmptyArchive: true",
        "junit testResults: '**/*.xml', allowEmptyResults: true",
        "mail to: 'a@b.example',\n subject: \"x ${env.B}\",\n body: 'y'",
        "sleep 3",
        "checkout scm",
        "deleteDir()",
        "stash name: 'a', includes: 'b/**'",
    ),
    "functions before the pipeline": 'def f(String a, b = 2) {\n return "${a}-${b}"\n}\n'
    + steps("echo f('x')", "f('y')"),
    "steps of a library": "@Library('mine@1') _\n" + steps("deployEverything 'there'"),
    "comments": "#!/usr/bin/env groovy\n/* a\n { */\n// }\n" + steps("echo 'x' // y", "/* z */"),
}


@pytest.mark.parametrize("name", VALID)
def test_a_valid_jenkinsfile_has_no_problems(name: str) -> None:
    assert check_jenkinsfile(VALID[name]) == []


def test_the_projects_own_jenkinsfile_is_valid(repository: Path) -> None:
    pipeline_ = parse_jenkinsfile((repository / "Jenkinsfile").read_text("utf-8"))
    assert pipeline_.agent.kind == "any"
    assert [stage_.name for stage_ in pipeline_.stages][:2] == ["Set up", "Test"]
    assert pipeline_.post is not None
    assert [condition for condition, _ in pipeline_.post.conditions] == ["always"]


def test_conditions_of_post_are_kept_in_the_order_of_jenkins() -> None:
    text = steps("echo 'x'", more="post {\n cleanup { echo 'c' }\n success { echo 's' }\n"
                 " always { echo 'a' }\n}")  # fmt: skip
    post = parse_jenkinsfile(text).post
    assert post is not None
    assert [condition for condition, _ in post.conditions] == ["always", "success", "cleanup"]


def test_credentials_of_an_environment_are_told_apart() -> None:
    text = pipeline("environment {\n A = 'a'\n B = credentials('id')\n}", ECHO)
    plain, secret = parse_jenkinsfile(text).environment
    assert plain.credentials is None
    assert getattr(secret.credentials, "value", "") == "id"


def test_all_stages_are_listed_in_the_order_of_the_file() -> None:
    names = [stage_.name for stage_ in parse_jenkinsfile(VALID["parallel"]).all_stages()]
    assert names == ["P", "A", "B"]
