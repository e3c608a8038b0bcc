"""The card below an exercise's cell: the verdict, the next hint, the solution on request."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from prodev.errors import CourseError
from prodev.judge.verdict import VERDICT_TYPE
from prodev.widgets.exercise_parts import exercise_parts
from prodev.widgets.look import card, style
from prodev.widgets.prose import prose
from prodev.widgets.script import script

if TYPE_CHECKING:
    from prodev.catalog.exercise import Exercise
    from prodev.judge.verdict import Verdict

HONEST = 2
"""So many different wrong answers, and the solution is shown without being asked twice."""


class ExerciseCard(anywidget.AnyWidget):
    """One verdict with the ladder of hints; the solution is known only once it was revealed.

    ``parts`` holds HTML: ``head``, ``said``, ``seen``, ``task`` and ``author``. ``look`` is
    ``good``, ``bad``, ``idle`` or ``warn``; ``hints`` are HTML too. ``at_once``: the solution is
    shown without being asked twice; ``reveals``: there is somebody to ask for it.
    """

    _esm = script("exercise")
    _css = style("controls", "exercise")
    look = traitlets.Unicode("idle").tag(sync=True)
    parts = traitlets.Dict(traitlets.Unicode()).tag(sync=True)
    hints = traitlets.List(traitlets.Unicode()).tag(sync=True)
    hints_shown = traitlets.Int(0).tag(sync=True)
    attempts = traitlets.Int(0).tag(sync=True)
    at_once = traitlets.Bool(False).tag(sync=True)
    reveals = traitlets.Bool(False).tag(sync=True)
    solution = traitlets.Unicode("").tag(sync=True)
    solution_open = traitlets.Bool(False).tag(sync=True)
    _most = 0

    def __init__(
        self,
        record: dict[str, str],
        text: str,
        *,
        on_hint: Callable[[int], None] | None = None,
        on_reveal: Callable[[], str] | None = None,
        **traits: Any,
    ) -> None:
        super().__init__(reveals=on_reveal is not None, **traits)
        self._record, self._text = record, text
        self._on_hint, self._on_reveal = on_hint, on_reveal
        self._most = self.hints_shown
        self.observe(self._hinted, "hints_shown")
        self.on_msg(self._asked)

    def __repr__(self) -> str:
        return self._text

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is None:
            return None
        data, metadata = bundle
        record = {VERDICT_TYPE: dict(self._record)}
        return {**data, **record, "text/html": self._html(), "text/plain": repr(self)}, metadata

    @traitlets.validate("hints_shown")
    def _only_forward(self, proposal: dict[str, Any]) -> int:
        # A page that was opened earlier may know fewer hints than the kernel does.
        shown: int = max(self._most, min(proposal["value"], len(self.hints)))
        return shown

    def _hinted(self, change: dict[str, Any]) -> None:
        self._most = change["new"]
        if self._on_hint:
            # While the kernel is busy the page keeps its last state only: one change, many hints.
            for count in range(change["old"] + 1, change["new"] + 1):
                self._or_say(partial(self._on_hint, count))

    def _asked(self, _: object, content: object, __: object) -> None:
        if not isinstance(content, dict) or content.get("ask") != "solution":
            return
        if self.solution or not self._on_reveal:
            self.send_state("solution")
        else:
            self._or_say(self._reveal)

    def _reveal(self) -> None:
        if self._on_reveal:
            solution = self._on_reveal()
            with self.hold_sync():
                self.solution, self.solution_open = solution, True

    def _or_say(self, act: Callable[[], object]) -> None:
        """Do it; where that fails, the page shows the sentence, since a message has no output."""
        try:
            act()
        except CourseError as error:
            self.send({"sorry": str(error)})

    def _html(self) -> str:
        hints = "".join(
            f"<details{' open' if number <= self.hints_shown else ''}>"
            f"<summary>Hint {number} of {len(self.hints)}</summary>"
            f'<div class="prodev-part">{hint}</div></details>'
            for number, hint in enumerate(self.hints, start=1)
        )
        body = "".join(self.parts[name] for name in ("head", "said", "seen", "task"))
        look = f'data-look="{self.look}"'
        return card(body + hints, attributes=look, sheets=("exercise",))


def exercise_card(  # noqa: PLR0913
    exercise: Exercise,
    verdict: Verdict,
    *,
    attempts: int = 0,
    honest: int = 0,
    solved: bool = False,
    hints_shown: int = 0,
    solution: str = "",
    on_hint: Callable[[int], None] | None = None,
    on_reveal: Callable[[], str] | None = None,
) -> ExerciseCard:
    """Show what the judge said of an answer, and what helps next.

    Args:
        exercise: what was asked.
        verdict: what came back.
        attempts: the learner's attempts so far, this one included.
        honest: different wrong answers so far.
        solved: now or before.
        hints_shown: so many hints are shown from the start.
        solution: its text, where it was revealed before.
        on_hint: called for each hint that the learner asks for, with how many are shown then.
        on_reveal: returns the solution; called once, when the learner asks for it. A CourseError of
            either is told in the card.
    """
    look, parts, text = exercise_parts(exercise, verdict, attempts)
    return ExerciseCard(
        {"exercise": exercise.slug, "status": verdict.status, "code": verdict.code},
        text,
        on_hint=on_hint,
        on_reveal=on_reveal,
        look=look,
        parts=parts,
        hints=[prose(hint) for hint in exercise.hints],
        hints_shown=min(hints_shown, len(exercise.hints)),
        attempts=attempts,
        at_once=solved or honest >= HONEST,
        solution=solution,
    )
