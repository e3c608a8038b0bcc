"""Hostile answers: each is a source, and the verdict that it must get."""

from hostile import (
    channel,
    ends,
    files,
    given,
    memory,
    neighbours,
    network,
    patches,
    processes,
    secrets,
    values,
)
from hostile.record import Hostile

_ROOMS = (
    ends,
    memory,
    processes,
    channel,
    patches,
    secrets,
    files,
    neighbours,
    network,
    values,
    given,
)

ANSWERS: dict[str, Hostile] = {
    name: answer for room in _ROOMS for name, answer in room.ANSWERS.items()
}
WALLS_NEEDED = {
    *processes.ANSWERS,
    *secrets.ANSWERS,
    *files.ANSWERS,
    *neighbours.ANSWERS,
    *network.ANSWERS,
    "a file in memory",
    "a finding of its own",
}
"""Answers that reach something where seccomp and Landlock are missing."""

assert len(ANSWERS) == sum(len(room.ANSWERS) for room in _ROOMS)
