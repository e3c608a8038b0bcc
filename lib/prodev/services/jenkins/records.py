"""A declarative pipeline, as it is written in a Jenkinsfile."""

from __future__ import annotations

from dataclasses import dataclass

from prodev.errors import CourseError
from prodev.services.jenkins.groovy.nodes import Annotation, Call, Function, Node


@dataclass(frozen=True, order=True)
class Problem:
    """What is wrong at one line of a Jenkinsfile."""

    line: int
    rule: str
    """Its short name, such as ``unknown-section``."""
    message: str
    """One sentence: what is wrong and what is expected."""


class JenkinsfileError(CourseError):
    """A Jenkinsfile is not a valid declarative pipeline."""

    def __init__(self, problems: list[Problem]) -> None:
        """Take what is wrong; the text tells the first and counts the others."""
        self.problems = problems
        first = problems[0]
        more = f" There are {len(problems) - 1} more problems." if len(problems) > 1 else ""
        super().__init__(f"Jenkinsfile, line {first.line}: {first.message}{more}")


@dataclass(frozen=True)
class Agent:
    """Where a pipeline or stage runs."""

    line: int
    kind: str
    """``any``, ``none``, ``label``, ``node``, ``docker``, ``dockerfile`` or ``kubernetes``."""
    settings: tuple[tuple[str, Node], ...] = ()


@dataclass(frozen=True)
class Variable:
    """``NAME = value`` of an ``environment``."""

    line: int
    name: str
    value: Node

    @property
    def credentials(self) -> Node | None:
        """The id in ``credentials('id')``, or None."""
        if (
            isinstance(self.value, Call)
            and self.value.of is None
            and self.value.name == "credentials"
        ):
            return self.value.arguments[0] if self.value.arguments else None
        return None


@dataclass(frozen=True)
class Condition:
    """One condition of a ``when``; ``not``, ``allOf`` and ``anyOf`` have children."""

    line: int
    name: str
    call: Call
    children: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class When:
    """When a stage runs: all of the conditions hold."""

    line: int
    conditions: tuple[Condition, ...]
    before: tuple[str, ...] = ()
    """``beforeAgent``, ``beforeInput``, ``beforeOptions``, where they are true."""


@dataclass(frozen=True)
class Post:
    """What runs at the end of a pipeline or stage: steps by condition, in Jenkins' order."""

    line: int
    conditions: tuple[tuple[str, tuple[Node, ...]], ...]


@dataclass(frozen=True)
class Axis:
    """One dimension of a matrix."""

    name: str
    values: tuple[str, ...]
    inverse: bool = False
    """Whether ``notValues`` is written, in an ``exclude``."""


@dataclass(frozen=True)
class Stage:
    """A stage: exactly one of ``steps``, ``stages``, ``parallel`` and ``axes`` is not empty."""

    line: int
    name: str
    agent: Agent | None = None
    environment: tuple[Variable, ...] = ()
    options: tuple[Call, ...] = ()
    tools: tuple[Call, ...] = ()
    when: When | None = None
    input: Call | None = None
    post: Post | None = None
    fail_fast: bool = False
    steps: tuple[Node, ...] = ()
    stages: tuple[Stage, ...] = ()
    parallel: tuple[Stage, ...] = ()
    axes: tuple[Axis, ...] = ()
    """The dimensions of a matrix; its cell is ``cell``."""
    excludes: tuple[tuple[Axis, ...], ...] = ()
    cell: Stage | None = None

    def all_stages(self) -> tuple[Stage, ...]:
        """Return this stage and all within it, in the order of the file."""
        inner = (*self.stages, *self.parallel, *(self.cell.stages if self.cell else ()))
        return (self, *(each for stage in inner for each in stage.all_stages()))


@dataclass(frozen=True)
class Pipeline:
    """A declarative pipeline."""

    line: int
    agent: Agent
    stages: tuple[Stage, ...]
    environment: tuple[Variable, ...] = ()
    options: tuple[Call, ...] = ()
    parameters: tuple[Call, ...] = ()
    triggers: tuple[Call, ...] = ()
    tools: tuple[Call, ...] = ()
    post: Post | None = None
    before: tuple[Node, ...] = ()
    """What stands before ``pipeline``: functions, variables, annotations."""

    def all_stages(self) -> tuple[Stage, ...]:
        """Return all stages, in the order of the file."""
        return tuple(each for stage in self.stages for each in stage.all_stages())

    @property
    def functions(self) -> dict[str, Function]:
        """The functions that the file defines."""
        return {node.name: node for node in self.before if isinstance(node, Function)}

    @property
    def has_library(self) -> bool:
        """Whether it takes steps from a shared library, which nobody here knows."""
        return any(isinstance(node, Annotation) and node.name == "Library" for node in self.before)
