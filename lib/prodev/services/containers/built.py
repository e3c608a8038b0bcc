"""What a build did, step by step."""

from __future__ import annotations

import re
from dataclasses import dataclass

from prodev.errors import CourseError

# Podman: "STEP 2/4: COPY …" and "--> Using cache …"; Docker's first builder: "Step 2/4 : COPY …"
# and " ---> Using cache"; BuildKit: "#6 [2/4] COPY …" and "#6 CACHED".
_STEP = re.compile(r"^(?:step \d+/\d+ ?: |(#\d+) \[(?:\S+ )?\d+/\d+\] )(.*)$", re.IGNORECASE)
_CACHED = re.compile(r"^\s*-+> Using cache|^(#\d+) CACHED")


@dataclass(frozen=True)
class Step:
    """One instruction of a Dockerfile."""

    instruction: str
    cached: bool
    """Whether its layer was there already."""


@dataclass(frozen=True)
class Built:
    """An image that was built."""

    image: str
    """Its id."""
    tag: str
    seconds: float
    size_bytes: int
    """Of all its layers, those of its base image too."""
    steps: tuple[Step, ...]
    log: str

    @property
    def layers_cached(self) -> int:
        """How many steps were not run again."""
        return sum(step.cached for step in self.steps)


class BuildError(CourseError):
    """A Dockerfile does not build; ``steps`` and ``log`` say how far it came."""

    def __init__(self, message: str, *, steps: tuple[Step, ...], log: str) -> None:
        """Take the sentence, and what the builder said."""
        self.steps, self.log = steps, log
        super().__init__(message)


def read_steps(log: str) -> tuple[Step, ...]:
    """Return the steps that a builder's log names, in their order."""
    steps: list[Step] = []
    numbers: dict[str, int] = {}  # BuildKit's, which name a step again when it ends
    for line in log.splitlines():
        if step := _STEP.match(line):
            number = step[1] or ""
            if number and number in numbers:
                continue
            numbers[number] = len(steps)
            steps.append(Step(step[2].strip(), cached=False))
        elif (cached := _CACHED.match(line)) and steps:
            which = numbers.get(cached[1] or "", len(steps) - 1)
            steps[which] = Step(steps[which].instruction, cached=True)
    return tuple(steps)
