"""The twelve systems of the program: each is found and described, and nothing is started."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from click.testing import Result

from prodev.catalog import load_catalog
from prodev.errors import CourseError
from prodev.services.service import wanted_here
from prodev.services.systems import describe_systems, service, systems
from prodev.widgets import systems_table

OWN = {
    "Python", "Django", "DRF", "GraphQL", "Redis", "Celery", "GitHub Actions", "Jenkins",
    "PostgreSQL",
}  # fmt: skip


def test_the_systems_are_those_of_the_program():
    rows = load_catalog().systems
    assert systems() == list(rows["slug"])
    assert [service(slug).title for slug in systems()] == list(rows["title"])
    assert [service(slug).system for slug in systems()] == systems()


def test_an_unknown_system_is_answered_with_the_nearest():
    with pytest.raises(
        CourseError, match="There is no system 'postgres'; did you mean 'postgresql'"
    ):
        service("postgres")


def test_what_comes_with_the_course_is_live_without_anything_installed():
    rows = {row.system: row for row in describe_systems("embedded")}
    assert {name for name, row in rows.items() if row.state != "missing"} == OWN
    assert rows["Jenkins"].state == "rehearsal"
    assert "not Jenkins" in rows["Jenkins"].provider
    for name in rows.keys() - OWN:
        assert "install" in rows[name].how, name


def test_each_state_has_a_provider_and_each_missing_system_a_way():
    for row in describe_systems():
        assert row.state in ("real", "embedded", "rehearsal", "missing")
        if row.state == "missing":
            assert row.how
            assert not row.provider
        else:
            assert row.provider
            assert row.version or row.state == "rehearsal"


def test_doctor_lists_twelve_systems_and_the_judges_isolation(prodev: Callable[..., Result]):
    answer = prodev("doctor", "--format", "json")
    assert answer.exit_code == 0
    rows = json.loads(answer.stdout)
    assert len(rows) == 13
    assert rows[-1]["system"] == "judge isolation"
    assert all(set(row) == {"system", "state", "provider", "version", "how"} for row in rows)


def test_the_environment_decides_where_the_parameter_does_not(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("PRODEV_SERVICES", raising=False)
    assert wanted_here("auto") == "auto"
    monkeypatch.setenv("PRODEV_SERVICES", "embedded")
    assert wanted_here("auto") == "embedded"
    monkeypatch.setenv("PRODEV_SERVICES", "auto")
    assert wanted_here("embedded") == "embedded"
    monkeypatch.setenv("PRODEV_SERVICES", "docker")
    with pytest.raises(
        CourseError, match="PRODEV_SERVICES is 'docker'; it may be auto or embedded"
    ):
        wanted_here()


def test_the_table_says_each_state_in_words_and_counts_what_is_live():
    rows = describe_systems("embedded")
    piece = systems_table(rows)
    assert piece.text.startswith("9 of 12 systems are live on this machine")
    for row in rows:
        assert f"- {row.system}: {row.state}" in piece.text
        assert row.state in piece.html
    assert "<script" not in piece.html
