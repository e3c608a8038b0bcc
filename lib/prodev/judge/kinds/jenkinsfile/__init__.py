"""The kind ``jenkinsfile``: a declarative pipeline, read as a tree, its steps run in a rehearsal.

No Jenkins runs here, and the answer says so: what a check sees carries the rehearsal's label. The
steps really run, behind the walls of ``prodev.judge.sandbox.program``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prodev.judge import box, sandbox
from prodev.judge.endings import Unreadable
from prodev.judge.kinds.jenkinsfile.answer import JenkinsfileAnswer
from prodev.judge.kinds.kind import Job, Kind
from prodev.judge.kinds.pipeline import Pipelines
from prodev.services import jenkins

if TYPE_CHECKING:
    from prodev.judge.mutants import Mutant

_HERE = Path(__file__).resolve().parent
_COMMENT = re.compile(r"\A(?://.*|/\*.*?\*/\s*)\Z")

_STARTER = "pipeline {\n    agent any\n    stages {\n    }\n}\n"
_SOLUTION = """\
pipeline {
    agent any
    stages {
        stage('Test') {
            steps {
                sh 'test 1 = 1'
            }
        }
    }
}
"""
_CHECK = '''\
"""Does the pipeline end well?"""

from prodev.judge import Finding


def check(answer):
    ran = answer.rehearse({"README.md": "Stays"})
    if ran.result != "SUCCESS":
        return Finding("not-green", result=ran.result, log=ran.last_error)
    return None
'''


class JenkinsfileKind(Kind):
    """Answers that are declarative Jenkinsfiles."""

    name = "jenkinsfile"
    suffixes = ("", ".groovy")
    starts_programs = True
    slow = True

    @property
    def inputs(self) -> tuple[Path, ...]:
        """The files of the package that a verdict depends on."""
        folders: list[Any] = [_HERE, *box.__path__, *sandbox.__path__, *jenkins.__path__]
        return (
            _HERE.parent / "pipeline.py",
            *(path for folder in folders for path in sorted(Path(folder).rglob("*.py"))),
        )

    @contextmanager
    def open(self, job: Job) -> Iterator[JenkinsfileAnswer]:
        """Read the file in a session, where a trap in it can do no harm."""
        pipelines = Pipelines(job)
        read = pipelines.ask("read_jenkinsfile", "", text=job.source)
        if problems := read["problems"]:
            first = problems[0]
            said = " ".join(str(first["message"]).split()).rstrip(".")
            raise Unreadable(f"a declarative Jenkinsfile: line {first['line']}: {said}")
        yield JenkinsfileAnswer(pipelines, job.random, job.source, read["outline"])

    def attempted(self, source: str, starter: str) -> bool:
        """Compare the lines that are neither empty nor a comment."""
        lines = _lines(source)
        return bool(lines) and lines != _lines(starter)

    def degenerate(self, solution: str) -> Mapping[str, str]:
        """Return texts that are no pipeline, or a crude one."""
        return {
            "a-word": "pipeline\n",
            "an-empty-block": "pipeline { }\n",
            "no-stages": "pipeline { agent any\n stages { } }\n",
            "no-steps": "pipeline { agent any\n stages { stage('Test') { steps { } } } }\n",
            "a-scripted-pipeline": "node { stage('Test') { sh 'true' } }\n",
            "half-of-it": solution[: len(solution) // 2],
            "twice": solution + solution,
            "brackets": "{" * 3_000 + "}" * 3_000 + "\n",
            "another-language": "on: push\njobs: {}\n",
            "control-characters": "pipeline {\x00 agent \x1b[31m any }\n",
            "no-agent": solution.replace("agent any", "agent none"),
            "only-echo": "pipeline { agent any\n stages { stage('Test') { steps { echo 'x' } } } }",
        }

    def mutants(self, solution: str, suffix: str) -> tuple[Mutant, ...]:  # noqa: ARG002
        """Return the file without one of its blocks or lines, and with two lines swapped."""
        from prodev.judge.kinds.jenkinsfile.mutants import jenkinsfile_mutants

        return jenkinsfile_mutants(solution)

    def scaffold(self) -> dict[str, str]:
        """Return a small exercise that holds, to be rewritten."""
        return {
            "starter": _STARTER,
            "solution": _SOLUTION,
            "right/another-stage": _SOLUTION.replace("'Test'", "'All tests'"),
            "wrong/not-green": _SOLUTION.replace("test 1 = 1", "test 1 = 2"),
            "check.py": _CHECK,
        }


def _lines(text: str) -> list[str]:
    stripped = (" ".join(line.split()) for line in text.splitlines())
    return [line for line in stripped if line and not _COMMENT.match(line)]


KIND = JenkinsfileKind()
