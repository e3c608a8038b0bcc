"""What goes on in a room beside its containers: ways in from outside, and health checks."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from typing import Any

from prodev.services.containers.health import check_health
from prodev.services.containers.layout import DOOR, INTERFACE

_PART = 65536  # bytes


async def tend(door: socket.socket) -> None:
    """Take requests at the door, and check the health of containers, until killed."""
    await asyncio.gather(_answer_door(door), check_health())


async def _answer_door(door: socket.socket) -> None:
    door.setblocking(False)
    loop = asyncio.get_running_loop()
    kept: list[Any] = []
    while True:
        asker, _ = await loop.sock_accept(door)
        with asker:
            asker.settimeout(5)
            try:
                kept.append(await _obey(asker))
                asker.sendall(b"{}\n")
            except (OSError, ValueError, KeyError) as error:
                with contextlib.suppress(OSError):
                    asker.sendall(json.dumps({"error": str(error)}).encode() + b"\n")


async def _obey(asker: socket.socket) -> Any:
    text, descriptors, _, _ = socket.recv_fds(asker, 4096, 1)
    request = json.loads(text)
    if request["do"] == "interface":
        return await _start_interface()
    host, port = str(request["host"]), int(request["port"])
    # The listening socket was made outside and stays there; what it accepts is joined to a
    # container in here.
    listener = socket.socket(fileno=descriptors[0])
    listener.setblocking(False)

    async def join(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, back = await asyncio.open_connection(host, port)
        except OSError:
            writer.transport.abort()  # what a client of a port nobody listens at sees
            return
        await asyncio.gather(_pass_on(reader, back), _pass_on(there, writer))

    return await asyncio.start_server(join, sock=listener)


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while part := await reader.read(_PART):
            writer.write(part)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
    except OSError:
        writer.transport.abort()


async def _start_interface() -> asyncio.subprocess.Process:
    """Start Podman's programming interface, which speaks Docker's protocol."""
    path = DOOR / INTERFACE
    service = await asyncio.create_subprocess_exec(
        "podman", "system", "service", "--time", "0", f"unix://{path}"
    )
    while service.returncode is None:
        with socket.socket(socket.AF_UNIX) as probe:
            if probe.connect_ex(str(path)) == 0:
                return service
        await asyncio.sleep(0.02)
    raise OSError("Podman's interface does not start")
