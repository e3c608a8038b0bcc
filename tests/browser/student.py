"""A student of module 1: what is answered to each exercise, and how, with the keyboard alone."""

from __future__ import annotations

import re
import string
from typing import NamedTuple

from keyboard import active_cell, go_to_cell, rewrite_cell, tab_to
from notebook_page import axe_finds, keep_looks, show_theme
from playwright.sync_api import Locator, Page, expect

from prodev.catalog import Exercise, load_catalog

MODULE = "python-toolkit"
NOTEBOOK = ".jp-Notebook"


class Plan(NamedTuple):
    """What the student answers, and how the right answer is used in the notebook afterwards.

    Attributes:
        exercise: the exercise's name.
        wrong: the code of a mistake.
        right: the name of another right answer; empty for the solution.
        use: a cell that calls what was defined.
        shows: what that cell prints.
    """

    exercise: str
    wrong: str
    right: str
    use: str
    shows: str


PLANS = (
    Plan(
        "stream-rows",
        "materialises-the-list",
        "",
        "print(len(list(stream_rows(db, 50))) == len(lesson.bookings))",
        "True",
    ),
    Plan(
        "retry-with-limit",
        "M1-one-attempt-too-many",
        "while-loop",
        "print(retry(2, ValueError, 1)(int)('40') + 2)",
        "42",
    ),
    Plan(
        "connection-scope",
        "M3-leaks-the-connection",
        "context-manager",
        "memory = connected(lambda: sqlite3.connect(':memory:'))\n"
        "print(memory(lambda c, n: c.execute('SELECT ? + 1', [n]).fetchone())(41))",
        "(42,)",
    ),
    Plan(
        "query-cache-key",
        "M2-ignores-the-parameters",
        "",
        "remembered = cached(lambda sql, *values: [values], 60, time.monotonic)\n"
        "print(remembered('q', 4), remembered('q', 2))",
        "[(4,)] [(2,)]",
    ),
    Plan(
        "gather-requests",
        "awaits-one-by-one",
        "workers",
        "async def upper(url):\n    return url.upper()\n\n\n"
        "print(await fetch_all(upper, ['a', 'b'], 1))",
        "['A', 'B']",
    ),
)
SHOWN = PLANS[1]
"""Here the student makes a second mistake, and looks at the solution."""
SECOND_MISTAKE = "M1-catches-everything"


def record(plan: Plan) -> Exercise:
    return load_catalog().exercise(f"{MODULE}/{plan.exercise}")


def magic(plan: Plan) -> str:
    return f"%%exercise {MODULE}/{plan.exercise}"


def card_of(page: Page, plan: Plan) -> Locator:
    title = page.locator(".prodev-title").get_by_text(record(plan).title, exact=True)
    return page.locator(f"{NOTEBOOK} .prodev-card[data-look]", has=title)


def answer(page: Page, plan: Plan, source: str) -> None:
    rewrite_cell(page, f"{magic(plan)}\n{source}")


def message(exercise: Exercise, code: str) -> re.Pattern[str]:
    """What the card says of a mistake; the check's observations may be anything."""
    pieces = string.Formatter().parse(exercise.wrong[code].message)
    parts = ((re.escape(text.replace("`", "")), name) for text, name, _, _ in pieces)
    return re.compile("".join(text + (".+" if name else "") for text, name in parts), re.DOTALL)


def see_the_tasks(page: Page) -> None:
    """The cards stand there before anything was run or written."""
    for plan in PLANS:
        go_to_cell(page, magic(plan))
        card = card_of(page, plan)
        expect(card).to_contain_text("Not started")
        expect(card.locator(".prodev-part li").first).to_be_visible()
        keep_looks(page, f"0-opened-{plan.exercise}", card)


def fail(page: Page, plan: Plan) -> None:
    exercise, card = record(plan), card_of(page, plan)
    answer(page, plan, exercise.answers("wrong")[plan.wrong])
    expect(card).to_contain_text("Not yet")
    expect(card).to_contain_text("1 attempt")
    expect(card.get_by_role("status").first).to_contain_text(message(exercise, plan.wrong))
    assert card.get_by_role("table", name="What was observed").get_by_role("row").count() > 0
    assert axe_finds(page, card) == []
    keep_looks(page, f"1-wrong-{plan.exercise}", card)

    go_to_cell(page, magic(plan), "ArrowUp")
    button = card.get_by_role("button", name="Hint")
    tab_to(page, button)
    page.keyboard.press("Enter")
    expect(card.get_by_role("listitem")).to_have_count(1)
    expect(button).to_have_text("Hint 2 of 3")
    expect(button).to_be_focused()
    expect(button).to_be_in_viewport(ratio=1)
    expect(button).to_have_css("outline-width", "3px")
    assert axe_finds(page, card) == []
    keep_looks(page, f"2-hint-{plan.exercise}", card)
    if plan is PLANS[0]:
        ask_for_the_solution_and_think_again(page, card)
    page.keyboard.press("Escape")
    assert magic(plan) in active_cell(page)


def ask_for_the_solution_and_think_again(page: Page, card: Locator) -> None:
    page.keyboard.press("Tab")
    button = card.get_by_role("button", name="Show the solution")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(card).to_contain_text("You have tried 1 time. Show it anyway?")
    assert axe_finds(page, card) == []
    tab_to(page, card.get_by_role("button", name="Not yet"))
    page.keyboard.press("Enter")
    expect(card).not_to_contain_text("Show it anyway?")
    expect(button).to_be_focused()


def fail_again_and_see_the_solution(page: Page, plan: Plan) -> None:
    exercise, card = record(plan), card_of(page, plan)
    answer(page, plan, exercise.answers("wrong")[SECOND_MISTAKE])
    expect(card).to_contain_text("2 attempts")
    expect(card.get_by_role("status").first).to_contain_text(message(exercise, SECOND_MISTAKE))
    go_to_cell(page, magic(plan), "ArrowUp")
    for number in (2, 3):
        tab_to(page, card.get_by_role("button", name=f"Hint {number} of 3"))
        page.keyboard.press("Space")
    expect(card.get_by_role("button", name="All hints are shown")).to_be_focused()
    tab_to(page, card.get_by_role("button", name="Show the solution"))
    page.keyboard.press("Enter")
    expect(card.get_by_label("Solution", exact=True)).to_have_text(exercise.solution.strip())
    expect(card.get_by_role("button", name="Hide the solution")).to_be_focused()
    for theme in ("dark", "light"):
        show_theme(page, theme)
        assert axe_finds(page, card) == []
    keep_looks(page, f"3-solution-{plan.exercise}", card)
    page.keyboard.press("Escape")


def pass_and_use(page: Page, plan: Plan) -> None:
    exercise, card = record(plan), card_of(page, plan)
    answer(page, plan, exercise.answers("right")[plan.right] if plan.right else exercise.solution)
    expect(card).to_contain_text("Passed")
    expect(card.get_by_role("listitem").first).to_contain_text("Hint 1")
    assert axe_finds(page, card) == []
    keep_looks(page, f"4-right-{plan.exercise}", card)
    page.keyboard.press("a")  # a cell of one's own below the exercise
    rewrite_cell(page, plan.use)
    used = page.locator(f"{NOTEBOOK} .jp-CodeCell", has_text=plan.use.splitlines()[-1])
    expect(used.locator(".jp-OutputArea-output")).to_have_text(plan.shows)
