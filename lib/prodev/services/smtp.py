"""The server's side of SMTP, as much as it takes to receive mail (RFC 5321)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

BIGGEST = 10_000_000  # bytes of one mail
_LONGEST_LINE = 2_000  # bytes of a command; RFC 5321 asks for 512
_END = b"\r\n.\r\n"
_PATH = re.compile(r"(?:FROM|TO):\s*<([^<>]*)>", re.IGNORECASE)


@dataclass(frozen=True)
class Envelope:
    """What a sender handed over: addresses and the mail itself."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes


class GoneError(Exception):
    """The sender hung up before it was answered."""


Take = Callable[[Envelope], Awaitable[str]]
"""Decides about a mail; returns the reply, such as ``250 taken``, or raises GoneError."""


async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, take: Take) -> None:
    """Talk with one sender until it says QUIT or hangs up.

    The reader must have been made with a ``limit`` of BIGGEST bytes or more.
    """
    sender: str | None = None
    recipients: list[str] = []

    async def say(*lines: str) -> None:
        writer.write("".join(f"{line}\r\n" for line in lines).encode())
        await writer.drain()

    await say("220 mailbox ready")
    while command := await _command(reader):
        verb, _, rest = command.partition(" ")
        match verb.upper():
            case "EHLO":
                sender, recipients = None, []
                await say("250-mailbox", f"250-SIZE {BIGGEST}", "250 8BITMIME")
            case "HELO" | "RSET":
                sender, recipients = None, []
                await say("250 ok")
            case "NOOP":
                await say("250 ok")
            case "MAIL" if found := _PATH.match(rest):
                sender, recipients = found[1], []
                await say("250 ok")
            case "RCPT" if sender is not None and (found := _PATH.match(rest)):
                recipients.append(found[1])
                await say("250 ok")
            case "MAIL" | "RCPT":
                await say("501 an address in angle brackets, and MAIL before RCPT")
            case "DATA" if sender is not None and recipients:
                await say("354 end with a dot on a line of its own")
                content = await _content(reader)
                await say(await take(Envelope(sender, tuple(recipients), content)))
                sender, recipients = None, []
            case "DATA":
                await say("503 MAIL and RCPT come first")
            case "QUIT":
                await say("221 bye")
                return
            case _:
                await say("502 this server knows no such command")


async def _command(reader: asyncio.StreamReader) -> str:
    """Return the next command without its line end; empty where there is none to answer."""
    line = await reader.readline()
    if len(line) > _LONGEST_LINE:
        return ""
    return line.decode("utf-8", "replace").strip()


async def _content(reader: asyncio.StreamReader) -> bytes:
    """Return a mail's lines. A dot that begins a line was doubled on the way (section 4.5.2)."""
    # An empty mail is a lone dot: the line end before it is the one of DATA.
    content = bytearray(b"\r\n")
    while not content.endswith(_END):
        line = await reader.readline()
        if not line or len(content) > BIGGEST:
            raise GoneError
        content += line
    body = bytes(content).removesuffix(_END[2:]).removeprefix(b"\r\n")
    return re.sub(rb"(?m)^\.", b"", body)
