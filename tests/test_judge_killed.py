"""Whoever is killed, and whenever: nothing stays, and the next answer is judged as usual."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from judge_exercises import SOLUTION, make_exercise
from judge_processes import alive, children, folder_of, pid_of, tree, wait_until
from prodev.catalog.exercise import Exercise
from prodev.judge import Judge, Verdict

pytestmark = pytest.mark.slow

CHECK = """
from prodev.judge import Finding

def check(answer):
    if (got := answer.call("double", 2)) != 4:
        return Finding("wrong-value", got=got)
"""
LOOP = "def double(number):\n    while True:\n        pass\n"
SLOW = """
import select

def double(number):
    select.select([], [], [], 0.5)
    return 2 * number
"""
CLINGING = """
import ctypes, os, signal
os.setsid()
ctypes.CDLL(None).prctl(1, 0, 0, 0, 0)
for number in range(1, 32):
    if number not in (9, 19):
        signal.signal(number, signal.SIG_IGN)
def double(number):
    import select
    select.select([], [], [])
"""
ASKER = """
import os, sys, time
from pathlib import Path
from prodev.catalog.exercises import find_exercise
from prodev.judge import Judge

data, source, forks = sys.argv[1:]
judge = Judge()
judge.isolation()
if forks == "forks" and os.fork() == 0:
    print(os.getpid(), flush=True)
    time.sleep(60)
    os._exit(0)
