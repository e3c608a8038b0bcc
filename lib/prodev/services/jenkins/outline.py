"""The outline of a pipeline as plain data: what stands where, and which texts and credentials."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from prodev.services.jenkins.groovy.nodes import Call, Literal, Node
from prodev.services.jenkins.records import Pipeline, Post, Stage, Variable


def outline(pipeline: Pipeline) -> dict[str, Any]:
    """Return a pipeline's outline.

    Keys: ``agent`` (its kind), ``stages`` (all, in order: ``name``, ``line``, ``environment``,
    ``post``, ``when``, ``steps``), ``environment`` (names and lines), ``post`` (its conditions),
    ``credentials`` (``id``, ``line``, ``inside``: the stage, or empty), ``texts`` (``line``,
    ``text``: every text that is written in the file).
    """
    stages = pipeline.all_stages()
    credentials = [
        {"id": name, "line": line, "inside": stage.name}
        for stage in stages
        for name, line in _credentials(_own(stage))
    ]
    outside = (pipeline.environment, pipeline.options, pipeline.post, pipeline.before)
    credentials += [
        {"id": name, "line": line, "inside": ""} for name, line in _credentials(outside)
    ]
    texts = [
        {"line": node.line, "text": str(node.value)}
        for node in walk(pipeline)
        if isinstance(node, Literal) and isinstance(node.value, str)
    ]
    return {
        "agent": pipeline.agent.kind,
        "environment": _environment(pipeline.environment),
        "stages": [_stage(stage) for stage in stages],
        "post": _conditions(pipeline.post),
        "credentials": sorted(credentials, key=lambda each: each["line"]),
        "texts": texts,
    }


def walk(of: Any) -> Iterator[Node]:
    """Yield every node of Groovy below a record, a node or a tuple of them, outermost first."""
    if isinstance(of, Node):
        yield of
    if isinstance(of, tuple | list):
        for each in of:
            yield from walk(each)
    elif is_dataclass(of):
        for field in fields(of):
            yield from walk(getattr(of, field.name))


def _stage(stage: Stage) -> dict[str, Any]:
    return {
        "name": stage.name,
        "line": stage.line,
        "environment": _environment(stage.environment),
        "post": _conditions(stage.post),
        "when": stage.when is not None,
        "steps": [node.name for node in walk(stage.steps) if isinstance(node, Call)],
    }


def _environment(variables: tuple[Variable, ...]) -> list[dict[str, Any]]:
    return [{"name": variable.name, "line": variable.line} for variable in variables]


def _conditions(post: Post | None) -> list[str]:
    return [name for name, _ in post.conditions] if post else []


def _own(stage: Stage) -> tuple[Any, ...]:
    """What belongs to a stage, but not to the stages in it."""
    cell = _own(stage.cell) if stage.cell else ()
    return (stage.environment, stage.options, stage.when, stage.post, stage.steps, *cell)


def _credentials(of: Any) -> Iterator[tuple[str, int]]:
    """Yield the ids of credentials that are asked for, with their lines."""
    for node in walk(of):
        if not isinstance(node, Call):
            continue
        asked = [value for name, value in node.named if name == "credentialsId"]
        if node.name == "credentials" and node.of is None:
            asked += node.plain[:1]
        for value in asked:
            if isinstance(value, Literal):
                yield str(value.value), value.line
