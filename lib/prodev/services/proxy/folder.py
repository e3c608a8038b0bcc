"""The private folder of the proxy's socket; it goes away with its owner, also by SIGKILL."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from prodev.services.place import fresh_folder
from prodev.services.service import ServiceError

_LONGEST = 103
"""Bytes of a socket's path: 107 on Linux, 103 on macOS (``sun_path`` in unix(7))."""

# The pipe to it breaks when its owner ends, in whatever way; then the folder has to go.
_WATCH = 'read _; rm -rf -- "$1"'


class SocketFolder:
    """A folder for one socket: one that is given stays, one of our own is removed."""

    def __init__(self, folder: Path | None) -> None:
        """Make a private folder, or take the one that is given.

        Args:
            folder: exists; who may enter it may connect.

        Raises:
            ServiceError: it is no folder.
        """
        self._watch: subprocess.Popen[bytes] | None = None
        if folder is not None:
            if not folder.is_dir():
                raise ServiceError(f"{folder} is no folder; make it before the proxy starts.")
            self.path, self.mode = folder.absolute(), 0o666
            return
        self.path, self.mode = fresh_folder(None), 0o600
        try:
            self._watch = subprocess.Popen(
                ["/bin/sh", "-c", _WATCH, "sh", str(self.path)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                cwd="/",
            )
        except BaseException:
            shutil.rmtree(self.path, ignore_errors=True)
            raise

    def socket(self, name: str) -> Path:
        """Return the path of a socket.

        Raises:
            ServiceError: the path is too long for a socket.
        """
        path = self.path / name
        length = len(os.fsencode(path))
        if length > _LONGEST:
            raise ServiceError(
                f"The path of the socket {path} has {length} bytes, and the system allows "
                f"{_LONGEST}; choose a folder with a shorter path."
            )
        return path

    def remove(self) -> None:
        """Remove a folder of our own."""
        if self._watch:
            assert self._watch.stdin
            self._watch.stdin.close()
            self._watch.wait()
            self._watch = None
            shutil.rmtree(self.path, ignore_errors=True)
