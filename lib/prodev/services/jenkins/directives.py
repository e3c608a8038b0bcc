"""Read directives of a pipeline or stage: agent, environment, options, when, post and others."""

from __future__ import annotations

import re
from typing import Any

from prodev.services.jenkins import grammar
from prodev.services.jenkins.groovy.nodes import (
    Assign,
    Binary,
    Call,
    GString,
    Literal,
    Name,
    Node,
    Property,
)
from prodev.services.jenkins.records import Agent, Condition, Post, Variable, When
from prodev.services.jenkins.step_check import StepReader

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class DirectiveReader(StepReader):
    """Reads directives, and notes what is wrong with them."""

    def directives(self, sections: dict[str, Call], options: tuple[str, ...]) -> dict[str, Any]:
        """Read what a pipeline, a stage and a matrix have in common."""
        return {
            "agent": self.agent(sections.get("agent")),
            "environment": self.environment(sections.get("environment")),
            "options": self.calls(sections.get("options"), options, "option"),
            "tools": self.calls(sections.get("tools"), grammar.TOOLS, "tool"),
            "post": self.post(sections.get("post")),
        }

    def agent(self, section: Call | None) -> Agent | None:
        """Read ``agent any``, ``agent none`` or ``agent { ... }``."""
        if section is None:
            return None
        expected = "write 'agent any', 'agent none' or a block such as agent { label 'linux' }."
        body = section.closure.body if section.closure else section.arguments
        kind = body[0] if len(body) == 1 and isinstance(body[0], Name | Call) else None
        if kind is None:
            self.problem(section.line, "agent", f"an agent has one kind; {expected}")
        elif kind.name in ("any", "none"):
            return Agent(section.line, kind.name)
        elif kind.name in grammar.AGENTS and section.closure:
            return self._agent_block(section.line, kind)
        else:
            near = grammar.nearest(kind.name, ("any", "none", *grammar.AGENTS))
            self.problem(kind.line, "agent", f"'{kind.name}' is no agent here; {near} {expected}")
        return None

    def _agent_block(self, line: int, kind: Name | Call) -> Agent:
        known = grammar.AGENTS[kind.name]
        if isinstance(kind, Name):
            if kind.name != "kubernetes":
                self.problem(kind.line, "agent", f"the agent '{kind.name}' needs a value.")
            return Agent(line, kind.name)
        if not kind.closure:
            value = kind.arguments[:1] or (Literal(kind.line, None),)
            return Agent(line, kind.name, ((kind.name, value[0]),))
        settings = []
        for node in kind.closure.body:
            if not (isinstance(node, Call) and (node.arguments or node.named)):
                self.problem(node.line, "agent", f"in '{kind.name}' write a name and its value.")
            elif node.name not in known:
                near = grammar.nearest(node.name, known)
                self.problem(
                    node.line, "agent", f"'{node.name}' is no setting of '{kind.name}'; {near}"
                )
            else:
                settings.append((node.name, (*node.arguments, Literal(node.line, None))[0]))
        needs = {"docker": "image", "node": "label"}.get(kind.name)
        if needs and needs not in dict(settings):
            self.problem(kind.line, "agent", f"the agent '{kind.name}' needs '{needs}'.")
        return Agent(line, kind.name, tuple(settings))

    def environment(self, section: Call | None) -> tuple[Variable, ...]:
        """Read ``NAME = value`` lines."""
        variables: list[Variable] = []
        for node in self.body(section) or ():
            if not (isinstance(node, Assign) and isinstance(node.target, Name) and not node.sign):
                self.problem(node.line, "environment", "in 'environment' write NAME = 'value'.")
                continue
            name = node.target.name
            if not _VARIABLE.fullmatch(name):
                self.problem(
                    node.line, "environment",
                    f"'{name}' is no name for a variable; use letters, digits and _.",
                )  # fmt: skip
            if any(name == other.name for other in variables):
                self.problem(node.line, "environment", f"the variable {name} is set twice.")
            if wrong := _wrong_value(node.value):
                self.problem(
                    node.line, "environment-value",
                    f"the value of {name} is {wrong}; write a text in quotes, a call such as "
                    "credentials('id'), or both joined by +.",
                )  # fmt: skip
            variables.append(Variable(node.line, name, node.value))
        return tuple(variables)

    def calls(self, section: Call | None, known: tuple[str, ...], what: str) -> tuple[Call, ...]:
        """Read a list of calls: options, parameters, triggers or tools."""
        found: list[Call] = []
        for node in self.body(section) or ():
            if isinstance(node, Name):
                node = Call(node.line, None, node.name)  # noqa: PLW2901 - the same, written shorter
            if not (isinstance(node, Call) and node.of is None):
                self.problem(node.line, what, f"here should be the name of {_a(what)}.")
                continue
            if node.name not in known:
                near = grammar.nearest(node.name, known)
                self.problem(
                    node.line, f"unknown-{what}", f"'{node.name}' is no {what} here; {near}"
                )
                continue
            if what in ("option", "trigger") and any(node.name == other.name for other in found):
                self.problem(node.line, f"duplicate-{what}", f"'{node.name}' is there twice.")
            if what == "parameter" and "name" not in dict(node.named):
                self.problem(node.line, what, f"a parameter needs a name: {node.name}(name: 'X').")
            if what == "option":
                self.check_arguments(node)
            found.append(node)
        return tuple(found)

    def post(self, section: Call | None) -> Post | None:
        """Read the conditions of ``post``."""
        if section is None:
            return None
        found: dict[str, tuple[Node, ...]] = {}
        for node in self.body(section) or ():
            if not (isinstance(node, Call | Name) and node.name in grammar.POST_ORDER):
                name = getattr(node, "name", "this")
                near = grammar.nearest(name, grammar.POST_ORDER)
                self.problem(
                    node.line, "post-condition", f"'{name}' is no condition of 'post'; {near}"
                )
            elif node.name in found:
                self.problem(node.line, "post-condition", f"'{node.name}' is there twice.")
            else:
                block = node if isinstance(node, Call) else Call(node.line, None, node.name)
                found[node.name] = self.steps(block)
        ordered = tuple((name, found[name]) for name in grammar.POST_ORDER if name in found)
        return Post(section.line, ordered)

    def when(self, section: Call | None) -> When | None:
        """Read the conditions of ``when``."""
        if section is None:
            return None
        before, conditions = [], []
        for node in self.body(section) or ():
            if isinstance(node, Call) and node.name in grammar.WHEN_OPTIONS:
                if self.flag(node):
                    before.append(node.name)
            elif condition := self._condition(node):
                conditions.append(condition)
        if before and not conditions:
            self.problem(section.line, "empty-section", "'when' has no condition.")
        return When(section.line, tuple(conditions), tuple(before))

    def _condition(self, node: Node) -> Condition | None:
        if isinstance(node, Name):
            node = Call(node.line, None, node.name)
        if not (
            isinstance(node, Call) and node.of is None and node.name in grammar.WHEN_CONDITIONS
        ):
            name = getattr(node, "name", "this")
            near = grammar.nearest(name, grammar.WHEN_CONDITIONS)
            self.problem(node.line, "when-condition", f"'{name}' is no condition of 'when'; {near}")
            return None
        children: list[Condition] = []
        if node.name in grammar.NESTING_CONDITIONS:
            inner = node.closure.body if node.closure else ()
            children = [child for each in inner if (child := self._condition(each))]
            if not inner or (node.name == "not" and len(inner) != 1):
                count = "exactly one condition" if node.name == "not" else "at least one condition"
                self.problem(node.line, "when-condition", f"'{node.name} {{ }}' needs {count}.")
        elif node.name == "expression":
            if not (node.closure and node.closure.body):
                self.problem(node.line, "when-condition", "'expression' needs a block with code.")
        elif not (node.arguments or node.named) and node.name in (
            "branch", "environment", "equals", "changeset", "changelog", "triggeredBy",
        ):  # fmt: skip
            self.problem(node.line, "when-condition", f"the condition '{node.name}' needs a value.")
        return Condition(node.line, node.name, node, tuple(children))

    def input(self, section: Call | None) -> Call | None:
        """Read the fields of ``input``."""
        if section is None:
            return None
        names = []
        for node in self.body(section) or ():
            name = getattr(node, "name", "this")
            names.append(name)
            if name not in grammar.INPUT_FIELDS:
                near = grammar.nearest(name, grammar.INPUT_FIELDS)
                self.problem(node.line, "input", f"'{name}' is no field of 'input'; {near}")
        if names and "message" not in names:
            self.problem(section.line, "input", "'input' needs a message.")
        return section

    def flag(self, section: Call | None) -> bool:
        """Read ``name true``."""
        if section is None:
            return False
        value = section.arguments[0] if len(section.arguments) == 1 else None
        if isinstance(value, Literal) and isinstance(value.value, bool):
            return value.value
        self.problem(section.line, "flag", f"'{section.name}' is true or false.")
        return False


def _a(what: str) -> str:
    return f"an {what}" if what[0] in "aeiou" else f"a {what}"


def _wrong_value(value: Node) -> str:
    """Say what kind of value an environment variable may not have; empty where it may."""
    if isinstance(value, Literal) and value.value is not None:
        return ""
    if isinstance(value, GString | Call):
        return ""
    if isinstance(value, Binary):
        if value.sign != "+":
            return f"made with {value.sign}"
        return _wrong_value(value.left) or _wrong_value(value.right)
    if isinstance(value, Name | Property):
        return f"a name without quotes ({value.name})"
    return "of a kind that is not allowed"
