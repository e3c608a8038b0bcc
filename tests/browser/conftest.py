"""A real JupyterLab, started as a learner starts it, in a headless Chromium."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, Queue

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    found = next((path for path in map(shutil.which, BROWSERS) if path), None)
    if found is None:
        sentence = "Chromium is not here; get it with: sudo apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(sentence)
        pytest.skip(sentence)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the start page, from ``prodev lab`` in an empty directory."""
    place = tmp_path_factory.mktemp("lab")
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


@pytest.fixture
def page(chromium: Browser, lab: str) -> Iterator[Page]:
    """A page of its own; its kernels are shut down at the end, so that each test starts one."""
    context = chromium.new_context(viewport={"width": 1280, "height": 1000})
    page = context.new_page()
    page.set_default_timeout(30_000)
    yield page
    server, _, token = lab.partition("/lab/tree/00_start.ipynb?token=")
    headers = {"Authorization": f"token {token}"}
    for session in context.request.get(f"{server}/api/sessions", headers=headers).json():
        context.request.delete(f"{server}/api/sessions/{session['id']}", headers=headers)
    context.close()
