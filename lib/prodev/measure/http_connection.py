"""One HTTP/1.1 connection that stays open: as little of a client as measuring needs.

A whole client takes many times as long for each request as a quick server does, and would measure
itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping


class AnswerError(Exception):
    """The server did not answer as HTTP/1.1 asks for, or closed the connection before."""


class Connection:
    """One connection to one server; it is opened again where the server closed it in between."""

    def __init__(self, place: tuple[str, str, int]) -> None:
        """Name the server by socket (or empty), host and port; ``send`` connects."""
        self.place = place
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, request: bytes) -> int:
        """Send a request, read the whole answer, and return its status.

        Raises:
            AnswerError: the answer broke off or is not HTTP/1.1.
            OSError: there is no connection.
        """
        if self._streams and self._streams[0].at_eof():
            self.close()
        reader, writer = self._streams or await self._open()
        try:
            writer.write(request)
            status, keep = await _read_answer(reader, head_only=request.startswith(b"HEAD "))
        except (asyncio.IncompleteReadError, ValueError, asyncio.LimitOverrunError) as error:
            self.close()
            raise AnswerError("the answer broke off or is not HTTP/1.1") from error
        except BaseException:
            self.close()
            raise
        if not keep:
            self.close()
        return status

    def close(self) -> None:
        """Close it; a second call does nothing."""
        if self._streams:
            self._streams[1].close()
            self._streams = None

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        socket, host, port = self.place
        if socket:
            self._streams = await asyncio.open_unix_connection(socket)
        else:
            self._streams = await asyncio.open_connection(host, port)
        return self._streams


async def _read_answer(reader: asyncio.StreamReader, *, head_only: bool) -> tuple[int, bool]:
    """Read one answer (RFC 9112, 6.3); return its status, and whether the connection stays open."""
    status = 100
    while status < 200:  # 1xx announces the answer itself
        head = await reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
        version, code, *_ = first.split(" ", 2)
        if not version.startswith("HTTP/1.") or len(code) != 3:
            raise ValueError(first)
        status = int(code)
    fields = {
        name.strip().lower(): value.strip().lower()
        for name, _, value in (line.partition(":") for line in lines)
    }
    keep = "close" not in fields.get("connection", "") and version == "HTTP/1.1"
    if head_only or status in (204, 304):
        return status, keep
    return status, await _read_body(reader, fields) and keep


async def _read_body(reader: asyncio.StreamReader, fields: Mapping[str, str]) -> bool:
    """Read a body; return whether its end was told, so that the connection can go on."""
    if "chunked" in fields.get("transfer-encoding", ""):
        while size := int((await reader.readline()).split(b";")[0], 16):
            await reader.readexactly(size + 2)
        while (await reader.readline()).strip():
            pass  # trailers
        return True
    if "content-length" in fields:
        await reader.readexactly(int(fields["content-length"]))
        return True
    await reader.read()
    return False
