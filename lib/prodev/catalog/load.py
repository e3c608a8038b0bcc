"""Load all of ``data/`` into one validated catalog."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from prodev.catalog.catalog import Catalog
from prodev.catalog.course import course_folder
from prodev.catalog.exercises import read_exercises
from prodev.catalog.read import check_unique, read_csv, read_tables, read_toml, validate
from prodev.catalog.records import (
    Card,
    Challenge,
    Concept,
    Module,
    Program,
    Question,
    System,
    Takeaway,
    Technology,
    Term,
)
from prodev.errors import DataError

R = TypeVar("R", bound=BaseModel)


def load_catalog(data: Path | None = None) -> Catalog:
    """Load and validate everything.

    Args:
        data: the folder to read; the course's own by default.

    Raises:
        DataError: a file is wrong; its text names file, row and column.
    """
    folder = data or course_folder("data")
    file = folder / "program.toml"
    program = validate(read_toml(file), Program, file="data/program.toml", row="")
    check_unique(program.practices, "slug", file, key="practice")
    modules = _modules(folder / "modules.toml")
    terms = read_tables(folder / "glossary.toml", "term", Term)
    check_unique(terms, "term", folder / "glossary.toml", key="term")
    catalog = Catalog(
        program=program,
        technology_records=_topics(folder, "technologies", Technology),
        concept_records=_topics(folder, "concepts", Concept),
        challenge_records=_topics(folder, "challenges", Challenge),
        takeaway_records=_topics(folder, "takeaways", Takeaway),
        system_records=_topics(folder, "systems", System),
        module_records=modules,
        terms=terms,
        questions={m.slug: _questions(folder / "quizzes" / f"{m.slug}.toml") for m in modules},
        cards={m.slug: _cards(folder / "cards" / f"{m.slug}.toml") for m in modules},
        exercise_records=read_exercises(folder, modules),
    )
    _check_topics(catalog)
    return catalog


def _questions(path: Path) -> tuple[Question, ...]:
    questions = read_tables(path, "question", Question)
    check_unique(questions, "slug", path, key="question")
    return questions


def _cards(path: Path) -> tuple[Card, ...]:
    if not path.exists():
        return ()  # not every module has cards
    cards = read_tables(path, "card", Card)
    check_unique(cards, "slug", path, key="card")
    return cards


def _topics(folder: Path, name: str, kind: type[R]) -> tuple[R, ...]:
    path = folder / "topics" / f"{name}.csv"
    records = read_csv(path, kind)
    check_unique(records, "slug", path)
    return records


def _modules(path: Path) -> tuple[Module, ...]:
    modules = read_tables(path, "module", Module)
    check_unique(modules, "slug", path, key="module")
    check_unique(modules, "order", path, key="module")
    slugs = {m.slug for m in modules}
    for module in modules:
        for wanted in module.prerequisites:
            if wanted not in slugs:
                raise _broken(module, "prerequisites", wanted, slugs)
    try:
        TopologicalSorter({m.slug: m.prerequisites for m in modules}).prepare()
    except CycleError as error:
        circle = " needs ".join(reversed(error.args[1]))
        raise DataError(
            "data/modules.toml",
            f"the prerequisites go round in a circle ({circle}); remove one",
            row=f"module '{error.args[1][0]}'",
            column="prerequisites",
        ) from None
    return tuple(sorted(modules, key=lambda m: m.order))


def _check_topics(catalog: Catalog) -> None:
    known = {f"{topic.kind}/{topic.slug}" for topic in catalog.topic_records}
    for module in catalog.module_records:
        for wanted in module.topics:
            if wanted not in known and wanted != "*":
                raise _broken(module, "topics", wanted, known)
    named = {wanted for module in catalog.module_records for wanted in module.topics}
    for row in sorted(known - named):
        raise DataError(
            "data/modules.toml",
            f"no module names '{row}'; each row needs one that teaches it",
            column="topics",
        )


def _broken(module: Module, key: str, wanted: str, known: Collection[str]) -> DataError:
    near = get_close_matches(wanted, known, n=1)
    advice = f"did you mean '{near[0]}'?" if near else "remove it"
    return DataError(
        "data/modules.toml",
        f"'{wanted}' does not exist; {advice}",
        row=f"module '{module.slug}'",
        column=key,
    )
