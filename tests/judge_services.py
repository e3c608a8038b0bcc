"""Answers of the kind ``service``, driven from a test as a check drives them."""

from __future__ import annotations

from contextlib import ExitStack
from random import Random
from textwrap import dedent
from typing import Any

from prodev.judge.forkers import Forker
from prodev.judge.kinds.kind import Job
from prodev.judge.kinds.service.answer import ServiceAnswer
from prodev.judge.session import Session

VIEW = """
from django.urls import path
urlpatterns = [path("x", answer.x)]
"""
HEAD = """
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
"""


class Services:
    """A warm forker and one service at a time; a context manager."""

    def __init__(self, **options: Any) -> None:
        self.forker = Forker(**options)
        self._stack = ExitStack()
        self.sessions: list[Session] = []

    def __enter__(self) -> Services:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()
        self.forker.close()

    def make(self, source: str, *, seconds: float = 60, memory_mb: int = 256) -> ServiceAnswer:
        """End the service before this one; return one of a source that is not started yet."""
        self.end()

        def session(**options: Any) -> Session:
            made = Session(self.forker, seconds=seconds, memory_mb=memory_mb, asker=None, **options)
            self.sessions.append(made)
            return made

        job = Job(HEAD + dedent(source), ".py", Random(1), seconds, memory_mb, session)
        self.last = ServiceAnswer(job, self._stack)
        return self.last

    def view(self, body: str, *, mount: str = VIEW, **options: Any) -> ServiceAnswer:
        """Start a service with a view at ``/x``, whose body is given."""
        lines = "".join(f"    {line}\n" for line in dedent(body).strip().splitlines())
        answer = self.make(
            f'@api_view(["GET", "POST"])\n@permission_classes([AllowAny])\ndef x(request):\n{lines}'
        )
        answer.start(mount, **options)
        return answer

    def printed(self) -> str:
        """End the service; return what it printed."""
        sessions = list(self.sessions)
        self.end()
        return "".join(session.text() for session in sessions)

    def end(self) -> None:
        """End the service that runs, if there is one."""
        self._stack.close()
        for session in self.sessions:
            session.end()
        self.sessions.clear()
