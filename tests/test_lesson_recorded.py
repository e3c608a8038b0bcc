"""A lab runs live where its systems are here; elsewhere the recorded run is shown, and labelled."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

import prodev
from prodev.errors import CourseError

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture
def recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the course; the folder of module 1's recordings is returned."""
    root = tmp_path / "course"
    shutil.copytree(REPOSITORY / "data", root / "data", ignore=shutil.ignore_patterns("recorded"))
    (root / "notebooks").mkdir()
    monkeypatch.setenv("PRODEV_COURSE", str(root))
    return root / "data/recorded/python-toolkit"


def lesson(services: str = "auto") -> Any:
    return prodev.begin("python-toolkit", services=services)


def record(monkeypatch: pytest.MonkeyPatch, result: Any) -> None:
    with monkeypatch.context() as here:
        here.setenv("PRODEV_RECORD", "1")
        lesson().lab("rejected", lambda: result, needs=["Python"])


def test_a_lab_runs_where_its_systems_are_here(recorded: Path) -> None:
    found = lesson().lab("rejected", lambda: {"rows": (1, 2)}, needs=["Python", "Django"])
    assert found.live
    assert found.result == {"rows": [1, 2]}, "as a recording would give it back"
    assert found.conditions.services["Django"].startswith("Django 5")
    assert not recorded.exists()


def test_a_recorded_run_is_shown_with_its_label_where_a_system_is_missing(
    recorded: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    record(monkeypatch, {"rejected": 8})
    found = lesson("embedded").lab("rejected", lambda: pytest.fail("ran"), needs=["MySQL"])
    assert not found.live
    assert found.result == {"rejected": 8}
    told = capsys.readouterr().out
    assert told.startswith("Not run here. MySQL")
    assert "apt-get install" in told
    assert f"recorded on {found.conditions.at:%Y-%m-%d} with CPython 3" in told
    assert json.loads((recorded / "rejected.json").read_text())["result"] == {"rejected": 8}


def test_without_a_recorded_run_the_sentence_says_what_is_missing(recorded: Path) -> None:
    with pytest.raises(CourseError, match=r"MySQL .* There is no recorded run in data/recorded/py"):
        lesson("embedded").lab("rejected", dict, needs=["MySQL"])
    recorded.mkdir(parents=True)
    (recorded / "rejected.json").write_text("{}")
    with pytest.raises(CourseError, match="There is no recorded run"):
        lesson("embedded").lab("rejected", dict, needs=["MySQL"])


def test_a_result_that_json_cannot_hold_is_refused(recorded: Path) -> None:
    for result in ({1, 2}, float("nan"), object()):
        with pytest.raises(CourseError, match="must return plain data"):
            lesson().lab("rejected", lambda result=result: result, needs=["Python"])


def test_an_unknown_system_has_a_sentence(recorded: Path) -> None:
    with pytest.raises(CourseError, match="did you mean 'mysql'"):
        lesson().lab("rejected", dict, needs=["MySQLL"])
