"""The store keeps what a learner did, and answers what the lesson asks of it."""

from __future__ import annotations

import os
import signal
import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from prodev import __version__
from prodev.judge.verdict import STATUSES, Verdict
from prodev.learner.store import Store

RETRY = "python-toolkit/retry-with-limit"
CACHE = "python-toolkit/query-cache-key"


@pytest.fixture
def store():
    return Store("Ada Lovelace")


def verdict(status="failed", exercise=RETRY, **more):
    return Verdict(exercise=exercise, status=status, **more)


def files(home):
    return sorted(str(path.relative_to(home)) for path in home.rglob("*"))


def test_an_attempt_comes_back_as_it_was_added(store):
    added = store.add_attempt(
        verdict(
            code="M1-one-attempt-too-many",
            message="It called 4 times.",
            evidence={"calls": 4, "call": "retry(3)", "lines": [{"line": 2}]},
            seconds=0.25,
        ),
        "def retry(): ...\n\n# naïve ✓\x00",
        seed=7,
    )
    assert store.attempts() == (added,)
    assert Store("Ada Lovelace").attempts(RETRY) == (added,)
    assert (added.exercise, added.status, added.code) == (
        RETRY,
        "failed",
        "M1-one-attempt-too-many",
    )
    assert added.source == "def retry(): ...\n\n# naïve ✓\x00"
    assert list(added.evidence) == ["calls", "call", "lines"]
    assert (added.seed, added.seconds, added.version) == (7, 0.25, __version__)
    assert added.solver == "learner"
    assert abs(added.judged_at - datetime.now(UTC)) < timedelta(minutes=1)
    assert added.judged_at.utcoffset() == timedelta(0)


def test_attempts_are_listed_oldest_first_by_exercise_and_solver(store):
    first = store.add_attempt(verdict(), "1", seed=1)
    other = store.add_attempt(verdict(exercise=CACHE), "2", seed=1)
    reference = store.add_attempt(verdict("passed"), "3", solver="reference", seed=1)
    last = store.add_attempt(verdict("timeout"), "4", seed=1)
    assert store.attempts() == (first, other, last)
    assert store.attempts(RETRY) == (first, last)
    assert store.attempts(RETRY, solver="reference") == (reference,)
    assert store.attempts(solver=None) == (first, other, reference, last)


@pytest.mark.parametrize("status", STATUSES)
def test_only_what_the_learner_attempted_is_kept(store, own_home, status):
    if status in ("passed", "failed", "error", "timeout"):
        store.add_attempt(verdict(status), "x = 1", seed=1)
        assert [attempt.status for attempt in store.attempts()] == [status]
    else:
        with pytest.raises(ValueError, match="does not count as an attempt"):
            store.add_attempt(verdict(status), "x = 1", seed=1)
        assert files(own_home) == []


def test_an_unknown_solver_and_an_endless_seed_are_refused(store, own_home):
    with pytest.raises(ValueError, match="solver"):
        store.add_attempt(verdict(), "x", solver="teacher", seed=1)
    with pytest.raises(ValueError, match="seed"):
        store.add_attempt(verdict(), "x", seed=2**63)
    assert files(own_home) == []


def test_whatever_a_verdict_observed_can_be_kept(store):
    endless: list[object] = []
    endless.append(endless)
    seen = {
        "nan": float("nan"),
        "set": {1},
        "money": Decimal("1.20"),
        "pair": (1, b"x"),
        "broken": "\ud800",
        "huge": 1 << 20_000,
        "keys": {1: "one", None: "none"},
        "endless": endless,
    }
    added = store.add_attempt(verdict(evidence=seen), "print('\udc80')", seed=1)
    assert store.attempts() == (added,)
    assert added.source == r"print('\udc80')"
    kept = added.evidence
    assert (kept["nan"], kept["set"], kept["money"]) == ("nan", "{1}", "Decimal('1.20')")
    assert (kept["pair"], kept["broken"]) == ([1, "b'x'"], r"\ud800")
    assert kept["huge"].startswith("0x1000")
    assert kept["keys"] == {"1": "one", "None": "none"}


def test_honest_attempts_are_different_answers_that_did_not_pass(store):
    assert store.honest_attempts(RETRY) == 0
    store.add_attempt(verdict(), "a = 1\nb = 2\n", seed=1)
    store.add_attempt(verdict("error"), "a = 1   \n\n\nb = 2", seed=1)
    assert store.honest_attempts(RETRY) == 1, "only blanks differ"
    store.add_attempt(verdict(), "  a = 1\nb = 2\n", seed=1)
    assert store.honest_attempts(RETRY) == 2, "an indentation is a difference"
    store.add_attempt(verdict("passed"), "c", seed=1)
    store.add_attempt(verdict(), "d", solver="reference", seed=1)
    store.add_attempt(verdict(exercise=CACHE), "e", seed=1)
    assert store.honest_attempts(RETRY) == 2


def test_only_the_learners_own_passed_answer_solves_an_exercise(store):
    store.add_attempt(verdict("passed"), "x", solver="reference", seed=1)
    store.add_attempt(verdict(), "x", seed=1)
    store.add_attempt(verdict("passed", exercise=CACHE), "x", seed=1)
    assert not store.solved(RETRY)
    store.add_attempt(verdict("passed"), "x", seed=1)
    store.add_attempt(verdict(), "y", seed=1)
    assert store.solved(RETRY)


