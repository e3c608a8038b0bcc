"""Read a Jenkinsfile: its records, and all that is wrong with it.

Source of the rules: Jenkins' handbook, chapter "Pipeline Syntax".
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from prodev.services.jenkins import grammar
from prodev.services.jenkins.directives import DirectiveReader
from prodev.services.jenkins.groovy import GroovySyntaxError, read_groovy
from prodev.services.jenkins.groovy.nodes import (
    Annotation,
    Call,
    Declare,
    Function,
    Literal,
    Node,
)
from prodev.services.jenkins.matrix import read_axes, read_excludes
from prodev.services.jenkins.records import Agent, JenkinsfileError, Pipeline, Problem, Stage


def parse_jenkinsfile(text: str) -> Pipeline:
    """Return the pipeline of a Jenkinsfile.

    Raises:
        JenkinsfileError: it is not valid; ``problems`` has all that is wrong, with lines.
    """
    reader = PipelineReader()
    pipeline = reader.read(text)
    if reader.problems or pipeline is None:
        raise JenkinsfileError(sorted(reader.problems))
    return pipeline


def check_jenkinsfile(text: str) -> list[Problem]:
    """Return what is wrong with a Jenkinsfile, sorted by line; nothing where it is valid."""
    reader = PipelineReader()
    reader.read(text)
    return sorted(reader.problems)


class PipelineReader(DirectiveReader):
    """Reads the sections of a pipeline and of its stages."""

    def read(self, text: str) -> Pipeline | None:
        """Read a Jenkinsfile; None where no pipeline can be made out of it."""
        try:
            nodes = read_groovy(text)
        except GroovySyntaxError as error:
            self.problem(error.line, "syntax", f"{error.message}.")
            return None
        blocks = [node for node in nodes if isinstance(node, Call) and node.name == "pipeline"]
        if not blocks:
            line = nodes[0].line if nodes else 1
            hint = " A scripted pipeline is not read here." if _is_scripted(nodes) else ""
            self.problem(line, "no-pipeline", f"there is no block 'pipeline {{ }}'.{hint}")
            return None
        before = tuple(node for node in nodes if node is not blocks[0])
        for node in before:
            if not isinstance(node, Annotation | Declare | Function):
                name = getattr(node, "name", "this")
                self.problem(node.line, "outside", f"'{name}' stands outside of 'pipeline {{ }}'.")
        self.functions = {node.name for node in before if isinstance(node, Function)}
        self.has_library = any(getattr(node, "name", "") == "Library" for node in before)
        return self._pipeline(blocks[0], before)

    def _pipeline(self, block: Call, before: tuple[Node, ...]) -> Pipeline | None:
        sections = self.sections(block, grammar.PIPELINE_SECTIONS, "pipeline")
        if sections is None:
            return None
        for name in ("agent", "stages"):
            if name not in sections:
                self.problem(block.line, "missing-section", f"'pipeline' has no section '{name}'.")
        self.has_library = self.has_library or "libraries" in sections
        stages = self._stages(sections.get("stages"))
        read = self.directives(sections, grammar.PIPELINE_OPTIONS)
        agent = read.pop("agent") or Agent(block.line, "any")
        return Pipeline(
            line=block.line,
            agent=agent,
            stages=stages,
            parameters=self.calls(sections.get("parameters"), grammar.PARAMETERS, "parameter"),
            triggers=self.calls(sections.get("triggers"), grammar.TRIGGERS, "trigger"),
            before=before,
            **read,
        )

    def _stages(self, section: Call | None, *, inside: str = "") -> tuple[Stage, ...]:
        """Read the stages of ``stages`` or ``parallel``; ``inside`` names a parallel around it."""
        body = self.body(section)
        stages: list[Stage] = []
        for node in body or ():
            if not (isinstance(node, Call) and node.name == "stage" and node.of is None):
                name = getattr(node, "name", "this")
                where = section.name if section else ""
                self.problem(
                    node.line, "wrong-nesting",
                    f"'{name}' stands in '{where}', where only 'stage' may stand.",
                )  # fmt: skip
            elif stage := self._stage(node, inside):
                if any(other.name == stage.name for other in stages):
                    self.problem(
                        stage.line, "duplicate-stage", f"there are two stages '{stage.name}'."
                    )
                stages.append(stage)
        return tuple(stages)

    def _stage(self, node: Call, inside: str) -> Stage | None:
        if not (len(node.plain) == 1 and isinstance(node.plain[0], Literal)):
            self.problem(
                node.line, "stage-name", "a stage has one name in quotes, as in stage('Test')."
            )
            return None
        name = str(node.plain[0].value)
        if not name.strip():
            self.problem(node.line, "stage-name", "the name of a stage is empty.")
        sections = self.sections(node, grammar.STAGE_SECTIONS, f"stage '{name}'")
        if sections is None:
            return None
        bodies = [body for body in grammar.STAGE_BODIES if body in sections]
        expected = "exactly one of 'steps', 'stages', 'parallel' and 'matrix'"
        if len(bodies) != 1:
            has = " and ".join(f"'{body}'" for body in bodies) or "none of them"
            self.problem(
                node.line, "stage-body", f"stage '{name}' needs {expected}, but has {has}."
            )
        self._check_parallel(node, name, sections, inside)
        stage = Stage(node.line, name, **self._body_of(sections, inside))
        read = self.directives(sections, grammar.STAGE_OPTIONS)
        return replace(
            stage,
            **read,
            when=self.when(sections.get("when")),
            input=self.input(sections.get("input")),
            fail_fast=self.flag(sections.get("failFast")),
        )

    def _body_of(self, sections: dict[str, Call], inside: str) -> dict[str, Any]:
        matrix = sections.get("matrix")
        around = "parallel" if "parallel" in sections else "matrix" if matrix else inside
        body: dict[str, Any] = {
            "steps": self.steps(sections.get("steps")),
            "stages": self._stages(sections.get("stages"), inside=inside),
            "parallel": self._stages(sections.get("parallel"), inside=around),
        }
        if matrix:
            body |= self._matrix(matrix)
        return body

    def _matrix(self, block: Call) -> dict[str, Any]:
        sections = self.sections(block, grammar.MATRIX_SECTIONS, "matrix")
        if sections is None:
            return {}
        for name in ("axes", "stages"):
            if name not in sections:
                self.problem(block.line, "missing-section", f"'matrix' has no section '{name}'.")
        read = self.directives(sections, grammar.STAGE_OPTIONS)
        cell = Stage(
            block.line,
            "matrix",
            stages=self._stages(sections.get("stages"), inside="matrix"),
            when=self.when(sections.get("when")),
            input=self.input(sections.get("input")),
            **read,
        )
        axes = read_axes(self, sections.get("axes"))
        return {
            "axes": axes,
            "excludes": read_excludes(self, sections.get("excludes")),
            "cell": cell,
        }

    def _check_parallel(
        self, node: Call, name: str, sections: dict[str, Call], inside: str
    ) -> None:
        for body in ("parallel", "matrix"):
            if body not in sections:
                continue
            if inside:
                self.problem(
                    sections[body].line, "wrong-nesting",
                    f"'{body}' stands inside of another '{inside}'; this is not possible.",
                )  # fmt: skip
            for word in ("agent", "tools"):
                if word in sections:
                    self.problem(
                        sections[word].line, "wrong-nesting",
                        f"stage '{name}' has '{body}', so '{word}' must stand in the inner stages.",
                    )  # fmt: skip
        if "failFast" in sections and not {"parallel", "matrix"} & set(sections):
            self.problem(node.line, "wrong-nesting", "'failFast' needs 'parallel' or 'matrix'.")


def _is_scripted(nodes: tuple[Node, ...]) -> bool:
    return any(isinstance(node, Call) and node.name in ("node", "stage") for node in nodes)
