"""``prodev batch`` on the command line: options, sentences and exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from batch_notebooks import PARAMETERS, make_notebook, make_roster

COMMAND = Path(sys.executable).with_name("prodev")


@pytest.fixture
def roster(tmp_path):
    return make_roster(tmp_path / "roster.csv", "learner,seed\nada,1\nkwame,2\n")


def run(*arguments, cwd):
    return subprocess.run(
        [COMMAND, "batch", "run", *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--param", "seed=abc"], "parameter 'seed' is 'abc'; write a whole number, such as 7."),
        (["--param", "sede=1"], "there is no parameter 'sede'; did you mean 'seed'?"),
        (["--param", "seed"], "--param seed: write NAME=VALUE, such as seed=7."),
        (["--param", "scale=small", "--param", "scale=large"], "'scale' is given twice; keep one."),
        (["--mode", "hack"], "parameter 'mode' is 'hack'; it may be learn or solve."),
        (["--modules", "cachin"], "did you mean 'caching'?"),
        (["--modules", "start,cachin"], "did you mean 'caching'?"),
        (["--jobs", "0"], "--jobs is 0; give 1 or more."),
    ],
)
def test_a_wrong_option_gives_one_sentence_exit_2_and_writes_nothing(
    options, sentence, tmp_path, prodev
):
    roster = make_roster(tmp_path / "roster.csv")
    out = tmp_path / "out"
    result = prodev("batch", "run", "--roster", str(roster), "--out", str(out), *options)
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert result.stdout == ""
    assert not out.exists()


def test_each_wrong_row_of_a_roster_gets_its_own_sentence(tmp_path, prodev):
    roster = make_roster(tmp_path / "roster.csv", "learner,seed\nada,x\n,2\nlin,3\n")
    result = prodev("batch", "run", "--roster", str(roster), "--out", str(tmp_path / "out"))
    assert result.exit_code == 2
    assert len(result.stderr.strip().splitlines()) == 2
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_a_failing_notebook_is_named_with_its_cell_and_error_and_the_others_finish(
    tmp_path, roster
):
    good = make_notebook(tmp_path / "good.ipynb", "print(seed)", parameters=PARAMETERS)
    bad = make_notebook(tmp_path / "bad.ipynb", "1 / (seed - 1)", parameters=PARAMETERS)
    done = run(
        "--roster", roster, "--out", "out", "--notebooks", good, bad, "--jobs", 2, cwd=tmp_path
    )
    assert done.returncode == 1
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    failed = [line for line in lines if line.startswith("✕")]
    assert len(failed) == 1
    assert "bad" in failed[0]
    assert "ada" in failed[0]
    assert "ZeroDivisionError: division by zero" in failed[0]
    assert "cell" in failed[0]
    assert sum(line.startswith("✓ passed") for line in lines) == 3
    assert lines[-1].startswith("3 passed, 1 failed in ")
    assert (tmp_path / "out/report.html").is_file()


@pytest.mark.slow
def test_json_is_one_list_of_flat_rows_and_nothing_else(tmp_path, roster, prodev):
    good = make_notebook(tmp_path / "good.ipynb", "print(seed)", parameters=PARAMETERS)
    done = run(
        "--roster", roster, "--out", "out", "--notebooks", good, "--format", "json", cwd=tmp_path
    )
    rows = json.loads(done.stdout)
    assert [row["status"] for row in rows] == ["passed", "passed"]
    assert all(not isinstance(value, dict | list) for row in rows for value in row.values())
    again = prodev("batch", "report", str(tmp_path / "out"), "--format", "json")
    assert again.exit_code == 0
    assert {row["run_id"] for row in json.loads(again.stdout)} == {row["run_id"] for row in rows}


def test_a_report_of_a_folder_without_a_ledger_says_so(tmp_path, prodev):
    result = prodev("batch", "report", str(tmp_path))
    assert result.exit_code == 2
    assert "ledger" in result.stderr
