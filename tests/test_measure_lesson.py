"""A lesson measures under its own conditions, shows it at once, and keeps it for the learner."""

from __future__ import annotations

import asyncio
import json

import pytest

import prodev
from prodev.errors import CourseError
from prodev.learner.database import StoreError
from prodev.learner.store import Store
from prodev.lesson import measuring
from prodev.measure import Comparison, Evidence, check


@pytest.fixture
def shown(monkeypatch):
    pieces = []
    monkeypatch.setattr(measuring, "display", pieces.append)
    return pieces


def lesson(**parameters):
    return prodev.begin("python-toolkit", learner="Ada", seed=7, scale="medium", **parameters)


def compared(lesson) -> Comparison:
    return lesson.compare(
        "Rows",
        lambda: 200,
        lambda: 37,
        names=("scan", "index"),
        value=float,
        unit="rows",
        repeats=6,
        text="The index reads fewer.",
    )


def keep(lesson, found) -> Evidence:
    return lesson.keep_evidence(
        "rows-read",
        found,
        what="Rows that one search reads.",
        change="CREATE INDEX",
        check=check("rows < 100", lambda rows: rows < 100, before=200, after=37),
    )


def test_a_comparison_is_shown_with_its_verdict_under_the_lessons_conditions(shown):
    found = compared(lesson())
    assert (found.verdict, found.before.name) == ("less", "scan")
    assert (found.before.conditions.seed, found.before.conditions.scale) == (7, "medium")
    (piece,) = shown
    assert piece.text.startswith("Rows\nThe index reads fewer.")
    assert f"less: {found.why}" in piece.text


def test_coroutines_are_compared_too(shown):
    async def way() -> int:
        return 1

    found = asyncio.run(
        lesson().compare_async("Rows", way, way, value=float, unit="rows", repeats=6)
    )
    assert found.verdict == "no difference shown"
    assert len(shown) == 1


def test_evidence_is_kept_for_the_learner(shown):
    here = lesson()
    record = keep(here, compared(here))
    (kept,) = Store("Ada").evidence("python-toolkit")
    assert kept.name == "rows-read"
    assert Evidence.from_json(json.dumps(kept.record)) == record


def test_a_store_that_cannot_be_written_does_not_stop_the_lesson(shown, monkeypatch, capsys):
    def broken(*_: object) -> str:
        raise StoreError("The disk is full.")

    monkeypatch.setattr(Store, "add_evidence", broken)
    here = lesson()
    assert keep(here, compared(here)).what == "Rows that one search reads."
    assert capsys.readouterr().err == "This measurement is not kept: The disk is full.\n"


def test_what_the_solutions_measure_is_not_the_learners(shown):
    here = lesson(mode="solve")
    keep(here, compared(here))
    assert Store("Ada").evidence() == ()


def test_a_claim_without_a_check_that_can_fail_is_not_kept(shown):
    here = lesson()
    found = compared(here)
    with pytest.raises(CourseError, match="proves nothing"):
        here.keep_evidence(
            "rows",
            found,
            what="Rows.",
            change="none",
            check=check("rows > 0", lambda rows: rows > 0, before=200, after=37),
        )
    assert Store("Ada").evidence() == ()
