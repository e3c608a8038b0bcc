"""What is left of a container engine when its owner ends, in whatever way: nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from container_engines import engine_with_images, traces, write_project
from prodev.services.containers import TINY, BuildError, Containers
from prodev.services.kept import Kept
from prodev.services.service import ServiceError

pytestmark = pytest.mark.slow

SECONDS_TO_END = 5

OWNER = """
import json, sys, threading
from pathlib import Path
from prodev.services.containers import TINY, Containers
with Containers().start() as engine:
    engine.run_in_background(TINY, ["sleep", "600"], ports=[80]).address(80)
    building = lambda: engine.build(Path(sys.argv[1]), "slow")
    threading.Thread(target=building, daemon=True).start()
    print(json.dumps(engine.details), flush=True)
    sys.stdin.read()
"""


@pytest.fixture(scope="module", autouse=True)
def podman() -> None:
    with engine_with_images() as engine:
        if engine.client.label:
            pytest.skip("Podman is not here: unset DOCKER_HOST")


def test_nothing_is_left_after_stop() -> None:
    with Containers().start() as engine:
        engine.run_in_background(TINY, ["sleep", "600"])
        engine.add_network("one")
        assert len(traces(engine.details)) > 4
    assert traces(engine.details) == []


@pytest.mark.parametrize("victim", ["owner", "keeper's room"])
def test_nothing_is_left_after_a_kill_while_it_runs_and_builds(tmp_path: Path, victim: str) -> None:
    file = f"FROM {TINY}\nRUN sleep 600\n"
    project = write_project(tmp_path / "a", Dockerfile=file)
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(project)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert owner.stdout is not None
    details = json.loads(owner.stdout.readline())
    assert any(trace.startswith("process") for trace in traces(details))
    if victim == "owner":
        owner.kill()
    else:
        os.kill(details["room"], signal.SIGKILL)
    assert soon(lambda: not traces(details)), traces(details)
    owner.kill()
    owner.communicate()


def test_what_a_killed_keeper_leaves_goes_with_the_next_start() -> None:
    engine = Containers().start()
    engine.run_in_background(TINY, ["sleep", "600"])
    keeper = parent_of(parent_of(engine.details["room"]))
    assert b"prodev.services.keeper" in Path(f"/proc/{keeper}/cmdline").read_bytes()
    os.kill(keeper, signal.SIGKILL)
    assert soon(lambda: not any("process" in trace for trace in traces(engine.details)))
    Containers().start().stop()
    left = [trace for trace in traces(engine.details) if trace != engine.details["door"]]
    assert left == []
    engine.stop()
    for path in Path(engine.details["door"]).iterdir():
        path.unlink()
    Path(engine.details["door"]).rmdir()


def test_two_engines_do_not_see_each_other(tmp_path: Path) -> None:
    with Containers().start() as one, Containers().start() as two:
        mine = one.run_in_background(TINY, ["sleep", "4242"], name="same")
        two.run_in_background(TINY, ["sleep", "4343"], name="same")
        one.build(write_project(tmp_path / "a", first="engines\n"), "of-one")
        assert [container.name for container in two.containers()] == ["same"]
        assert "of-one:latest" not in {tag for image in two.images() for tag in image.tags}
        with pytest.raises(ServiceError, match="of-one"):
            two.run("of-one", ["true"])
        mine.remove()
        assert [container.running for container in two.containers()] == [True]


def test_a_container_that_is_given_the_machines_folders_sees_and_changes_nothing(
    tmp_path: Path,
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hidden", "utf-8")
    with Containers().start() as engine:
        with pytest.raises(ServiceError):
            engine.run(TINY, ["true"], options=[f"--volume={secret}:/secret"])
        host = ["--network=host", "--pid=host", "--volume=/:/all:bind"]
        seen = engine.run(TINY, ["sh", "-c", "ps; cat /proc/net/dev"], options=host).output
        assert "pytest" not in seen
        assert "eth0" not in seen
        assert engine.run(TINY, ["mkdir", "/all/usr/prodev-test"], options=host).exit_status
        mkdir = ["mkdir", "/there/prodev-test"]
        assert engine.run(TINY, mkdir, options=["--volume=/usr:/there"]).exit_status
        assert not Path("/usr/prodev-test").exists()


def test_no_container_and_no_build_makes_a_device_of_the_disk(tmp_path: Path) -> None:
    file = f"FROM {TINY}\nRUN mknod /disk b 8 0 2>&1 || echo refused\n"
    with Containers().start() as engine:
        built = engine.build(write_project(tmp_path / "a", Dockerfile=file), "device")
        assert "refused" in built.log
        assert engine.run(TINY, ["mknod", "/disk", "b", "8", "0"]).exit_status


def test_a_dead_engine_says_that_it_has_to_be_started_again() -> None:
    engine = Containers().start()
    engine.check()
    os.kill(engine.details["room"], signal.SIGKILL)
    assert soon(lambda: bool(engine.ended()))
    with pytest.raises(ServiceError, match="stopped by itself"):
        engine.check()
    engine.stop()
    assert isinstance(engine._kept, Kept)
    with pytest.raises((ServiceError, BuildError)):
        engine.containers()


def soon(reached: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + SECONDS_TO_END
    while not (now := reached()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return now


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[1])
