"""What a notebook holds: ``lesson = prodev.begin(...)``, and all that the lesson shows."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from prodev import widgets
from prodev.catalog import Catalog, Module, Parameters, load_catalog
from prodev.catalog.parameters import check_parameters
from prodev.learner.name import DEMO, learner_name
from prodev.stays.dataset import Stays, make_stays

if TYPE_CHECKING:
    import pandas as pd


class Lesson:
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
        named = self.learner if self.learner != DEMO else ""
        return widgets.header(self.module, modules=self.catalog.module_records, learner=named)

    def topics(self) -> Any:
        """Show the program's rows that this module carries, with a search."""
        rows = self.catalog.topics_of(self.module.slug)
        return widgets.topic_table(rows, title=f"The program's rows in module {self.module.order}")

    def map(self) -> Any:
        """Show all modules and what each one builds on."""
        return widgets.module_map(self.catalog.module_records, here=self.module.slug)

    def glossary(self, *terms: str) -> Any:
        """Show terms of the glossary; all of them where none is named.

        Raises:
            CourseError: a term is not in the glossary.
        """
        wanted = [self.catalog.term(t) for t in terms] if terms else list(self.catalog.terms)
        return widgets.glossary_card(wanted)

    def quiz(self) -> Any:
        """Ask the module's questions, with feedback for every choice."""
        questions = self.catalog.quiz(self.module.slug)
        return widgets.quiz(questions, title=f"Quiz: {self.module.title}")

    def recap(self) -> Any:
        """Show what to take away."""
        return widgets.recap(self.module)

    def next_step(self) -> Any:
        """Show where to go from here."""
        return widgets.next_step(self.module, self.catalog.next_modules(self.module.slug))

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


def begin(module: str, **parameters: object) -> Lesson:
    """Begin a lesson: check the parameters and return what the notebook shows.

    Args:
        module: the module's slug, such as ``query-performance``.
        **parameters: ``learner``, ``seed``, ``scale``, ``mode`` and ``services``, as in the
            notebook's parameters cell; what is left out keeps its default.

    Raises:
        CourseError: there is no such module.
        ParameterError: a parameter is unknown, or its type or value is wrong.
        DataError: the course's data is wrong.
    """
    catalog = load_catalog()
    record = catalog.module(module)
    checked = check_parameters(parameters, where=record.notebook)
    name = learner_name(checked.learner)
    return Lesson(catalog, record, checked.model_copy(update={"learner": name}))
