"""Small Jenkinsfiles for the tests of the rehearsal."""

from __future__ import annotations

from textwrap import dedent, indent


def pipeline(*sections: str, agent: str = "agent any") -> str:
    """Return a pipeline with an agent and these sections."""
    body = "\n".join([agent, *map(dedent, sections)])
    return _dense(f"pipeline {{\n{indent(body, '  ')}\n}}\n")


def _dense(text: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if line.strip())


def stage(name: str, *steps: str, more: str = "") -> str:
    """Return a stage with these steps."""
    body = "\n".join(
        ["steps {", *(indent(dedent(step), "  ") for step in steps), "}", dedent(more)]
    )
    return f"stage('{name}') {{\n{indent(body, '  ')}\n}}\n"


def stages(*each: str) -> str:
    """Return the section ``stages``."""
    return "stages {\n" + indent("\n".join(each), "  ") + "\n}\n"


def steps(*each: str, more: str = "") -> str:
    """Return a pipeline with one stage ``Only`` that has these steps, and more sections."""
    return pipeline(stages(stage("Only", *each)), more)
