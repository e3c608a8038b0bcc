"""The referee: one exercise, one answer, one verdict. It alone loads checks and draws cases."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any

from prodev.catalog.exercise import Exercise
from prodev.judge import endings, verdicts
from prodev.judge.forkers import Forker, ForkerGone
from prodev.judge.kinds import kind_of
from prodev.judge.kinds.kind import Job
from prodev.judge.session import Session
from prodev.judge.verdict import Verdict

_NO_PROGRAMS = (
    "An answer of this kind starts programs, and this system does not let the judge keep them "
    "apart: it needs Linux with user namespaces and a /proc of its own. On Ubuntu: sysctl "
    "kernel.apparmor_restrict_unprivileged_userns=0; in a container: run it with --privileged."
)


class Referee:
    """Judges one answer after the other; a forker that has died is replaced."""

    def __init__(self, *, hash_seed: int | None = None, without: tuple[str, ...] = ()) -> None:
        """Start the warm forker; see ``Forker`` for the arguments."""
        self._options: dict[str, Any] = {"hash_seed": hash_seed, "without": without}
        self.forker = Forker(**self._options)

    def judge(
        self, exercise: Exercise, source: str, seed: int, asker: socket.socket | None = None
    ) -> Verdict:
        """Judge one answer.

        Args:
            exercise: the exercise.
            source: the answer's text.
            seed: draws the hidden cases.
            asker: who waits for the verdict; if it closes, the answer ends and ``Abandoned`` is
                raised.
        """
        if refused := self.forker.described["refused"]:
            return Verdict(exercise=exercise.slug, status="unavailable", message=refused)
        if kind_of(exercise.kind).starts_programs and not self.forker.described["programs"]:
            return Verdict(exercise=exercise.slug, status="unavailable", message=_NO_PROGRAMS)
        said = ""
        for _ in range(2):
            try:
                return self._judge(exercise, source, seed, asker)
            except ForkerGone as gone:
                said = str(gone)
                self.forker.close()
                self.forker = Forker(**self._options)
        return verdicts.judge_failed(
            exercise.slug,
            "The judge's helper process died twice; run the cell again.",
            traceback=said,
        )

    def close(self) -> None:
        """End the forker and everything below it."""
        self.forker.close()

    def _judge(
        self, exercise: Exercise, source: str, seed: int, asker: socket.socket | None
    ) -> Verdict:
        sessions: list[Session] = []

        def session(
            *,
            programs: Sequence[str] | None = None,
            seconds: float | None = None,
            service: Mapping[str, Any] | None = None,
            door: socket.socket | None = None,
        ) -> Session:
            limits = exercise.limits
            made = Session(
                self.forker,
                seconds=limits.seconds if seconds is None else seconds,
                memory_mb=limits.memory_mb,
                asker=asker,
                programs=programs,
                service=service,
                door=door,
            )
            sessions.append(made)
            return made

        limits = exercise.limits
        job = Job(
            source=source,
            suffix=exercise.suffix,
            # A text as seed, so that neighbouring numbers draw different cases.
            random=Random(f"{exercise.slug} {seed}"),
            seconds=limits.seconds,
            memory_mb=limits.memory_mb,
            session=session,
            warm=self.forker.warm,
        )
        seconds, printed = 0.0, ""
        try:
            verdict = self._examine(exercise, job)
        finally:
            for made in sessions:
                seconds += made.end()
                printed += made.text()
        evidence = {**verdict.evidence, **verdicts.shown(printed)}
        return verdict.model_copy(update={"evidence": evidence, "seconds": round(seconds, 4)})

    @staticmethod
    def _examine(exercise: Exercise, job: Job) -> Verdict:
        try:
            check = load_check(exercise)
            with kind_of(exercise.kind).open(job) as answer:
                return verdicts.of_finding(exercise, check(answer))
        except (endings.Abandoned, ForkerGone):
            raise
        except endings.Ending as ending:
            return verdicts.of_ending(exercise, ending, job.source)
        except (Exception, SystemExit) as error:
            return verdicts.of_crash(exercise, error)


def load_check(exercise: Exercise) -> Callable[[Any], object]:
    """Load ``check`` from the exercise's ``check.py``.

    Raises:
        LookupError: the file defines no function ``check``.
    """
    file = exercise.check_file
    names: dict[str, Any] = {"__name__": f"check of {exercise.slug}", "__file__": str(file)}
    exec(compile(file.read_text("utf-8"), str(file), "exec", dont_inherit=True), names)
    check: Callable[[Any], object] | None = names.get("check")
    if callable(check):
        return check
    raise LookupError(f"{file.name} defines no function check(answer)")
