"""A plan is every learner times every notebook, typed, named by hash, each with its own place."""

from __future__ import annotations

from pathlib import Path

import pytest

from batch_notebooks import PARAMETERS, make_notebook, make_roster
from prodev.batch.place import output_paths, safe_name
from prodev.batch.plan import Plan, plan
from prodev.catalog import load_catalog
from prodev.errors import CourseError, ParameterError, RosterError

NASTY = ["../../etc", "..", ".", "/etc/passwd", "a/b", "a_b", "a\\b", "-rf", "José", "Jose\u0301"]
NASTY += [
    "Ada",
    "ada",
    "ADA",
    "x" * 300,
    "x" * 299 + "y",
    "名" * 300,
    "{learner}",
    "CON",
    "a b",
    "~",
]


def test_without_modules_every_module_is_planned_for_every_learner(tmp_path: Path) -> None:
    roster = make_roster(tmp_path / "r.csv", "learner,seed\nada,7\nlin,\n")
    made = plan(roster, params={"seed": "3"}, mode="solve")
    slugs = [module.slug for module in load_catalog().module_records]
    assert [(run.learner, run.module) for run in made.runs] == [
        (learner, slug) for learner in ("ada", "lin") for slug in slugs
    ]
    assert made.runs[0].parameters == {
        "learner": "ada",
        "seed": 7,
        "scale": "small",
        "mode": "solve",
        "services": "auto",
    }
    assert made.runs[-1].parameters["seed"] == 3


def test_a_value_in_the_row_wins_over_mode_and_params(tmp_path: Path) -> None:
    roster = make_roster(tmp_path / "r.csv", "learner,mode\nada,learn\nlin,\n")
    made = plan(roster, modules=["start"], mode="solve")
    assert [run.parameters["mode"] for run in made.runs] == ["learn", "solve"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"modules": ["querry-performance"]}, "did you mean 'query-performance'?"),
        ({"modules": ["start", "start"]}, "'start' is asked for twice"),
        ({"modules": ["start"], "notebooks": [Path("n.ipynb")]}, "not both"),
        ({"notebooks": [Path("/nowhere/n.ipynb")]}, "There is no notebook /nowhere/n.ipynb"),
        ({"modules": ["start"], "params": {"sede": "1"}}, "did you mean 'seed'?"),
        ({"modules": ["start"], "params": {"seed": "abc"}}, "--param: parameter 'seed' is 'abc'"),
        ({"modules": ["start"], "params": {"learner": "x"}}, "the roster names the learners"),
        ({"modules": ["start"], "mode": "hack"}, "it may be learn or solve"),
        ({"modules": ["start"], "mode": "learn", "params": {"mode": "solve"}}, "differ; give one"),
    ],
)
def test_what_cannot_be_run_is_refused_with_a_sentence(
    tmp_path: Path, options: dict[str, object], sentence: str
) -> None:
    with pytest.raises(CourseError) as caught:
        plan(make_roster(tmp_path / "r.csv"), **options)
    assert sentence in str(caught.value)


def test_the_run_id_is_the_hash_of_the_plan_row_alone(tmp_path: Path) -> None:
    def ids(text: str, name: str) -> list[str]:
        made = plan(make_roster(tmp_path / name, text), modules=["start"])
        return [run.run_id for run in made.runs]

    first = ids("learner,seed\nada,1\nlin,2\n", "a.csv")
    assert ids("learner,seed\nlin,2\nada,1\n", "b.csv") == first[::-1]
    assert ids("learner\nada\n", "c.csv") == first[:1]
    assert len(set(first)) == 2
    assert all(len(run_id) == 16 and int(run_id, 16) >= 0 for run_id in first)


