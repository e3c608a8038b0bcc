"""What a student sees: the start page and modules, run from top to bottom in JupyterLab."""

from __future__ import annotations

import pytest
from notebook_page import SHOTS, axe_finds, expect_no_errors, keep, open_notebook, run_all
from playwright.sync_api import expect

MODULES = ["00_start", "03_query_performance", "05_rest_apis", "07_caching"]


@pytest.mark.parametrize("name", MODULES)
def test_a_notebook_runs_from_top_to_bottom_without_an_error(page, lab, name):
    open_notebook(page, lab, name)
    keep(page, f"{name}-opened")
    run_all(page)
    expect_no_errors(page)
    for number, cell in enumerate(page.locator(".jp-Notebook .jp-Cell").all()):
        cell.scroll_into_view_if_needed()
        if SHOTS and number % 4 == 0:
            keep(page, f"{name}-{number:02d}")


@pytest.mark.parametrize("name", MODULES)
def test_axe_finds_nothing_in_our_widgets(page, lab, name):
    open_notebook(page, lab, name)
    run_all(page)
    found = []
    for cell in page.locator(".jp-Notebook .jp-CodeCell").all():
        cell.scroll_into_view_if_needed()
        cards = cell.locator(".prodev-card")
        if cards.count() and cards.first.is_visible():
            found += axe_finds(page, cards.first)
    assert found == []


def test_the_quiz_is_answered_by_keyboard_alone_before_any_cell_has_run(page, lab):
    open_notebook(page, lab, "03_query_performance")
    questions = page.locator(".jp-Notebook .prodev-question")
    questions.first.scroll_into_view_if_needed()
    total = questions.count()
    assert total >= 5
    questions.first.get_by_role("radio").first.focus()
    for number in range(total):
        field = questions.nth(number)
        radios = field.get_by_role("radio").count()
        for _ in range(radios):
            page.keyboard.press("Space")
            page.keyboard.press("Enter")
            said = field.get_by_role("status").inner_text()
            assert said.startswith(("✓ Right.", "✕ Not yet.")), said
            assert len(said) > 20, "each choice has its own feedback"
            if said.startswith("✓"):
                break
            page.keyboard.press("ArrowDown")
        assert field.get_by_role("status").inner_text().startswith("✓ Right.")
        page.keyboard.press("Tab")  # the Check button
        if number < total - 1:
            while page.evaluate("document.activeElement.type") != "radio":
                page.keyboard.press("Tab")  # past a question's code, which the keyboard reaches too
    card = page.locator(".prodev-card", has=page.locator(".prodev-question"))
    expect(card).to_contain_text("all answered")
    expect(card).to_contain_text(f"of {total} right at the first try")
    keep(page, "quiz-answered")


def test_the_topic_table_filters_as_you_type(page, lab):
    open_notebook(page, lab, "00_start")
    search = page.locator(".jp-Notebook").get_by_role("searchbox").first
    search.scroll_into_view_if_needed()
    table = page.locator(".prodev-card", has=page.get_by_role("searchbox"))
    expect(table.get_by_role("status")).to_contain_text("35")
    search.focus()
    page.keyboard.type("rabbitmq")
    expect(table.get_by_role("status")).to_contain_text("of 35")
    rows = table.get_by_role("row")
    assert 2 <= rows.count() < 10
    keep(page, "topics-filtered")


def test_the_learner_is_the_one_who_was_named_and_there_is_no_news(page, lab):
    open_notebook(page, lab, "00_start")
    run_all(page)
    expect(
        page.get_by_text("Would you like to get notified about official Jupyter news?")
    ).to_have_count(0)
    expect(page.locator(".jp-Notebook")).to_contain_text("Ada")
