"""Shells for act that end a failed step only when all it wrote has been read.

act gives each step a terminal and drops what it has not read yet when the step fails
(``exec`` in its ``pkg/container/host_environment.go``, 0.2.89). So the shell that act starts writes
a last line of ours where its script failed, and waits until we have seen it.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
from pathlib import Path

_SHELLS = ("bash", "sh")
_MARK = "prodev-end-of-step-"
_END = re.compile(rf"{_MARK}(\d+)\n?\Z")
_PROGRAM = """\
#!/bin/sh
PATH=${{PATH#{place}:}}
{shell} "$@"
status=$?
[ "$status" -eq 0 ] && exit 0
echo {mark}$$
tries=0
while [ ! -e {place}/$$ ] && [ "$tries" -lt 250 ]; do
    sleep 0.02
    tries=$((tries + 1))
done
exit "$status"
"""


class Shells:
    """A folder of shells for one run.

    Attributes:
        place: the folder, to stand first in act's ``PATH``.
    """

    def __init__(self, place: Path, path: str) -> None:
        """Write a shell for each that is found on ``path``, into an empty folder."""
        self.place = place
        for name in _SHELLS:
            if shell := shutil.which(name, path=path):
                program = place / name
                told = {"place": shlex.quote(str(place)), "shell": shlex.quote(shell)}
                program.write_text(_PROGRAM.format(**told, mark=_MARK), "utf-8")
                program.chmod(0o700)

    def first_in(self, path: str) -> str:
        """Return a ``PATH`` with the folder first; as it was where programs cannot run there."""
        runs = all(os.access(program, os.X_OK) for program in self.place.iterdir())
        return f"{self.place}{os.pathsep}{path}" if runs else path

    def seen(self, text: str) -> str | None:
        """Let a failed step end whose last line this is.

        Returns:
            the text without the mark; None where nothing else stood in the line.
        """
        end = _END.search(text)
        if end is None:
            return text
        (self.place / end[1]).touch()
        return text[: end.start()] or None
