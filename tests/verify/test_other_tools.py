"""The notebooks run under stock tools, in both modes, and from the built wheel."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from prodev.catalog import load_catalog

REPOSITORY = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
CATALOG = load_catalog(REPOSITORY / "data")
MODULE = REPOSITORY / "notebooks/03_query_performance.ipynb"


@pytest.fixture
def environment(tmp_path):
    return {**os.environ, "PRODEV_HOME": str(tmp_path / "home"), "PRODEV_LEARNER": ""}


def run(command, **options):
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=False, **options
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done


def statuses(folder):
    with sqlite3.connect(folder / "ledger.sqlite") as ledger:
        return ledger.execute("select module, status, reason from runs order by module").fetchall()


@pytest.mark.parametrize("mode", ["learn", "solve"])
def test_every_module_passes_in_both_modes(mode, tmp_path, environment):
    roster = tmp_path / "roster.csv"
    roster.write_text("learner,seed\nverify,42\n")
    out = tmp_path / "out"
    run(
        [BIN / "prodev", "batch", "run", "--roster", roster, "--out", out, "--mode", mode],
        env=environment,
    )
    assert [row[1:] for row in statuses(out)] == [("passed", "")] * 14
    with sqlite3.connect(out / "ledger.sqlite") as ledger:
        counted = dict(
            ledger.execute("select module, verdicts_total || '/' || verdicts_passed from runs")
        )
    for exercises in CATALOG.exercises.groupby("module")["slug"]:
        module, total = exercises[0], len(exercises[1])
        assert counted[module] == f"{total}/{total if mode == 'solve' else 0}"


def test_stock_papermill_runs_a_module_with_other_parameters(tmp_path, environment):
    out = tmp_path / "out.ipynb"
    run(
        [BIN / "papermill", MODULE, out, "-p", "learner", "demo2", "-p", "seed", "7"],
        env=environment,
    )
    cells = [cell for cell in nbformat.read(out, as_version=4).cells if cell.cell_type == "code"]
    injected = next(c for c in cells if "injected-parameters" in c.metadata.get("tags", []))
    assert 'learner = "demo2"' in injected.source
    assert all(cell.execution_count for cell in cells)


def test_nbconvert_executes_a_module(tmp_path, environment):
    run(
        [
            BIN / "jupyter",
            "nbconvert",
            "--to",
            "html",
            "--execute",
            MODULE,
            "--output-dir",
            tmp_path,
        ],
        env=environment,
    )
    page = (tmp_path / "03_query_performance.html").read_text("utf-8")
    assert "Why did this page take nine seconds?" in page


def test_the_built_wheel_works_in_an_empty_directory(tmp_path, environment):
    run(
        [
            BIN / "python",
            "-m",
            "build",
            "--wheel",
            "--no-isolation",
            "--outdir",
            tmp_path / "dist",
            REPOSITORY,
        ]
    )
    wheel = next((tmp_path / "dist").glob("*.whl"))
    site = tmp_path / "site"
    run([BIN / "python", "-m", "pip", "install", "--quiet", "--no-deps", "--target", site, wheel])
    empty = tmp_path / "empty"
    empty.mkdir()
    # The wheel's package comes before the editable one; its dependencies are those of .venv.
    installed = {"env": {**environment, "PYTHONPATH": str(site)}, "cwd": empty}
    where = run([BIN / "python", "-c", "import prodev; print(prodev.__file__)"], **installed)
    assert where.stdout.startswith(str(site))
    prodev = [BIN / "python", site / "bin/prodev"]
    assert len(json.loads(run([*prodev, "topics", "--format", "json"], **installed).stdout)) == 35
    assert len(json.loads(run([*prodev, "modules", "--format", "json"], **installed).stdout)) == 14
    _check_that_the_judge_hides_the_installed_solutions(prodev, site, empty, installed)
    (empty / "roster.csv").write_text("learner\nada\n")
    run(
        [
            *prodev,
            "batch",
            "run",
            "--roster",
            "roster.csv",
            "--out",
            "out",
            "--modules",
            "start,caching",
        ],
        **installed,
    )
    assert [row[1] for row in statuses(empty / "out")] == ["passed", "passed"]


def _check_that_the_judge_hides_the_installed_solutions(prodev, site, empty, installed):
    """In a wheel the course lies beside the packages that an answer may import."""
    exercise = CATALOG.exercise("python-toolkit/retry-with-limit")
    judge = [*prodev, "judge", exercise.slug, "answer.py", "--format", "json"]
    (empty / "answer.py").write_text(exercise.solution)
    assert json.loads(run(judge, **installed).stdout)["status"] == "passed"
    folder = site / f"prodev/course/data/exercises/{exercise.slug}"
    for name in ("solution.py", "check.py"):
        assert (folder / name).is_file()
        (empty / "answer.py").write_text(f"print('LEAK', open({str(folder / name)!r}).read())\n")
        command = [str(part) for part in judge]
        done = subprocess.run(command, capture_output=True, text=True, check=False, **installed)
        verdict = json.loads(done.stdout)
        assert (verdict["status"], verdict["code"]) == ("error", "raised")
        assert "PermissionError" in verdict["evidence"]["error"]
        assert "LEAK" not in str(verdict["evidence"].get("printed", ""))
