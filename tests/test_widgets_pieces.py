"""Every piece shows the same bytes twice, escapes its text and has a text equivalent."""

from __future__ import annotations

import re
from typing import Any

import pytest

from prodev.catalog import Choice, Module, Question, Term
from prodev.widgets import (
    bar_chart,
    flow,
    glossary_card,
    header,
    line_chart,
    module_map,
    next_step,
    quiz,
    recap,
    timeline,
    topic_table,
)

EVIL = "<script>alert('x')</script> & \"more\""


def module(slug: str, order: int, *needs: str, words: str = "Plain words") -> Module:
    return Module(
        slug=slug,
        order=order,
        title=f"{words} {slug}",
        question=f"{words}?",
        summary=f"{words}.",
        objectives=(f"{words} one", f"{words} two"),
        out_of_scope=(f"{words} three",),
        minutes=60,
        prerequisites=needs,
        topics=("*",),
        lab=words,
        recap=(f"{words} a.", f"{words} b.", f"{words} c."),
    )


def pieces(words: str) -> dict[str, Any]:
    import pandas as pd

    modules = [
        module("start", 0, words=words),
        module("first", 1, words=words),
        module("second", 2, "first", words=words),
    ]
    question = Question(
        slug="one",
        prompt=words,
        code=words,
        choice=(
            Choice(text=f"{words} yes", feedback=f"{words} because", right=True),
            Choice(text=f"{words} no", feedback=f"{words} since"),
        ),
    )
    rows = pd.DataFrame(
        {
            "kind": ["concept", "takeaway"],
            "slug": ["a", "b"],
            "title": [words, "Plain"],
            "description": ["", words],
            "icon": ["", words],
            "modules": ["start first", "second"],
        }
    )
    return {
        "bar_chart": bar_chart(words, {words: 3, "b": 0.5}, unit=words, text=words),
        "line_chart": line_chart(
            words, x=[1, 2], series={words: [1, 2]}, x_label=words, unit=words, text=words
        ),
        "line_chart with names": line_chart(
            words, x=[words, "b"], series={words: [1, 2]}, x_label=words, unit=words, text=words
        ),
        "timeline": timeline(words, {words: [(0, 1, words)]}, unit=words, text=words),
        "flow": flow(words, [(words, "b", words), ("b", "b", words)], text=words),
        "header": header(modules[1], modules=modules),
        "module_map": module_map(modules, here="second"),
        "recap": recap(modules[1]),
        "next_step": next_step(modules[1], [modules[2]]),
        "end": next_step(modules[2], []),
        "glossary_card": glossary_card([Term(term=words, meaning=words)]),
        "quiz": quiz([question], title=words),
        "topic_table": topic_table(rows, title=words),
    }


NAMES = sorted(pieces("Plain words"))


@pytest.mark.parametrize("name", NAMES)
def test_two_renderings_are_equal_and_have_html_and_text(name: str) -> None:
    first, second = shown(pieces("Plain words")[name]), shown(pieces("Plain words")[name])

    assert first == second
    assert first["text/html"]
    assert first["text/plain"]
    assert "object at 0x" not in first["text/plain"]


@pytest.mark.parametrize("name", NAMES)
def test_text_from_outside_is_escaped(name: str) -> None:
    html = shown(pieces(EVIL)[name])["text/html"]

    assert "<script" not in html
    if name != "end":
        assert "&lt;script&gt;" in html


@pytest.mark.parametrize("name", NAMES)
def test_each_piece_carries_the_style_and_no_selector_reaches_out_of_it(name: str) -> None:
    html = shown(pieces("Plain words")[name])["text/html"]
    sheet = re.search(r"<style>(.*?)</style>", html)

    assert sheet
    outermost = re.sub(r"\{(?:[^{}]|\{[^{}]*\})*\}", "\n", sheet[1]).split()
    assert set(outermost) == {".prodev-card"}


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_fetched_from_elsewhere(name: str) -> None:
    piece = pieces("Plain words")[name]
    everything = shown(piece)["text/html"] + str(getattr(piece, "_esm", ""))

    assert "http" not in everything
    assert "import " not in str(getattr(piece, "_esm", ""))
    assert "url(" not in everything


def test_the_shared_style_stays_small() -> None:
    from prodev.widgets.look import style

    assert len(style().encode()) < 3072


def test_code_between_backticks_is_set_as_code_and_escaped() -> None:
    html = shown(glossary_card([Term(term="index", meaning="`a < b` is kept")]))["text/html"]

    assert "<code>a &lt; b</code> is kept" in html


def test_the_header_says_where_the_module_stands() -> None:
    modules = [module("start", 0), module("first", 1), module("second", 2, "first")]

    told = shown(header(modules[2], modules=modules))

    for text in told.values():
        assert "Module 2 of 2" in text
        assert "60 minutes" in text
        assert "after 1 Plain words first" in text
    assert '<a href="01_first.ipynb">' in told["text/html"]
    assert "<h2>Plain words?</h2>" in told["text/html"]
    assert told["text/html"].count("<li>") == 2
    assert "Not covered here: Plain words three" in told["text/html"]


def test_the_next_step_links_to_the_modules_that_are_unlocked() -> None:
    html = shown(next_step(module("first", 1), [module("second", 2), module("third", 3)]))

    assert 'href="02_second.ipynb"' in html["text/html"]
    assert 'href="03_third.ipynb"' in html["text/html"]
    assert "2 Plain words second (60 minutes)" in html["text/plain"]


@pytest.mark.parametrize(
    ("slug", "said"), [("capstone", "The end of the course"), ("graphql", "00_start.ipynb")]
)
def test_a_module_that_unlocks_nothing_says_what_to_do(slug: str, said: str) -> None:
    told = shown(next_step(module(slug, 6), []))

    assert said in told["text/html"]
    assert said in told["text/plain"]


def shown(piece: Any) -> dict[str, str]:
    bundle = piece._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    return {mime: data[mime] for mime in ("text/html", "text/plain")}
