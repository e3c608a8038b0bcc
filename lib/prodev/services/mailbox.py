"""A mail server of a lab: it takes mail over SMTP, keeps it in memory, and can be told to fail."""

from __future__ import annotations

import asyncio
import contextlib
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Literal, Self

from prodev.services.ports import LOOPBACK
from prodev.services.service import ServiceError
from prodev.services.smtp import BIGGEST, Envelope, GoneError, converse

Outcome = Literal["taken", "refused", "cut", "given up"]
"""The server took the mail, refused it, cut the connection; or the sender hung up first."""
Mood = Literal["up", "down", "slow", "refusing"]


@dataclass(frozen=True)
class Attempt:
    """One try to hand over a mail."""

    at: float
    """Seconds since the mailbox was opened."""
    outcome: Outcome


@dataclass(frozen=True, eq=False)
class Mail:
    """A mail that was taken."""

    at: float
    """Seconds since the mailbox was opened."""
    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage

    @property
    def id(self) -> str:
        """Its Message-ID; two mails with the same one are one mail that was sent twice."""
        return str(self.message["Message-ID"] or "")


class Mailbox:
    """An SMTP server on a free port of 127.0.0.1, in a thread of this process.

    It takes every mail, and delivers none. It closes with its ``with`` block, or with the process.
    """

    def __init__(self) -> None:
        """Open it.

        Raises:
            ServiceError: there is no free port.
        """
        self._opened = time.monotonic()
        self._changed = threading.Condition()
        self._mails: list[Mail] = []
        self._attempts: list[Attempt] = []
        self._mood: Mood = "up"
        self._slow_seconds, self._nth, self._code, self._asked = 0.0, 1, 451, 0
        self._waiting: set[asyncio.Event] = set()
        self._port = 0
        self._problems: list[OSError] = []
        opened = threading.Event()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve(opened)), name="mailbox", daemon=True
        )
        self._thread.start()
        opened.wait()
        if self._problems:
            raise ServiceError(
                f"The mailbox cannot open a port on {LOOPBACK} ({self._problems[0]}); try again."
            )

    @property
    def url(self) -> str:
        """Its address: ``smtp://127.0.0.1:port``."""
        return f"smtp://{LOOPBACK}:{self._port}"

    @property
    def port(self) -> int:
        """Its port."""
        return self._port

    @property
    def mails(self) -> list[Mail]:
        """The mails taken so far, in the order in which they were taken."""
        with self._changed:
            return list(self._mails)

    @property
    def attempts(self) -> list[Attempt]:
        """The tries so far, in the order in which they ended."""
        with self._changed:
            return list(self._attempts)

    @property
    def waiting(self) -> int:
        """How many mails a slow mailbox has read and not yet answered."""
        with self._changed:
            return len(self._waiting)

    def be_up(self) -> None:
        """Take mail at once; who waits is answered now."""
        self._become("up")

    def be_down(self) -> None:
        """Cut every connection before a word, as a mail server does that has just crashed."""
        self._become("down")

    def be_slow(self, seconds: float) -> None:
        """Take each mail only after so long. A sender who hangs up earlier has not handed it over.

        Args:
            seconds: how long; ``float("inf")`` until the next call that changes the mailbox.
        """
        self._slow_seconds = seconds
        self._become("slow")

    def refuse_every(self, nth: int, *, code: int = 451) -> None:
        """Refuse every n-th mail from now on, and take the others.

        Args:
            nth: 1 refuses all.
            code: the reply; 400 to 499 asks to try again later, 500 to 599 says never.
        """
        if nth < 1 or not 400 <= code <= 599:
            raise ServiceError(
                f"refuse_every({nth}, code={code}): nth is 1 or more, the code from 400 to 599."
            )
        self._nth, self._code, self._asked = nth, code, 0
        self._become("refusing")

    def wait_until(self, holds: Callable[[Self], bool], seconds: float = 30.0) -> None:
        """Wait until something holds, such as ``lambda box: len(box.mails) == 100``.

        Raises:
            ServiceError: it does not hold after so many seconds.
        """
        end = time.monotonic() + seconds
        while not holds(self):
            with self._changed:
                left = end - time.monotonic()
                if left <= 0:
                    raise ServiceError(
                        f"The mailbox waited {seconds:g} seconds in vain; it has "
                        f"{len(self._mails)} mails after {len(self._attempts)} tries."
                    )
                self._changed.wait(min(left, 0.05))

    def close(self) -> None:
        """Close the port and every connection; mails and attempts can still be read."""
        if self._thread.is_alive():
            with contextlib.suppress(RuntimeError):  # somebody else closes it at this moment
                self._loop.call_soon_threadsafe(self._end.set)
            self._thread.join()

    def __enter__(self) -> Self:
        """Return the open mailbox."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def _become(self, mood: Mood) -> None:
        with self._changed:
            self._mood = mood
            released, self._waiting = self._waiting, set()
        for event in released:
            with contextlib.suppress(RuntimeError):  # it is closed, and so is who waited
                self._loop.call_soon_threadsafe(event.set)

    async def _serve(self, opened: threading.Event) -> None:
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        try:
            server = await asyncio.start_server(self._talk, LOOPBACK, 0, limit=BIGGEST)
            self._port = server.sockets[0].getsockname()[1]
        except OSError as error:
            self._problems.append(error)
            return
        finally:
            opened.set()
        await self._end.wait()
        # Nobody is let in any more; who just was begins to talk, and is cut off with all others. A
        # server that is closed at once leaves such a connection open (Python 3.12).
        for door in server.sockets:
            self._loop.remove_reader(door.fileno())
        await asyncio.sleep(0.02)
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        # A connection that is closed goes away in a later turn of the loop.
        await asyncio.sleep(0.02)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def take(envelope: Envelope) -> str:
            return await self._take(envelope, reader)

        # A ValueError is a line that never ends; a sender who hangs up needs no answer.
        with contextlib.suppress(GoneError, OSError, ValueError):
            try:
                if self._mood == "down":
                    self._note("cut")
                else:
                    await converse(reader, writer, take)
            except asyncio.CancelledError:
                writer.transport.abort()
                raise
            finally:
                writer.close()
                await writer.wait_closed()

    async def _take(self, envelope: Envelope, reader: asyncio.StreamReader) -> str:
        if self._mood == "slow" and not await self._pause(reader):
            self._note("given up")
            raise GoneError
        if self._mood == "down":  # it went down while this sender talked or waited
            self._note("cut")
            raise GoneError
        if self._mood == "refusing":
            self._asked += 1
            if self._asked % self._nth == 0:
                self._note("refused")
                return f"{self._code} this mailbox refuses every mail number {self._nth}"
        self._note("taken", envelope)
        return "250 taken"

    async def _pause(self, reader: asyncio.StreamReader) -> bool:
        """Wait as a slow server does; return False where the sender hung up meanwhile."""
        event = asyncio.Event()
        with self._changed:
            self._waiting.add(event)
            self._changed.notify_all()
        gone = asyncio.create_task(reader.read(1))
        released = asyncio.create_task(event.wait())
        seconds = self._slow_seconds if math.isfinite(self._slow_seconds) else None
        try:
            done, _ = await asyncio.wait(
                {gone, released}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            gone.cancel()
            released.cancel()
            with self._changed:
                self._waiting.discard(event)
        await asyncio.gather(gone, released, return_exceptions=True)  # the reader is free then
        return gone not in done

    def _note(self, outcome: Outcome, envelope: Envelope | None = None) -> None:
        at = time.monotonic() - self._opened
        with self._changed:
            self._attempts.append(Attempt(at, outcome))
            if envelope:
                message = message_from_bytes(envelope.content, policy=policy.default)
                self._mails.append(Mail(at, envelope.sender, envelope.recipients, message))
            self._changed.notify_all()
