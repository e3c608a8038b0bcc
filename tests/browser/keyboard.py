"""A person at the keyboard: no mouse, and no knowledge of the page but what has the focus."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

ACTIVE = ".jp-Notebook .jp-Cell.jp-mod-active"


def press_until(page: Page, key: str, done: Callable[[], bool], most: int = 60) -> None:
    for _ in range(most):
        if done():
            return
        page.keyboard.press(key)
    raise AssertionError(f"{key} was pressed {most} times, in vain; now there is: {focused(page)}")


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.outerHTML.slice(0, 300)")


def has_focus(locator: Locator) -> bool:
    return locator.evaluate_all("found => found.includes(document.activeElement)")


def tab_to(page: Page, target: Locator) -> None:
    press_until(page, "Tab", lambda: has_focus(target))


def choose(page: Page, command: str) -> None:
    """Run a command of JupyterLab through its palette."""
    page.keyboard.press("Control+Shift+C")
    page.locator(".lm-CommandPalette-input:focus").wait_for()
    page.keyboard.insert_text(command)
    first = page.locator(".lm-CommandPalette-item.lm-mod-active")
    expect(first).to_contain_text(command)
    page.keyboard.press("Enter")


def active_cell(page: Page) -> str:
    return page.locator(ACTIVE).text_content() or ""


def go_to_cell(page: Page, text: str, key: str = "ArrowDown") -> None:
    """Walk in command mode, and stop at the cell that holds the text."""
    press_until(page, key, lambda: text in active_cell(page))


def run_until_cell(page: Page, text: str) -> None:
    """Run cell after cell, and stop at the one that holds the text."""
    press_until(page, "Shift+Enter", lambda: text in active_cell(page))


def rewrite_cell(page: Page, source: str) -> None:
    """Put other text into the active cell, and run it; the next cell is active then."""
    page.keyboard.press("Enter")
    page.locator(f"{ACTIVE} .cm-content:focus").wait_for()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(source)
    page.keyboard.press("Shift+Enter")
