"""The answer's end of the channel: loads the answer, calls it, and carries values.

Nothing that is said here is a verdict. An answer can rewrite all of this file in its process, and
gains nothing by it: it can only return values, which it may do anyway.
"""

from __future__ import annotations

import asyncio
import builtins
import itertools
import json
import socket
import sys
import threading
import types
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from prodev.judge.box import operations
from prodev.judge.box.clock import Clock, VirtualLoop
from prodev.judge.box.explain import explain
from prodev.judge.box.proxies import make_proxy
from prodev.judge.wire import HEADER, UNKNOWN, NotPlain, decode, encode, pack

MODULE = "answer"
_ENDS = (StopIteration, StopAsyncIteration)
_DEPTH, _set_depth = sys.getrecursionlimit(), sys.setrecursionlimit


def _flush() -> None:
    """Send off what was printed without an end of line; the answer may have replaced it all."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):
            stream.flush()


def _allow_depth() -> None:
    """Undo a recursion limit that is too low for our own functions; a higher one stays."""
    if sys.getrecursionlimit() < _DEPTH:
        _set_depth(_DEPTH)


class JudgeError(Exception):
    """An exception of the judge's whose type the answer does not know."""


class Peer:
    """The channel, the answer's module, and the objects that the judge holds handles of."""

    def __init__(self, channel: socket.socket) -> None:
        """Take the channel and install virtual time."""
        self.channel = channel
        self.received = bytearray()
        self.module = types.ModuleType(MODULE)
        # Data classes, pickle and get_type_hints look a class's module up there.
        sys.modules[MODULE] = self.module
        self.names = self.module.__dict__
        self.names["__builtins__"] = builtins
        self.handles: dict[int, Any] = {}
        self.proxies: dict[int, Any] = {}
        self.futures: dict[int, asyncio.Future[Any]] = {}
        self.numbers = itertools.count(1)
        self.lock = threading.RLock()
        self.clock = Clock(self.sleep)
        self.clock.install(lambda: VirtualLoop(self))
        self.runner: asyncio.Runner | None = None

    # Frames

    def send(self, message: dict[str, Any]) -> None:
        """Send a frame; end the process when the judge is gone."""
        frame = pack(message)
        try:
            self.channel.sendall(frame)
        except OSError:
            raise SystemExit(0) from None

    def receive(self) -> dict[str, Any]:
        """Wait for a frame; end the process when the judge is gone."""
        (length,) = HEADER.unpack(self._exactly(HEADER.size))
        message: dict[str, Any] = json.loads(self._exactly(length))
        self.clock.now = message.pop("now", self.clock.now)
        return message

    def _exactly(self, length: int) -> bytes:
        while len(self.received) < length:
            got = self.channel.recv(1 << 16)
            if not got:
                raise SystemExit(0)
            self.received += got
        taken = bytes(self.received[:length])
        del self.received[:length]
        return taken

    def serve_for_ever(self) -> None:
        """Do what the judge asks, until it is gone."""
        self.send({"ready": True})
        while True:
            self.serve(self.receive())

    def serve(self, message: dict[str, Any]) -> None:
        """Do one operation and send what came of it."""
        said: dict[str, Any]
        try:
            try:
                value = getattr(operations, f"do_{message['op']}")(self, message)
            finally:
                _allow_depth()
            said = {"ok": self.keep(value) if message.get("keep") else encode(value)}
        except NotPlain as error:
            said = {"notplain": str(error)}
        except operations.MissingNameError as error:
            said = {"missing": str(error)}
        except BaseException as error:
            if message["op"] == "next" and issubclass(type(error), _ENDS):
                said = {"stop": True}
            else:
                said = {"raise": explain(error)}
        _flush()
        try:
            self.send({"id": message["id"], **said})
        except NotPlain as error:
            self.send({"id": message["id"], "notplain": str(error)})

    # Values

    def keep(self, value: Any) -> dict[str, int]:
        """Keep an object; return its handle's tag."""
        number = next(self.numbers)
        self.handles[number] = value
        return {"h": number}

    def decode(self, value: Any) -> Any:
        """Decode what the judge sent."""
        return decode(value, self._resolve)

    def _resolve(self, tag: str, held: Any) -> Any:
        if tag == "h":
            return self.handles[held]
        if tag == "p":
            if held[0] not in self.proxies:
                self.proxies[held[0]] = make_proxy(self, *held)
            return self.proxies[held[0]]
        if tag == "E":
            return self.exception(held)
        return UNKNOWN

    def exception(self, name: str) -> type[BaseException]:
        """Return an exception type of the answer's, or of Python's."""
        found = self.names.get(name, getattr(builtins, name, None))
        if isinstance(found, type) and issubclass(found, BaseException):
            return found
        return type(name, (JudgeError,), {})

    def _refer(self, value: Any) -> Any:
        if isinstance(value, BaseException):
            return {"x": [type(value).__name__[:80], str(value)[:500]]}
        if isinstance(value, type) and issubclass(value, BaseException):
            return {"X": value.__name__[:80]}
        if isinstance(value, types.TracebackType):
            return None
        return self.keep(value)

    # Questions to the judge

    def ask(
        self, proxy: int, method: str, arguments: tuple[Any, ...], named: dict[str, Any]
    ) -> Any:
        """Call something that the judge answers; wait for what it says."""
        with self.lock:  # threads take turns
            number = next(self.numbers)
            self._put(number, arguments, named, ask=proxy, method=method)
            return self.result(self._wait_for(number))

    async def ask_later(self, proxy: int, arguments: tuple[Any, ...], named: dict[str, Any]) -> Any:
        """Call a coroutine of the judge's; it takes virtual time, and others go on meanwhile."""
        number = next(self.numbers)
        self.futures[number] = asyncio.get_running_loop().create_future()
        try:
            self._put(number, arguments, named, ask=proxy, later=True)
            return self.result(await self.futures[number])
        except asyncio.CancelledError:
            self.send({"drop": number})
            raise
        finally:
            self.futures.pop(number, None)

    def _put(
        self, number: int, arguments: tuple[Any, ...], named: dict[str, Any], **question: Any
    ) -> None:
        try:
            held = encode(list(arguments), self._refer)
            said = encode(named, self._refer)
            self.send({"id": number, "arguments": held, "named": said, **question})
        except NotPlain as error:
            raise TypeError(f"the judge cannot take {error} as an argument") from None

    def sleep(self, seconds: float) -> None:
        """Let virtual time pass."""
        with self.lock:
            number = next(self.numbers)
            self.send({"sleep": encode(seconds), "id": number})
            self.result(self._wait_for(number))

    def idle(self, timeout: float | None) -> bool:
        """Say that every task waits; return whether the judge let something happen."""
        with self.lock:
            number = next(self.numbers)
            self.send({"idle": timeout, "id": number})
            return bool(self._wait_for(number).get("moved"))

    def _wait_for(self, number: int) -> dict[str, Any]:
        while True:
            message = self.receive()
            if message.get("re") == number:
                return message
            if "re" in message:
                self._complete(message)
            else:
                self.serve(message)  # while it thinks, the judge may call in again

    def _complete(self, message: dict[str, Any]) -> None:
        future = self.futures.pop(message["re"], None)
        if future is not None and not future.done():
            future.set_result(message)

    def result(self, message: dict[str, Any]) -> Any:
        """Return what the judge said, or raise what it wants raised."""
        if "raise" in message:
            name, arguments = message["raise"]
            raise self.exception(name)(*self.decode(arguments))
        if "stop" in message:
            raise StopIteration
        return self.decode(message.get("ok"))

    # Coroutines

    def run(self, coroutine: Any) -> Any:
        """Run a coroutine to its end; one event loop serves the answer's whole life."""
        if self.runner is None:
            self.runner = asyncio.Runner(loop_factory=lambda: VirtualLoop(self))
        return self.runner.run(coroutine)

    def call(self, function: Callable[..., Any], arguments: Any, named: Any) -> Any:
        """Call something; a coroutine is run to its end."""
        from inspect import iscoroutine

        result = function(*self.decode(arguments), **self.decode(named))
        return self.run(result) if iscoroutine(result) else result
