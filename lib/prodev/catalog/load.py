"""Load all of ``data/`` into one validated catalog."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TypeVar

import pandas as pd
from pydantic import BaseModel

from prodev.catalog.course import course_folder
from prodev.catalog.read import check_unique, read_csv, read_tables, read_toml, validate
from prodev.catalog.records import (
    Challenge,
    Concept,
    Module,
    Program,
    Question,
    System,
    Takeaway,
    Technology,
    Term,
    Topic,
)
from prodev.errors import CourseError, DataError

P = TypeVar("P")
R = TypeVar("R", bound=BaseModel)


@dataclass(frozen=True)
class Catalog:
    """Everything that the course's data says, as records and as DataFrames.

    The DataFrames have a fresh index from 0 and these columns, of dtype ``str`` unless said:

    - ``topics``: kind, slug, title, description (a challenge's solution), icon, modules
      (slugs with a space between); all rows of the program in the document's order
    - ``technologies``, ``concepts``: slug, title, description
    - ``challenges``: slug, title, solution
    - ``takeaways``: slug, icon, title
    - ``systems``: slug, title, colour (hexadecimal RGB), logo, logo_colour
    - ``modules``: slug, order (int64), title, question, summary, objectives, out_of_scope,
      minutes (int64), prerequisites, topics, lab, recap, notebook; of the lists,
      ``objectives``, ``out_of_scope`` and ``recap`` are joined by a line break,
      ``prerequisites`` and ``topics`` by a space
    - ``glossary``: term, meaning
    """

    program: Program
    technology_records: tuple[Technology, ...]
    concept_records: tuple[Concept, ...]
    challenge_records: tuple[Challenge, ...]
    takeaway_records: tuple[Takeaway, ...]
    system_records: tuple[System, ...]
    module_records: tuple[Module, ...]
    terms: tuple[Term, ...]
    questions: dict[str, tuple[Question, ...]]

    @cached_property
    def topic_records(self) -> tuple[Topic, ...]:
        """All rows of the program, in the document's order."""
        rows = [
            *(("practice", r.slug, r.title, "", "") for r in self.program.practices),
            *(("technology", r.slug, r.title, r.description, "") for r in self.technology_records),
            *(("concept", r.slug, r.title, r.description, "") for r in self.concept_records),
            *(("challenge", r.slug, r.title, r.solution, "") for r in self.challenge_records),
            *(("takeaway", r.slug, r.title, "", r.icon) for r in self.takeaway_records),
            *(("system", r.slug, r.title, "", "") for r in self.system_records),
        ]
        return tuple(
            Topic(
                kind=kind,
                slug=slug,
                title=title,
                description=text,
                icon=icon,
                modules=tuple(
                    m.slug
                    for m in self.module_records
                    if f"{kind}/{slug}" in m.topics or "*" in m.topics
                ),
            )
            for kind, slug, title, text, icon in rows
        )

    @cached_property
    def topics(self) -> pd.DataFrame:
        """The rows of the program; see the class for the columns."""
        return _frame(self.topic_records, Topic, modules=" ")

    @cached_property
    def technologies(self) -> pd.DataFrame:
        """The technologies; see the class for the columns."""
        return _frame(self.technology_records, Technology)

    @cached_property
    def concepts(self) -> pd.DataFrame:
        """The concepts; see the class for the columns."""
        return _frame(self.concept_records, Concept)

    @cached_property
    def challenges(self) -> pd.DataFrame:
        """The challenges; see the class for the columns."""
        return _frame(self.challenge_records, Challenge)

    @cached_property
    def takeaways(self) -> pd.DataFrame:
        """The takeaways; see the class for the columns."""
        return _frame(self.takeaway_records, Takeaway)

    @cached_property
    def systems(self) -> pd.DataFrame:
        """The systems; see the class for the columns."""
        return _frame(self.system_records, System)

    @cached_property
    def glossary(self) -> pd.DataFrame:
        """The glossary; see the class for the columns."""
        return _frame(self.terms, Term)

    @cached_property
    def modules(self) -> pd.DataFrame:
        """The modules; see the class for the columns."""
        frame = _frame(
            self.module_records,
            Module,
            objectives="\n",
            out_of_scope="\n",
            recap="\n",
            prerequisites=" ",
            topics=" ",
        )
        frame["notebook"] = pd.Series([m.notebook for m in self.module_records], dtype="str")
        return frame

    def module(self, slug: str) -> Module:
        """Return a module.

        Raises:
            CourseError: there is no such module; the nearest name is given.
        """
        return _pick({m.slug: m for m in self.module_records}, slug, "module")

    def term(self, term: str) -> Term:
        """Return a term of the glossary.

        Raises:
            CourseError: there is no such term; the nearest name is given.
        """
        return _pick({t.term: t for t in self.terms}, term, "term in the glossary")

    def quiz(self, module: str) -> tuple[Question, ...]:
        """Return the questions of a module.

        Raises:
            CourseError: there is no such module.
        """
        return self.questions[self.module(module).slug]

    def topics_of(self, module: str) -> pd.DataFrame:
        """Return the rows of ``topics`` that a module carries, the same columns.

        Raises:
            CourseError: there is no such module.
        """
        slug = self.module(module).slug
        keep = [slug in topic.modules for topic in self.topic_records]
        return self.topics[keep].reset_index(drop=True)

    def unlocks(self, module: str) -> tuple[Module, ...]:
        """Return the modules that name this one as a prerequisite."""
        return tuple(m for m in self.module_records if module in m.prerequisites)

    def next_modules(self, module: str) -> tuple[Module, ...]:
        """Return where to go after a module: what it unlocks, else what can be begun now.

        The last module is followed by none.
        """
        if unlocked := self.unlocks(module):
            return unlocked
        here = self.module(module)
        later = [m for m in self.module_records if m.order > here.order]
        open_now = [m for m in later if not m.prerequisites]
        return tuple(open_now or later[:1])


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
    )
    _check_topics(catalog)
    return catalog


def _questions(path: Path) -> tuple[Question, ...]:
    questions = read_tables(path, "question", Question)
    check_unique(questions, "slug", path, key="question")
    return questions


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


def _frame(records: Sequence[BaseModel], kind: type[BaseModel], **joined: str) -> pd.DataFrame:
    columns = {}
    for name in kind.model_fields:
        values = [getattr(record, name) for record in records]
        if name in joined:
            values = [joined[name].join(value) for value in values]
        dtype = "int64" if kind.model_fields[name].annotation is int else "str"
        columns[name] = pd.Series(values, dtype=dtype)
    return pd.DataFrame(columns)


def _pick(known: dict[str, P], name: str, what: str) -> P:
    if name not in known:
        near = get_close_matches(name, known, n=1)
        advice = f"did you mean '{near[0]}'?" if near else f"there are {', '.join(known)}."
        raise CourseError(f"There is no {what} '{name}'; {advice}")
    return known[name]
