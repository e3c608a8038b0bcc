"""What a build did, step by step."""

from __future__ import annotations

import re
from dataclasses import dataclass

from prodev.errors import CourseError

# Podman: "STEP 2/4: COPY …" and "--> Using cache …"; Docker's first builder: "Step 2/4 : COPY …"
# and " ---> Using cache"; BuildKit: "#6 [2/4] COPY …" and "#6 CACHED".
_STEP = re.compile(r"^(?:step \d+/\d+ ?: |(#\d+) \[(?:\S+ )?\d+/\d+\] )(.*)$", re.IGNORECASE)
# Podman repeats the step before it says why; where a command failed, the status says nothing more
# than that, and the command's own last words come before it.
_WHERE = re.compile(r'^(?:Error|ERROR): (?:building at STEP ".*?": (?=\w))?')
_STATUS = re.compile(
    r"(?:exit status|while running runtime: exit status|subprocess exited with status) \d+$"
    r"|The command .* returned a non-zero code"
)

MARK = "prodev.engine"
"""The label of what was made by us on an engine that others use too."""

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


def reason(log: str) -> str:
    """Return the line of a builder's log that says why the build stopped."""
    lines = [_WHERE.sub("", line).strip() for line in log.splitlines()]
    lines = [line for line in lines if line and not _STATUS.match(line)]
    return lines[-1][:400] if lines else "it said nothing."


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
    # Docker's first builder shows our label as one more step.
    ours = f"LABEL {MARK}="
    return tuple(step for step in steps if not step.instruction.replace('"', "").startswith(ours))
