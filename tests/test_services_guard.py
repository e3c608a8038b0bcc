"""A run's processes and its folder go with it, and with its owner."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from prodev.services.guard import Guard

pytestmark = pytest.mark.slow

PATH = {"PATH": os.defpath}
SECONDS = 10.0  # until a test gives up


def eventually(happens: Callable[[], object]) -> bool:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        if happens():
            return True
        time.sleep(0.02)
    return False


def lives(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def pid_in(file: Path) -> int:
    assert eventually(lambda: file.exists() and file.read_text().strip())
    return int(file.read_text())


def test_a_process_that_left_its_group_ends_with_the_run(tmp_path: Path) -> None:
    file = tmp_path / "pid"
    code = f"import os; os.setsid(); open({str(file)!r}, 'w').write(str(os.getpid()))"
    with Guard() as guard:
        script = f'"{sys.executable}" -c "{code}; import time; time.sleep(600)" & sleep 0.01'
        process = guard.spawn(["/bin/sh", "-c", script], cwd=tmp_path, env=PATH)
        guard.reap(process)
        pid = pid_in(file)
        assert lives(pid)  # Jenkins, too, ends what is left only at the end of the build
    assert not lives(pid)


def test_the_folder_goes_with_the_run(tmp_path: Path) -> None:
    with Guard() as guard:
        (guard.folder / "file").write_text("x")
        assert guard.folder.stat().st_mode & 0o077 == 0
    assert not guard.folder.exists()


def test_a_killed_owner_leaves_no_process_and_no_folder(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from prodev.services.guard import Guard\n"
        "guard = Guard(); here = Path(sys.argv[1])\n"
        "guard.spawn(['/bin/sh', '-c', 'sleep 600 & echo $! > pid; wait'], cwd=here,"
        " env={'PATH': '/usr/bin:/bin'})\n"
        "(here / 'folder').write_text(str(guard.folder))\n"
        "import time; time.sleep(600)"
    )
    owner = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)])
    pid = pid_in(tmp_path / "pid")
    assert eventually((tmp_path / "folder").exists)
    folder = Path((tmp_path / "folder").read_text())
    assert lives(pid)
    assert folder.is_dir()
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    assert eventually(lambda: not lives(pid))
    assert eventually(lambda: not folder.exists())


def test_a_process_that_does_not_listen_is_killed(tmp_path: Path) -> None:
    with Guard() as guard:
        ready = tmp_path / "pid"
        script = f"trap '' TERM; echo $$ > {ready}; while :; do sleep 0.05; done"
        process = guard.spawn(["/bin/sh", "-c", script], cwd=tmp_path, env=PATH)
        pid = pid_in(ready)
        guard.end(process, patience=0.2)
        assert process.returncode == -signal.SIGKILL
        assert not lives(pid)