judge.judge(find_exercise("python-toolkit/small", Path(data)), source, seconds=60)
"""


@pytest.fixture
def exercise(tmp_path: Path) -> Exercise:
    return make_exercise(tmp_path, CHECK, limits={"seconds": 2})


@pytest.fixture
def judge() -> Iterator[Judge]:
    with Judge() as judge:
        judge.isolation()
        yield judge


def forker_of(judge: Judge) -> int:
    (forker,) = children(pid_of(judge))
    return forker


def while_judging(
    judge: Judge, exercise: Exercise, source: str, act: Callable[[], None]
) -> Verdict:
    """Judge an answer, and do something as soon as it runs."""
    forker = forker_of(judge)

    def wait_and_act() -> None:
        wait_until(lambda: len(tree(forker)) > 2)
        time.sleep(0.1)
        act()

    thread = threading.Thread(target=wait_and_act)
    thread.start()
    try:
        return judge.judge(exercise, source)
    finally:
        thread.join()


def assert_gone(pids: list[int], folder: Path) -> None:
    wait_until(lambda: not any(map(alive, pids)) and not folder.exists())


@pytest.mark.parametrize("forks", ["alone", "forks"])
def test_nothing_is_left_when_the_asker_is_killed_while_an_answer_runs(
    forks: str, exercise: Exercise
) -> None:
    data = exercise.folder.parents[2]
    asker = subprocess.Popen(
        [sys.executable, "-c", ASKER, str(data), CLINGING, forks], stdout=subprocess.PIPE
    )
    holder = int(asker.stdout.readline()) if asker.stdout and forks == "forks" else 0
    try:
        judges = lambda: [pid for pid in children(asker.pid) if pid != holder]  # noqa: E731
        wait_until(lambda: bool(judges()), 10)
        wait_until(lambda: len(tree(judges()[0])) > 3, 10)
        below = tree(judges()[0])
        folder = folder_of(below[1])
        asker.kill()
        asker.wait()
        assert_gone(below, folder)
    finally:
        asker.kill()
        asker.wait()
        if asker.stdout:
            asker.stdout.close()
        if holder:
            os.kill(holder, signal.SIGKILL)


def test_the_client_asks_a_new_judge_when_the_old_one_is_killed_while_an_answer_runs(
    judge: Judge, exercise: Exercise
) -> None:
    old = tree(pid_of(judge))
    folder = folder_of(old[1])
    verdict = while_judging(judge, exercise, SLOW, lambda: os.kill(old[0], signal.SIGKILL))
    assert verdict.status == "passed"
    assert pid_of(judge) != old[0]
    assert_gone(old, folder)


def test_the_client_asks_a_new_judge_when_the_old_one_was_killed_before(
    judge: Judge, exercise: Exercise
) -> None:
    old = tree(pid_of(judge))
    folder = folder_of(old[1])
    os.kill(old[0], signal.SIGKILL)
    assert judge.judge(exercise, LOOP, seconds=0.3).status == "timeout"
    assert judge.judge(exercise, SOLUTION).status == "passed"
    assert_gone(old, folder)


@pytest.mark.parametrize("without", [(), ("namespaces", "disk")])
def test_an_answer_is_judged_again_when_the_forker_is_killed_while_it_runs(
    without: tuple[str, ...], exercise: Exercise
) -> None:
    with Judge(without=without) as judge:
        judge.isolation()
        forker = forker_of(judge)
        folder = folder_of(forker)
        below: list[int] = []

        def kill() -> None:
            below.extend(tree(forker))
            os.kill(forker, signal.SIGKILL)

        verdict = while_judging(judge, exercise, CLINGING, kill)
        assert verdict.status == "timeout"
        assert len(below) > 2
        assert_gone(below, folder)
        assert judge.judge(exercise, SOLUTION).status == "passed"


def test_a_forker_that_was_killed_before_is_replaced(judge: Judge, exercise: Exercise) -> None:
    pid, forker = pid_of(judge), forker_of(judge)
    folder = folder_of(forker)
    os.kill(forker, signal.SIGKILL)
    assert judge.judge(exercise, SOLUTION).status == "passed"
    assert pid_of(judge) == pid
    assert_gone([forker], folder)


def test_two_dead_forkers_in_a_row_are_the_judges_fault_and_the_next_answer_passes(
    judge: Judge, exercise: Exercise
) -> None:
    def kill_twice() -> None:
        killed = forker_of(judge)
        os.kill(killed, signal.SIGKILL)
        wait_until(lambda: children(pid_of(judge)) not in ([], [killed]), 10)
        wait_until(lambda: len(tree(forker_of(judge))) > 3, 10)
        os.kill(forker_of(judge), signal.SIGKILL)

    verdict = while_judging(judge, exercise, LOOP, kill_twice)
    assert verdict.status == "judge_failed"
    assert not verdict.attempted
    assert judge.judge(exercise, SOLUTION).status == "passed"


def test_a_verdict_after_ctrl_c_belongs_to_its_own_answer(judge: Judge, exercise: Exercise) -> None:
    old = tree(pid_of(judge))
    folder = folder_of(old[1])
    with pytest.raises(KeyboardInterrupt):
        while_judging(judge, exercise, SLOW, lambda: os.kill(os.getpid(), signal.SIGINT))
    time.sleep(0.7)  # the first answer's verdict could be there by now
    verdict = judge.judge(exercise, "def double(number):\n    return 'mine'\n")
    assert (verdict.code, verdict.evidence) == ("wrong-value", {"got": "mine"})
    assert_gone(old, folder)


def test_a_judge_that_is_closed_leaves_nothing(exercise: Exercise) -> None:
    with Judge() as judge:
        judge.judge(exercise, SOLUTION)
        below = tree(pid_of(judge))
        folder = folder_of(below[1])
    assert not any(map(alive, below))
    assert not folder.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has powers to refuse")
@pytest.mark.parametrize("without", [("landlock",), ("seccomp",)])
def test_no_answer_runs_with_roots_powers(without: tuple[str, ...], exercise: Exercise) -> None:
    made = exercise.folder / "made"
    with Judge(without=without) as judge:
        if judge.isolation()["account"] != "root":
            pytest.skip("answers have an account of their own here")
        verdict = judge.judge(exercise, f"import os\nos.mkdir({str(made)!r})\n")
    assert verdict.status == "unavailable"
    assert not verdict.attempted
    assert verdict.message == (
        "An answer could only run with root's powers here, because Python lies in a folder of "
        "root's; work as an ordinary user, or install Python where everybody may read it."
    )
    assert not made.exists()
