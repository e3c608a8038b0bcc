"""A batch is bounded, can be interrupted, and leaves no process and no scratch file behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from multiprocessing.connection import wait
from pathlib import Path

import pytest

from batch_notebooks import PARAMETERS, make_notebook, make_roster
from prodev.batch.interrupt import Interrupt
from prodev.batch.ledger import open_ledger, read_outcomes
from prodev.batch.plan import Plan, plan
from prodev.batch.run import run
from prodev.errors import CourseError

SCRIPT = """
import sys
from pathlib import Path
from prodev.batch.plan import plan
from prodev.batch.run import run
folder = Path(sys.argv[1])
made = plan(folder / "r.csv", notebooks=[folder / "n.ipynb"])
summary = run(made, folder / "out", jobs=2)
print(summary.interrupted, summary.counts)
"""


def processes_with(mark: str) -> list[int]:
    """Return the processes whose environment holds a mark: those of one test, wherever they are."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (folder / "environ").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue
    return [pid for pid in found if pid != os.getpid()]


def wait_until(done: object, seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not done():  # type: ignore[operator]
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.05)


@pytest.fixture
def scratch() -> Iterator[Path]:
    """A folder for temporary files; its path is short, since sockets lie below it."""
    with tempfile.TemporaryDirectory(prefix="t-", dir="/tmp") as folder:
        yield Path(folder)


@pytest.mark.slow
def interrupted_batch(folder: Path, scratch: Path, mark: str) -> subprocess.Popen[str]:
    """Start a batch of four runs, two at a time, that all wait; return once two are under way."""
    cell = (
        "import pathlib, subprocess, time\n"
        "subprocess.Popen(['sleep', '600'], start_new_session=True)\n"
        f"pathlib.Path({str(folder)!r}, 'began-' + learner).touch()\n"
        "time.sleep(600)"
    )
    make_notebook(folder / "n.ipynb", cell, parameters=PARAMETERS)
    make_roster(folder / "r.csv", "learner\na\nb\nc\nd\n")
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(folder)],
        env={**os.environ, "TMPDIR": str(scratch), "PRODEV_TEST_MARK": mark},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_until(lambda: len(list(folder.glob("began-*"))) == 2)
    assert len(list(scratch.glob("prodev-*"))) == 2
    return process


@pytest.mark.slow
def test_an_interrupt_cancels_the_rest_and_leaves_no_process(tmp_path: Path, scratch: Path) -> None:
    mark = f"interrupt-{os.getpid()}"
    process = interrupted_batch(tmp_path, scratch, mark)
    process.send_signal(signal.SIGINT)
    said, noise = process.communicate(timeout=30)
    assert said == "True {'cancelled': 4}\n"
    assert noise == ""
    outcomes = {outcome.learner: outcome for outcome in read_outcomes(tmp_path / "out")}
    assert [outcomes[name].cells_run for name in "abcd"] == [3, 3, 0, 0]
    assert outcomes["a"].reason == "cell 3: the batch was interrupted"
    assert outcomes["c"].reason == "the batch was interrupted before this run began"
    assert outcomes["d"].started_at is None
    wait_until(lambda: not processes_with(mark), 5)
    assert list(scratch.iterdir()) == []


def test_a_killed_batch_leaves_no_process_either(tmp_path: Path, scratch: Path) -> None:
    mark = f"killed-{os.getpid()}"
    process = interrupted_batch(tmp_path, scratch, mark)
    process.kill()
    process.communicate()
    wait_until(lambda: not processes_with(mark), 10)
    assert list(scratch.glob("prodev-*")) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_both_signals_wake_the_batch_and_are_given_back_afterwards(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with Interrupt() as interrupt:
        assert wait([interrupt.sentinel], timeout=0) == []
        os.kill(os.getpid(), number)
        assert wait([interrupt.sentinel], timeout=5) == [interrupt.sentinel]
        assert interrupt.take() == 1
        assert wait([interrupt.sentinel], timeout=0) == []
    assert signal.getsignal(number) is before


def test_a_run_over_its_time_is_ended_with_all_that_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = f"over-{os.getpid()}"
    monkeypatch.setenv("PRODEV_TEST_MARK", mark)
    cell = "import subprocess, time\nsubprocess.Popen(['setsid', 'sleep', '600'])\ntime.sleep(600)"
    summary = run(small_plan(tmp_path, cell), tmp_path / "out", jobs=2, run_timeout=4)
    (outcome,) = summary.outcomes
    assert outcome.status == "timed_out"
    assert outcome.reason.endswith("the run took longer than 4 s")
    # What may be left is multiprocessing's own server, which waits for the next run.
    left = [Path(f"/proc/{pid}/cmdline").read_text("utf-8") for pid in processes_with(mark)]
    assert [line for line in left if "multiprocessing" not in line] == []


def small_plan(folder: Path, *cells: str) -> Plan:
    return plan(
        make_roster(folder / "r.csv"), notebooks=[make_notebook(folder / "n.ipynb", *cells)]
    )


def test_a_second_batch_into_the_same_folder_is_a_second_attempt(tmp_path: Path) -> None:
    broken = tmp_path / "n.ipynb"
    broken.write_text("{nope", "utf-8")
    made = plan(make_roster(tmp_path / "r.csv"), notebooks=[broken])
    for _ in range(2):
        run(made, tmp_path / "out", jobs=1)
    assert [outcome.attempt for outcome in read_outcomes(tmp_path / "out")] == [1, 2]


def test_our_modules_run_in_a_private_folder_and_others_where_they_lie(tmp_path: Path) -> None:
    book = make_notebook(tmp_path / "n.ipynb", "open('beside.txt').read()")
    (tmp_path / "beside.txt").write_text("here", "utf-8")
    made = plan(make_roster(tmp_path / "r.csv"), notebooks=[book])
    assert not made.runs[0].own_folder
    assert run(made, tmp_path / "out").ok
    modules = plan(make_roster(tmp_path / "r.csv"), modules=["start"])
    assert modules.runs[0].own_folder


def test_an_output_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(CourseError, match=r"output folder .* cannot be used \(Not a directory\)"):
        run(small_plan(tmp_path, "1"), tmp_path / "file" / "out")


def test_an_output_folder_that_is_removed_meanwhile_stops_the_batch(tmp_path: Path) -> None:
    out = tmp_path / "out"
    made = small_plan(tmp_path, f"import shutil; shutil.rmtree({str(out)!r})")
    with pytest.raises(CourseError, match=r"^The ledger .* was removed while the batch ran\.$"):
        run(made, out, jobs=1)
    assert not out.exists()


def test_a_file_that_is_no_ledger_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite").write_text("my notes " * 200, "utf-8")
    with pytest.raises(CourseError, match="cannot be used"):
        open_ledger(tmp_path)
    assert (tmp_path / "ledger.sqlite").read_text("utf-8").startswith("my notes")


def test_an_unknown_engine_and_no_jobs_are_refused_before_anything_is_written(
    tmp_path: Path,
) -> None:
    made = small_plan(tmp_path, "1")
    with pytest.raises(CourseError, match="There is no engine 'steam'"):
        run(made, tmp_path / "out", engine="steam")
    with pytest.raises(CourseError, match="--jobs is 0"):
        run(made, tmp_path / "out", jobs=0)
    assert not (tmp_path / "out").exists()
