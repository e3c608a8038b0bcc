"""A server of the course ends with its last user, however that one ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from prodev.services.keeper import door_of
from prodev.services.kept import keep_private, keep_shared
from prodev.services.place import short_folder
from prodev.services.program import Program, run_program
from prodev.services.service import ServiceError
from service_processes import alive, eventually, keeper_of, owner

pytestmark = pytest.mark.slow

SLEEPER = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)"]
SERVER = "prodev.services.program_server:ProgramServer"


def sleeper() -> dict[str, object]:
    return {
        "command": SLEEPER,
        "name": "The sleeper",
        "env": dict(os.environ),
        "cwd": "",
        "stop_signal": int(signal.SIGTERM),
        "stop_seconds": 5.0,
    }


@pytest.fixture
def program() -> Iterator[Program]:
    with run_program(SLEEPER, name="The sleeper", env=os.environ) as program:
        yield program


OWNER = f"""
import json, os, sys
from prodev.services.program import run_program
program = run_program({SLEEPER!r}, name="The sleeper", env=os.environ)
print(json.dumps([program.pid, str(program.folder)]), flush=True)
sys.stdin.read()
"""


def test_a_program_is_gone_with_its_folder_when_stop_returns(program: Program):
    keeper = keeper_of(program.pid)
    assert alive(program.pid)
    assert program.folder.is_dir()
    program.stop()
    assert not alive(program.pid)
    assert not program.folder.exists()
    assert eventually(lambda: not alive(keeper))
    program.stop()  # a second time does nothing


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_program_ends_with_its_owner(end: signal.Signals):
    with owner(OWNER) as process:
        assert process.stdout
        pid, folder = json.loads(process.stdout.readline())
        keeper = keeper_of(pid)
        process.send_signal(end)
        process.wait()
    assert eventually(lambda: not alive(pid))
    assert eventually(lambda: not alive(keeper))
    assert eventually(lambda: not Path(folder).exists())


def test_a_program_ends_when_its_keeper_is_killed_and_the_owner_is_told(program: Program):
    os.kill(keeper_of(program.pid), signal.SIGKILL)
    assert eventually(lambda: not alive(program.pid))
    with pytest.raises(ServiceError, match="The server is gone; run the cell"):
        program.check()


def test_a_program_that_dies_is_told_in_one_sentence(program: Program):
    program.check()
    program.kill()
    assert eventually(lambda: bool(program.ended()))
    with pytest.raises(ServiceError) as caught:
        program.check()
    assert str(caught.value) == (
        "The sleeper stopped by itself: it was ended by SIGKILL. "
        "Run the cell that started it again; it starts anew."
    )


def test_a_program_that_does_not_start_says_its_last_words():
    command = [sys.executable, "-c", "import sys; sys.exit('no such table: rooms')"]
    with pytest.raises(
        ServiceError, match=r"The web server does not start\. .*no such table: rooms"
    ):
        run_program(command, name="The web server", env=os.environ, ready=lambda: False)


def test_a_program_that_is_not_there_is_one_sentence():
    with pytest.raises(ServiceError, match=r"The web server does not start: .*No such file"):
        run_program(["/does/not/exist"], name="The web server", env=os.environ)


def test_a_program_sees_only_the_environment_that_it_was_given():
    command = [
        sys.executable,
        "-c",
        "import os, time; print(sorted(os.environ), flush=True); time.sleep(60)",
    ]
    with run_program(command, name="The printer", env={"GIVEN": "1"}) as program:
        assert eventually(lambda: "GIVEN" in program.log())
        assert "PRODEV_HOME" not in program.log()


def test_a_shared_server_serves_all_and_outlives_its_first_user(tmp_path: Path):
    first = keep_shared(SERVER, tmp_path, sleeper(), seconds=20)
    second = keep_shared(SERVER, tmp_path, sleeper(), seconds=20)
    pid = first.details["pid"]
    assert second.details["pid"] == pid
    first.close(wait=True)
    assert alive(pid)
    assert second.ended() == ""
    second.close(wait=True)
    assert eventually(lambda: not alive(pid))
    assert eventually(lambda: not (tmp_path / "leftovers.json").exists())
    assert not door_of(tmp_path).exists()


RACER = f"""
import json, sys
from pathlib import Path
from prodev.services.kept import keep_shared
sys.stdin.readline()
kept = keep_shared({SERVER!r}, Path(sys.argv[1]), json.loads(sys.argv[2]), seconds=30)
print(kept.details["pid"], flush=True)
sys.stdin.readline()
"""


def test_eight_who_start_at_once_get_one_server(tmp_path: Path):
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", RACER, str(tmp_path), json.dumps(sleeper())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(8)
    ]
    for racer in racers:
        assert racer.stdin
        racer.stdin.write("go\n")
        racer.stdin.flush()
    pids = {int(racer.stdout.readline()) for racer in racers if racer.stdout}
    assert len(pids) == 1
    for racer in racers:
        racer.kill()
        racer.communicate()
    assert eventually(lambda: not alive(pids.pop() if pids else 0))


def test_what_a_killed_keeper_left_is_cleared_by_the_next_one(tmp_path: Path):
    first = keep_shared(SERVER, tmp_path, sleeper(), seconds=20)
    keeper = keeper_of(first.details["pid"])
    os.kill(keeper, signal.SIGKILL)
    assert eventually(lambda: not alive(keeper))
    assert (tmp_path / "leftovers.json").exists()
    second = keep_shared(SERVER, tmp_path, sleeper(), seconds=20)
    assert not alive(first.details["pid"])
    assert alive(second.details["pid"])
    second.close(wait=True)


@pytest.mark.parametrize("name", ["with spaces and é", "x" * 120])
def test_any_folder_will_do(tmp_path: Path, name: str):
    folder = tmp_path / name
    folder.mkdir()
    kept = keep_shared(SERVER, folder, sleeper(), seconds=20)
    assert alive(kept.details["pid"])
    kept.close(wait=True)
    if short_folder(folder) != folder:
        short_folder(folder).rmdir()


def test_the_server_stays_down_until_it_is_resumed():
    kept = keep_private(SERVER, sleeper(), seconds=20)
    first = kept.details["pid"]
    kept.order("kill")
    assert not alive(first)
    assert kept.ended() == ""
    kept.order("start")
    assert alive(kept.details["pid"])
    assert kept.details["pid"] != first
    kept.close(wait=True)
