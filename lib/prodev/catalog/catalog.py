"""Everything that the course's data says, as records and as DataFrames."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import TypeVar

import pandas as pd
from pydantic import BaseModel

from prodev.catalog.exercise import Exercise
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
    Topic,
)
from prodev.errors import CourseError

P = TypeVar("P")


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
    - ``exercises``: slug (``module/name``), module, kind, title, points (int64), wrong (the codes
      of the known mistakes, with a space between)
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
    cards: dict[str, tuple[Card, ...]]
    exercise_records: tuple[Exercise, ...]

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

    @cached_property
    def exercises(self) -> pd.DataFrame:
        """The exercises; see the class for the columns."""
        rows = self.exercise_records
        frame = {
            "slug": pd.Series([e.slug for e in rows], dtype="str"),
            "module": pd.Series([e.module for e in rows], dtype="str"),
            "kind": pd.Series([e.kind for e in rows], dtype="str"),
            "title": pd.Series([e.title for e in rows], dtype="str"),
            "points": pd.Series([e.points for e in rows], dtype="int64"),
            "wrong": pd.Series([" ".join(sorted(e.wrong)) for e in rows], dtype="str"),
        }
        return pd.DataFrame(frame)

    def exercise(self, slug: str) -> Exercise:
        """Return an exercise by its slug, ``module/name``.

        Raises:
            CourseError: there is no such exercise; the nearest name is given.
        """
        return _pick({e.slug: e for e in self.exercise_records}, slug, "exercise")

    def exercises_of(self, module: str) -> tuple[Exercise, ...]:
        """Return the exercises of a module, in their order."""
        return tuple(e for e in self.exercise_records if e.module == module)

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
