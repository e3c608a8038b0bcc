"""The report of a batch: one HTML page from the ledger, which needs nothing but a browser."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from prodev.batch.ledger import STATUSES, Outcome, read_conditions, read_outcomes
from prodev.errors import CourseError

NAME = "report.html"
_SLOWEST = 5
# Sign, words and tone of each status: colour is never the only signal.
_SIGNS = {
    "passed": ("✓", "passed", "good"),
    "cached": ("✓", "passed before", "good"),
    "failed": ("✕", "failed", "bad"),
    "timed_out": ("✕", "timed out", "bad"),
    "kernel_died": ("✕", "kernel died", "bad"),
    "exited_early": ("✕", "exited early", "bad"),
    "not_run": ("!", "not run", "warn"),
    "cancelled": ("!", "cancelled", "warn"),
}


@dataclass(frozen=True)
class Entry:
    """A run as the report shows it: its latest outcome, with signs, words and a link."""

    outcome: Outcome

    @property
    def sign(self) -> str:
        """A sign to be read with the words."""
        return _SIGNS[self.outcome.status][0]

    @property
    def words(self) -> str:
        """The status in words."""
        return _SIGNS[self.outcome.status][1]

    @property
    def tone(self) -> str:
        """Which colour: good, bad or warn."""
        return _SIGNS[self.outcome.status][2]

    @property
    def link(self) -> str:
        """The output notebook's address, relative to the report; empty where there is none."""
        return quote(self.outcome.output_path)

    @property
    def parameters(self) -> str:
        """The parameters on one line, without the learner, who has a column."""
        given = json.loads(self.outcome.parameters)
        return ", ".join(f"{name}={value}" for name, value in given.items() if name != "learner")

    @property
    def wall(self) -> str:
        """The duration with its unit."""
        return f"{self.outcome.wall_s:.1f} s"

    @property
    def memory(self) -> str:
        """The peak memory with its unit, or a dash."""
        peak = self.outcome.max_rss_mb
        return f"{peak:.0f} MB" if peak else "–"


def write_report(folder: Path) -> Path:
    """Write ``report.html`` from the ledger in a folder, whole or not at all, and return its path.

    Of several attempts at a run the latest is shown.

    Raises:
        CourseError: there is no ledger, or the report cannot be written.
    """
    page = _page(read_outcomes(folder), read_conditions(folder))
    path = folder / NAME
    draft = folder / f".{NAME}.{os.getpid()}.new"
    try:
        draft.write_text(page, "utf-8")
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise CourseError(
            f"The report {path} cannot be written ({error.strerror}); check folder and disk."
        ) from None
    return path


def _page(outcomes: list[Outcome], conditions: dict[str, str]) -> str:
    # Only a report needs it: planning and running stay without.
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("prodev.batch", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    latest = {outcome.run_id: outcome for outcome in outcomes}
    entries = [Entry(outcome) for outcome in latest.values()]
    # An output is named after its notebook, which begins with the module's place in the course.
    modules = list(
        dict.fromkeys(e.outcome.module for e in sorted(entries, key=lambda e: _file(e.outcome)))
    )
    learners = sorted({entry.outcome.learner for entry in entries}, key=str.casefold)
    matrix: dict[tuple[str, str], list[Entry]] = {}
    # The longer side goes down the page: a cohort of two hundred would not fit across.
    tall = len(learners) > len(modules)
    for entry in entries:
        key = (entry.outcome.learner, entry.outcome.module)
        matrix.setdefault(key if tall else key[::-1], []).append(entry)
    failures = [entry for entry in entries if not entry.outcome.ok]
    counted = [(status, sum(e.outcome.status == status for e in entries)) for status in STATUSES]
    return environment.get_template("report.html.j2").render(
        headline=_headline(len(failures), len(entries)),
        entries=sorted(entries, key=lambda e: (e.outcome.learner.casefold(), _file(e.outcome))),
        failures=failures,
        totals=[(*_SIGNS[status], count) for status, count in counted if count],
        modules=modules,
        learners=learners,
        matrix=matrix,
        corner="Learner" if tall else "Notebook",
        down=learners if tall else modules,
        across=modules if tall else learners,
        slowest=sorted(entries, key=lambda e: -e.outcome.wall_s)[:_SLOWEST],
        conditions=conditions,
        attempts=len(outcomes),
    )


def _headline(failed: int, total: int) -> str:
    runs = "run" if total == 1 else "runs"
    return (
        f"{failed} of {total} {runs} did not pass"
        if failed
        else f"{total} of {total} {runs} passed"
    )


def _file(outcome: Outcome) -> str:
    return Path(outcome.output_path).name or f"~{outcome.module}"
