"""Hostile answers get the right verdict in time, and leave the judge as it was."""

from __future__ import annotations

import json
import os
import platform
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import prodev
from hostile import ANSWERS, WALLS_NEEDED
from judge_exercises import SOLUTION, WRONG, make_exercise
from judge_processes import alive, children, folder_of, pid_of, wait_until
from prodev.catalog.course import course_folder
from prodev.catalog.exercise import Exercise
from prodev.judge import Judge, Verdict

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the tests read /proc"),
]

LAYERS: dict[str, tuple[str, ...]] = {"all": (), "bare": ("namespaces", "disk")}
if os.geteuid() != 0:
    LAYERS["limits"] = ("seccomp", "landlock", "namespaces", "disk")
# What must run into the limit shall do it soon; what must not gets more than it needs.
SECONDS = {True: 0.25, False: 2.0}
SHARED = [Path("/tmp"), Path("/var/tmp"), Path("/dev/shm")]
NEW = f"hostile-{os.getpid()}"
MARK = f"SECRET{secrets.token_hex(8)}"

DOUBLE = f"""
from prodev.judge import Finding, same
hidden = "{MARK}"

def check(answer):
    for number in (1, 2, answer.random.randrange(3, 1000)):
        got = answer.call("double", number)
        if not same(got, 2 * number):
            return Finding("wrong-value", got=got)
"""
NUMBERS = """
from prodev.judge import STOP, Finding, same

def check(answer):
    made = answer.call("numbers", keep=True)
    numbers = answer.iterate(made)
    for number in range(5):
        got = answer.next(numbers)
        if not same(got, number):
            return Finding("wrong-value", got=got)
    answer.close(numbers)
"""
USE = """
from prodev.judge import Finding

def check(answer):
    charge = answer.function("charge", lambda amount: amount + 1)
    fetch = answer.coroutine("fetch", lambda url: {"a": 1}[url], seconds=lambda url: len(url))
    rows = answer.iterator("rows", range(3))
    ways = {name: lambda *_: None for name in ("execute", "__enter__", "__exit__")}
    answer.call("use", charge, fetch, rows, answer.object("connection", ways))
"""
NEXT = [(SOLUTION, "passed"), (WRONG["wrong-value"][1], "wrong-value")]
EXERCISES = {
    "double": (DOUBLE, "double", f"return 2 * number  # {MARK}"),
    "numbers": (NUMBERS, "numbers", "yield from range(9)"),
    "use": (USE, "use", "pass"),
}


@pytest.fixture(scope="module")
def exercises(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Exercise]:
    folder = tmp_path_factory.mktemp("course")
    limits = {"seconds": 2, "memory_mb": 128}
    return {
        name: make_exercise(
            folder,
            check,
            name=name,
            starter=f"def {function}():\n    ...\n",
            solution=f"def {function}(number):\n    {lines}\n",
            wrong=WRONG,
            limits=limits,
        )
        for name, (check, function, lines) in EXERCISES.items()
    }


