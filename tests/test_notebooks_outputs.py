"""Outputs are committed, because nbval checks nothing where there is no output."""

from __future__ import annotations

import json
import re

import pytest

import prodev
from notebook_files import PATHS, code_cells, read, tags

each = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
VARIES = "nbval-ignore-output"
VIEW = "application/vnd.jupyter.widget-view+json"


@each
def test_every_code_cell_ran_and_has_an_output_or_a_reason(path):
    for number, cell in enumerate(code_cells(read(path)), start=1):
        reason = "parameters" in tags(cell) or cell.metadata.get("no_output")
        assert cell.execution_count == number, f"{cell.id} did not run in order"
        assert bool(cell.outputs) != bool(reason), (
            f"{cell.id}: give it an output, or a reason in its metadata 'no_output'; not both"
        )


@each
def test_at_most_15_percent_of_the_code_cells_may_vary(path):
    cells = code_cells(read(path))
    assert sum(VARIES in tags(cell) for cell in cells) <= 0.15 * len(cells)


@each
def test_a_cell_that_varies_is_followed_by_one_that_states_what_does_not(path):
    cells = code_cells(read(path))
    for cell, following in zip(cells, [*cells[1:], None], strict=True):
        if VARIES in tags(cell):
            assert following is not None
            assert VARIES not in tags(following), f"{cell.id}: what cannot vary must come next"


@each
def test_only_a_cell_that_says_so_ends_in_an_error(path):
    for cell in code_cells(read(path)):
        errors = [output for output in cell.outputs if output.output_type == "error"]
        assert not errors or "raises-exception" in tags(cell), cell.id


@each
def test_no_output_shows_this_machine(path):
    for cell in code_cells(read(path)):
        shown = json.dumps(cell.outputs)
        assert not re.search(r"/(root|home|tmp|Users)/|0x[0-9a-f]{6,}", shown), cell.id
        assert "stderr" not in [output.get("name") for output in cell.outputs], cell.id


@each
def test_no_time_of_a_run_is_stored(path):
    notebook = read(path)
    assert set(notebook.metadata) <= {"kernelspec", "language_info", "widgets"}
    assert not any("execution" in cell.metadata for cell in notebook.cells)


@each
def test_each_output_belongs_to_its_own_run(path):
    for cell in code_cells(read(path)):
        counts = {o.execution_count for o in cell.outputs if "execution_count" in o}
        assert counts <= {cell.execution_count}, cell.id


@each
def test_widgets_keep_their_state_so_that_they_show_before_a_kernel_runs(path):
    notebook = read(path)
    state = notebook.metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"]
    shown = [
        output["data"][VIEW]
        for cell in code_cells(notebook)
        for output in cell.outputs
        if VIEW in output.get("data", {})
    ]
    assert shown
    for view in shown:
        assert view["model_id"] in state
        assert (view["version_major"], view["version_minor"]) == (2, 1)


@each
def test_the_stored_state_is_that_of_the_courses_own_data(path):
    stored = read(path).metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"]
    lesson = prodev.begin(path.stem[3:].replace("_", "-"))
    for widget in (lesson.quiz(), lesson.topics()):
        live = {k: v for k, v in widget.get_state().items() if k not in ("layout", "answers")}
        live = json.loads(json.dumps(live))
        assert any(
            {key: model["state"].get(key) for key in live} == live for model in stored.values()
        ), f"{type(widget).__name__}: run make outputs"
