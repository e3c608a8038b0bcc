"""One build: its state, and what names and steps mean in it."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from prodev.services.guard import Guard
from prodev.services.jenkins.context import Context, StageState
from prodev.services.jenkins.credentials import Credential
from prodev.services.jenkins.files import copy_files
from prodev.services.jenkins.groovy import nodes as n
from prodev.services.jenkins.groovy.execute import Evaluator
from prodev.services.jenkins.groovy.scope import Scope
from prodev.services.jenkins.groovy.values import GroovyError, UnsupportedError, text_of
from prodev.services.jenkins.records import Pipeline
from prodev.services.jenkins.results import Result, TestCounts, is_worse, worst

_PLUGIN_VARIABLES = ("docker", "kubernetes", "Artifactory", "openshift", "Jenkins", "manager")


@dataclass
class Build:
    """What one run of a pipeline knows and gathers."""

    pipeline: Pipeline
    guard: Guard
    source: Path | None
    """What ``checkout scm`` copies."""
    base: Mapping[str, str]
    """The variables that each step sees: those of the rehearsal and of Jenkins."""
    parameters: Mapping[str, Any]
    credentials: Mapping[str, Credential]
    previous: Result | None
    number: int = 1
    result: Result = "SUCCESS"
    description: str = ""
    tests: TestCounts = field(default_factory=TestCounts)
    overrides: dict[str, str] = field(default_factory=dict)
    """What scripts set by ``env.NAME = value``."""
    stages: list[StageState] = field(default_factory=list)
    notes: dict[str, None] = field(default_factory=dict)
    warnings: dict[str, None] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)
    workspaces: int = 0

    def worsen(self, result: Result) -> None:
        """Make the result at least as bad."""
        with self.lock:
            self.result = worst(self.result, result)

    def note(self, sentence: str) -> None:
        """Say once how the rehearsal differs from Jenkins."""
        with self.lock:
            self.notes[sentence] = None

    def warn(self, sentence: str) -> None:
        """Say once what Jenkins warns of."""
        with self.lock:
            self.warnings[sentence] = None

    def new_workspace(self) -> Path:
        """Make an empty folder for an agent."""
        with self.lock:
            self.workspaces += 1
            number = self.workspaces
        name = "workspace" if number == 1 else f"workspace@{number}"
        folder = self.guard.folder / name
        folder.mkdir()
        return folder

    def archive(self, folder: Path, names: list[str]) -> None:
        """Keep files as artifacts."""
        with self.lock:
            copy_files(folder, names, self.artifacts)

    @property
    def artifacts(self) -> Path:
        """The folder of the artifacts."""
        return self.guard.folder / "artifacts"

    def artifact_names(self) -> tuple[str, ...]:
        """Return the artifacts' paths, sorted."""
        names = [
            Path(place, name).relative_to(self.artifacts).as_posix()
            for place, _, files in os.walk(self.artifacts)
            for name in files
        ]
        return tuple(sorted(names))

    def environment(self, context: Context) -> dict[str, str]:
        """Return all variables that a step sees."""
        own = {"WORKSPACE": str(context.workspace)} if context.workspace else {}
        stage = {"STAGE_NAME": context.stage.name} if context.stage else {}
        return {**self.base, **own, **stage, **self.overrides, **context.variables}


