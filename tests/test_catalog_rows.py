"""The program's document and the course's tables say the same."""

from __future__ import annotations

import json
import re

import pandas as pd
import pytest

from prodev.catalog import load_catalog

KINDS = {
    "practice": 4,
    "technology": 6,
    "concept": 3,
    "challenge": 5,
    "takeaway": 5,
    "system": 12,
}


@pytest.fixture(scope="module")
def document(repository):
    return (repository / "docs/program.md").read_text("utf-8")


@pytest.fixture(scope="module")
def catalog():
    return load_catalog()


def cells(document, heading):
    """The rows of the table under a heading, bold marks removed."""
    rows = []
    for line in document[document.index(heading) :].splitlines()[1:]:
        if line.startswith("|"):
            rows.append([cell.replace("**", "").strip() for cell in line.strip("|").split("|")])
        elif rows:
            break
    return rows[2:]


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("### 🔧 Key Technologies Covered", "technology"),
        ("### 🧩 Important Backend", "concept"),
        ("## ⚙️ 3. Challenges & Solutions", "challenge"),
    ],
)
def test_each_table_of_the_document_is_there_word_for_word(document, catalog, heading, kind):
    rows = catalog.topics[catalog.topics["kind"] == kind]
    assert rows[["title", "description"]].to_numpy().tolist() == cells(document, heading)


def test_the_takeaways_keep_their_words_and_icons(document, catalog):
    lines = re.findall(r"^- (\S+) (.+)$", document.split("**Key Takeaways:**")[1], re.M)
    assert catalog.takeaways[["icon", "title"]].to_numpy().tolist() == [list(x) for x in lines]


def test_the_practices_keep_their_words(document, catalog):
    part = document.split("practical experience in:")[1].split("The program emphasized")[0]
    assert [p.title for p in catalog.program.practices] == re.findall(r"^- (.+)$", part, re.M)


def test_the_overview_keeps_its_words(document, catalog):
    plain = " ".join(document.replace("**", "").split())
    assert catalog.program.title in plain
    assert catalog.program.overview in plain
    assert catalog.program.emphasis in plain


def test_the_systems_are_the_badges_with_colour_and_logo(document, catalog):
    badges = re.findall(
        r"!\[(.+?)\]\(\S+-([0-9A-F]{6})\?style=for-the-badge&logo=(\w+)&logoColor=(\w+)\)", document
    )
    columns = ["title", "colour", "logo", "logo_colour"]
    assert catalog.systems[columns].to_numpy().tolist() == [list(badge) for badge in badges]
    assert len(badges) == 12


def test_the_command_lists_all_35_rows_and_their_modules(prodev):
    rows = json.loads(prodev("topics", "--format", "json").stdout)
    assert {kind: sum(r["kind"] == kind for r in rows) for kind in KINDS} == KINDS
    assert all(
        set(row["modules"].split()) - {"start", "capstone"}
        for row in rows
        if (row["slug"] != "document-decisions")
    )


def test_each_row_is_named_by_a_module_that_teaches_it(catalog):
    named = {topic for module in catalog.module_records for topic in module.topics}
    rows = {f"{t.kind}/{t.slug}" for t in catalog.topic_records}
    assert rows <= named


def test_the_columns_and_types_are_the_documented_ones(catalog):
    assert list(catalog.topics) == ["kind", "slug", "title", "description", "icon", "modules"]
    assert len(catalog.topics) == 35
    numbers = {"order", "minutes"}
    for frame in (catalog.topics, catalog.modules, catalog.systems, catalog.glossary):
        assert isinstance(frame.index, pd.RangeIndex)
        for name, dtype in frame.dtypes.items():
            assert str(dtype) == ("int64" if name in numbers else "str")


def test_the_modules_build_on_each_other_as_planned(catalog):
    edges = {
        m.order: {catalog.module(p).order for p in m.prerequisites} for m in catalog.module_records
    }
    assert edges == {
        0: set(), 1: set(), 2: set(), 3: {2}, 4: {1, 2}, 5: {4}, 6: {5}, 7: {3, 5}, 8: {5},
        9: {7, 8}, 10: {4}, 11: {5, 10}, 12: {7, 8, 10, 11}, 13: {12},
    }  # fmt: skip
    assert [m.slug for m in catalog.unlocks("schema-and-sql")] == [
        "query-performance",
        "django-orm",
    ]


def test_an_unknown_module_is_answered_with_the_nearest_one(catalog):
    with pytest.raises(Exception, match="no module 'cachin'; did you mean 'caching'"):
        catalog.module("cachin")


def test_each_quiz_has_five_questions_and_feedback_for_every_choice(catalog):
    for module in catalog.module_records:
        questions = catalog.quiz(module.slug)
        assert len(questions) >= 5, module.slug
        for question in questions:
            texts = [choice.text for choice in question.choices]
            assert len(set(texts)) == len(texts) >= 3, question.slug
            assert len({c.feedback for c in question.choices}) == len(texts), question.slug
        places = [[c.right for c in q.choices].index(True) for q in questions]
        assert len(set(places)) > 1, f"{module.slug}: the right choice always stands in one place"
