"""What a notebook holds: one module for one learner, and all that it shows."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from prodev import widgets
from prodev.catalog import Catalog, Module, Parameters
from prodev.learner.name import DEMO
from prodev.learner.store import Store, StoreError
from prodev.lesson.measuring import Measuring
from prodev.lesson.recorded import RecordedLabs
from prodev.services.service import wanted_here
from prodev.services.systems import describe_systems
from prodev.stays.dataset import Stays, make_stays

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")


class Lesson(Measuring, RecordedLabs):
    """One module, for one learner, with one run's parameters."""

    def __init__(self, catalog: Catalog, module: Module, parameters: Parameters) -> None:
        """Make a lesson; a notebook calls ``prodev.begin`` instead."""
        self.catalog = catalog
        self.module = module
        self.parameters = parameters

    def __repr__(self) -> str:
        return f"<Lesson {self.module.label}, learner {self.learner}>"

    @property
    def learner(self) -> str:
        """The learner's name."""
        return self.parameters.learner

    def header(self) -> Any:
        """Show the module: question, objectives, minutes, prerequisites, place on the map."""
        exercises = [e.slug for e in self.catalog.exercises_of(self.module.slug)]
        progress = self.recall(self.store.exercises) or {}
        solved = {slug for slug, found in progress.items() if found.solved}
        return widgets.header(
            self.module,
            modules=self.catalog.module_records,
            learner=self.learner if self.learner != DEMO else "",
            exercises=len(exercises),
            solved=len(solved.intersection(exercises)),
        )

    def topics(self) -> Any:
        """Show the program's rows that this module carries, with a search."""
        rows = self.catalog.topics_of(self.module.slug)
        return widgets.topic_table(rows, title=f"The program's rows in module {self.module.order}")

    def map(self) -> Any:
        """Show all modules and what each one builds on."""
        return widgets.module_map(self.catalog.module_records, here=self.module.slug)

    def systems(self) -> Any:
        """Show which of the twelve systems are live on this machine, and how to get the others."""
        return widgets.systems_table(describe_systems(wanted_here(self.parameters.services)))

    def glossary(self, *terms: str) -> Any:
        """Show terms of the glossary; all of them where none is named.

        Raises:
            CourseError: a term is not in the glossary.
        """
        wanted = [self.catalog.term(t) for t in terms] if terms else list(self.catalog.terms)
        return widgets.glossary_card(wanted)

    def quiz(self) -> Any:
        """Ask the module's questions, with feedback for every choice; the answers are kept."""
        module = self.module.slug
        questions = self.catalog.quiz(module)
        return widgets.quiz(
            questions,
            title=f"Quiz: {self.module.title}",
            answers=self.recall(lambda: self.store.quiz(module)),
            on_answers=lambda answers: self.store.save_quiz(module, answers),
        )

    def cards(self) -> Any:
        """Show the module's cards for later review: a question, and its short answer."""
        return widgets.review_cards(self.catalog.cards[self.module.slug])

    def recap(self) -> Any:
        """Show what to take away."""
        return widgets.recap(self.module)

    def next_step(self) -> Any:
        """Show where to go from here."""
        return widgets.next_step(self.module, self.catalog.next_modules(self.module.slug))

    @cached_property
    def store(self) -> Store:
        """What is kept about the learner: attempts, quiz answers, evidence."""
        return Store(self.learner)

    def recall(self, read: Callable[[], T]) -> T | None:
        """Read from the store; where it cannot be read, say so and return None.

        A damaged store must not stand between a learner and the lesson.
        """
        try:
            return read()
        except StoreError as error:
            print(error, file=sys.stderr)
            return None

    @cached_property
    def stays(self) -> Stays:
        """The booking service's data for this run's seed and scale; made on first use."""
        return make_stays(seed=self.parameters.seed, scale=self.parameters.scale)

    @property
    def users(self) -> pd.DataFrame:
        """The users; ``prodev.stays.dataset.Stays`` lists the columns of all six tables."""
        return self.stays.users

    @property
    def properties(self) -> pd.DataFrame:
        """The properties to stay in."""
        return self.stays.properties

    @property
    def bookings(self) -> pd.DataFrame:
        """The bookings."""
        return self.stays.bookings

    @property
    def payments(self) -> pd.DataFrame:
        """The payments of the bookings."""
        return self.stays.payments

    @property
    def reviews(self) -> pd.DataFrame:
        """The reviews of past stays."""
        return self.stays.reviews

    @property
    def messages(self) -> pd.DataFrame:
        """The messages between guests and hosts."""
        return self.stays.messages
