"""A lab that runs live where its systems are here; elsewhere a recorded run is shown."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from prodev.catalog.course import course_folder
from prodev.catalog.records import Record
from prodev.errors import CourseError
from prodev.measure import Conditions
from prodev.services.service import Found, MissingError, wanted_here
from prodev.services.systems import service

if TYPE_CHECKING:
    from prodev.catalog import Module, Parameters

RECORD_VARIABLE = "PRODEV_RECORD"


class Recording(Record):
    """What a lab returned in a real run, and under which conditions."""

    conditions: Conditions
    result: Any


class LabRun(NamedTuple):
    """What a lab found.

    Attributes:
        live: whether it ran here and now.
        result: plain data: what the lab's function returned, now or in the recorded run.
        conditions: of that run.
    """

    live: bool
    result: Any
    conditions: Conditions


class RecordedLabs:
    """The part of a lesson that runs labs which need systems that may be missing."""

    module: Module
    parameters: Parameters

    if TYPE_CHECKING:

        def conditions(self, *, services: dict[str, Found | str]) -> Conditions:
            """Record the conditions here and now."""

    def lab(self, name: str, run: Callable[[], Any], *, needs: Sequence[str]) -> LabRun:
        """Run a lab; where a system that it needs is missing, show what a real run gave.

        A recorded run is never passed off as one of here: the first line printed says what is
        missing, how to get it, and when and with what the recorded run was made. With
        ``PRODEV_RECORD=1`` in the environment a live run becomes the recorded one.

        Args:
            name: of the recording, in ``data/recorded/<module>/<name>.json``.
            run: does the real thing; returns plain data, as JSON can hold it.
            needs: the systems by their name in ``prodev doctor``, such as ``MySQL``.

        Raises:
            CourseError: the result is not plain data, a system has another name, or a system is
                missing and nothing was recorded.
        """
        path = Path("recorded", self.module.slug, f"{name}.json")
        found, missing = self._find(needs)
        if missing:
            return _recall(path, missing)
        conditions = self.conditions(services=found)
        result = _plain(run(), name)
        if os.environ.get(RECORD_VARIABLE) == "1":
            _keep(path, Recording(conditions=conditions, result=result))
        return LabRun(True, result, conditions)

    def _find(self, needs: Sequence[str]) -> tuple[dict[str, Found | str], list[MissingError]]:
        wanted = wanted_here(self.parameters.services)
        found: dict[str, Found | str] = {}
        missing = []
        for need in needs:
            system = service(need.lower().replace(" ", "-"))
            try:
                found[system.title] = system.find(wanted)
            except MissingError as error:
                missing.append(error)
        return found, missing


def _recall(path: Path, missing: Sequence[MissingError]) -> LabRun:
    told = " ".join(str(error) for error in missing)
    try:
        text = (course_folder("data") / path).read_text("utf-8")
        recording = Recording.model_validate_json(text)
    except (OSError, ValueError):
        raise CourseError(f"{told} There is no recorded run in data/{path} to show.") from None
    conditions = recording.conditions
    versions = ", ".join(conditions.services.values())
    print(
        f"Not run here. {told}\n"
        f"What follows was recorded on {conditions.at:%Y-%m-%d} with {versions}, "
        f"on {conditions.cpus} CPUs."
    )
    return LabRun(False, recording.result, conditions)


def _plain(result: object, name: str) -> Any:
    """Return the data as a recording would give it back, so that live and recorded are alike."""
    try:
        return json.loads(json.dumps(result, allow_nan=False))
    except (TypeError, ValueError) as error:
        raise CourseError(f"The lab '{name}' must return plain data: {error}.") from None


def _keep(path: Path, recording: Recording) -> None:
    target = course_folder("data") / path
    target.parent.mkdir(parents=True, exist_ok=True)
    new = target.with_suffix(".new")
    new.write_text(recording.model_dump_json(indent=1) + "\n", "utf-8")
    new.replace(target)