class BuildEvaluator(Evaluator):
    """Works out the expressions of one build."""

    def __init__(self, build: Build) -> None:
        """Take the build, and run what stands before ``pipeline``."""
        from prodev.services.jenkins.steps import STEPS, StepCall

        self.build = build
        self._steps, self._step_call = STEPS, StepCall
        self._functions = build.pipeline.functions
        self.top: Scope | None = None

    def scope(self, context: Context) -> Scope:
        """Return a scope for steps in this context."""
        return Scope(context, self.top)

    def name(self, name: str, scope: Scope) -> Any:
        """Return a global variable of Jenkins, or a variable of the environment."""
        context: Context = scope.context
        if name == "env":
            return EnvironmentView(self.build, context)
        if name == "params":
            return dict(self.build.parameters)
        if name == "currentBuild":
            return CurrentBuild(self.build)
        if name == "scm":
            return "scm"
        variables = self.build.environment(context)
        if name in variables:
            return variables[name]
        if name in self._steps:
            return self.step(name, [], {}, scope, 0)
        if name in _PLUGIN_VARIABLES:
            raise UnsupportedError(f"'{name}' comes from a plugin that the rehearsal does not have")
        raise GroovyError(f"No such property: {name} for class: groovy.lang.Binding")

    def step(
        self, name: str, plain: list[Any], named: dict[str, Any], scope: Scope, line: int
    ) -> Any:
        """Run a function of the file, or a step."""
        if function := self._functions.get(name):
            top = self.top or Scope(scope.context)
            return self.call_function(function, plain, scope.context, top)
        step = self._steps.get(name)
        if step is None:
            raise UnsupportedError(f"line {line}: the step '{name}' is not run here")
        context: Context = scope.context
        context.check()
        return step(self._step_call(self, context, plain, named))

    def assign(self, target: n.Node, value: Any, scope: Scope) -> None:
        """Set ``env.NAME``, a property of ``currentBuild``, or a new global variable."""
        if isinstance(target, n.Name):
            (self.top or scope).declare(target.name, value)
            return
        of = getattr(target, "of", None)
        name = target.name if isinstance(target, n.Property) else ""
        if isinstance(of, n.Name) and of.name == "env" and name:
            with self.build.lock:
                self.build.overrides[name] = text_of(value)
            return
        if isinstance(of, n.Name) and of.name == "currentBuild":
            if name == "result" and value in ("SUCCESS", "UNSTABLE", "FAILURE", "ABORTED"):
                self.build.worsen(value)
                return
            if name in ("description", "displayName", "keepLog"):
                self.build.description = text_of(value)
                return
        raise UnsupportedError(f"line {target.line}: this cannot be set here")

    def tick(self, scope: Scope) -> None:
        """End where the run has to end."""
        scope.context.check()


class EnvironmentView:
    """``env``."""

    def __init__(self, build: Build, context: Context) -> None:
        """Take where the variables are."""
        self._build, self._context = build, context

    def groovy_get(self, name: str) -> Any:
        """Return a variable, or null."""
        return self._build.environment(self._context).get(name)

    def groovy_call(self, name: str, values: list[Any]) -> Any:
        """Answer ``getEnvironment()``."""
        if name == "getEnvironment" and not values:
            return self._build.environment(self._context)
        raise UnsupportedError(f"env.{name}() is not known here")


class CurrentBuild:
    """``currentBuild``."""

    def __init__(self, build: Build) -> None:
        """Take the build."""
        self._build = build

    def groovy_get(self, name: str) -> Any:
        """Return one of its properties."""
        build = self._build
        if name == "previousBuild":
            return {"result": build.previous} if build.previous else None
        known = {
            "result": None if build.result == "SUCCESS" else build.result,
            "currentResult": build.result,
            "number": build.number,
            "id": str(build.number),
            "displayName": f"#{build.number}",
            "fullDisplayName": f"{build.base['JOB_NAME']} #{build.number}",
            "projectName": build.base["JOB_NAME"],
            "description": build.description,
        }
        if name not in known:
            raise UnsupportedError(f"currentBuild.{name} is not known here")
        return known[name]

    def groovy_call(self, name: str, values: list[Any]) -> Any:
        """Answer ``resultIsBetterOrEqualTo(...)`` and its like."""
        if name == "resultIsBetterOrEqualTo" and len(values) == 1:
            return not is_worse(self._build.result, values[0])
        if name == "resultIsWorseOrEqualTo" and len(values) == 1:
            return not is_worse(values[0], self._build.result)
        raise UnsupportedError(f"currentBuild.{name}() is not known here")