class World:
    """What stands around a judge, and must not change."""

    def __init__(self, folder: Path) -> None:
        self.outside = folder / "outside"
        self.outside.mkdir()
        (self.outside / "kept.txt").write_text("kept\n")
        self.before = self._files()
        self.tcp = socket.create_server(("127.0.0.1", 0))
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", 0))
        self.named = socket.socket(socket.AF_UNIX)
        # The path of a socket must be short.
        self.path = Path(os.path.relpath(self.outside.parent / "socket"))
        self.named.bind(str(self.path))
        self.abstract = socket.socket(socket.AF_UNIX)
        self.abstract.bind(f"\0hostile-{os.getpid()}")
        self.letters = [socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) for _ in range(2)]
        self.box = Path(os.path.relpath(folder / "letters"))
        self.letters[0].bind(str(self.box))
        self.letters[1].bind(f"\0hostile-{os.getpid()}-letters")
        self.victim = subprocess.Popen(["/bin/sleep", "1000"])
        self.sockets = (self.tcp, self.udp, self.named, self.abstract, *self.letters)
        for one in self.sockets:
            one.setblocking(False)
        for one in (self.named, self.abstract):
            one.listen()

    def names(self, exercise: Exercise, judge: int) -> dict[str, str]:
        """What the answers' placeholders stand for."""
        return {
            "@EXERCISE@": str(exercise.folder),
            "@DATA@": str(exercise.folder.parents[2]),
            "@COURSE@": str(course_folder("data")),
            "@PACKAGE@": str(Path(prodev.__file__).parents[1]),
            "@OUTSIDE@": str(self.outside),
            "@NEW@": NEW,
            "@TCP@": str(self.tcp.getsockname()[1]),
            "@UDP@": str(self.udp.getsockname()[1]),
            "@SOCKET@": str(self.path.resolve()),
            "@LETTERS@": str(self.box.resolve()),
            "@ABSTRACT@": f"hostile-{os.getpid()}",
            "@VICTIM@": str(self.victim.pid),
            "@JUDGE@": str(judge),
            "@ASKER@": str(os.getpid()),
        }

    def assert_same(self) -> None:
        """Nothing outside has changed, and nobody has called."""
        assert self._files() == self.before
        for listening in (self.tcp, self.named, self.abstract):
            with pytest.raises(BlockingIOError):
                listening.accept()
        for receiving in (self.udp, *self.letters):
            with pytest.raises(BlockingIOError):
                receiving.recv(1)
        assert self.victim.poll() is None
        assert os.getpriority(os.PRIO_PROCESS, self.victim.pid) == os.getpriority(
            os.PRIO_PROCESS, os.getpid()
        )
        assert os.sched_getaffinity(self.victim.pid) == os.sched_getaffinity(0)
        assert not [place for place in SHARED if (place / NEW).exists()]

    def close(self) -> None:
        self.victim.kill()
        self.victim.wait()
        for one in self.sockets:
            one.close()
        self.path.unlink()
        self.box.unlink()

    def _files(self) -> list[tuple[object, ...]]:
        paths = [self.outside, *sorted(self.outside.rglob("*"))]
        facts = [(path, path.lstat()) for path in paths]
        return [
            (path.name, s.st_mode, s.st_uid, s.st_gid, s.st_size, s.st_mtime_ns, s.st_ctime_ns)
            for path, s in facts
        ] + [(path.read_bytes(),) for path in paths if path.is_file()]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = World(tmp_path_factory.mktemp("world"))
    yield made
    made.close()


@pytest.fixture(scope="module", params=LAYERS)
def layers(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def judge(layers: str, exercises: dict[str, Exercise]) -> Iterator[Judge]:
    judge = Judge(without=LAYERS[layers])
    found = judge.isolation()
    if found["refused"]:
        pytest.skip(found["refused"])
    yield judge
    pid = pid_of(judge)
    (forker,) = children(pid)
    folder = folder_of(forker)
    judge.close()
    assert not alive(pid)
    assert not alive(forker)
    assert not folder.exists()


@pytest.mark.parametrize("name", ANSWERS)
def test_a_hostile_answer_gets_its_verdict_and_the_next_one_is_judged_as_usual(
    name: str, layers: str, judge: Judge, exercises: dict[str, Exercise], world: World
) -> None:
    answer = ANSWERS[name]
    walls = set(judge.isolation()["layers"])
    if name in WALLS_NEEDED and not {"seccomp", "landlock"} <= walls:
        pytest.skip("seccomp and Landlock are missing here")
    if "syscall(" in answer.source and platform.machine() != "x86_64":
        pytest.skip("the numbers of system calls are another machine's")
    exercise = exercises[answer.exercise]
    pid, source = pid_of(judge), answer.source
    (forker,) = children(pid)
    for token, value in world.names(exercise, pid).items():
        source = source.replace(token, value)

    expected = ("" if "disk" in walls else answer.bare) or answer.verdict
    seconds = SECONDS[expected.startswith("timeout")]

    started = time.monotonic()
    verdict = judge.judge(exercise, source, seconds=seconds)
    took = time.monotonic() - started
    record(name, layers, verdict, took)
    assert f"{verdict.status} {verdict.code}".strip() == expected, verdict
    assert took < seconds + 2
    assert MARK not in verdict.model_dump_json()
    assert "LEAK" not in verdict.evidence.get("printed", ""), verdict
    world.assert_same()

    follows, code = NEXT[list(ANSWERS).index(name) % len(NEXT)]
    following = judge.judge(exercises["double"], follows)
    assert (following.code or following.status) == code
    assert pid_of(judge) == pid
    assert children(pid) == [forker]
    wait_until(lambda: not children(forker) and not list(folder_of(forker).iterdir()))


def record(name: str, layers: str, verdict: Verdict, took: float) -> None:
    """Append a line to the file that PRODEV_HOSTILE_TABLE names, for a report."""
    if table := os.environ.get("PRODEV_HOSTILE_TABLE"):
        row = {"name": name, "layers": layers, "took": round(took, 2), **verdict.model_dump()}
        with Path(table).open("a") as file:
            file.write(json.dumps(row) + "\n")
