"""A notebook in JupyterLab: opened, run, checked and photographed."""

from __future__ import annotations

import os
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

SHOTS = os.environ.get("PRODEV_SCREENSHOTS")
STOPPED = "application/vnd.jupyter.error"
STDERR = "application/vnd.jupyter.stderr"


def open_notebook(page: Page, start: str, name: str) -> None:
    # Without the tabs that the test before had open.
    page.goto(start.replace("00_start", name) + "&reset")
    page.get_by_role("tab", name=f"{name}.ipynb").first.wait_for()
    wait_until_idle(page)
    page.locator(".jp-Notebook .jp-Cell").first.wait_for()


def wait_until_idle(page: Page, seconds: float = 60) -> None:
    expect(page.locator("#jp-main-statusbar")).to_contain_text("| Idle", timeout=seconds * 1000)


def run_all(page: Page) -> None:
    """Run all cells, and wait for what the last one shows."""
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    wait_until_idle(page, 90)
    wait_until_last_has_run(page)


def wait_until_last_has_run(page: Page) -> None:
    """Wait until the last cell has the number that it gets when all have run on a new kernel."""
    last = page.locator(".jp-Notebook .jp-CodeCell").last.locator(".jp-InputPrompt")
    numbered = last.get_by_text(f"[{count_cells(page)}]:", exact=True)
    numbered.or_(errors(page)).first.wait_for(state="attached", timeout=90_000)
    expect_no_errors(page)
    wait_until_idle(page, 30)


def count_cells(page: Page) -> int:
    return page.locator(".jp-Notebook .jp-CodeCell").count()


def errors(page: Page) -> Locator:
    """What the cells have raised, or written to stderr."""
    kinds = (f".jp-Notebook [data-mime-type='{kind}']" for kind in (STDERR, STOPPED))
    return page.locator(", ".join(kinds))


def expect_no_errors(page: Page) -> None:
    assert errors(page).all_text_contents() == []


def axe_finds(page: Page, card: Locator) -> list[tuple[str, str]]:
    """Return what axe finds in a card: the rule, and the element."""
    card.evaluate("element => element.id ||= 'card-' + Math.random().toString(36).slice(2)")
    result = Axe().run(page, context=f"#{card.get_attribute('id')}")
    return [
        (violation["id"], node["html"][:200])
        for violation in result.response["violations"]
        for node in violation["nodes"]
    ]


def keep(page: Page, name: str) -> None:
    """Keep a picture for people to look at, where PRODEV_SCREENSHOTS names a folder."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png")


def keep_looks(page: Page, name: str, card: Locator) -> None:
    """Keep pictures of a card in the light theme, in the dark one, and in a narrow window."""
    if not SHOTS:
        return
    size = page.viewport_size
    for look, theme, width in (
        ("light", "light", 1280),
        ("dark", "dark", 1280),
        ("narrow", "light", 1024),
    ):
        show_theme(page, theme)
        page.set_viewport_size({"width": width, "height": size["height"]})
        card.evaluate("element => element.scrollIntoView({block: 'center'})")
        page.wait_for_timeout(300)
        keep(page, f"{name}-{look}")
    page.set_viewport_size(size)


def show_theme(page: Page, theme: str) -> None:
    """Show the ``light`` or the ``dark`` theme, as a computer does that changes in the evening."""
    page.emulate_media(color_scheme=theme)
    page.locator(f"body[data-jp-theme-light='{str(theme == 'light').lower()}']").wait_for(
        state="attached"
    )
