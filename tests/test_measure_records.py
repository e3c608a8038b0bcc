"""An evidence record comes back from JSON as it was, and cannot claim what it does not hold."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from measure_samples import HERE, made
from prodev.errors import CourseError
from prodev.learner.store import Store
from prodev.measure import (
    Evidence,
    check,
    compare_counts,
    compare_samples,
    conditions,
    counted,
    evidence,
)
from prodev.services.service import Found

TIMES = compare_samples(made("before", range(100, 110)), made("after", range(10, 20)))
COUNTS = compare_counts(
    counted("before", lambda: 41, unit="statements", conditions=HERE),
    counted("after", lambda: 2, unit="statements", conditions=HERE),
)
CHECK = check("statements == 2", lambda n: n == 2, before=41, after=2)


def record() -> Evidence:
    return evidence(
        "The list page at N = 100.", TIMES, COUNTS, change="prefetch_related", check=CHECK
    )


def test_a_record_survives_a_round_trip_through_json():
    made = record()
    text = made.to_json()
    assert Evidence.from_json(text) == made
    assert Evidence.from_json(text).to_json() == text
    assert json.loads(text)["schema_version"] == 1


def test_a_record_survives_the_learners_store():
    made = record()
    Store("Ada").add_evidence("django-orm", "list-page", made.plain())
    (kept,) = Store("Ada").evidence("django-orm")
    assert Evidence.from_json(json.dumps(kept.record)) == made


def test_it_holds_every_sample_with_unit_and_conditions():
    told = json.loads(record().to_json())
    times = told["findings"][0]
    assert times["before"]["values"] == [float(value) for value in range(100, 110)]
    assert times["before"]["unit"] == "ms"
    assert times["before"]["conditions"]["services"] == {"PostgreSQL": "PostgreSQL 18.6 (embedded)"}
    assert times["verdict"] == "faster"
    assert told["check"] == {"statement": "statements == 2", "before": False, "after": True}
    assert datetime.fromisoformat(told["at"]).tzinfo == UTC


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda r: r["findings"][0].update(verdict="slower"), "do not support 'slower'"),
        (lambda r: r["findings"][0]["ratio"].update(value=0.001), "not that of the samples"),
        (lambda r: r["findings"][0]["after"].update(values=[200.0] * 9), "not that of the samples"),
        (lambda r: r["findings"][0]["ratio"].update(high=0.15), "not that of the samples"),
        (lambda r: r["findings"][0].update(ratio=None), "do not support"),
        (lambda r: r["findings"][1].update(verdict="more"), "do not support 'more'"),
        (lambda r: r["findings"][1]["after"].update(again=3), "not reproducible"),
        (lambda r: r["check"].update(before=True), "proves nothing"),
        (lambda r: r.update(schema_version=2), "schema_version"),
        (lambda r: r.update(findings=[]), "findings"),
        (lambda r: r.update(more=1), "more"),
        (lambda r: r["findings"][0]["before"].update(unit=""), "unit"),
    ],
)
def test_a_record_that_was_tampered_with_is_refused(change, told):
    tampered = json.loads(record().to_json())
    change(tampered)
    with pytest.raises(CourseError, match=told):
        Evidence.from_json(json.dumps(tampered))


@pytest.mark.parametrize("text", ["", "[]", "{", "null"])
def test_what_is_no_record_is_one_sentence(text):
    with pytest.raises(CourseError, match="no evidence record") as caught:
        Evidence.from_json(text)
    assert "\n" not in str(caught.value)


def test_a_check_that_cannot_fail_backs_no_claim():
    with pytest.raises(CourseError, match="held before the change too"):
        check("True", lambda _: True, before=1, after=2)
    with pytest.raises(CourseError, match="does not hold after the change"):
        check("False", lambda _: False, before=1, after=2)


def test_evidence_without_a_finding_is_none():
    with pytest.raises(CourseError, match="This is no evidence"):
        evidence("a claim", change="none", check=CHECK)


def test_conditions_name_what_matters_and_not_the_machines_name(monkeypatch):
    monkeypatch.setattr("platform.node", lambda: "adas-laptop")
    found = conditions(
        scale="small",
        seed=1,
        services={"MySQL": Found("real", "MariaDB 10.11", "10.11.14"), "Redis": "Valkey 9.1"},
        cache="cold",
    )
    assert found.services == {"MySQL": "MariaDB 10.11.14 (real)", "Redis": "Valkey 9.1"}
    assert "adas-laptop" not in found.model_dump_json()
    assert len(found.machine) == 8
    assert found.at.tzinfo == UTC
    assert found.cpus >= 1
    told = dict(found.lines())
    assert (told["scale"], told["cache"], told["MySQL"]) == (
        "small",
        "cold",
        "MariaDB 10.11.14 (real)",
    )


def test_another_machine_is_another_condition(monkeypatch):
    first = conditions()
    monkeypatch.setattr("platform.node", lambda: "another")
    (told,) = first.differences(conditions())
    assert told.startswith("machine ")
