"""Where root judges, a control group limits the processes of a session; else it is refused."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from prodev.judge.sandbox import crowd, program

# Each child sleeps five seconds at most and forks nothing, and 600 of them are the end.
_FORKS = """
import os, signal, sys, time
from pathlib import Path
from prodev.judge.sandbox.crowd import enter_group
enter_group(Path(sys.argv[1]))
children, refused = [], 0
for _ in range(600):
    try:
        child = os.fork()
    except BlockingIOError:
        refused += 1
        continue
    if child == 0:
        time.sleep(5)
        os._exit(0)
    children.append(child)
for child in children:
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
print(len(children), refused)
"""


@pytest.fixture
def group():
    """A control group, gone at the end."""
    if os.geteuid() != 0:
        pytest.skip("only root makes control groups; for others the system's own limit holds")
    made = crowd.make_group()
    if made is None:
        pytest.skip("root may make no control groups in this container: run it with --privileged")
    yield made
    crowd.remove_group(made)
    assert not made.exists()


def test_a_crowd_of_forks_ends_at_the_limit_of_its_group(group: Path):
    command = [sys.executable, "-c", _FORKS, str(group)]
    told = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    forked, refused = map(int, told.split())
    assert forked == crowd.MOST - 1
    assert refused == 600 - forked


def test_a_group_of_a_forker_that_is_gone_is_removed(group: Path):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    old = group.parent / f"prodev-answer-{ended.pid}"
    old.mkdir()
    crowd.make_group()
    assert not old.exists()


def test_root_without_a_group_starts_no_programs(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(os, "getresuid", lambda: (0, 0, 0))
    with pytest.raises(PermissionError, match="no limit on processes holds for root"):
        program.limit_processes("")


def test_a_group_whose_limit_was_taken_away_is_refused(group: Path):
    (group / "pids.max").write_text("max")
    script = (
        "import sys; from pathlib import Path; from prodev.judge.sandbox.crowd import enter_group;"
        "enter_group(Path(sys.argv[1]))"
    )
    command = [sys.executable, "-c", script, str(group)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert "does not limit this process" in ended.stderr


def test_an_ordinary_account_needs_no_group(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(os, "getresuid", lambda: (1000, 1000, 1000))
    program.limit_processes("")
