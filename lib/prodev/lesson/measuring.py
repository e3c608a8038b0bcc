"""What a lesson measures: under its own conditions, shown at once, and kept for the learner."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from IPython.display import display

from prodev import measure
from prodev.errors import CourseError
from prodev.measure.condition import Setting
from prodev.services.service import Found
from prodev.widgets.comparison import comparison_chart

if TYPE_CHECKING:
    from prodev.catalog import Module, Parameters
    from prodev.learner.store import Store
    from prodev.measure import Check, Comparison, Conditions, CountComparison, Evidence

T = TypeVar("T")


class Measuring:
    """The part of a lesson that measures."""

    module: Module
    parameters: Parameters

    if TYPE_CHECKING:

        @property
        def store(self) -> Store:
            """The lesson's own."""

    def conditions(
        self, *, services: Mapping[str, Found | str] | None = None, **settings: Setting
    ) -> Conditions:
        """Record the conditions here and now, with this run's scale and seed.

        Args:
            services: by the system's name, what ``Service.find`` found, or a provider as text.
            **settings: all else that a measurement depends on, such as ``cache="warm"``.
        """
        return measure.conditions(
            scale=self.parameters.scale, seed=self.parameters.seed, services=services, **settings
        )

    def compare(
        self,
        title: str,
        before: Callable[[], T],
        after: Callable[[], T],
        *,
        text: str = "",
        **more: Any,
    ) -> Comparison:
        """Measure two functions in turn, show the picture, and return the comparison.

        Args:
            title: of the picture: what is measured.
            before: the way as it was.
            after: the changed way.
            text: a sentence that says what there is to see.
            **more: as ``prodev.measure.compare`` takes them: ``names``, ``unit``, ``repeats``, ….
        """
        more.setdefault("conditions", self.conditions())
        found = measure.compare(before, after, **more)
        display(comparison_chart(title, found, text=text))
        return found

    async def compare_async(
        self,
        title: str,
        before: Callable[[], Awaitable[T]],
        after: Callable[[], Awaitable[T]],
        *,
        text: str = "",
        **more: Any,
    ) -> Comparison:
        """Measure two coroutine functions in turn, as ``compare`` does with functions."""
        more.setdefault("conditions", self.conditions())
        found = await measure.compare_async(before, after, **more)
        display(comparison_chart(title, found, text=text))
        return found

    def keep_evidence(
        self,
        name: str,
        *findings: Comparison | CountComparison,
        what: str,
        change: str,
        check: Check,
    ) -> Evidence:
        """Keep a measurement for the learner's document, and return its record.

        Where the store can't be written, the lesson goes on and says so. In ``solve`` mode nothing
        is kept: nobody learned it.

        Args:
            name: of the record within this module, such as ``streamed-report``.
            *findings: the comparisons that back the claim.
            what: what was measured, in one sentence.
            change: what was changed between before and after.
            check: what would fail if the change were reverted.

        Raises:
            CourseError: there is no finding, or a text is empty.
        """
        record = measure.evidence(what, *findings, change=change, check=check)
        if self.parameters.mode == "solve":
            return record
        try:
            self.store.add_evidence(self.module.slug, name, record.plain())
        except CourseError as error:
            print(f"This measurement is not kept: {error}", file=sys.stderr)
        return record
