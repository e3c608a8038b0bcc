"""Steps that run scripts, speak, and change what is around their block."""

from __future__ import annotations

from typing import Any

from prodev.services.jenkins.build import BuildEvaluator
from prodev.services.jenkins.context import Context
from prodev.services.jenkins.groovy.values import GroovyError, Interpolated, is_true, text_of
from prodev.services.jenkins.shell import run_script
from prodev.services.jenkins.steps.registry import StepCall, step


@step("echo", "print", "println")
def _echo(call: StepCall) -> None:
    call.context.say(text_of(call.argument("message", "")))


@step("sh")
def _sh(call: StepCall) -> Any:
    script = call.argument("script")
    _warn_of_secrets(call.run, call.context, "sh", script)
    capture = is_true(call.named.get("returnStdout"))
    env = call.run.build.environment(call.context)
    done = run_script(call.run.build.guard, text_of(script), call.context, env, capture=capture)
    if is_true(call.named.get("returnStatus")):
        return done.status
    if done.status:
        raise GroovyError(f"script returned exit code {_exit_code(done.status)}")
    return done.output if capture else None


def _exit_code(status: int) -> int:
    return status if status >= 0 else 128 - status


def _warn_of_secrets(run: BuildEvaluator, context: Context, name: str, text: Any) -> None:
    """Warn as Jenkins does where Groovy has put a secret into a script."""
    if not isinstance(text, Interpolated):
        return
    inside = sorted(key for key, secret in context.secrets.items() if secret and secret in text)
    if inside:
        sentence = (
            f'A secret was passed to "{name}" using Groovy String interpolation, which is '
            f"insecure. Affected argument(s) used the following variable(s): [{', '.join(inside)}]"
        )
        context.say(f"Warning: {sentence}")
        run.build.warn(sentence)


@step("dir")
def _dir(call: StepCall) -> Any:
    folder = call.context.path(text_of(call.argument("path")))
    folder.mkdir(parents=True, exist_ok=True)
    return call.block.run(call.context.inside(folder=folder))


@step("withEnv")
def _with_env(call: StepCall) -> Any:
    variables: dict[str, str] = {}
    for pair in call.argument("overrides"):
        name, _, value = text_of(pair).partition("=")
        if "+" in name:  # PATH+ANY=value goes before PATH
            name = name.partition("+")[0]
            old = variables.get(name) or call.run.build.environment(call.context).get(name, "")
            value = f"{value}:{old}" if old else value
        variables[name] = value
    return call.block.run(call.context.with_variables(variables))


@step("error")
def _error(call: StepCall) -> None:
    raise GroovyError(text_of(call.argument("message", "")))


@step("unstable")
def _unstable(call: StepCall) -> None:
    call.context.say(f"WARNING: {text_of(call.argument('message'))}")
    call.run.build.worsen("UNSTABLE")
    if call.context.stage:
        call.context.stage.worsen("UNSTABLE")


@step("pwd")
def _pwd(call: StepCall) -> str:
    return str(call.context.here())


@step("isUnix")
def _is_unix(_: StepCall) -> bool:
    return True


@step("script", "timestamps", "ansiColor", "lock", "node", "throttle", "withChecks")
def _just_run(call: StepCall) -> Any:
    return call.block.run(call.context)


@step("input")
def _input(call: StepCall) -> None:
    call.context.say(text_of(call.argument("message", "Proceed or abort?")))
    call.run.build.note("An 'input' is answered with 'Proceed': nobody is asked in a rehearsal.")
