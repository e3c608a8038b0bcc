"""Module 1 as a student does it, by keyboard alone: wrong, hint, right, reload, still there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from keyboard import active_cell, choose, go_to_cell, has_focus, press_until, run_until_cell, tab_to
from lab_server import serving
from notebook_page import (
    axe_finds,
    keep_looks,
    open_notebook,
    wait_until_idle,
    wait_until_last_has_run,
)
from playwright.sync_api import Locator, Page, expect
from student import (
    MODULE,
    NOTEBOOK,
    PLANS,
    SHOWN,
    card_of,
    fail,
    fail_again_and_see_the_solution,
    magic,
    pass_and_use,
    see_the_tasks,
)

from prodev.catalog import load_catalog

NAME = "01_python_toolkit"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def lab(folder: Path) -> Iterator[str]:
    """A server of the test's own: it starts with a student who has done nothing yet."""
    with serving(folder) as start:
        yield start


def quiz_of(page: Page) -> Locator:
    return page.locator(f"{NOTEBOOK} .prodev-card", has=page.locator(".prodev-question"))


def cells(page: Page) -> list[str]:
    """The kinds of all cells, from top to bottom."""
    kinds = "found => found.map(cell => cell.className.match(/jp-(Code|Markdown|Raw)Cell/)[1])"
    return page.locator(f"{NOTEBOOK} .jp-Cell").evaluate_all(kinds)


def test_module_1_is_done_by_keyboard_and_what_was_done_is_still_there(page, lab, folder):
    open_notebook(page, lab, NAME)
    see_the_tasks(page)
    go_to_cell(page, magic(PLANS[0]), "ArrowUp")
    choose(page, "Run All Above Selected Cell")
    for plan in PLANS:
        run_until_cell(page, magic(plan))
        fail(page, plan)
        if plan is SHOWN:
            fail_again_and_see_the_solution(page, plan)
        pass_and_use(page, plan)
    run_until_cell(page, "lesson.quiz()")
    page.keyboard.press("Shift+Enter")
    wait_until_idle(page)
    answer_the_quiz(page)
    open_the_review_cards(page)
    save(page, folder)

    page.reload()
    page.locator(f"{NOTEBOOK} .jp-Cell").first.wait_for()
    expect_all_is_there(page)
    expect(page.locator(f"{NOTEBOOK} .jp-InputPrompt").last).to_have_text(re.compile(r"\[.*\]:"))
    keep_looks(page, "7-reloaded", card_of(page, SHOWN))

    choose(page, "Restart Kernel and Run All Cells")
    page.get_by_role("dialog").wait_for()
    page.keyboard.press("Enter")
    wait_until_last_has_run(page)
    expect(page.locator(NOTEBOOK)).to_contain_text("5 of 5 exercises solved")
    expect_all_is_there(page)
    keep_looks(page, "8-run-again-quiz", quiz_of(page).locator(".prodev-question").first)
    keep_looks(page, "8-run-again-head", page.get_by_text("5 of 5 exercises solved"))


def answer_the_quiz(page: Page) -> None:
    go_to_cell(page, "lesson.quiz()", "ArrowUp")
    card, questions = quiz_of(page), load_catalog().quiz(MODULE)
    tab_to(page, card.get_by_role("radio"))
    for number in range(3):
        field = card.locator(".prodev-question").nth(number)
        right = [choice.right for choice in questions[number].choices].index(True)
        if number == 0:
            choose_answer(page, field, int(right == 0))
            expect(field.get_by_role("status")).to_contain_text("✕ Not yet.")
        choose_answer(page, field, right)
        expect(field.get_by_role("status")).to_contain_text("✓ Right.")
    assert axe_finds(page, card) == []
    keep_looks(page, "5-quiz", card.locator(".prodev-question").nth(1))
    page.keyboard.press("Escape")
    assert "lesson.quiz()" in active_cell(page)


def choose_answer(page: Page, field: Locator, index: int) -> None:
    """Go to a question's choices, choose one, and check it with the button."""
    radios = field.get_by_role("radio")
    press_until(
        page,
        "Shift+Tab" if has_focus(field.get_by_role("button")) else "Tab",
        lambda: has_focus(radios),
    )
    page.keyboard.press("Space")
    press_until(page, "ArrowDown", radios.nth(index).is_checked)
    tab_to(page, field.get_by_role("button", name="Check"))
    page.keyboard.press("Enter")


def open_the_review_cards(page: Page) -> None:
    go_to_cell(page, "lesson.cards()")
    page.keyboard.press("Shift+Enter")
    go_to_cell(page, "lesson.cards()", "ArrowUp")
    wait_until_idle(page)
    cards = page.locator(f"{NOTEBOOK} .prodev-card", has=page.locator(".prodev-flashes"))
    first = cards.get_by_role("group").first
    before = cells(page)
    tab_to(page, cards.locator("summary"))
    page.keyboard.press("Enter")
    expect(first.locator("div")).to_be_visible()
    page.keyboard.type("ddmxb")
    assert cells(page) == before
    assert axe_finds(page, cards) == []
    keep_looks(page, "6-review-cards", first)
    page.keyboard.press("Space")
    expect(first.locator("div")).to_be_hidden()


def save(page: Page, folder: Path) -> None:
    """Save, and look into the file: no error, nothing on stderr."""
    page.keyboard.press("Control+S")
    expect(page.locator(".lm-TabBar-tab.jp-mod-dirty")).to_have_count(0)
    outputs = [out for cell in read(folder)["cells"] for out in cell.get("outputs", ())]
    assert [o for o in outputs if o["output_type"] == "error" or o.get("name") == "stderr"] == []


def read(folder: Path) -> dict[str, Any]:
    """The notebook's file."""
    return json.loads((folder / "course" / f"{NAME}.ipynb").read_text("utf-8"))


def expect_all_is_there(page: Page) -> None:
    """The verdicts, the hints that were shown, the solution that was shown, and the quiz."""
    for plan in PLANS:
        card = card_of(page, plan)
        expect(card).to_contain_text("✓ Passed")
        expect(card).to_contain_text("Hint 1")
    expect(card_of(page, SHOWN)).to_contain_text("Hint 3")
    expect(card_of(page, SHOWN).get_by_label("Solution", exact=True)).to_be_attached()
    quiz = quiz_of(page)
    expect(quiz).to_contain_text(f"2 of {len(load_catalog().quiz(MODULE))} right at the first try")
    for number, told in enumerate((["✓ right", "✕ not right"], ["✓ right"], ["✓ right"])):
        marks = quiz.locator(".prodev-question").nth(number).locator(".prodev-tried")
        expect(marks).to_have_count(len(told))
        assert sorted(marks.all_text_contents()) == told


def test_keys_that_are_typed_in_a_card_are_no_commands_of_the_notebook(page, lab, folder):
    open_notebook(page, lab, NAME)
    written = read(folder)["cells"]
    expect(page.locator(f"{NOTEBOOK} .jp-Cell")).to_have_count(len(written))
    before = cells(page)
    quiz = quiz_of(page)
    places = (
        (magic(PLANS[0]), card_of(page, PLANS[0]).get_by_role("button", name="Hint")),
        ("lesson.quiz()", quiz.get_by_role("radio")),
        ("lesson.quiz()", quiz.get_by_role("button", name="Check")),
    )
    for cell, control in places:
        go_to_cell(page, cell)
        tab_to(page, control)
        for key in ("d", "d", "x", "m", "r", "b", "a", "z", "Shift+M", "ArrowDown"):
            page.keyboard.press(key)
        assert cell in active_cell(page)
        page.keyboard.press("Escape")
    assert cells(page) == before
