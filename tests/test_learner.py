"""The learner's name is asked for once, and their work is never overwritten."""

from __future__ import annotations

import pytest

from prodev.errors import CourseError
from prodev.lab import lab_environment
from prodev.learner.coursework import deliver
from prodev.learner.name import learner_name, store_name, stored_name


@pytest.fixture
def originals(tmp_path):
    folder = tmp_path / "originals"
    folder.mkdir()
    for name in ("00_start.ipynb", "01_python_toolkit.ipynb"):
        (folder / name).write_text(f"first version of {name}")
    return folder


def test_demo_means_the_stored_learner():
    assert learner_name("demo") == "demo"
    store_name("  Ada Lovelace ")
    assert stored_name() == "Ada Lovelace"
    assert learner_name("demo") == "Ada Lovelace"
    assert learner_name("kwame") == "kwame"


def test_a_batch_is_never_renamed_by_the_stored_learner(monkeypatch):
    store_name("Ada")
    monkeypatch.setenv("PRODEV_LEARNER", "demo")
    assert learner_name("demo") == "demo"


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 101])
def test_a_name_that_is_not_one_short_line_is_refused(name):
    with pytest.raises(CourseError, match="one line of 1 to 100 characters"):
        store_name(name)
    assert stored_name() == ""


def test_the_first_delivery_copies_everything(originals, tmp_path):
    delivery = deliver(originals, tmp_path / "course")
    assert delivery.new == ("00_start.ipynb", "01_python_toolkit.ipynb")
    assert deliver(originals, tmp_path / "course").new == ()


def test_an_update_replaces_only_what_the_learner_has_not_touched(originals, tmp_path):
    course = tmp_path / "course"
    deliver(originals, course)
    (course / "00_start.ipynb").write_text("my own answers")
    for path in originals.iterdir():
        path.write_text("second version")
    delivery = deliver(originals, course)
    assert (delivery.updated, delivery.kept) == (("01_python_toolkit.ipynb",), ("00_start.ipynb",))
    assert (course / "00_start.ipynb").read_text() == "my own answers"
    assert (course / "updates/00_start.ipynb").read_text() == "second version"
    assert (course / "01_python_toolkit.ipynb").read_text() == "second version"
    assert deliver(originals, course).kept == (), "the same update is announced once"


def test_without_a_readable_record_every_notebook_counts_as_work(originals, tmp_path):
    course = tmp_path / "course"
    deliver(originals, course)
    (course / ".prodev-course.json").write_text("not json")
    (originals / "00_start.ipynb").write_text("second version")
    deliver(originals, course)
    assert (course / "00_start.ipynb").read_text() == "first version of 00_start.ipynb"


def test_the_originals_are_no_place_for_work(originals):
    with pytest.raises(CourseError, match="choose another folder"):
        deliver(originals, originals)


def test_a_folder_that_cannot_be_written_gives_a_sentence(originals, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CourseError, match="cannot be copied to"):
        deliver(originals, tmp_path / "file" / "course")


def test_the_learners_own_jupyter_settings_come_before_ours():
    path = lab_environment({"JUPYTER_CONFIG_PATH": "/mine", "HOME": "/h"})["JUPYTER_CONFIG_PATH"]
    assert path.startswith("/mine")
    assert path.endswith("settings")
