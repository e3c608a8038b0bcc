"""Credentials reach the steps, are masked in the log, and Jenkins' warning is given."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from jenkinsfiles import pipeline, stage, stages, steps
from prodev.services.jenkins import SecretFile, SecretText, UsernamePassword, rehearse
from prodev.services.jenkins.credentials import Mask

pytestmark = pytest.mark.slow

TOKEN = "t0ken-Value_9"
CREDENTIALS = {
    "token": SecretText(TOKEN),
    "user": UsernamePassword("ada", "pa55word!"),
    "file": SecretFile("key.pem", "content-of-the-key"),
}
BIND = "withCredentials([string(credentialsId: 'token', variable: 'T')]) {{ {} }}"


def test_a_secret_is_masked_wherever_a_step_writes_it() -> None:
    run = rehearse(
        steps(BIND.format("sh 'echo $T; env; echo $T >&2'\n echo \"$T\"")), credentials=CREDENTIALS
    )
    assert run.result == "SUCCESS"
    assert TOKEN not in "\n".join(run.log)
    assert TOKEN not in repr(run)
    assert "****" in run.log
    assert "T=****" in run.log


def test_a_secret_in_base64_is_masked_as_jenkins_does_it() -> None:
    run = rehearse(
        steps(
            BIND.format(
                "sh 'printf %s $T | base64; printf x%s $T | base64; printf xy%s $T | base64'"
            )
        ),
        credentials=CREDENTIALS,
    )
    log = "\n".join(run.log)
    for before in ("", "x", "xy"):
        encoded = base64.b64encode(f"{before}{TOKEN}".encode()).decode()
        assert encoded[4:-4] not in log


def test_a_changed_secret_is_not_masked_as_in_jenkins() -> None:
    run = rehearse(steps(BIND.format("sh 'echo $T | rev'")), credentials=CREDENTIALS)
    assert TOKEN[::-1] in run.log


def test_a_secret_is_masked_only_where_it_is_bound() -> None:
    text = steps(BIND.format("script { env.COPY = T }"), "sh 'echo $COPY'")
    assert TOKEN in rehearse(text, credentials=CREDENTIALS).log


@pytest.mark.parametrize(
    ("script", "warned"),
    [
        ('sh "curl -H ${T} || true"', True),
        ('sh "curl -H " + T + " || true"', False),
        ('sh(script: "echo $T", returnStdout: true)', True),
        ("sh 'echo $T'", False),
        ('sh "echo ${BUILD_NUMBER}"', False),
    ],
)
def test_a_secret_that_groovy_puts_into_a_script_is_warned_of(script: str, warned: bool) -> None:
    run = rehearse(steps(BIND.format(script)), credentials=CREDENTIALS)
    assert bool(run.warnings) is warned
    if warned:
        assert "[T]" in run.warnings[0]
        assert "Groovy String interpolation" in run.warnings[0]


def test_credentials_of_an_environment_give_three_variables_and_mask_the_secret_ones() -> None:
    text = pipeline(
        "environment { C = credentials('user') }",
        stages(stage("A", 'sh \'test "$C" = "ada:pa55word!"\'', "sh 'echo $C_USR $C_PSW'")),
    )
    run = rehearse(text, credentials=CREDENTIALS)
    assert run.result == "SUCCESS"
    assert "ada ****" in run.log


def test_user_name_and_password_are_bound_and_only_the_password_is_masked() -> None:
    bind = "usernamePassword(credentialsId: 'user', usernameVariable: 'U', passwordVariable: 'P')"
    run = rehearse(
        steps(f"withCredentials([{bind}]) {{ sh 'echo $U $P' }}"), credentials=CREDENTIALS
    )
    assert "ada ****" in run.log


def test_a_secret_file_is_private_and_gone_after_the_run(tmp_path: Path) -> None:
    place = tmp_path / "place"
    bind = "file(credentialsId: 'file', variable: 'F')"
    script = f"sh 'stat -c %a $F; cat $F; echo; printf %s $F > {place}'"
    run = rehearse(steps(f"withCredentials([{bind}]) {{ {script} }}"), credentials=CREDENTIALS)
    assert "600" in run.log
    assert any(
        line.startswith("content-of-the-key") for line in run.log
    )  # Jenkins masks the path, not the content
    assert not Path(place.read_text()).exists()


def test_a_credential_that_is_not_there_fails_the_build_and_is_named() -> None:
    run = rehearse(steps(BIND.format("sh 'x'")))
    assert run.result == "FAILURE"
    assert "ERROR: Could not find credentials entry with ID 'token'" in run.log
    run = rehearse(
        pipeline("environment { C = credentials('nope') }", stages(stage("A", "echo 'x'")))
    )
    assert run.result == "FAILURE"
    assert run.stages == ()


def test_a_credential_of_another_kind_fails_the_build() -> None:
    text = steps(BIND.format("sh 'x'"))
    run = rehearse(text, credentials={"token": CREDENTIALS["user"]})
    assert run.result == "FAILURE"
    assert any("was expected" in line for line in run.log)


def test_a_password_written_into_the_jenkinsfile_is_masked_by_nobody() -> None:
    text = pipeline("environment { P = 'hunter2-x' }", stages(stage("A", "sh 'echo $P'")))
    assert "hunter2-x" in rehearse(text).log


def test_secrets_do_not_show_in_representations() -> None:
    assert TOKEN not in repr(CREDENTIALS)
    assert "pa55word!" not in repr(CREDENTIALS)
    assert "content-of-the-key" not in repr(CREDENTIALS)


def test_longer_secrets_are_masked_before_their_parts() -> None:
    mask = Mask(["abcdef", "abcdefghi", ""])
    assert mask("x abcdefghi abcdef y") == "x **** **** y"
    assert Mask([])("text") == "text"


@pytest.mark.parametrize("secret", ["with'quote and space", "dollar$sign", "back\\slash"])
def test_a_secret_is_masked_as_the_shell_quotes_it(secret: str) -> None:
    run = rehearse(
        steps(BIND.format("sh 'echo \"$T\"'")), credentials={"token": SecretText(secret)}
    )
    assert run.result == "SUCCESS"
    assert not any(part in "\n".join(run.log) for part in ("quote", "sign", "slash"))
