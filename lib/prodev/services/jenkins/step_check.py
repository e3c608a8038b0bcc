"""Read sections and steps, and note what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable

from prodev.services.jenkins import grammar
from prodev.services.jenkins.groovy.nodes import (
    Assign,
    Binary,
    Call,
    Closure,
    Declare,
    For,
    If,
    Literal,
    Loop,
    Name,
    Node,
    Try,
    While,
)
from prodev.services.jenkins.records import Problem

_SECTIONS = {*grammar.PIPELINE_SECTIONS, *grammar.STAGE_SECTIONS}
_CODE = {If: "if", For: "for", Loop: "for", While: "while", Try: "try", Assign: "=", Declare: "def"}
_SHELL = {"pip", "python", "python3", "pytest", "make", "npm", "docker", "mvn", "git", "ls", "cd"}


class StepReader:
    """Reads blocks of steps; ``problems`` grows."""

    def __init__(self) -> None:
        """Begin without problems."""
        self.problems: list[Problem] = []
        self.functions: set[str] = set()
        self.has_library = False

    def problem(self, line: int, rule: str, message: str) -> None:
        """Note a problem; the message is a sentence without a capital."""
        self.problems.append(Problem(line, rule, message))

    def body(self, section: Call | None) -> tuple[Node, ...] | None:
        """Return what stands in a section's block; None where there is no section or no block."""
        if section is None:
            return None
        if not section.closure:
            self.problem(section.line, "no-block", f"'{section.name}' needs a block in {{ }}.")
            return None
        if section.plain and section.name != "stage":
            self.problem(
                section.line, "no-block", f"'{section.name}' takes a block in {{ }} and no value."
            )
        if not section.closure.body:
            self.problem(section.line, "empty-section", f"'{section.name}' is empty.")
        return section.closure.body

    def sections(self, block: Call, known: tuple[str, ...], where: str) -> dict[str, Call] | None:
        """Return a block's sections by name; None where there is no block."""
        body = self.body(block)
        if body is None:
            return None
        found: dict[str, Call] = {}
        for node in body:
            section = Call(node.line, None, node.name) if isinstance(node, Name) else node
            name = section.name if isinstance(section, Call) and section.of is None else ""
            if not isinstance(section, Call) or name not in known:
                self._misplaced(node, name, known, where)
            elif name in found:
                self.problem(node.line, "duplicate-section", f"{where} has two sections '{name}'.")
            else:
                found[name] = section
        return found

    def _misplaced(self, node: Node, name: str, known: tuple[str, ...], where: str) -> None:
        if (name in grammar.STEPS and name != "stage") or name in self.functions:
            place = "a block 'steps' of a stage" if where == "pipeline" else "the block 'steps'"
            self.problem(
                node.line,
                "wrong-nesting",
                f"the step '{name}' must stand in {place}, not in {where}.",
            )
        elif name in _SECTIONS or name == "stage":
            homes = {"stage": "'stages' or 'parallel'", "steps": "a stage", "when": "a stage"}
            home = homes.get(name, "another place")
            self.problem(
                node.line,
                "wrong-nesting",
                f"'{name}' may not stand in {where}; it belongs in {home}.",
            )
        elif name:
            near = grammar.nearest(name, known)
            self.problem(node.line, "unknown-section", f"'{name}' is no section of {where}; {near}")
        else:
            self.problem(
                node.line,
                "wrong-nesting",
                f"only sections may stand in {where}: {', '.join(known)}.",
            )

    def steps(self, section: Call | None) -> tuple[Node, ...]:
        """Read a block of steps, and check each of them."""
        body = self.body(section) or ()
        self._check_steps(body)
        return body

    def _check_steps(self, body: Iterable[Node]) -> None:
        for node in body:
            if isinstance(node, Name):
                self._check_step(Call(node.line, None, node.name))
            elif isinstance(node, Call) and node.of is None:
                self._check_step(node)
            elif isinstance(node, Call):
                self.problem(
                    node.line, "code", "calls on objects may only stand in a block 'script { }'."
                )
            elif type(node) in _CODE:
                sign = _CODE[type(node)]
                self.problem(
                    node.line, "code", f"'{sign}' may only stand in a block 'script {{ }}'."
                )
            else:
                self.problem(node.line, "code", "a step should stand here.")

    def _check_step(self, step: Call) -> None:
        if step.name in ("steps", "stages", "post", "when", "agent", "environment", "pipeline"):
            self.problem(step.line, "wrong-nesting", f"'{step.name}' is a section; it is no step.")
            return
        if step.name in self.functions:
            return
        if step.name not in grammar.STEPS:
            if not self.has_library:
                hint = grammar.nearest(step.name, grammar.STEPS)
                if step.name in _SHELL:
                    hint = f"write sh '{step.name} …'."
                self.problem(step.line, "unknown-step", f"'{step.name}' is no step; {hint}")
            return
        self.check_arguments(step)
        if step.name in grammar.BLOCK_STEPS and not step.closure:
            self.problem(step.line, "no-block", f"the step '{step.name}' needs a block in {{ }}.")
        elif step.name not in grammar.BLOCK_STEPS and step.closure and step.name != "parallel":
            self.problem(step.line, "no-block", f"the step '{step.name}' takes no block.")
        elif step.closure and step.name not in ("script", "waitUntil"):
            self._check_steps(step.closure.body)

    def check_arguments(self, step: Call) -> None:
        """Check the names of a step's arguments, and that it has what it needs."""
        named, plain = dict(step.named), [n for n in step.plain if not isinstance(n, Closure)]
        known = grammar.STEP_PARAMETERS.get(step.name)
        for name in named if known else ():
            if name not in (known or ()):
                near = grammar.nearest(name, known or ())
                self.problem(
                    step.line, "step-argument", f"'{step.name}' has no argument '{name}'; {near}"
                )
        needs = grammar.STEP_NEEDS.get(step.name)
        if needs and needs not in named and not plain:
            self.problem(step.line, "step-argument", f"'{step.name}' needs the argument '{needs}'.")
        if plain and named:
            self.problem(
                step.line, "step-argument",
                f"'{step.name}' has arguments with and without a name; give each one its name.",
            )  # fmt: skip
        if step.name == "sh" and any(_is_not_text(node) for node in plain):
            self.problem(step.line, "step-argument", "the script of 'sh' is a text in quotes.")


def _is_not_text(node: Node) -> bool:
    if isinstance(node, Literal):
        return not isinstance(node.value, str)
    return isinstance(node, Binary) and node.sign in ("-", "*", "/", "==", "&&", "||")
