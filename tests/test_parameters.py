"""Parameters are checked before anything runs."""

from __future__ import annotations

import pytest

import prodev
from prodev.catalog import parse_parameters
from prodev.catalog.parameters import parameters_cell
from prodev.errors import CourseError, ParameterError


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"seed": "abc"}, "here: parameter 'seed' is 'abc'; write a whole number, such as 7."),
        ({"seed": "1.5"}, "write a whole number"),
        ({"seed": True}, "write a whole number"),
        ({"seed": "-1"}, "write 0 or more"),
        ({"sede": 1}, "here: there is no parameter 'sede'; did you mean 'seed'?"),
        ({"zzz": 1}, "it may be learner, seed, scale, mode or services"),
        ({"mode": "hack"}, "here: parameter 'mode' is 'hack'; it may be learn or solve."),
        ({"scale": "huge"}, "it may be small, medium or large"),
        ({"services": ""}, "write a text"),
        ({"learner": 7}, "write a text"),
    ],
)
def test_a_wrong_parameter_is_named_with_what_is_allowed(given, sentence):
    with pytest.raises(ParameterError) as caught:
        parse_parameters(given, where="here")
    assert sentence in str(caught.value)


def test_text_from_a_roster_becomes_a_number():
    assert parse_parameters({"seed": " 7 ", "learner": "ada"}, where="x") == {
        "seed": 7,
        "learner": "ada",
    }


def test_a_notebook_must_give_the_seed_as_a_number():
    with pytest.raises(ParameterError, match="is the text '7'; write a whole number without quot"):
        prodev.begin("caching", seed="7")


def test_an_unknown_module_is_named_with_the_nearest():
    with pytest.raises(CourseError, match="did you mean 'caching'"):
        prodev.begin("cachign")


def test_a_lesson_knows_its_module_and_its_learner():
    lesson = prodev.begin("caching", learner="ada", seed=3)
    assert (lesson.module.order, lesson.learner, lesson.parameters.seed) == (7, "ada", 3)


def test_in_a_notebook_an_error_of_the_course_shows_its_sentence_alone():
    assert ParameterError("One sentence.")._render_traceback_() == ["ParameterError: One sentence."]


def test_the_parameters_cell_has_a_type_a_default_and_a_help_on_each_line():
    lines = parameters_cell().splitlines()
    assert lines[1] == "seed: int = 1  # which data: the same seed gives the same rows"
    assert len(lines) == 5
