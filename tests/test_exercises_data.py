"""A broken exercise folder is answered with one sentence: which file, what is wrong, what to do."""

from __future__ import annotations

import json
import shutil

import pandas as pd
import pytest

from judge_exercises import MODULE, make_exercise
from prodev.catalog import load_catalog
from prodev.catalog.exercises import exercise_folders, find_exercise, read_exercises
from prodev.catalog.read import read_tables
from prodev.catalog.records import Module
from prodev.errors import CourseError, DataError

HOME = f"data/exercises/{MODULE}/small"
TOML = f"{HOME}/exercise.toml"


@pytest.fixture
def exercise(tmp_path):
    return make_exercise(tmp_path, "def check(answer):\n    return None\n")


@pytest.fixture
def home(exercise):
    return exercise.folder


def replace(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def change(home, old, new):
    replace(home / "exercise.toml", old, new)


def read_all(data):
    return read_exercises(data, read_tables(data / "modules.toml", "module", Module))


def unknown_key(home):
    change(home, "points", "point = 3\npoints")
    return f"{TOML}, column 'point': unknown name; did you mean 'points'?"


def unknown_limit(home):
    change(home, "[limits]", "[limits]\nminutes = 1")
    return f"{TOML}, column 'limits.minutes': unknown name; remove it"


def unknown_key_of_a_mistake(home):
    change(home, "[wrong.wrong-value]", "[wrong.wrong-value]\nhint = 'x'")
    return f"{TOML}, column 'wrong.wrong-value.hint': unknown name; remove it"


def missing_key(home):
    change(home, 'title = "Small"\n', "")
    return f"{TOML}, column 'title': the value is missing"


def empty_value(home):
    change(home, '"Small"', '""')
    return f"{TOML}, column 'title': the value is missing"


def no_number(home):
    change(home, "points = 10", "points = 'ten'")
    return f"{TOML}, column 'points': input should be a valid integer"


def too_many_seconds(home):
    change(home, "[limits]", "[limits]\nseconds = 1000")
    return f"{TOML}, column 'limits.seconds': input should be less than or equal to 120"


def too_few_hints(home):
    change(home, '["Look.", "Think.", "Nearly there."]', '["Look."]')
    return f"{TOML}, column 'hints': tuple should have at least 2 items"


def no_known_mistake(home):
    change(home, "[wrong.wrong-value]\n", "[wrong]\n")
    change(home, "message = ", "# message = ")
    return f"{TOML}, column 'wrong': dictionary should have at least 1 item"


def code_of_another_form(home):
    change(home, "wrong.wrong-value", "wrong.Wrong_Value")
    return f"{TOML}, column 'wrong.Wrong_Value.[key]': 'Wrong_Value' does not have the form"


def mutant_of_another_form(home):
    change(home, "[limits]", "[[equivalent]]\nmutant = 'xyz'\nreason = 'y'\n[limits]")
    return f"{TOML}, column 'equivalent.0.mutant': 'xyz' does not have the form"


def mutant_without_a_reason(home):
    change(home, "[limits]", "[[equivalent]]\nmutant = '00c0ffee'\n[limits]")
    return f"{TOML}, column 'equivalent.0.reason': the value is missing"


def no_toml(home):
    change(home, "title = ", "title ")
    return f"{TOML}: is not valid TOML: expected '=' after a key"


def no_utf8(home):
    (home / "exercise.toml").write_bytes(b"title = 'caf\xe9'\n")
    return f"{TOML}, row 1: is not UTF-8 text; save the file as UTF-8."


def missing_toml(home):
    (home / "exercise.toml").unlink()
    return f"{TOML}: the file is missing; put it back."


def objective_of_nobody(home):
    change(home, 'objective = "', 'objective = "Not ')
    return f"{TOML}, column 'objective': 'Not "


def missing_solution(home):
    (home / "solution.py").unlink()
    return f"{HOME}/solution.*: the file is missing; write it."


def missing_starter(home):
    (home / "starter.py").unlink()
    return f"{HOME}/starter.*: the file is missing; write it."


def two_solutions(home):
    shutil.copy(home / "solution.py", home / "solution.txt")
    return f"{HOME}/solution.*: stands twice; keep one file."


def missing_check(home):
    (home / "check.py").unlink()
    return f"{HOME}/check.py: the file is missing; write the check."


def no_other_right_answer(home):
    (home / "right/same.py").unlink()
    return f"{HOME}/right: holds no answer; write at least one."


def no_folder_of_right_answers(home):
    shutil.rmtree(home / "right")
    return f"{HOME}/right: holds no answer; write at least one."


def wrong_answer_without_a_message(home):
    (home / "wrong/other.py").write_text("x = 1\n")
    return f"{TOML}: has no message for wrong/other.py; write [wrong.other]."


def message_without_a_wrong_answer(home):
    change(home, "[wrong.wrong-value]", "[wrong.other]\nmessage = 'x'\n[wrong.wrong-value]")
    return f"{TOML}, column 'wrong.other': no file wrong/other.py makes this mistake; write it."


def reserved_code(home):
    (home / "wrong/timeout.py").write_text("x = 1\n")
    return f"{TOML}: 'timeout' is a code of the judge; choose another name."


def reserved_code_with_a_message(home):
    change(home, "[wrong.wrong-value]", "[wrong.not-plain]\nmessage = 'x'\n[wrong.wrong-value]")
    return f"{TOML}: 'not-plain' is a code of the judge; choose another name."


def message_that_cannot_be_filled(home):
    change(home, "{got}", "{got")
    return f"{TOML}, column 'wrong.wrong-value.message': cannot be filled in ("


def left_over_file(home):
    (home / "notes.txt").write_text("x")
    return f"{HOME}/notes.txt: is no file of an exercise; rename or remove it."


def left_over_folder(home):
    (home / "old").mkdir()
    return f"{HOME}/old: is no folder of an exercise; remove it."


def left_over_copy_of_the_check(home):
    shutil.copy(home / "check.py", home / "check2.py")
    return f"{HOME}/check2.py: is no file of an exercise; rename or remove it."


def wrong_suffix(home):
    (home / "wrong/wrong-value.py").rename(home / "wrong/wrong-value.sql")
    return f"{HOME}/wrong/wrong-value.sql: must end in '.py', as the starter does."


def solution_of_another_suffix(home):
    (home / "solution.py").rename(home / "solution.sql")
    return f"{HOME}/solution.sql: must end in '.py', as the starter does."


def folder_among_the_answers(home):
    (home / "wrong/old").mkdir()
    return f"{HOME}/wrong/old: is no file of an exercise; rename or remove it."


def name_that_is_no_slug(home):
    home.rename(home.with_name("Small_One"))
    return f"data/exercises/{MODULE}/Small_One/exercise.toml, column 'name': 'Small_One' does not"


def folder_of_no_module(home):
    home.parent.rename(home.parent.with_name("python-tools"))
    return "data/exercises/python-tools: is no module; rename or remove it."


def file_beside_the_modules(home):
    (home.parents[1] / "notes.txt").write_text("x")
    return "data/exercises/notes.txt: is no module; rename or remove it."


BREAKS = [
    unknown_key,
    unknown_limit,
    unknown_key_of_a_mistake,
    missing_key,
    empty_value,
    no_number,
    too_many_seconds,
    too_few_hints,
    no_known_mistake,
    code_of_another_form,
    mutant_of_another_form,
    mutant_without_a_reason,
    no_toml,
    no_utf8,
    missing_toml,
    objective_of_nobody,
    missing_solution,
    missing_starter,
    two_solutions,
    missing_check,
    no_other_right_answer,
    no_folder_of_right_answers,
    wrong_answer_without_a_message,
    message_without_a_wrong_answer,
    reserved_code,
    reserved_code_with_a_message,
    message_that_cannot_be_filled,
    left_over_file,
    left_over_folder,
    left_over_copy_of_the_check,
    wrong_suffix,
    solution_of_another_suffix,
    folder_among_the_answers,
    name_that_is_no_slug,
    folder_of_no_module,
    file_beside_the_modules,
]


@pytest.mark.parametrize("broken", BREAKS, ids=lambda broken: broken.__name__)
def test_a_broken_folder_is_named_in_one_sentence(tmp_path, home, broken):
    sentence = broken(home)

    with pytest.raises(DataError) as caught:
        read_all(tmp_path / "data")
    assert str(caught.value).startswith(sentence)
    assert "\n" not in str(caught.value)
    assert str(caught.value).endswith(".")


def test_the_same_place_twice_is_refused(tmp_path, exercise):
    shutil.copytree(exercise.folder, exercise.folder.with_name("twin"))

    with pytest.raises(DataError, match=r"exercises/python-toolkit, exercise number 2, .*'order'"):
        read_all(tmp_path / "data")


def test_a_whole_folder_is_read(exercise):
    assert (exercise.slug, exercise.module, exercise.name) == (f"{MODULE}/small", MODULE, "small")
    assert exercise.suffix == ".py"
    assert exercise.starter.startswith("def double")
    assert exercise.solution == exercise.answers("right")["same"]
    assert list(exercise.answers("wrong")) == ["wrong-value"]
    assert exercise.message("wrong-value", {"got": 7}) == "The answer gave 7."
    assert (exercise.limits.seconds, exercise.limits.memory_mb) == (3, 256)


def test_compiled_files_and_drafts_are_no_left_overs(tmp_path, exercise):
    (exercise.folder / "__pycache__").mkdir()
    shutil.copytree(exercise.folder, exercise.folder.with_name(".twin.new"))

    assert [e.slug for e in read_all(tmp_path / "data")] == [exercise.slug]


def test_exercises_stand_in_the_order_of_modules_and_then_in_their_own(tmp_path):
    for name in ("last", "first", "middle"):
        exercise = make_exercise(tmp_path, "def check(answer): pass\n", name=name)
    for name, order in (("first", 1), ("middle", 2), ("last", 3)):
        file = exercise.folder.with_name(name) / "exercise.toml"
        lines = file.read_text("utf-8").splitlines()
        lines = [f"order = {order}" if line.startswith("order") else line for line in lines]
        file.write_text("\n".join(lines), "utf-8")

    assert [e.name for e in read_all(tmp_path / "data")] == ["first", "middle", "last"]
    assert [e.name for e in find_all(tmp_path)] == ["first", "last", "middle"]


def find_all(folder):
    return [path for path, _ in exercise_folders(folder / "data", MODULE)]


def test_no_exercises_at_all_is_fine(tmp_path, exercise):
    shutil.rmtree(tmp_path / "data/exercises")

    assert read_all(tmp_path / "data") == ()


def test_an_unknown_slug_is_answered_with_the_nearest_one(tmp_path, exercise):
    data = tmp_path / "data"

    assert find_exercise(exercise.slug, data) == exercise
    with pytest.raises(CourseError, match=rf"'{MODULE}/smaller'; did you mean '{MODULE}/small'\?"):
        find_exercise(f"{MODULE}/smaller", data)
    with pytest.raises(CourseError, match=r"'prodev exercises list' names them all\."):
        find_exercise("x", data)
    with pytest.raises(CourseError, match=r"no module 'python-toolkits'; did you mean 'python-t"):
        exercise_folders(data, "python-toolkits")


def test_the_exercises_are_a_data_frame(repository):
    exercises = load_catalog(repository / "data").exercises

    assert list(exercises.columns) == ["slug", "module", "kind", "title", "points", "wrong"]
    assert exercises["points"].dtype == "int64"
    for column in ("slug", "module", "kind", "title", "wrong"):
        assert pd.api.types.is_string_dtype(exercises[column])
    assert list(exercises.index) == list(range(len(exercises)))
    assert exercises["slug"].is_unique


def test_the_list_on_the_command_line_is_the_data_frame(repository, prodev):
    frame = load_catalog(repository / "data").exercises
    result = prodev("exercises", "list", "--format", "json")

    assert result.exit_code == 0
    assert json.loads(result.stdout) == frame.to_dict("records")
    assert prodev("exercises", "list", "--module", "pythn-toolkit").exit_code == 2
