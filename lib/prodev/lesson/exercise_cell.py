"""``%%exercise module/name``: judge a cell, show its card, then run it in the notebook too."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from IPython.core.getipython import get_ipython
from IPython.core.interactiveshell import InteractiveShell
from IPython.display import display

from prodev import widgets
from prodev.catalog import Exercise
from prodev.errors import CourseError
from prodev.judge import Judge, Verdict
from prodev.judge.kinds import kind_of
from prodev.learner.records import Solver
from prodev.learner.store import honest

if TYPE_CHECKING:
    from prodev.lesson.lesson import Lesson

_JUDGE = Judge()
"""One judge for each kernel; its process starts with the first answer and ends with the kernel."""

_FINE_WHEN_SOLVING = ("passed", "unavailable")
_SURVIVED = ("passed", "failed")


def install(lesson: Lesson) -> None:
    """Give the notebook the cell magic ``%%exercise``; outside of a notebook, do nothing."""
    shell = get_ipython()
    if shell is not None:
        cell = ExerciseCell(lesson, shell)
        shell.register_magic_function(cell.judge, magic_kind="cell", magic_name="exercise")


class ExerciseCell:
    """Judges the cells of one lesson."""

    def __init__(self, lesson: Lesson, shell: InteractiveShell) -> None:
        """Take the lesson, and the shell that runs its cells."""
        self.lesson, self.shell = lesson, shell
        self._cards: dict[str, widgets.ExerciseCard] = {}

    def judge(self, line: str, cell: str) -> None:
        """Judge a cell and show the card; what survived also runs in the notebook.

        Raises:
            CourseError: there is no such exercise; or, in ``solve`` mode, the reference solution
                did not pass.
        """
        exercise = self._exercise(line)
        solving = self.lesson.parameters.mode == "solve"
        source = exercise.solution if solving else cell
        verdict = _JUDGE.judge(exercise, source, seed=self.lesson.parameters.seed)
        self._keep(verdict, source, "reference" if solving else "learner")
        if solving and verdict.status == "passed":
            told = "The reference solution holds. It is recorded as the reference's, not as yours."
            verdict = verdict.model_copy(update={"message": told})
        self._show(exercise, verdict)
        if solving and verdict.status not in _FINE_WHEN_SOLVING:
            raise CourseError(
                f"The solution of {exercise.slug} did not pass: {verdict.status} "
                f"({verdict.code or verdict.message})."
            )
        if kind_of(exercise.kind).runs_in_notebook and verdict.status in _SURVIVED:
            self.shell.run_cell(source, store_history=False).raise_error()

    def _exercise(self, line: str) -> Exercise:
        slug = line.strip()
        if not slug:
            raise CourseError(
                "Name the exercise after %%exercise, such as "
                f"%%exercise {self.lesson.module.slug}/its-name."
            )
        return self.lesson.catalog.exercise(slug)

    def _keep(self, verdict: Verdict, source: str, solver: Solver) -> None:
        if not verdict.attempted:
            return
        try:
            self.lesson.store.add_attempt(
                verdict, source, solver=solver, seed=self.lesson.parameters.seed
            )
        except CourseError as error:
            # The verdict still holds, and the learner should see it.
            print(f"This attempt is not kept: {error}", file=sys.stderr)

    def _show(self, exercise: Exercise, verdict: Verdict) -> None:
        card = self._card(exercise, verdict)
        if cell := self._cell():
            # The card of the run before is out of the page; its state need not stay in the file.
            if before := self._cards.pop(cell, None):
                before.close()
            self._cards[cell] = card
        display(card)

    def _cell(self) -> str:
        """The cell's id, where the notebook's front end tells it."""
        request: dict[str, Any] = getattr(self.shell, "get_parent", dict)()
        return str(request.get("metadata", {}).get("cellId", ""))

    def _card(self, exercise: Exercise, verdict: Verdict) -> widgets.ExerciseCard:
        store, slug = self.lesson.store, exercise.slug
        seen = self.lesson.recall(lambda: store.reveals(slug)) or ()
        attempts = self.lesson.recall(lambda: store.attempts(slug)) or ()
        revealed = any(reveal.kind == "solution" for reveal in seen)

        def reveal() -> str:
            store.add_reveal(exercise.slug, "solution")
            return exercise.solution

        return widgets.exercise_card(
            exercise,
            verdict,
            attempts=len(attempts),
            honest=honest(attempts),
            solved=any(attempt.status == "passed" for attempt in attempts),
            hints_shown=max((r.number for r in seen if r.kind == "hint"), default=0),
            solution=exercise.solution if revealed else "",
            on_hint=lambda number: store.add_reveal(exercise.slug, "hint", number),
            on_reveal=reveal,
        )
