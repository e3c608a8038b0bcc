"""What the steps of one block have around them: variables, a folder, secrets, a log."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from prodev.services.jenkins.credentials import Mask
from prodev.services.jenkins.groovy.values import GroovyError
from prodev.services.jenkins.results import Result, StageRun, worst

_MOST_LINES = 50_000
_LINE = 4_000  # signs


class Log:
    """The lines of a build or stage; a stage's lines are also its build's."""

    def __init__(self, above: Log | None = None) -> None:
        """Begin empty."""
        self._above = above
        self._lines: list[str] = []
        self._lock = threading.Lock()

    def write(self, text: str) -> None:
        """Add a text, line by line."""
        with self._lock:
            for line in text.splitlines():
                if len(self._lines) < _MOST_LINES:
                    self._lines.append(line[:_LINE])
        if self._above:
            self._above.write(text)

    def lines(self) -> tuple[str, ...]:
        """Return the lines so far."""
        with self._lock:
            return tuple(self._lines)


class Interrupt:
    """Ends the steps below it: when its time is over, or when it is hit."""

    def __init__(self, seconds: float | None = None) -> None:
        """Take the time that the steps have."""
        self._deadline = None if seconds is None else time.monotonic() + seconds
        self._hit = threading.Event()
        self.why = "Timeout has been exceeded"

    def hit(self, why: str) -> None:
        """End the steps now, and say why."""
        self.why = why
        self._hit.set()

    @property
    def is_over(self) -> bool:
        """Whether the steps have to end."""
        late = self._deadline is not None and time.monotonic() >= self._deadline
        return late or self._hit.is_set()


class InterruptedRunError(Exception):
    """Steps were ended from outside; ``by`` ended them."""

    def __init__(self, by: Interrupt) -> None:
        """Take what ended them."""
        self.by = by
        super().__init__(by.why)


@dataclass
class StageState:
    """A stage that runs."""

    name: str
    inside: str
    log: Log
    started: float = field(default_factory=time.monotonic)
    result: Result = "SUCCESS"
    seconds: float = 0.0
    reason: str = ""

    def worsen(self, result: Result) -> None:
        """Make the result at least as bad."""
        self.result = worst(self.result, result)

    def record(self) -> StageRun:
        """Return what is known at the end."""
        return StageRun(
            self.name, self.result, self.seconds, self.log.lines(), self.reason, self.inside
        )


@dataclass(frozen=True)
class Context:
    """What steps have around them; a block changes it for what stands in it."""

    log: Log
    variables: Mapping[str, str] = field(default_factory=dict)
    """What ``environment``, ``withEnv`` and ``withCredentials`` set."""
    secrets: Mapping[str, str] = field(default_factory=dict)
    """The variables that hold secrets, with the secrets."""
    workspace: Path | None = None
    """The agent's folder; None without an agent."""
    folder: Path | None = None
    """Where steps run; ``dir`` changes it."""
    interrupts: tuple[Interrupt, ...] = ()
    stage: StageState | None = None

    def inside(self, **changes: object) -> Context:
        """Return it with changes."""
        return replace(self, **changes)  # type: ignore[arg-type]

    def with_variables(
        self, variables: Mapping[str, str], secrets: Mapping[str, str] | None = None
    ) -> Context:
        """Return it with more variables, and secrets among them."""
        return replace(
            self,
            variables={**self.variables, **variables},
            secrets={**self.secrets, **(secrets or {})},
        )

    def say(self, text: str) -> None:
        """Write into the log, without the secrets."""
        self.log.write(Mask(self.secrets.values())(text))

    def check(self) -> None:
        """Do nothing while the steps may go on.

        Raises:
            InterruptedRunError: they have to end.
        """
        for interrupt in self.interrupts:
            if interrupt.is_over:
                raise InterruptedRunError(interrupt)

    def here(self) -> Path:
        """Return the folder where steps run.

        Raises:
            GroovyError: there is no agent.
        """
        if self.folder is None:
            raise GroovyError(
                "Attempted to execute a step that requires a node context while 'agent none' was "
                "specified. Be sure to specify your own 'node { ... }' blocks or an agent."
            )
        return self.folder

    def path(self, name: str) -> Path:
        """Return a path in the workspace.

        Raises:
            GroovyError: it is outside of the workspace; there the rehearsal touches no files.
        """
        path = (self.here() / name).resolve()
        if self.workspace is None or not path.is_relative_to(self.workspace):
            raise GroovyError(f"{name} is outside of the workspace; the rehearsal stays in it")
        return path
