"""Steps that give credentials to their block."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from prodev.services.jenkins.build import Build
from prodev.services.jenkins.credentials import (
    Credential,
    SecretFile,
    SecretText,
    UsernamePassword,
    of_kind,
)
from prodev.services.jenkins.groovy.values import GroovyError
from prodev.services.jenkins.steps.registry import StepCall, step


@dataclass(frozen=True)
class Binding:
    """Variables that hold a credential."""

    variables: dict[str, str]
    secrets: dict[str, str]
    """Those of them that are masked."""


def in_environment(build: Build, variable: str, name: str) -> Binding:
    """Bind ``VARIABLE = credentials('name')`` of an ``environment``.

    A user name with a password also sets ``VARIABLE_USR`` and ``VARIABLE_PSW``.

    Raises:
        GroovyError: there is no such credential.
    """
    found = credential_named(build, name)
    if isinstance(found, UsernamePassword):
        both = f"{found.username}:{found.password}"
        secrets = {variable: both, f"{variable}_PSW": found.password}
        return Binding({**secrets, f"{variable}_USR": found.username}, secrets)
    value = {variable: found.value if isinstance(found, SecretText) else _written(build, found)}
    return Binding(value, value)


def credential_named(build: Build, name: str) -> Credential:
    """Return the credential with this id.

    Raises:
        GroovyError: the rehearsal was given none.
    """
    if name not in build.credentials:
        raise GroovyError(f"Could not find credentials entry with ID '{name}'")
    return build.credentials[name]


@step("withCredentials")
def _with_credentials(call: StepCall) -> Any:
    context = call.context
    names: list[str] = []
    for binding in call.argument("bindings"):
        if not isinstance(binding, Binding):
            raise GroovyError("withCredentials needs bindings such as string(credentialsId: 'id')")
        context = context.with_variables(binding.variables, binding.secrets)
        names += binding.secrets
    context.say(f"Masking supported pattern matches of {' or '.join(f'${n}' for n in names)}")
    return call.block.run(context)


@step("string")
def _string(call: StepCall) -> Binding:
    found = of_kind(*_credential(call), SecretText)
    value = {str(call.argument("variable")): found.value}
    return Binding(value, value)


@step("usernamePassword")
def _username_password(call: StepCall) -> Binding:
    found = of_kind(*_credential(call), UsernamePassword)
    secret = {str(call.argument("passwordVariable")): found.password}
    return Binding({str(call.argument("usernameVariable")): found.username, **secret}, secret)


@step("usernameColonPassword")
def _username_colon_password(call: StepCall) -> Binding:
    found = of_kind(*_credential(call), UsernamePassword)
    value = {str(call.argument("variable")): f"{found.username}:{found.password}"}
    return Binding(value, value)


@step("file")
def _file(call: StepCall) -> Binding:
    found = of_kind(*_credential(call), SecretFile)
    value = {str(call.argument("variable")): _written(call.run.build, found)}
    return Binding(value, value)


def _credential(call: StepCall) -> tuple[Credential, str]:
    name = str(call.argument("credentialsId"))
    return credential_named(call.run.build, name), name


def _written(build: Build, credential: SecretFile) -> str:
    """Write a secret file into the run's private folder and return its path."""
    path = Path(mkdtemp(prefix="secret-", dir=build.guard.folder)) / Path(credential.name).name
    path.touch(mode=0o600)
    path.write_text(credential.content, "utf-8")
    return str(path)
