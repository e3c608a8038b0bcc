"""``prodev lab`` in an empty directory, as a learner starts it."""

from __future__ import annotations

import os
import re
import secrets
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue

import pytest

# The page is light or dark as the browser asks, so a test can look at both.
THEMES = ("config/lab/user-settings/@jupyterlab/apputils-extension", "themes.jupyterlab-settings")
ADAPTIVE = '{"adaptive-theme": true}'


@contextmanager
def serving(place: Path) -> Iterator[str]:
    """Start JupyterLab for Ada; give the address of the start page, and end it with its kernels."""
    token = secrets.token_hex(16)
    environment = {
        **os.environ,
        "PRODEV_HOME": str(place / "home"),
        "JUPYTER_CONFIG_DIR": str(place / "config"),
        "JUPYTER_DATA_DIR": str(place / "data"),
        "JUPYTER_RUNTIME_DIR": str(place / "runtime"),
        "IPYTHONDIR": str(place / "ipython"),
        "JUPYTER_TOKEN": token,
    }
    themes = place.joinpath(*THEMES)
    themes.parent.mkdir(parents=True)
    themes.write_text(ADAPTIVE, "utf-8")
    command = [Path(sys.executable).with_name("prodev"), "lab", "--learner", "Ada", "--no-browser"]
    process = subprocess.Popen(
        command,
        cwd=place,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield f"{_address(process)}/lab/tree/00_start.ipynb?token={token}"
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def _address(process: subprocess.Popen[str]) -> str:
    """The server's address, once it says that it serves; the rest of what it says is drained."""
    said: Queue[str] = Queue()

    def drain() -> None:
        for line in process.stderr or ():
            said.put(line)

    threading.Thread(target=drain, daemon=True).start()
    heard = []
    while True:
        try:
            heard.append(said.get(timeout=60))
        except Empty:
            pytest.fail("JupyterLab did not start:\n" + "".join(heard))
        if match := re.search(r"(http://(?:localhost|127\.0\.0\.1):\d+)/", heard[-1]):
            return match[1]
