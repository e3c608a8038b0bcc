"""Answers in Python, driven from a test as a check drives them."""

from __future__ import annotations

from random import Random
from textwrap import dedent

from prodev.judge.forkers import Forker
from prodev.judge.python_answer import PythonAnswer
from prodev.judge.session import Session


class Answers:
    """A warm forker and one answer at a time; a context manager."""

    def __init__(self) -> None:
        self.forker = Forker()
        self.session: Session | None = None

    def __enter__(self) -> Answers:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()
        self.forker.close()

    def load(self, source: str = "", *, seconds: float = 30, memory_mb: int = 256) -> PythonAnswer:
        """End the answer before this one, and load a source in a process of its own."""
        self.end()
        self.session = Session(self.forker, seconds=seconds, memory_mb=memory_mb, asker=None)
        answer = PythonAnswer(self.session, Random(1))
        answer.load(dedent(source))
        return answer

    def printed(self) -> str:
        """End the answer; return what it printed."""
        session = self.session
        self.end()
        return session.text() if session else ""

    def end(self) -> None:
        """End the answer that is loaded, if there is one."""
        if self.session is not None:
            self.session.end()
            self.session = None
