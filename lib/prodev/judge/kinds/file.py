"""The kind ``file``: a text, read by its format's parser in a process of its own, and never run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from prodev.judge.endings import Impure, Raised, Unreadable
from prodev.judge.kinds.kind import Job, Kind
from prodev.judge.python_answer import PythonAnswer

if TYPE_CHECKING:
    from prodev.judge.mutants import Mutant

PARSED = {".json": "JSON", ".toml": "TOML", ".yaml": "YAML", ".yml": "YAML"}

_STARTER = "# Write the timeout in seconds.\ntimeout:\n"
_CHECK = '''\
"""Does the file set a timeout that is not 0?"""

from prodev.judge import Finding


def check(answer):
    data = answer.data
    timeout = data.get("timeout") if isinstance(data, dict) else None
    if type(timeout) is not int:
        return Finding("no-timeout", found=timeout)
    if timeout < 1:
        return Finding("waits-for-ever", timeout=timeout)
    return None
'''


class FileAnswer:
    """A text as a check sees it.

    Attributes:
        text: the file as it was written.
        lines: its lines.
        data: what the parser of its format returned: plain data. None for formats without a parser.
        random: draws the hidden cases.
    """

    def __init__(self, text: str, data: Any, random: Random) -> None:
        """Hold what was read."""
        self.text, self.data, self.random = text, data, random
        self.lines = text.splitlines()


class File(Kind):
    """Answers in a text format."""

    name = "file"
    suffixes = (*PARSED, ".ini", ".cfg", ".txt", "")

    @property
    def inputs(self) -> tuple[Path, ...]:
        """The files of the package that a verdict depends on."""
        here = Path(__file__).resolve()
        names = ("wire.py", "session.py", "verdicts.py", "box/operations.py")
        return (here, *(here.parents[1] / name for name in names))

    @contextmanager
    def open(self, job: Job) -> Iterator[FileAnswer]:
        """Parse the text in the answer's process, where a trap in it can do no harm."""
        data = None
        if job.suffix in PARSED:
            try:
                data = PythonAnswer(job.session(), job.random).parse(job.source, job.suffix)
            except Raised as error:
                text = " ".join(error.message.split())
                raise Unreadable(f"{PARSED[job.suffix]}: {text}") from None
            except Impure as error:
                raise Unreadable(f"{PARSED[job.suffix]}: it holds {error}") from None
        yield FileAnswer(job.source, data, job.random)

    def attempted(self, source: str, starter: str) -> bool:
        """Compare the lines that are neither empty nor a comment."""
        lines = _lines(source)
        return bool(lines) and lines != _lines(starter)

    def degenerate(self, solution: str) -> Mapping[str, str]:  # noqa: ARG002
        """Return texts that no format of a configuration expects."""
        return {
            "a-number": "7\n",
            "a-text": '"text"\n',
            "a-list": "[1, 2]\n",
            "an-empty-table": "{}\n",
            "nothing-but-null": "null\n",
            "broken-brackets": "{[}\n",
            "a-key-without-value": "key =\nkey:\n",
            "deeply-nested": "[" * 500 + "]" * 500 + "\n",
            "many-aliases": _many_aliases(),
            "control-characters": "a\x00b\x1b[31m\n",
            "a-very-long-line": "x" * 100_000 + "\n",
            "other-types": "a: 2026-01-01\nb: !!python/object:os.system {}\n",
        }

    def mutants(self, solution: str, suffix: str) -> tuple[Mutant, ...]:
        """Return the text with a key or an item deleted, or two values swapped."""
        from prodev.judge.mutants import file_mutants

        return file_mutants(solution, suffix)

    def scaffold(self) -> dict[str, str]:
        """Return a small exercise that holds, to be rewritten."""
        return {
            "starter.yml": _STARTER,
            "solution.yml": "timeout: 30\n",
            "right/a-minute.yml": "timeout: 60\n",
            "wrong/no-timeout.yml": "retries: 3\n",
            "wrong/waits-for-ever.yml": "timeout: 0\n",
            "check.py": _CHECK,
        }


def _lines(text: str) -> list[str]:
    stripped = (line.strip() for line in text.splitlines())
    return [line for line in stripped if line and not line.startswith(("#", "//", ";"))]


def _many_aliases() -> str:
    """A small YAML text of some billion values, known as 'billion laughs'."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    return "\n".join(lines) + "\n"


KIND = File()
