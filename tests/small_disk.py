"""A small disk for the files of private servers, which are fresh temporary folders."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


class SmallDisk:
    """A disk in memory at ``folder``, where servers that are started now keep their files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def grow(self, size: str) -> None:
        """Change its size, such as ``100m``."""
        options = f"remount,size={size}"
        subprocess.run(["mount", "-o", options, str(self.folder)], check=True)

    def fill(self, *, leave: int) -> Path:
        """Write a file that leaves so many bytes free; return it."""
        path = self.folder / "filler"
        with path.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, shutil.disk_usage(self.folder).free - leave)
        return path

    def is_empty(self) -> bool:
        """Whether servers have left nothing."""
        return not any(self.folder.iterdir())


@contextmanager
def small_disk(size: str) -> Iterator[SmallDisk]:
    """Mount a small disk for what is started in this block; skip where that takes a right."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    parent = Path(tempfile.mkdtemp(prefix="prodev-test-", dir="/tmp"))
    parent.chmod(0o711)
    folder = parent / "disk"
    folder.mkdir()
    options = f"size={size},mode=1777"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", folder], check=True)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("TMPDIR", str(folder))
            yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "-l", folder], check=True)
        shutil.rmtree(parent)
