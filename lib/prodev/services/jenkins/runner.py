"""Run a pipeline: its stages in order, and ``post`` at the end of each and of all.

Source of the order: Jenkins' handbook, chapter "Pipeline Syntax": options come before the agent,
the agent before ``when`` (unless ``beforeAgent``), and ``post`` runs in the stage's environment.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, cast

from prodev.services.actions.stand_ins.checkout import copy
from prodev.services.jenkins.branches import run_branches
from prodev.services.jenkins.build import Build, BuildEvaluator
from prodev.services.jenkins.conditions import holds, post_holds
from prodev.services.jenkins.context import Context, Interrupt, InterruptedRunError
from prodev.services.jenkins.groovy.nodes import Call
from prodev.services.jenkins.groovy.scope import Scope
from prodev.services.jenkins.groovy.values import GroovyError, UnsupportedError, text_of
from prodev.services.jenkins.matrix import cells_of
from prodev.services.jenkins.records import Agent, Post, Stage, Variable, When
from prodev.services.jenkins.results import Result, worst
from prodev.services.jenkins.stage import note_failure, open_stage, skip_stage
from prodev.services.jenkins.steps.control import repeat, within
from prodev.services.jenkins.steps.registry import StepCall
from prodev.services.jenkins.steps.secrets import in_environment

_POST_SECONDS = 60.0
"""What ``post`` gets where the time of the build is over."""

_FAILURES = (GroovyError, UnsupportedError, InterruptedRunError)


class Runner:
    """Runs one build."""

    def __init__(self, build: Build) -> None:
        """Take the build."""
        self.build, self.evaluator = build, BuildEvaluator(build)
        self._pipeline = build.pipeline
        self._told: list[Exception] = []
        names = {option.name for option in self._pipeline.options}
        self._fail_fast = "parallelsAlwaysFailFast" in names
        self._stops_after_unstable = "skipStagesAfterUnstable" in names

    def run(self, context: Context) -> None:
        """Run the pipeline to its end; failures are in the build's result."""
        pipeline = self._pipeline
        try:
            top = Scope(context)
            self.evaluator.run(pipeline.before, top)
            self.evaluator.top = top
            context = self._on_agent(pipeline.agent, pipeline.options, context)
        except _FAILURES as error:
            self._fail(context, error)
            return
        try:
            context = self._in_environment(pipeline.environment, context)
            self._note_tools(pipeline.tools)
            self._wrapped(pipeline.options, context, lambda c: self._stages(pipeline.stages, c))
        except _FAILURES as error:
            self._fail(context, error)
        self._post(pipeline.post, context, lambda: self.build.result, self._fail)

    def _fail(self, context: Context, error: Exception) -> None:
        """Note what ended the pipeline; a stage may have told it before."""
        if isinstance(error, UnsupportedError):
            self.build.note(f"The rehearsal stopped: {error}.")
        self.build.worsen("ABORTED" if isinstance(error, InterruptedRunError) else "FAILURE")
        self._tell(context, error)

    def _tell(self, context: Context, error: Exception) -> None:
        """Write a failure into the log; once, though it passes stage after stage."""
        if error not in self._told:
            self._told.append(error)
            context.say(f"ERROR: {error}")

    def _stages(self, stages: Iterable[Stage], context: Context) -> None:
        failure: Exception | None = None
        for stage in stages:
            if failure is not None:
                skip_stage(self.build, stage.name, context, "earlier failure(s)")
            elif self._stops_after_unstable and self.build.result == "UNSTABLE":
                skip_stage(self.build, stage.name, context, "an unstable build")
            else:
                try:
                    self._stage(stage, context)
                except _FAILURES as error:
                    failure = error
        if failure is not None:
            raise failure

    def _stage(self, stage: Stage, context: Context) -> None:
        state = open_stage(self.build, stage.name, context)
        state.log.write(f"[Pipeline] stage ({stage.name})")
        inner = context.inside(log=state.log, stage=state)
        failure: Exception | None = None
        ran = True
        try:
            if stage.input:
                self.build.note("An 'input' is answered with 'Proceed': nobody is asked here.")
            if stage.when and stage.when.before and not self._allowed(stage.when, inner):
                ran = False
            else:
                inner = self._on_agent(stage.agent, stage.options, inner)
                inner = self._in_environment(stage.environment, inner)
                ran = stage.when is None or self._allowed(stage.when, inner)
            if ran:
                self._note_tools(stage.tools)
                self._wrapped(stage.options, inner, lambda c: self._body(stage, c))
        except _FAILURES as error:
            failure = error
            self._tell(inner, error)
            note_failure(self.build, state, error)
        if ran:
            failed: list[Exception] = []

            def fail(c: Context, error: Exception) -> None:
                self._tell(c, error)
                note_failure(self.build, state, error)
                failed.append(error)

            self._post(stage.post, inner, lambda: worst(self.build.result, state.result), fail)
            failure = failure or next(iter(failed), None)
        else:
            state.result, state.reason = "NOT_BUILT", "when conditional"
            state.log.write(f'Stage "{stage.name}" skipped due to when conditional')
        state.seconds = time.monotonic() - state.started
        if failure is not None:
            raise failure

    def _allowed(self, when: When, context: Context) -> bool:
        return holds(self.evaluator, when, context)

    def _body(self, stage: Stage, context: Context) -> None:
        if stage.steps:
            self.evaluator.run(stage.steps, self.evaluator.scope(context))
        elif stage.stages:
            self._stages(stage.stages, context)
        else:
            branches = (
                self._matrix(stage, context) if stage.cell else self._parallel(stage, context)
            )
            run_branches(branches, fail_fast=stage.fail_fast or self._fail_fast)

    def _parallel(self, stage: Stage, context: Context) -> dict[str, Callable[[Interrupt], None]]:
        def branch(inner: Stage) -> Callable[[Interrupt], None]:
            return lambda stop: self._stage(
                inner, context.inside(interrupts=(*context.interrupts, stop))
            )

        return {inner.name: branch(inner) for inner in stage.parallel}

    def _matrix(self, stage: Stage, context: Context) -> dict[str, Callable[[Interrupt], None]]:
        cell = cast(Stage, stage.cell)

        def branch(values: dict[str, str], name: str) -> Callable[[Interrupt], None]:
            one = replace(cell, name=name)
            inner = context.with_variables(values)
            return lambda stop: self._stage(
                one, inner.inside(interrupts=(*context.interrupts, stop))
            )

        branches = {}
        for values in cells_of(stage):
            name = "Matrix - " + ", ".join(f"{k} = '{v}'" for k, v in values.items())
            branches[name] = branch(values, name)
        return branches

    def _on_agent(self, agent: Agent | None, options: Iterable[Call], context: Context) -> Context:
        """Give a folder to the steps; each agent has its own, with the repository in it."""
        if agent is None or agent.kind == "none":
            return context
        if agent.kind != "any":
            self.build.note(f"agent {agent.kind}: its steps run on this machine.")
        folder = self.build.new_workspace()
        context = context.inside(workspace=folder, folder=folder)
        everywhere = (*self._pipeline.options, *options)
        skipped = any(option.name == "skipDefaultCheckout" for option in everywhere)
        if self.build.source and not skipped:
            target = folder
            for option in self._pipeline.options:
                if option.name == "checkoutToSubdirectory" and option.arguments:
                    scope = self.evaluator.scope(context)
                    target = context.path(
                        text_of(self.evaluator.evaluate(option.arguments[0], scope))
                    )
            copy(self.build.source, target)
        return context

    def _in_environment(self, variables: Iterable[Variable], context: Context) -> Context:
        """Set the variables of an ``environment``, one after the other."""
        for variable in variables:
            scope = self.evaluator.scope(context)
            if variable.credentials is not None:
                name = text_of(self.evaluator.evaluate(variable.credentials, scope))
                binding = in_environment(self.build, variable.name, name)
                context = context.with_variables(binding.variables, binding.secrets)
                continue
            value = text_of(self.evaluator.evaluate(variable.value, scope))
            context = context.with_variables({variable.name: value})
        return context

    def _wrapped(
        self, options: Iterable[Call], context: Context, body: Callable[[Context], Any]
    ) -> None:
        """Run the body within the options that wrap it: ``timeout`` and ``retry``."""
        for option in reversed(list(options)):
            if option.name in ("timeout", "retry"):
                body = self._wrap(option, context, body)
        body(context)

    def _wrap(
        self, option: Call, context: Context, body: Callable[[Context], Any]
    ) -> Callable[[Context], Any]:
        scope = self.evaluator.scope(context)
        plain = [self.evaluator.evaluate(node, scope) for node in option.arguments]
        named = {name: self.evaluator.evaluate(node, scope) for name, node in option.named}
        call = StepCall(self.evaluator, context, plain, named)
        if option.name == "timeout":
            seconds = call.seconds("MINUTES")
            return lambda inner: within(seconds, inner, body)
        count = call.argument("count")
        return lambda inner: repeat(count, inner, body)

    def _post(
        self,
        post: Post | None,
        context: Context,
        result: Callable[[], Result],
        fail: Callable[[Context, Exception], None],
    ) -> None:
        """Run the conditions that hold; one that fails does not stop the others."""
        if post is None:
            return
        # What ended the stage does not end its post.
        going = tuple(each for each in context.interrupts if not each.is_over)
        if going != context.interrupts:
            context = context.inside(interrupts=(*going, Interrupt(_POST_SECONDS)))
        for condition, steps in post.conditions:
            if not post_holds(condition, result(), self.build.previous):
                continue
            context.log.write(f"[Pipeline] post ({condition})")
            try:
                self.evaluator.run(steps, self.evaluator.scope(context))
            except _FAILURES as error:
                context.say(f"Error when executing {condition} post condition:")
                fail(context, error)

    def _note_tools(self, tools: Iterable[Call]) -> None:
        for tool in tools:
            self.build.note(f"tools: '{tool.name}' is taken from this machine as it is.")