def test_a_reveal_is_kept_once_with_its_first_time(store):
    store.add_reveal(RETRY, "hint", 2)
    first = store.reveals(RETRY)
    store.add_reveal(RETRY, "hint", 2)
    assert store.reveals(RETRY) == first
    store.add_reveal(RETRY, "solution")
    store.add_reveal(CACHE, "hint", 2)
    assert [(r.kind, r.number) for r in store.reveals(RETRY)] == [("hint", 2), ("solution", 0)]


def test_progress_of_all_exercises_counts_the_learners_own_work(store):
    store.add_attempt(verdict(), "x", seed=1)
    store.add_attempt(verdict("passed"), "y", seed=1)
    store.add_attempt(
        verdict("passed", exercise="a/solved-by-course"), "y", solver="reference", seed=1
    )
    store.add_reveal(RETRY, "hint", 1)
    store.add_reveal(RETRY, "hint", 2)
    store.add_reveal(CACHE, "solution")
    seen = store.exercises()
    assert list(seen) == [CACHE, RETRY]
    assert seen[RETRY].model_dump() == {
        "attempts": 2,
        "solved": True,
        "hints": 2,
        "solution_seen": False,
    }
    assert seen[CACHE].model_dump() == {
        "attempts": 0,
        "solved": False,
        "hints": 0,
        "solution_seen": True,
    }


def test_evidence_comes_back_as_it_was(store):
    record = {"unit": "ms", "before": [1.5, 2], "after": [], "conditions": {"scale": None}}
    kept = store.add_evidence("query-performance", "index", record)
    store.add_evidence("caching", "hits", {"rate": 0.5})
    (evidence,) = store.evidence("query-performance")
    assert (evidence.id, evidence.name, evidence.record) == (kept, "index", record)
    assert [e.module for e in store.evidence()] == ["query-performance", "caching"]


@pytest.mark.parametrize(
    "record", [{"x": float("nan")}, {1: 2}, {"x": (1, 2)}, {"x": {1}}, {"x": "\ud800"}]
)
def test_evidence_that_json_would_change_is_refused(store, record):
    with pytest.raises(ValueError, match="JSON"):
        store.add_evidence("caching", "hits", record)
    assert store.evidence() == ()


def test_reading_makes_no_file(store, own_home):
    assert store.attempts() == ()
    assert store.reveals(RETRY) == ()
    assert store.quiz("m") == {}
    assert store.evidence() == ()
    assert store.exercises() == {}
    assert not store.solved(RETRY)
    store.save_quiz("m", {})
    assert files(own_home) == []
    store.delete()
    assert files(own_home) == []


def test_every_name_has_a_folder_of_its_own(own_home):
    names = [
        "Ada",
        "ada",
        "Ada ",
        "../../etc",
        "Δήμος",
        "Дима",
        "a/b",
        "a-b",
        "x" * 500,
        "CON",
        "",
        "\udcff",
    ]
    for name in names:
        Store(name).add_attempt(verdict(), name, seed=1)
    folders = list((own_home / "learners").iterdir())
    assert len({folder.name.lower() for folder in folders}) == len(names)
    assert all(folder.name.isascii() and len(folder.name) < 64 for folder in folders)
    assert len(list(own_home.rglob("store.sqlite"))) == len(names)
    for name in names:
        assert len(Store(name).attempts()) == 1


def test_two_ways_to_write_the_same_letters_are_one_learner():
    Store("Jos\u00e9").add_attempt(verdict(), "x", seed=1)
    assert len(Store("Jose\u0301").attempts()) == 1


def test_only_the_owner_can_look_into_the_folder(store):
    store.add_reveal(RETRY, "solution")
    assert store.path.parent.stat().st_mode & 0o077 == 0


def test_deletion_leaves_nothing_of_this_learner_and_all_of_the_others(store, own_home):
    Store("Grace").add_reveal(RETRY, "solution")
    store.add_attempt(verdict(), "x", seed=1)
    store.path.with_name("store.sqlite-wal").touch()
    store.path.with_name("store.sqlite-shm").touch()
    store.delete()
    assert not store.path.parent.exists()
    assert store.attempts() == ()
    assert len(Store("Grace").reveals(RETRY)) == 1
    Store("Grace").delete()
    assert files(own_home) == []
    store.add_attempt(verdict(), "again", seed=1)
    assert len(store.attempts()) == 1


def test_threads_lose_nothing(store):
    def write(name):
        for number in range(10):
            store.add_attempt(verdict(), f"{name}-{number}", seed=1)

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({attempt.source for attempt in store.attempts()}) == 40


@pytest.mark.slow
def test_a_process_that_forks_between_writes_of_its_threads_loses_nothing(store):
    stop = threading.Event()
    written = []

    def write():
        while not stop.is_set():
            written.append(store.add_attempt(verdict(), "parent", seed=1).id)

    threads = [threading.Thread(target=write) for _ in range(2)]
    for thread in threads:
        thread.start()
    children = []
    for number in range(8):
        child = os.fork()
        if not child:
            signal.alarm(60)  # a lock that was taken into the child would never be free again
            try:
                store.add_attempt(verdict(), f"child {number}", seed=1)
                os._exit(0)
            finally:
                os._exit(1)
        children.append(child)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    stop.set()
    for thread in threads:
        thread.join()
    assert codes == [0] * 8
    kept = store.attempts()
    assert {attempt.id for attempt in kept if attempt.source == "parent"} == set(written)
    assert {attempt.source for attempt in kept} == {"parent", *(f"child {n}" for n in range(8))}
