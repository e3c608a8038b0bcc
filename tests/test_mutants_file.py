"""Mutants of text files: keys, items and lines deleted, neighbours swapped."""

from __future__ import annotations

import configparser
import json
import tomllib

import pytest
import yaml

from prodev.errors import CourseError
from prodev.judge.mutants import file_mutants
from prodev.judge.mutants.places import lines

COMPOSE = """\
# two services
services:
  web:
    image: stays
    restart: "no"
    ports: ["8080:80", 22:22]
    environment: {DEBUG: off}
  db:
    image: postgres   # why
on: push
"""

DOCKERFILE = """\
# syntax=docker/dockerfile:1
FROM python:3.13-slim

RUN apt-get update \\
    # why
    && apt-get install --yes git
COPY . .
USER app
"""


def values(source, suffix, read):
    return [read(mutant.source) for mutant in file_mutants(source, suffix)]


def table(source, suffix):
    return [(m.line, m.operator, m.before, m.after) for m in file_mutants(source, suffix)]


def test_each_key_and_item_of_json_is_deleted_and_neighbours_are_swapped():
    source = '{"a": 1, "b": {"c": [true, 1]}, "d": null, "e": "x"}'
    assert sorted(map(json.dumps, values(source, ".json", json.loads))) == sorted(
        (
            '{"b": {"c": [true, 1]}, "d": null, "e": "x"}',
            '{"a": 1, "d": null, "e": "x"}',
            '{"a": 1, "b": {}, "d": null, "e": "x"}',
            '{"a": 1, "b": {"c": [1]}, "d": null, "e": "x"}',
            '{"a": 1, "b": {"c": [true]}, "d": null, "e": "x"}',
            '{"a": 1, "b": {"c": [1, true]}, "d": null, "e": "x"}',
            '{"a": 1, "b": {"c": [true, 1]}, "e": "x"}',
            '{"a": 1, "b": {"c": [true, 1]}, "d": null}',
            '{"a": 1, "b": {"c": [true, 1]}, "d": "x", "e": null}',
        )
    )


def test_mutants_that_hold_the_same_are_one():
    assert values("[1, 1, 1]", ".json", json.loads) == [[1, 1]]
    assert values('{"a": 1, "b": 1}', ".json", json.loads) == [{"b": 1}, {"a": 1}]


def test_true_one_and_the_text_one_are_three_values():
    assert len(file_mutants('{"a": 1, "b": true}', ".json")) == 3
    assert len(file_mutants('{"a": 1, "b": 1.0}', ".json")) == 3
    assert len(file_mutants('a: 1\nb: "1"\n', ".yaml")) == 3
    assert len(file_mutants('a = 2026-01-02\nb = "2026-01-02"\n', ".toml")) == 3
    assert len(file_mutants("a = 2026-01-02\nb = 2026-01-03\n", ".toml")) == 3
    assert len(file_mutants("a = 2026-01-02\nb = 2026-01-02T00:00:00\n", ".toml")) == 3


def test_json_names_the_line_of_the_original_however_it_is_written():
    source = (
        '{"name": "port",\n\n  "on": "name", "port":\n 80,\n"all": [\n{"port": 1},\n{"on": 2}]}'
    )
    assert [(m.line, m.operator) for m in file_mutants(source, ".json")] == [
        (1, "DeleteKey"),  # name
        (1, "SwapValues"),
        (3, "DeleteKey"),  # on
        (3, "DeleteKey"),  # port
        (3, "SwapValues"),
        (5, "DeleteKey"),  # all
        (6, "DeleteItem"),
        (6, "DeleteKey"),
        (7, "DeleteItem"),
        (7, "DeleteKey"),
    ]


def test_a_key_is_not_found_inside_a_value_or_another_word():
    source = (
        '[table]\nfirst = "ab"\nab = "b, c"\nb = true\nc = ["x",\n  \'e\',\n  10]\ne = {f = 1}\n'
        "date = 2026-01-02\n\n[[d]]\ny = 1\nz = 2\n"
    )
    value = tomllib.loads(source)
    assert lines(source, value) == {
        ("table",): 1,
        ("table", "first"): 2,
        ("table", "ab"): 3,
        ("table", "b"): 4,
        ("table", "c"): 5,
        ("table", "c", 0): 5,
        ("table", "c", 1): 6,
        ("table", "c", 2): 7,
        ("table", "e"): 8,
        ("table", "e", "f"): 8,
        ("table", "date"): 9,
        ("d",): 11,
        ("d", 0): 12,
        ("d", 0, "y"): 12,
        ("d", 0, "z"): 13,
    }


