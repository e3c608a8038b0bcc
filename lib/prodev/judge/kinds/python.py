"""The kind ``python``: functions, decorators, generators and coroutines, driven from outside."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from prodev.judge import box, sandbox
from prodev.judge.kinds.kind import Job, Kind
from prodev.judge.python_answer import PythonAnswer

if TYPE_CHECKING:
    from prodev.judge.mutants import Mutant

_JUDGE = Path(__file__).resolve().parents[1]
_LONGEST_COMPARED = 100_000
_QUIET = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.ENCODING,
    tokenize.ENDMARKER,
}

_STARTER = '''\
def double(number: int) -> int:
    """Return twice the number."""
    ...
'''
_SOLUTION = '''\
def double(number: int) -> int:
    """Return twice the number."""
    return 2 * number
'''
_CHECK = '''\
"""Does ``double`` return twice its number?"""

from prodev.judge import Finding, same


def check(answer):
    for number in (0, 1, answer.random.randrange(2, 1000)):
        got = answer.call("double", number)
        if not same(got, 2 * number):
            return Finding("not-twice", call=f"double({number})", expected=2 * number, got=got)
    return None
'''


class Python(Kind):
    """Answers in Python, each in a process of its own, on virtual time."""

    name = "python"
    suffixes = (".py",)
    runs_in_notebook = True

    @property
    def inputs(self) -> tuple[Path, ...]:
        """The files of the judge that an answer passes through."""
        files = [
            "wire.py",
            "session.py",
            "given.py",
            "timeline.py",
            "python_answer.py",
            "conversation.py",
            "handles.py",
            "verdicts.py",
        ]
        folders = [*box.__path__, *sandbox.__path__]
        return (
            Path(__file__).resolve(),
            *(_JUDGE / name for name in files),
            *(path for folder in folders for path in sorted(Path(folder).glob("*.py"))),
        )

    @contextmanager
    def open(self, job: Job) -> Iterator[PythonAnswer]:
        """Load the answer in a process of its own."""
        session = job.session()
        answer = PythonAnswer(session, job.random)
        answer.load(job.source)
        yield answer

    def attempted(self, source: str, starter: str) -> bool:
        """Compare the tokens that count."""
        if len(source) > _LONGEST_COMPARED:
            return True  # no starter is that long, and tokens of a long line take minutes on 3.12
        tokens = _tokens(source)
        return bool(tokens) and tokens != _tokens(starter)

    def degenerate(self, solution: str) -> Mapping[str, str]:
        """Return answers that define the solution's public names as nonsense."""
        from prodev.judge.proof.degenerate import degenerate_python

        return degenerate_python(solution)

    def mutants(self, solution: str, suffix: str) -> tuple[Mutant, ...]:  # noqa: ARG002
        """Return the mutants by the operators of cosmic-ray and mutmut."""
        from prodev.judge.mutants import python_mutants

        return python_mutants(solution)

    def scaffold(self) -> dict[str, str]:
        """Return a small exercise that holds, to be rewritten."""
        return {
            "starter.py": _STARTER,
            "solution.py": _SOLUTION,
            "right/adds-it-twice.py": _SOLUTION.replace("2 * number", "number + number"),
            "wrong/not-twice.py": _SOLUTION.replace("2 * number", "number**2"),
            "check.py": _CHECK,
        }


def _tokens(source: str) -> list[tuple[int, str]]:
    """The tokens that count; where the source is no Python, its lines without white space."""
    try:
        return [
            # How far a block is indented is white space; that it is indented is not.
            (token.type, "" if token.type == tokenize.INDENT else token.string)
            for token in tokenize.generate_tokens(io.StringIO(source.strip() + "\n").readline)
            if token.type not in _QUIET
        ]
    except (tokenize.TokenError, SyntaxError, ValueError):
        return [(0, line.strip()) for line in source.splitlines() if line.strip()]


KIND = Python()
