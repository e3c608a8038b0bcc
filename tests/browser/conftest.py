"""A real JupyterLab, started as a learner starts it, in a headless Chromium."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from lab_server import serving
from playwright.sync_api import Browser, Page, expect, sync_playwright

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
    expect.set_options(timeout=30_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the start page, from ``prodev lab`` in an empty directory."""
    with serving(tmp_path_factory.mktemp("lab")) as start:
        yield start


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
