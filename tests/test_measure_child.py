"""Code in a process of its own: what it returns, what it takes, and that it never stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from prodev.errors import CourseError
from prodev.measure import run_in_child

pytestmark = pytest.mark.slow


def test_the_peak_counts_what_run_holds_and_not_what_was_prepared():
    code = """
prepared = bytearray(60 * 2**20)
prepared[::4096] = b"x" * len(prepared[::4096])
del prepared

def run():
    held = bytearray(arguments[0] * 2**20)
    held[::4096] = b"x" * len(held[::4096])
    return len(held)
"""
    big, small = run_in_child(code, 40), run_in_child(code, 1)
    assert (big.result, small.result) == (40 * 2**20, 2**20)
    assert big.ms > 0
    if sys.platform == "linux":
        assert 39 <= big.peak_mb < 44
        assert small.peak_mb < 5


def test_arguments_and_results_are_plain_data():
    found = run_in_child("def run(): return arguments", 1, "ü", [None, 0.5], Path("/a b"))
    assert found.result == [1, "ü", [None, 0.5], "/a b"]


def test_what_the_code_prints_does_not_spoil_the_answer():
    code = "import os\ndef run():\n    print('{}'); os.system('echo hello'); return 1"
    assert run_in_child(code).result == 1


def test_an_answer_may_be_long():
    assert len(run_in_child("def run(): return 'x' * 3_000_000").result) == 3_000_000


def test_a_file_beside_the_notebook_does_not_stand_in_for_pythons_own(tmp_path, monkeypatch):
    (tmp_path / "json.py").write_text("raise SystemExit('mine')")
    monkeypatch.chdir(tmp_path)
    assert run_in_child("def run(): return 2").result == 2


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("x = 1", r"defines no function run\(\)"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("def run(): return {1, 2}", "set is not JSON serializable"),
        ("import os, signal\ndef run(): os.kill(os.getpid(), 9)", "it ended with -9"),
        ("import time\ndef run(): time.sleep(60)", "took more than 1 s"),
    ],
)
def test_code_that_fails_is_one_sentence(code, told):
    with pytest.raises(CourseError, match=told) as caught:
        run_in_child(code, seconds=1)
    assert "\n" not in str(caught.value)


def test_the_process_ends_when_its_owner_is_killed(tmp_path):
    told = tmp_path / "pid"
    code = f"import os, time\nopen({str(told)!r}, 'w').write(str(os.getpid()))\ntime.sleep(600)"
    owner = subprocess.Popen(
        [sys.executable, "-c", f"from prodev.measure import run_in_child; run_in_child({code!r})"]
    )
    while not (told.exists() and told.read_text()):
        time.sleep(0.01)
    pid = int(told.read_text())
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    for _ in range(500):
        if not alive(pid):
            break
        time.sleep(0.01)
    assert not alive(pid)


def alive(pid: int) -> bool:
    """Whether a process runs; one that ended and was not waited for does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not (status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z")
