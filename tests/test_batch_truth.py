"""The ledger and the output notebook say what happened, whatever papermill makes of it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest

from batch_notebooks import PARAMETERS, make_notebook, make_roster
from prodev.batch.ledger import COLUMNS, Outcome, read
from prodev.batch.plan import plan
from prodev.batch.report import write_report
from prodev.batch.run import run

VERDICT = (
    "from IPython.display import display\n"
    "for status in ('passed', 'failed'):\n"
    "    record = {'application/vnd.prodev.verdict+json': {'status': status}}\n"
    "    display({**record, 'text/plain': status}, raw=True)"
)
# Each notebook has three code cells before these: parameters, injected parameters, and x = 1.
CELLS = {
    "good": (VERDICT, "import os; print(learner, seed + 1, os.environ['PRODEV_LEARNER'])"),
    "error": ("1 / 0", "print('after')"),
    "sys_exit": ("import sys; sys.exit(0)", "print('after')"),
    "quit": ("exit()", "print('after')"),
    "os_exit": ("import os; os._exit(0)", "print('after')"),
    "killed": ("import os; os.kill(os.getpid(), 9)", "print('after')"),
    "segfault": ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "print('after')"),
    "slow": ("import time; time.sleep(600)", "print('after')"),
}
EXPECTED = {
    "good": ("passed", ""),
    "error": ("failed", "cell 4: ZeroDivisionError: division by zero"),
    "sys_exit": ("exited_early", "cell 4: left the notebook by sys.exit(0)"),
    "quit": ("exited_early", "cell 4: left the notebook by exit()"),
    "os_exit": ("exited_early", "cell 4: ended the kernel with exit code 0"),
    "killed": ("kernel_died", "cell 4: the kernel was killed by SIGKILL"),
    "segfault": ("kernel_died", "cell 4: the kernel was killed by SIGSEGV"),
    "slow": ("timed_out", "cell 4: took longer than 4 s"),
    "tagged": ("passed", ""),
    "corrupt": ("not_run", "the notebook cannot be read (NotJSONError"),
    "no_kernel": ("not_run", "there is no kernel 'cobol' here"),
}
STOPPED = [name for name in CELLS if name != "good"]


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Outcome]]:
    """Run one notebook of each kind, once for all tests of this file."""
    folder = tmp_path_factory.mktemp("truth {braces}")
    books = [
        make_notebook(folder / f"{name}.ipynb", "x = 1", *cells, parameters=PARAMETERS)
        for name, cells in CELLS.items()
    ]
    books.append(
        make_notebook(folder / "tagged.ipynb", "1 / 0", "y = 2", tags=("raises-exception",))
    )
    books.append(make_notebook(folder / "no_kernel.ipynb", "1", kernel="cobol"))
    (folder / "corrupt.ipynb").write_text('{"cells": [', "utf-8")
    books.append(folder / "corrupt.ipynb")
    made = plan(make_roster(folder / "r.csv", "learner\nJosé\n"), notebooks=books)
    summary = run(made, folder / "out", jobs=4, cell_timeout=4)
    assert not summary.ok
    assert sum(summary.counts.values()) == len(EXPECTED)
    write_report(folder / "out")
    return folder / "out", {outcome.module: outcome for outcome in summary.outcomes}


def notebook(batch: tuple[Path, dict[str, Outcome]], name: str) -> dict[str, Any]:
    out, outcomes = batch
    content: dict[str, Any] = json.loads((out / outcomes[name].output_path).read_text("utf-8"))
    return content


@pytest.mark.parametrize("name", EXPECTED)
def test_each_end_has_its_own_status_and_reason(
    batch: tuple[Path, dict[str, Outcome]], name: str
) -> None:
    outcome = batch[1][name]
    status, reason = EXPECTED[name]
    assert (outcome.status, outcome.reason[: len(reason)]) == (status, reason)
    assert bool(outcome.reason) == (status != "passed")


@pytest.mark.parametrize("name", STOPPED)
def test_a_cell_that_did_not_run_is_never_completed(
    batch: tuple[Path, dict[str, Outcome]], name: str
) -> None:
    outcome = batch[1][name]
    assert (outcome.cells_run, outcome.cells_total) == (4, 5)
    content = notebook(batch, name)
    cells = [c for c in content["cells"] if "papermill" in c["metadata"]]
    states = [c["metadata"]["papermill"]["status"] for c in cells if c["cell_type"] == "code"]
    assert states == ["completed", "completed", "completed", "failed", "pending"]
    assert cells[-1]["execution_count"] is None
    assert content["metadata"]["papermill"]["exception"] is True
    assert content["metadata"]["prodev"]["status"] == outcome.status
    assert content["metadata"]["prodev"]["reason"] == outcome.reason


def test_a_run_that_passed_has_run_every_cell(batch: tuple[Path, dict[str, Outcome]]) -> None:
    outcome = batch[1]["good"]
    assert (outcome.cells_run, outcome.cells_total) == (5, 5)
    content = notebook(batch, "good")
    assert {c["metadata"]["papermill"]["status"] for c in content["cells"]} == {"completed"}
    assert content["metadata"]["papermill"]["exception"] is None
    assert content["cells"][-1]["outputs"][0]["text"] == ["José 2 José\n"]


def test_an_error_that_a_cell_announces_is_no_failure(
    batch: tuple[Path, dict[str, Outcome]],
) -> None:
    content = notebook(batch, "tagged")
    assert [c["cell_type"] for c in content["cells"]] == ["markdown", "code", "code"]
    assert batch[1]["tagged"].cells_run == 2


def test_verdict_records_in_the_output_are_counted(batch: tuple[Path, dict[str, Outcome]]) -> None:
    outcome = batch[1]["good"]
    assert (outcome.verdicts_passed, outcome.verdicts_total) == (1, 2)
    assert batch[1]["error"].verdicts_total == 0


def test_a_notebook_that_never_ran_leaves_no_output(
    batch: tuple[Path, dict[str, Outcome]],
) -> None:
    outcome = batch[1]["corrupt"]
    assert (outcome.output_path, outcome.output_sha256, outcome.cells_run) == ("", "", 0)
    assert outcome.max_rss_mb is None
    assert batch[1]["no_kernel"].cells_run == 0


def test_the_ledger_has_every_column_of_the_contract_in_order(
    batch: tuple[Path, dict[str, Outcome]],
) -> None:
    table = read(batch[0])
    assert tuple(table.columns) == COLUMNS
    assert " ".join(COLUMNS) == (
        "run_id attempt module learner parameters status reason started_at ended_at wall_s cpu_s "
        "max_rss_mb cells_total cells_run verdicts_passed verdicts_total output_path output_sha256 "
        "cache_key engine host"
    )
    assert len(table) == len(EXPECTED)
    assert set(table["attempt"]) == {1}
    assert set(table["engine"]) == {"papermill"}
    assert set(table["cache_key"]) == {""}
    assert pd.to_datetime(table["started_at"]).le(pd.to_datetime(table["ended_at"])).all()
    good = table[table["module"] == "good"].iloc[0]
    assert json.loads(good["parameters"]) == {"learner": "José"}
    assert 0.1 < good["cpu_s"] < 60
    assert good["wall_s"] > 0
    assert 20 < good["max_rss_mb"] < 1000


def test_each_output_is_a_valid_notebook_with_the_hash_in_the_ledger(
    batch: tuple[Path, dict[str, Outcome]],
) -> None:
    out, outcomes = batch
    for outcome in outcomes.values():
        if outcome.output_path:
            content = (out / outcome.output_path).read_bytes()
            assert hashlib.sha256(content).hexdigest() == outcome.output_sha256
            nbformat.validate(nbformat.reads(content.decode(), as_version=4))


def test_nothing_lies_in_the_output_folder_but_notebooks_ledger_and_report(
    batch: tuple[Path, dict[str, Outcome]],
) -> None:
    out, outcomes = batch
    files = {str(p.relative_to(out)) for p in out.rglob("*") if p.is_file()}
    wanted = {outcome.output_path for outcome in outcomes.values()} - {""}
    assert files == wanted | {"ledger.sqlite", "report.html"}