def test_a_value_that_is_written_otherwise_is_not_looked_for_further_down():
    source = '{"a": 1e3,\n "b": [1000.0],\n "c": 1000.0}'
    found = lines(source, json.loads(source))
    assert found == {("a",): 1, ("b",): 2, ("b", 0): 2, ("c",): 3}


def test_items_of_yaml_have_lines():
    source = "a:\n- x\n- y: z\n- [1,\n   2]\n"
    found = lines(source, yaml.compose(source))
    assert list(found.values()) == [1, 2, 3, 3, 4, 4, 5]


def test_yaml_shows_the_line_before_and_after():
    assert (4, "DeleteKey", "image: stays", "") in table(COMPOSE, ".yml")
    assert (9, "DeleteKey", "db:\n  image: postgres", "db: {}") in table(COMPOSE, ".yml")


def test_scalars_of_yaml_stay_as_they_are_written():
    # YAML 1.1 makes True of `on`, False of `off` and 1342 of `22:22`; the tools that read these
    # files do not.
    first = file_mutants(COMPOSE, ".yaml")[0].source
    assert first == "on: push\n"
    last = file_mutants(COMPOSE, ".yaml")[-1].source
    assert "on: push" not in last
    assert all(text in last for text in ('"no"', "DEBUG: off", '"8080:80"', "22:22"))


def test_a_shared_node_of_yaml_is_changed_once_and_stays_shared():
    source = "a: &x {k: 1}\nb: *x\nc:\n  <<: *x\n"
    found = values(source, ".yaml", yaml.safe_load)
    assert found == [
        {"b": {"k": 1}, "c": {"k": 1}},
        {"a": {}, "b": {}, "c": {}},
        {"a": {"k": 1}, "c": {"k": 1}},
        {"a": {"k": 1}, "b": {"k": 1}},
        {"a": {"k": 1}, "b": {"k": 1}, "c": {}},
    ]


def test_tags_that_only_the_tool_knows_do_not_matter():
    source = "ports: !reset [80]\nname: !env NAME\n"
    assert [m.before for m in file_mutants(source, ".yaml")] == [
        "ports: !reset [80]",
        "ports: !reset [80]",
        "name: !env 'NAME'",
    ]


def test_a_document_of_several_is_deleted_too():
    found = values("a: 1\n---\nb: 2\n", ".yaml", lambda text: list(yaml.safe_load_all(text)))
    assert found == [[{"b": 2}], [{}, {"b": 2}], [{"a": 1}], [{"a": 1}, {}]]


def test_each_key_of_toml_is_deleted_in_tables_and_in_arrays_of_tables():
    source = (
        'a = 1\nb = 2026-01-02\n\n[t."x.y"]\nc = ["E"]\n\n[[job]]\nn = 1_000\n[[job]]\nm = inf\n'
    )
    found = values(source, ".toml", tomllib.loads)
    whole = tomllib.loads(source)
    assert len(found) == 12
    assert {**whole, "t": {"x.y": {"c": []}}} in found
    assert {**whole, "job": [{"n": 1000}]} in found
    assert {**whole, "a": whole["b"], "b": 1} in found
    assert table(source, ".toml")[-1] == (10, "DeleteKey", "m = inf", "")


def test_ini_keeps_its_names_and_its_values_without_a_meaning():
    source = "[DEFAULT]\nRate = 1\n[api]\nurl = %(Rate)s\nflag\n"
    found = file_mutants(source, ".cfg")
    assert [(m.line, m.operator) for m in found] == [
        (1, "DeleteKey"),
        (2, "DeleteKey"),
        (3, "DeleteKey"),
        (4, "DeleteKey"),
        (4, "SwapValues"),
        (5, "DeleteKey"),
    ]
    parser = configparser.RawConfigParser(allow_no_value=True)
    parser.read_string(found[4].source)
    assert dict(parser["api"]) == {"rate": "1", "url": None, "flag": "%(Rate)s"}
    assert "Rate = 1" in found[4].source


