"""A broken data file is answered with one sentence: file, row, column, and what to do."""

from __future__ import annotations

import re

import pytest


def replace(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def unknown_column(data):
    replace(data / "topics/technologies.csv", "description", "descripton")
    return "data/topics/technologies.csv, row 1, column 'descripton': unknown column; did you mean"


def missing_column(data):
    path = data / "topics/concepts.csv"
    lines = [line.split(",")[0:2] for line in path.read_text("utf-8").splitlines()]
    path.write_text("\n".join(",".join(line) for line in lines), "utf-8")
    return "data/topics/concepts.csv, row 1, column 'description': the column is missing"


def missing_value(data):
    replace(data / "topics/technologies.csv", "graphql,GraphQL,", "graphql,,")
    return "data/topics/technologies.csv, row 5, column 'title': the value is missing"


def too_many_values(data):
    replace(data / "topics/challenges.csv", "Introduced caching and", "Introduced caching, and")
    return "data/topics/challenges.csv, row 4: has 4 values for 3 columns"


def duplicate_slug(data):
    replace(data / "topics/systems.csv", "drf,DRF", "django,DRF")
    return "data/topics/systems.csv, row 4, column 'slug': 'django' stands 2 times"


def bad_colour(data):
    replace(data / "topics/systems.csv", "DC382D", "red")
    return "data/topics/systems.csv, row 7, column 'colour': 'red' does not have the form"


def wrong_encoding(data):
    path = data / "topics/takeaways.csv"
    path.write_bytes(
        path.read_bytes().replace(b"clean, modular", "cl\xe9an, modular".encode("latin-1"))
    )
    return "data/topics/takeaways.csv, row 2, column 'title': is not UTF-8 text"


def missing_file(data):
    (data / "topics/concepts.csv").unlink()
    return "data/topics/concepts.csv: the file is missing"


def empty_file(data):
    (data / "topics/concepts.csv").write_text("")
    return "data/topics/concepts.csv: the file is empty"


def broken_reference_to_a_topic(data):
    replace(data / "modules.toml", '"technology/django"', '"technology/djungo"')
    return (
        "data/modules.toml, module 'django-orm', column 'topics': "
        "'technology/djungo' does not exist; did you mean 'technology/django'?"
    )


def broken_reference_to_a_module(data):
    replace(
        data / "modules.toml", 'prerequisites = ["django-orm"]', 'prerequisites = ["django-om"]'
    )
    return (
        "data/modules.toml, module 'rest-apis', column 'prerequisites': "
        "'django-om' does not exist; did you mean 'django-orm'?"
    )


def circle_of_prerequisites(data):
    text = (data / "modules.toml").read_text("utf-8")
    head, tail = text.split('slug = "schema-and-sql"')
    tail = tail.replace("prerequisites = []", 'prerequisites = ["caching"]', 1)
    (data / "modules.toml").write_text(head + 'slug = "schema-and-sql"' + tail, "utf-8")
    return "column 'prerequisites': the prerequisites go round in a circle"


def row_that_no_module_names(data):
    replace(data / "modules.toml", ', "system/jenkins"', "")
    return "data/modules.toml, column 'topics': no module names 'system/jenkins'"


def wrong_type(data):
    replace(data / "modules.toml", "minutes = 150", 'minutes = "long"')
    return "data/modules.toml, module 'python-toolkit', column 'minutes': "


def unknown_key(data):
    replace(data / "modules.toml", "minutes = 150", "minuts = 150\nminutes = 150")
    return "module 'python-toolkit', column 'minuts': unknown name; did you mean 'minutes'?"


def broken_toml(data):
    replace(data / "glossary.toml", 'term = "', "term = ")
    return "data/glossary.toml: is not valid TOML"


def two_right_choices(data):
    path = data / "quizzes/caching.toml"
    path.write_text(
        path.read_text("utf-8")
        .replace("[[question.choice]]\ntext", "[[question.choice]]\nright = true\ntext")
        .replace("right = true\nfeedback", "feedback"),
        "utf-8",
    )
    return "right choices; mark exactly one"


def choice_without_feedback(data):
    text = (data / "quizzes/caching.toml").read_text("utf-8")
    (data / "quizzes/caching.toml").write_text(
        re.sub(r"^feedback = .*$", "", text, count=1, flags=re.M), "utf-8"
    )
    return "data/quizzes/caching.toml, question '"


BREAKS = [
    unknown_column, missing_column, missing_value, too_many_values, duplicate_slug, bad_colour,
    wrong_encoding, missing_file, empty_file, broken_reference_to_a_topic,
    broken_reference_to_a_module, circle_of_prerequisites, row_that_no_module_names, wrong_type,
    unknown_key, broken_toml, two_right_choices, choice_without_feedback,
]  # fmt: skip


@pytest.mark.parametrize("damage", BREAKS, ids=lambda damage: damage.__name__)
def test_broken_data_gives_one_sentence_and_exit_2(damage, data, prodev):
    expected = damage(data)
    result = prodev("topics")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert expected in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert "Traceback" not in result.stderr


def test_a_missing_course_says_where_it_was_looked_for(tmp_path, monkeypatch, prodev):
    monkeypatch.setenv("PRODEV_COURSE", str(tmp_path))
    result = prodev("modules")
    assert result.exit_code == 2
    assert "PRODEV_COURSE" in result.stderr
