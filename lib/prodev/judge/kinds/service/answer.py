"""A service with the answer in it, as a check drives it: requests from outside, and accidents."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from random import Random
from typing import Any, TypedDict

from prodev.judge.conversation import Conversation
from prodev.judge.endings import Forged
from prodev.judge.kinds.kind import Job
from prodev.judge.kinds.service import systems
from prodev.judge.kinds.service.cache import Cache
from prodev.judge.kinds.service.response import Response, read_response
from prodev.judge.kinds.service.world import User, World
from prodev.judge.session import Session
from prodev.services.proxy import CountingProxy


class Asked(TypedDict):
    """A request on its way."""

    method: str
    path: str
    headers: dict[str, str]
    body: str


class ServiceAnswer:
    """One answer, in a Stays of its own. See ``prodev.judge.kinds.service``.

    Attributes:
        random: draws the hidden cases; the same for the same seed.
        world: makes users and rows.
        database: the counting proxy: ``delay``, ``pause()``, ``resume()``, ``cut()``.
    """

    def __init__(self, job: Job, stack: ExitStack) -> None:
        """Make the database; nothing of the answer has run yet.

        Args:
            job: what is to be judged.
            stack: closes everything at its end.
        """
        self.random: Random = job.random
        self._job, self._stack = job, stack
        database = stack.enter_context(systems.new_database())
        self.world = World(stack.enter_context(database.connect(autocommit=True)), job.random)
        self.database = stack.enter_context(CountingProxy(database.address))
        self._cache: Cache | None = None
        self._session: Session | None = None
        self._talk: Conversation
        self._start: Callable[[], None] = lambda: None
        stack.callback(self._close)

    @property
    def cache(self) -> Cache:
        """The answer's Redis.

        Raises:
            LookupError: it was started without one.
        """
        if self._cache is None:
            raise LookupError("this service has no Redis: start(mount, redis=True)")
        return self._cache

    def start(self, mount: str, *, redis: bool = False, connections: int = 2) -> None:
        """Start the service with the answer in it; called once, before the first request.

        Args:
            mount: a source of the check's own that is run after the answer. In it ``answer`` is
                the answer's module; what it names ``urlpatterns`` stands before the addresses of
                Stays. It may also put a name of the answer's into a module of Stays. The answer
                can read it.
            redis: whether it has a Redis, as Django's cache and at ``settings.CACHES``.
            connections: to the database, opened beforehand: ``together`` needs one a request.

        Raises:
            Ending: the answer could not be loaded, or lacks a name that the mount asks for.
        """
        self._start = lambda: self._open(mount, redis=redis, connections=connections)
        self._start()

    def restart(self) -> None:
        """End the process and start a new one: what it had in memory is gone, rows and Redis stay.

        The time of the answer begins anew.
        """
        self._end()
        self._start()

    # Requests

    def get(self, path: str, as_: User | None = None, **options: Any) -> Response:
        """Send GET; see ``send`` for the options."""
        return self.send("GET", path, as_, **options)

    def post(self, path: str, as_: User | None = None, **options: Any) -> Response:
        """Send POST; see ``send`` for the options."""
        return self.send("POST", path, as_, **options)

    def put(self, path: str, as_: User | None = None, **options: Any) -> Response:
        """Send PUT; see ``send`` for the options."""
        return self.send("PUT", path, as_, **options)

    def patch(self, path: str, as_: User | None = None, **options: Any) -> Response:
        """Send PATCH; see ``send`` for the options."""
        return self.send("PATCH", path, as_, **options)

    def delete(self, path: str, as_: User | None = None, **options: Any) -> Response:
        """Send DELETE; see ``send`` for the options."""
        return self.send("DELETE", path, as_, **options)

    def graphql(
        self, query: str, as_: User | None = None, *, path: str = "/graphql", **options: Any
    ) -> Response:
        """Send a GraphQL query; ``variables`` is one of the options."""
        body = {"query": query, "variables": options.pop("variables", None) or {}}
        return self.send("POST", path, as_, json=body, **options)

    def send(  # noqa: PLR0913 - all but the first are named
        self,
        method: str,
        path: str,
        as_: User | None = None,
        *,
        json: Any = None,
        body: str = "",
        headers: Mapping[str, str] | None = None,
        may_raise: bool = False,
    ) -> Response:
        """Send a request; return its response.

        Args:
            method: such as ``GET``.
            path: with its query, percent-encoded where it has to be.
            as_: who calls; None: a stranger, without a token.
            json: the body, as plain data.
            body: the body, as text, where there is no ``json``.
            headers: more headers.
            may_raise: return also a response to which the answer raised an exception, with
                ``status`` 500 and ``error``.

        Raises:
            Raised: the answer raised an exception, and nobody caught it.
            Ending: the answer gave no response.
        """
        asked = _asked(method, path, as_, json, body, headers)
        label = _label(asked, as_)
        with self.database.block() as block:
            told, commands, ms = self._ask("request", label, **asked)
        response = read_response(label, told, block.statements, commands, ms)
        if response.error and not may_raise:
            response.error.call = label
            raise response.error
        return response

    def together(
        self, requests: Sequence[tuple[str, str, User | None]], *, may_raise: bool = False
    ) -> list[Response]:
        """Send several requests at the same time, each to a thread of its own.

        Args:
            requests: method, path and caller of each.
            may_raise: see ``send``.

        Returns:
            the responses in the order of the requests. All of them have the statements and the
            commands of all, and the ``ms`` until the last one was there.

        Raises:
            Raised: the answer raised an exception at one of them.
        """
        asked = [_asked(method, path, as_, None, "", None) for method, path, as_ in requests]
        labels = [_label(one, as_) for one, (_, _, as_) in zip(asked, requests, strict=True)]
        label = f"{len(asked)} requests at once, such as {labels[0]}"
        with self.database.block() as block:
            told, commands, ms = self._ask("requests", label, requests=asked)
        if type(told) is not list or len(told) != len(asked):
            raise Forged
        responses = [
            read_response(label, one, block.statements, commands, ms)
            for label, one in zip(labels, told, strict=True)
        ]
        for response in responses:
            if response.error and not may_raise:
                response.error.call = response.request
                raise response.error
        return responses

    # Time

    def pass_time(self, seconds: float) -> None:
        """Let time pass, for the clocks of the answer and for what is in Redis."""
        self._talk.operate("advance", "", seconds=float(seconds))
        if self._cache is not None:
            self._cache.pass_time(seconds)

    # The process

    def _ask(self, operation: str, label: str, **details: Any) -> tuple[Any, Any, float]:
        before = len(self._cache.commands) if self._cache else 0
        began = time.perf_counter()
        told = self._talk.operate(operation, label, **details)
        ms = (time.perf_counter() - began) * 1000
        return told, self._cache.commands[before:] if self._cache else [], ms

    def _open(self, mount: str, *, redis: bool, connections: int) -> None:
        ours, theirs = socket.socketpair()
        if redis:
            if self._cache is not None:
                self._cache.close()
                server = systems.running_redis()
            else:
                server = systems.empty_redis()
            self._cache = Cache(server, ours)
        address = self.database.address
        try:
            self._session = self._job.session(
                door=theirs,
                service={
                    "database": {
                        "NAME": address.database,
                        "USER": address.user,
                        "HOST": address.socket,
                    },
                    "connections": connections,
                    "redis": self._cache.url if self._cache else "",
                },
            )
        finally:
            theirs.close()
            if not redis:
                ours.close()
        self._talk = Conversation(self._session)
        self._talk.operate("load", "", source=self._job.source)
        self._talk.operate("mount", "", source=mount)

    def _close(self) -> None:
        self._end()
        if self._cache is not None:
            self._cache.close()

    def _end(self) -> None:
        if self._session is not None:
            self._session.end()
            self._session = None


def _asked(  # noqa: PLR0913, PLR0917 - one for each part of a request
    method: str,
    path: str,
    as_: User | None,
    data: Any,
    body: str,
    headers: Mapping[str, str] | None,
) -> Asked:
    sent = dict(headers or {})
    if as_ is not None:
        sent.setdefault("Authorization", f"Token {as_.token}")
    if data is not None:
        body = json.dumps(data)
        sent.setdefault("Content-Type", "application/json")
    return {"method": method, "path": path, "headers": sent, "body": body}


def _label(asked: Asked, as_: User | None) -> str:
    who = f"{as_.role} {as_.name}" if as_ else "a stranger"
    return f"{asked['method']} {asked['path']} as {who}"
