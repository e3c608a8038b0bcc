"""The first process of a room: it sets the room up and lives as long as the room.

A room is a set of namespaces (processes, mounts, network, and for an ordinary user accounts) in
which Podman and all its containers run. When this process ends, the system ends every other
process of the room and takes its mounts and networks away, whatever killed it.

Run as ``python -m prodev.services.containers.room``, with its orders as JSON in the argument.
"""

from __future__ import annotations

import asyncio
import encodings.idna  # noqa: F401 - Python's own files are hidden soon: all is imported before
import fcntl
import json
import os
import shutil
import socket
import struct
import sys
from pathlib import Path

from prodev.services.containers.layout import CONTROL, DOOR, PLACE, READY, write_settings
from prodev.services.containers.tending import tend
from prodev.services.containers.view import make_view, overlay_works

_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 1  # netdevice(7)


def main() -> None:
    """Set the room up, say so, and wait for the end of the process that tends it."""
    orders = json.loads(sys.argv[1])
    # Until the room has its own /proc, this is our number as the keeper counts.
    number = int(Path("/proc/self").readlink().name)
    make_view(
        place=Path(orders["place"]),
        door=Path(orders["door"]),
        images=Path(orders["images"]),
        makes_images=orders["makes_images"],
    )
    _start_loopback()
    fuse = ""
    if not overlay_works(PLACE):
        fuse = shutil.which("fuse-overlayfs") or ""
        if not fuse:
            sys.exit("overlay cannot be used on this disk: sudo apt-get install fuse-overlayfs")
    write_settings(
        runtime=orders["runtime"],
        limits=orders["limits"],
        fuse=fuse,
        makes_images=orders["makes_images"],
    )
    door = socket.socket(socket.AF_UNIX)
    door.bind(str(DOOR / CONTROL))
    door.listen(16)
    tending = os.fork()
    if not tending:
        asyncio.run(tend(door))
        os._exit(0)
    door.close()
    new = DOOR / f"{READY}.new"
    new.write_text(json.dumps({"pid": number}))
    new.rename(DOOR / READY)
    while True:  # containers whose starter is gone are ours to bury
        buried, status = os.wait()
        if buried == tending:
            sys.exit(os.waitstatus_to_exitcode(status))


def _start_loopback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        asked = struct.pack("16sH14s", b"lo", 0, b"")
        flags = struct.unpack("16sH14s", fcntl.ioctl(probe, _SIOCGIFFLAGS, asked))[1]
        fcntl.ioctl(probe, _SIOCSIFFLAGS, struct.pack("16sH14s", b"lo", flags | _IFF_UP, b""))


if __name__ == "__main__":
    main()
