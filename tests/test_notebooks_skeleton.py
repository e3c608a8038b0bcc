"""Each module is a notebook with the same skeleton and the same parameters."""

from __future__ import annotations

import re

import nbformat
import pytest

from notebook_files import FOLDER, PATHS, code_cells, read, tags
from prodev.catalog import PARAMETERS, load_catalog
from prodev.catalog.parameters import parameters_cell

CATALOG = load_catalog()
MODULES = CATALOG.module_records
each = pytest.mark.parametrize("module", MODULES, ids=lambda module: module.slug)


def test_the_notebooks_are_the_modules():
    assert [path.name for path in PATHS] == [module.notebook for module in MODULES]


@each
def test_it_is_valid_and_not_too_long(module):
    notebook = read(FOLDER / module.notebook)
    nbformat.validate(notebook)
    assert 12 <= len(notebook.cells) <= 45
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)


@each
def test_it_opens_with_its_title_and_its_question(module):
    first = read(FOLDER / module.notebook).cells[0]
    assert first.cell_type == "markdown"
    assert first.source.startswith(f"# {module.label}\n")
    assert module.question in first.source


@each
def test_it_has_the_one_parameters_cell(module):
    cells = code_cells(read(FOLDER / module.notebook))
    tagged = [cell for cell in cells if "parameters" in tags(cell)]
    assert tagged == cells[:1]
    assert tagged[0].source == parameters_cell()


@each
def test_it_begins_its_lesson_with_all_the_parameters(module):
    source = "".join(code_cells(read(FOLDER / module.notebook))[1].source.split())
    given = ",".join(f"{name}={name}" for name in PARAMETERS)
    assert re.search(rf'lesson=prodev\.begin\("{module.slug}",{given},?\)', source)


@each
@pytest.mark.parametrize("call", ["header", "topics", "glossary", "quiz", "recap", "next_step"])
def test_it_shows_each_part_of_the_lesson_once(module, call):
    source = "\n".join(cell.source for cell in code_cells(read(FOLDER / module.notebook)))
    assert len(re.findall(rf"\blesson\.{call}\(", source)) == 1


@each
def test_it_has_worked_examples_and_a_picture_with_its_text(module):
    notebook = read(FOLDER / module.notebook)
    sections = [
        heading
        for cell in notebook.cells
        if cell.cell_type == "markdown"
        for heading in re.findall(r"^## (.+)$", cell.source, re.M)
    ]
    fixed = {"What the program says", "The lab", "Words", "Quiz", "Recap"}
    assert fixed <= set(sections)
    assert len(set(sections) - fixed) >= 3, sections
    source = "\n".join(cell.source for cell in code_cells(notebook))
    pictures = re.findall(r"\b(bar_chart|line_chart|timeline|flow)\(", source)
    assert pictures or module.slug == "start"
    assert source.count("text=") >= len(pictures)


@each
def test_its_exercise_cells_hold_the_starters_in_order(module):
    cells = code_cells(read(FOLDER / module.notebook))
    shown = [cell.source for cell in cells if cell.source.startswith("%%exercise")]

    assert shown == [
        f"%%exercise {exercise.slug}\n{exercise.starter.rstrip()}"
        for exercise in CATALOG.exercises_of(module.slug)
    ]


@each
def test_its_exercises_send_the_learner_to_headings_that_it_has(module):
    headings = set()
    for cell in read(FOLDER / module.notebook).cells:
        if cell.cell_type == "markdown":
            headings |= set(re.findall(r"^##+ (.+)$", cell.source, re.M))
    for exercise in CATALOG.exercises_of(module.slug):
        sections = {exercise.section, *(m.section for m in exercise.wrong.values() if m.section)}
        assert sections <= headings, exercise.slug
        assert f"Exercise: {exercise.title}" in headings


@each
def test_it_shows_its_cards_once_it_has_some(module):
    source = "\n".join(cell.source for cell in code_cells(read(FOLDER / module.notebook)))
    assert source.count("lesson.cards(") == bool(CATALOG.cards[module.slug])


@each
def test_its_links_to_notebooks_lead_somewhere(module):
    for cell in read(FOLDER / module.notebook).cells:
        for target in re.findall(r"\]\(([\w.-]+\.ipynb)", cell.source):
            assert (FOLDER / target).is_file(), target