def test_other_notebooks_take_types_from_annotations_else_from_defaults(tmp_path: Path) -> None:
    cell = "a: int = 1\nb = 0.5\nc = True\nd = [1]\ne: str = '1'\nf = None\ng: 'Path' = '.'"
    notebook = make_notebook(tmp_path / "n.ipynb", "1", parameters=cell)
    given = {"a": "2", "b": "1", "c": "false", "d": "[2, 3]", "e": "7", "f": "x", "g": "/tmp"}
    (run,) = plan(make_roster(tmp_path / "r.csv"), notebooks=[notebook], params=given).runs
    assert run.parameters == {
        "a": 2, "b": 1.0, "c": False, "d": [2, 3], "e": "7", "f": "x", "g": "/tmp"
    }  # fmt: skip
    for name, text in {"a": "x", "b": "fast", "c": "2", "d": "{'a': 1}"}.items():
        with pytest.raises(ParameterError, match=f"parameter '{name}' is"):
            plan(make_roster(tmp_path / "r.csv"), notebooks=[notebook], params={name: text})


def test_the_learner_is_passed_on_only_where_it_is_declared(tmp_path: Path) -> None:
    with_it = make_notebook(tmp_path / "a.ipynb", "1", parameters=PARAMETERS)
    without = make_notebook(tmp_path / "b.ipynb", "1")
    made = plan(make_roster(tmp_path / "r.csv"), notebooks=[with_it, without])
    assert [run.parameters for run in made.runs] == [{"learner": "ada"}, {}]
    assert [run.learner for run in made.runs] == ["ada", "ada"]


def test_a_notebook_that_cannot_be_read_is_still_planned(tmp_path: Path) -> None:
    broken = tmp_path / "broken.ipynb"
    broken.write_text("{nope", "utf-8")
    roster = make_roster(tmp_path / "r.csv", "learner,seed\nada,1\n")
    assert len(plan(roster, notebooks=[broken]).runs) == 1


def test_two_notebooks_of_one_name_go_to_two_places(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
    books = [make_notebook(tmp_path / folder / "n.ipynb", "1") for folder in ("a", "b")]
    made: Plan = plan(make_roster(tmp_path / "r.csv"), notebooks=books)
    assert len({run.output_path for run in made.runs}) == 2
    assert len({run.run_id for run in made.runs}) == 2
    with pytest.raises(RosterError, match="asked for twice"):
        plan(make_roster(tmp_path / "r.csv"), notebooks=[books[0], books[0]])


def test_plain_names_give_plain_paths() -> None:
    assert output_paths([("ada", "00_start", "0" * 16)]) == ["ada/00_start.ipynb"]
    assert output_paths([("José", "n", "0" * 16)]) == ["José/n.ipynb"]


def test_a_learner_with_two_seeds_gets_two_notebooks() -> None:
    paths = output_paths([("ada", "n", "1" * 16), ("ada", "n", "2" * 16), ("lin", "n", "3" * 16)])
    assert paths == ["ada/n-11111111.ipynb", "ada/n-22222222.ipynb", "lin/n.ipynb"]


def test_names_that_differ_in_case_only_are_told_apart() -> None:
    paths = output_paths([("Ada", "n", "1" * 16), ("ada", "n", "2" * 16), ("lin", "n", "3" * 16)])
    assert paths == ["Ada/n-11111111.ipynb", "ada/n-22222222.ipynb", "lin/n.ipynb"]


def test_no_name_escapes_the_output_folder_and_none_collide(tmp_path: Path) -> None:
    paths = output_paths([(name, "n", f"{index:016x}"[::-1]) for index, name in enumerate(NASTY)])
    assert len({path.casefold() for path in paths}) == len(NASTY)
    for path in paths:
        place = (tmp_path / path).resolve()
        assert place.is_relative_to(tmp_path.resolve())
        assert len(place.relative_to(tmp_path.resolve()).parts) == 2
        place.parent.mkdir(exist_ok=True)
        place.write_text("", "utf-8")


def test_names_that_differ_have_folders_that_differ() -> None:
    assert len({safe_name(name) for name in NASTY}) == len(NASTY)
