"""Steps that repeat, limit, wait for and catch what goes wrong in their block."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, cast

from prodev.services.jenkins.context import Context, Interrupt, InterruptedRunError
from prodev.services.jenkins.groovy.values import GroovyError, is_true, text_of
from prodev.services.jenkins.results import Result
from prodev.services.jenkins.steps.registry import StepCall, step


@step("retry")
def _retry(call: StepCall) -> Any:
    return repeat(call.argument("count"), call.context, call.block.run)


def repeat(count: Any, context: Context, body: Callable[[Context], Any]) -> Any:
    """Run the body until it does not fail, at most this many times."""
    if isinstance(count, bool) or not isinstance(count, int):
        raise GroovyError("retry needs a whole number")
    for left in range(max(count, 1) - 1, -1, -1):
        try:
            return body(context)
        except (GroovyError, InterruptedRunError) as error:
            if _from_outside(error, context) or not left:
                raise
            context.say(f"ERROR: {error}\nRetrying")
    return None


def _from_outside(error: Exception, context: Context) -> bool:
    return isinstance(error, InterruptedRunError) and error.by in context.interrupts


@step("timeout")
def _timeout(call: StepCall) -> Any:
    return within(call.seconds("MINUTES"), call.context, call.block.run)


def within(seconds: float, context: Context, body: Callable[[Context], Any]) -> Any:
    """Run the body for at most these seconds."""
    limit = Interrupt(seconds)
    try:
        return body(context.inside(interrupts=(*context.interrupts, limit)))
    except InterruptedRunError as error:
        if error.by is limit:
            context.say(limit.why)
        raise


@step("sleep")
def _sleep(call: StepCall) -> None:
    end = time.monotonic() + call.seconds("SECONDS")
    while (left := end - time.monotonic()) > 0:
        call.context.check()
        time.sleep(min(left, 0.05))


@step("waitUntil")
def _wait_until(call: StepCall) -> None:
    pause = 0.25
    while not is_true(call.block.run(call.context)):
        call.context.check()
        time.sleep(pause)
        pause = min(pause * 1.2, 15.0)


@step("catchError")
def _catch_error(call: StepCall) -> Any:
    message = text_of(call.argument("message", ""))
    return _caught(call, message, "FAILURE", "SUCCESS")


@step("warnError")
def _warn_error(call: StepCall) -> Any:
    return _caught(call, text_of(call.argument("message")), "UNSTABLE", "UNSTABLE")


def _caught(call: StepCall, message: str, build: Result, stage: Result) -> Any:
    """Run the block; where it fails, give build and stage their results and go on."""
    try:
        return call.block.run(call.context)
    except (GroovyError, InterruptedRunError) as error:
        lets_pass = call.named.get("catchInterruptions") is False
        ended = isinstance(error, InterruptedRunError)
        if _from_outside(error, call.context) or (lets_pass and ended):
            raise
        call.context.say(f"{message}\nERROR: {error}".strip())
        call.run.build.worsen(_result(call.named.get("buildResult"), build))
        if call.context.stage:
            call.context.stage.worsen(_result(call.named.get("stageResult"), stage))
        return None


def _result(value: Any, default: Result) -> Result:
    name = default if value is None else text_of(value)
    if name not in ("SUCCESS", "UNSTABLE", "FAILURE", "NOT_BUILT", "ABORTED"):
        raise GroovyError(f"'{name}' is no result; there are SUCCESS, UNSTABLE, FAILURE, ABORTED")
    return cast(Result, name)
