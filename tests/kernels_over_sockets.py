"""A pytest plugin for nbval: its stock kernels talk over socket files instead of TCP ports.

TCP ports are chosen before they are bound, so kernels that two workers start at the same moment can
race for one and fail with "Address already in use".
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

import nbval.kernel
from jupyter_client.manager import KernelManager


class SocketKernelManager(KernelManager):
    def __init__(self, **options: Any) -> None:
        # Short, because a socket's path may have about a hundred characters.
        self.folder = Path(tempfile.mkdtemp(prefix="nbval-"))
        options.update(transport="ipc", connection_file=str(self.folder / "kernel.json"))
        super().__init__(**options)

    def cleanup_resources(self, restart: bool = False) -> None:
        super().cleanup_resources(restart=restart)
        if not restart:
            shutil.rmtree(self.folder, ignore_errors=True)


nbval.kernel.KernelManager = SocketKernelManager
