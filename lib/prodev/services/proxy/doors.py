"""The sockets that the proxy listens on."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import replace
from pathlib import Path

from prodev.services.address import Address
from prodev.services.ports import LOOPBACK
from prodev.services.proxy.folder import SocketFolder
from prodev.services.proxy.hub import MOST_CONNECTIONS, Hub
from prodev.services.proxy.relay import Relay
from prodev.services.service import ServiceError

_NAMES = {"postgresql": ".s.PGSQL.5432", "mysql": "mysql.sock"}  # libpq wants this one


class Doors:
    """A socket in a folder and, if wanted, a loopback port; they live in the proxy's thread."""

    def __init__(self, hub: Hub, kind: type[Relay]) -> None:
        """Take what all connections share, and what a new connection becomes."""
        self._hub, self._kind = hub, kind
        self._servers: list[asyncio.Server] = []
        self._path: Path | None = None
        self.address: Address | None = None
        self.tcp_address: Address | None = None

    async def open(self, folder: SocketFolder, *, tcp: bool) -> None:
        """Listen.

        Raises:
            ServiceError: there is no place for the socket.
        """
        upstream = self._hub.upstream
        path = folder.socket(_NAMES[upstream.engine])
        door = socket.socket(socket.AF_UNIX)
        try:
            door.bind(str(path))
        except OSError as error:
            door.close()
            raise ServiceError(
                f"The proxy cannot listen on {path} ({error.strerror}); choose another folder."
            ) from None
        self._path = path
        path.chmod(folder.mode)
        await self._serve(door, guarded=False)
        place = str(folder.path if upstream.engine == "postgresql" else path)
        self.address = replace(upstream, password="", socket=place, host="", port=0)
        if tcp:
            port = socket.create_server((LOOPBACK, 0))
            number = int(port.getsockname()[1])
            await self._serve(port, guarded=True)
            self.tcp_address = replace(
                upstream, password=self._hub.password, socket="", host=LOOPBACK, port=number
            )

    def close(self) -> None:
        """Listen no more."""
        for server in self._servers:
            server.close()
        self._servers.clear()
        if self._path:
            self._path.unlink(missing_ok=True)
        self._path = self.address = self.tcp_address = None

    async def _serve(self, door: socket.socket, *, guarded: bool) -> None:
        server = await asyncio.get_running_loop().create_server(
            lambda: self._kind(self._hub, guarded=guarded).accepted(),
            sock=door,
            backlog=MOST_CONNECTIONS,
        )
        self._servers.append(server)