def test_an_instruction_of_a_dockerfile_goes_with_its_continuations():
    run = "RUN apt-get update \\\n    # why\n    && apt-get install --yes git"
    assert table(DOCKERFILE, "") == [
        (2, "DeleteLine", "FROM python:3.13-slim", ""),
        (2, "SwapLines", f"FROM python:3.13-slim\n\n{run}", f"{run}\n\nFROM python:3.13-slim"),
        (4, "DeleteLine", run, ""),
        (4, "SwapLines", f"{run}\nCOPY . .", f"COPY . .\n{run}"),
        (7, "DeleteLine", "COPY . .", ""),
        (7, "SwapLines", "COPY . .\nUSER app", "USER app\nCOPY . ."),
        (8, "DeleteLine", "USER app", ""),
    ]


def test_comments_blank_lines_and_brackets_are_no_mutants():
    assert table("# a\n\n// b\n; c\n{\n}\n", ".conf") == []
    assert table("stage {\n}\n", "") == [(1, "DeleteLine", "stage {", "")]


def test_equal_lines_give_one_mutant():
    assert table("A\nA\n", ".env") == [(2, "DeleteLine", "A", "")]


def test_a_last_line_without_an_end_stays_a_line_of_its_own():
    assert [m.source for m in file_mutants("A\nB", "")] == ["B\n", "B\nA\n", "A\n"]


def test_blanks_after_the_backslash_still_continue_a_line():
    assert next(m.source for m in file_mutants("RUN a \\ \n  b\nUSER c\n", "")) == "USER c\n"


def test_a_key_that_stands_twice_in_yaml_is_no_obstacle():
    assert [m.line for m in file_mutants("a: x\na: [y]\n", ".yaml")] == [1, 2, 2]


@pytest.mark.parametrize(
    ("suffix", "one", "other"),
    [
        (".json", '{"a": 1, "b": [2]}', '{\n\t"b":[2],\n\t"a":1}'),
        (".toml", 'a = 1\n[b]\nc = "x"\n', "# why\na = 0x1\n\n  [ b ]\n  c = 'x' # so\n"),
        (".yaml", "a: 1\nb: [x]\n", "# why\nb:\n  - 'x'\na: 1   # so\n"),
        (".ini", "[a]\nb = 1\n", "; why\n[a]\n\nb:1\n"),
        ("", "FROM a\nRUN b && c\n", "# why\nFROM  a\n\nRUN b \\\n  && c"),
    ],
)
def test_an_id_survives_layout_comments_and_the_order_of_keys(suffix, one, other):
    found = {m.id for m in file_mutants(one, suffix)}
    assert found
    assert found >= {m.id for m in file_mutants(other, suffix) if m.operator.startswith("Delete")}


def test_ids_are_eight_hex_digits_that_do_not_change():
    assert [
        [mutant.id for mutant in file_mutants(*file)]
        for file in (('{"a": 1, "b": 2}', ".json"), ("a: 1\nb: 2\n", ".yaml"), ("a x\nb\n", ""))
    ] == [
        ["f9a544c0", "2696610e", "cd12743c"],
        ["42bc4429", "9f1753b2", "02fefef2"],
        ["a8950f05", "59709031", "99672c41"],
    ]


@pytest.mark.parametrize(
    ("suffix", "name"),
    [(".json", "JSON"), (".toml", "TOML"), (".yaml", "YAML"), (".ini", "INI")],
)
def test_a_solution_that_cannot_be_read_is_a_sentence(suffix, name):
    with pytest.raises(CourseError, match=rf"no valid {name} \([^\n]*line[^\n]*\); correct it\."):
        file_mutants("{]\n", suffix)


@pytest.mark.parametrize("suffix", [".json", ".toml", ".yaml", ".ini", ""])
def test_a_solution_without_anything_to_change_has_no_mutants(suffix):
    assert file_mutants("{}" if suffix == ".json" else "", suffix) == ()
