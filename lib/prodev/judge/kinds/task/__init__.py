"""The kind ``task``: Celery tasks, run by a real worker on a broker of their own.

The worker runs behind the walls of ``prodev.judge.sandbox.program``. Its only way out is a door
that the judge holds: connections through it go to the broker, or ask the judge.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from prodev.judge.kinds.kind import Job, Kind
from prodev.judge.kinds.python import KIND as PYTHON
from prodev.judge.kinds.task import broker
from prodev.judge.kinds.task.answer import TaskAnswer

if TYPE_CHECKING:
    from prodev.judge.mutants import Mutant

_HERE = Path(__file__).resolve().parent
_TASKS = _HERE.parents[1] / "box" / "tasks"

_STARTER = '''\
from stays_lights import app, switch_on


@app.task
def light(house):
    """Switch the light of a house on."""
    ...
'''
_SOLUTION = _STARTER.replace("    ...\n", "    switch_on(house)\n")
_CHECK = '''\
"""Does the task switch the light on, in a worker?"""

from prodev.judge import Finding


def check(answer):
    lit = []
    answer.load("stays_lights", {"switch_on": lambda house: lit.append(house)}, {})
    if not answer.is_task("light"):
        return Finding("stays-dark", house=None)
    house = answer.random.randrange(1_000)
    answer.start_worker()
    answer.publish("light", house)
    answer.wait(answer.idle)
    return None if lit == [house] else Finding("stays-dark", house=house)
'''


class TaskKind(Kind):
    """Answers in Python that define Celery tasks."""

    name = "task"
    suffixes = (".py",)
    starts_programs = True
    slow = True

    @property
    def inputs(self) -> tuple[Path, ...]:
        """The files of the package that a verdict depends on."""
        return (*PYTHON.inputs, *sorted(_HERE.glob("*.py")), *sorted(_TASKS.glob("*.py")))

    @contextmanager
    def open(self, job: Job) -> Iterator[TaskAnswer]:
        """Make a room at the broker and a session; the check loads the answer."""
        room = broker.room_here()
        try:
            answer = TaskAnswer(job.session(programs=()), room, job.source, job.random)
        except BaseException:
            room.close()
            raise
        try:
            yield answer
        finally:
            answer.close()

    def attempted(self, source: str, starter: str) -> bool:
        """Compare the tokens that count."""
        return PYTHON.attempted(source, starter)

    def degenerate(self, solution: str) -> Mapping[str, str]:
        """Return answers that define the solution's names as nonsense, as tasks and as none."""
        plain = PYTHON.degenerate(solution)
        head = "".join(
            line for line in solution.splitlines(True) if line.startswith(("from ", "import "))
        )
        tasks = {
            f"{name}-as-a-task": f"{head}\n\n{_as_tasks(source)}"
            for name, source in plain.items()
            if source.startswith(("def ", "async def "))
        }
        return {**plain, **tasks}

    def mutants(self, solution: str, suffix: str) -> tuple[Mutant, ...]:
        """Return the mutants of a Python text."""
        return PYTHON.mutants(solution, suffix)

    def scaffold(self) -> dict[str, str]:
        """Return a small exercise that holds, to be rewritten."""
        return {
            "starter.py": _STARTER,
            "solution.py": _SOLUTION,
            "right/another-name.py": _SOLUTION.replace("@app.task", '@app.task(name="light-on")'),
            "wrong/stays-dark.py": _STARTER.replace("    ...\n", "    return house\n"),
            "check.py": _CHECK,
        }

    def missing(self) -> str:
        """Say what is missing to give an answer a broker."""
        return broker.missing()


def _as_tasks(source: str) -> str:
    return "\n".join(
        f"@app.task\n{line}" if line.startswith(("def ", "async def ")) else line
        for line in source.splitlines()
    )


KIND = TaskKind()
