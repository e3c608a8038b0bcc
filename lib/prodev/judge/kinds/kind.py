"""What a kind of exercise is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from prodev.judge.mutants import Mutant
    from prodev.judge.session import Session


@dataclass(frozen=True)
class Job:
    """What a kind is given to judge one answer.

    Attributes:
        source: the answer's text.
        suffix: how the answer's file ends, such as ``.py``.
        random: draws the hidden cases; the same for the same seed.
        seconds: wall time that the answer has.
        memory_mb: memory that it has.
        session: makes a process for the answer, from the warm forker; with ``programs=``
            one that may start programs, with ``seconds=`` one that has less time. One at a time.
        warm: has the warm forker load what a kind needs, and returns at once.
    """

    source: str
    suffix: str
    random: Random
    seconds: float
    memory_mb: int
    session: Callable[..., Session]
    warm: Callable[[str], None] = lambda _: None


class Kind(ABC):
    """A kind of exercise: how an answer is driven, compared with its starter, and proved.

    Attributes:
        name: as it stands in ``exercise.toml``.
        suffixes: how the answers' files may end.
        runs_in_notebook: whether a judged answer also runs in the notebook.
        inputs: the package's files that a proof depends on, besides the exercise's own.
        starts_programs: whether answers start programs, in sessions with ``programs=``.
        slow: whether degenerate answers and mutants are proved at one pair of seeds only.
    """

    name: str
    suffixes: tuple[str, ...]
    runs_in_notebook = False
    starts_programs = False
    slow = False

    @property
    @abstractmethod
    def inputs(self) -> tuple[Path, ...]:
        """The files of the package that a verdict depends on."""

    @abstractmethod
    def open(self, job: Job) -> AbstractContextManager[Any]:
        """Load the answer and return what ``check`` drives; everything ends with the context."""

    @abstractmethod
    def attempted(self, source: str, starter: str) -> bool:
        """Say whether an answer differs from the starter by more than comments and white space."""

    @abstractmethod
    def degenerate(self, solution: str) -> Mapping[str, str]:
        """Return answers that are wrong in the crudest ways, by name; no check may crash."""

    @abstractmethod
    def mutants(self, solution: str, suffix: str) -> tuple[Mutant, ...]:
        """Return small changes of the solution."""

    @abstractmethod
    def scaffold(self) -> dict[str, str]:
        """Return the files of a new exercise, by their path below its folder."""

    def missing(self) -> str:
        """Say which system is missing and how to get it; empty where nothing is."""
        return ""
