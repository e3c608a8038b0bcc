"""A stage while it runs: its log, its seconds and its result."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from prodev.services.jenkins.build import Build
from prodev.services.jenkins.context import Context, InterruptedRunError, Log, StageState
from prodev.services.jenkins.groovy.values import GroovyError, UnsupportedError


@contextmanager
def running_stage(build: Build, name: str, context: Context) -> Iterator[Context]:
    """Run the ``with`` block as a stage; give the context for its steps."""
    state = open_stage(build, name, context)
    state.log.write(f"[Pipeline] stage ({name})")
    try:
        yield context.inside(log=state.log, stage=state)
    except BaseException as error:
        note_failure(build, state, error)
        raise
    finally:
        state.seconds = time.monotonic() - state.started


def open_stage(build: Build, name: str, context: Context) -> StageState:
    """Add a stage to the build."""
    state = StageState(name, context.stage.name if context.stage else "", Log(context.log))
    with build.lock:
        build.stages.append(state)
    return state


def skip_stage(build: Build, name: str, context: Context, reason: str) -> None:
    """Add a stage that does not run."""
    state = open_stage(build, name, context)
    state.result, state.reason = "NOT_BUILT", reason
    context.log.write(f'Stage "{name}" skipped due to {reason}')


def note_failure(build: Build, state: StageState, error: BaseException) -> None:
    """Give the stage and the build the result of an exception."""
    failed = isinstance(error, GroovyError | UnsupportedError)
    interrupted = isinstance(error, InterruptedRunError)
    state.worsen("FAILURE" if failed else "ABORTED")
    if isinstance(error, UnsupportedError):
        build.note(f"The rehearsal stopped: {error}.")
    if failed or not interrupted:
        build.worsen("FAILURE" if failed else "ABORTED")
