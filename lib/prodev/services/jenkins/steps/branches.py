"""The steps ``parallel`` and ``stage`` of a ``script`` block."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from prodev.services.jenkins.branches import run_branches
from prodev.services.jenkins.context import Interrupt
from prodev.services.jenkins.groovy.scope import Block
from prodev.services.jenkins.groovy.values import GroovyError, is_true, text_of
from prodev.services.jenkins.stage import running_stage
from prodev.services.jenkins.steps.registry import StepCall, step


@step("parallel")
def _parallel(call: StepCall) -> None:
    listed = {
        **(call.plain[0] if call.plain and isinstance(call.plain[0], dict) else {}),
        **call.named,
    }
    fail_fast = is_true(listed.pop("failFast", False))
    if not listed or not all(isinstance(block, Block) for block in listed.values()):
        raise GroovyError("parallel needs branches: parallel a: { ... }, b: { ... }")

    def branch(name: str, block: Block) -> Callable[[Interrupt], None]:
        def run(stop: Interrupt) -> None:
            inner = call.context.inside(interrupts=(*call.context.interrupts, stop))
            with running_stage(call.run.build, text_of(name), inner) as own:
                block.run(own)

        return run

    branches = {name: branch(name, block) for name, block in listed.items()}
    run_branches(branches, fail_fast=fail_fast)


@step("stage")
def _stage(call: StepCall) -> Any:
    name = text_of(call.argument("name"))
    with running_stage(call.run.build, name, call.context) as own:
        return call.block.run(own)
