"""Nothing that was kept is lost: kill -9, two writers, a full disk."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time

import pytest

from prodev.judge.verdict import Verdict
from prodev.learner.store import Store

RETRY = "python-toolkit/retry-with-limit"
FAILED = Verdict(exercise=RETRY, status="failed")

# Writes until it is stopped or fails, and says what it was told is kept.
WRITER = f"""
import sys
from prodev.judge.verdict import Verdict
from prodev.learner.store import Store, StoreError

def write(store, most=10**6, size=5000):
    kept = []
    for number in range(most):
        attempt = store.add_attempt(
            Verdict(exercise="{RETRY}", status="failed"), sys.argv[1] + "x" * size, seed=number)
        kept.append(attempt.id)
        print(attempt.id, flush=True)
    return kept
"""

# Fills the disk through the store, says what happened, and what is there while it is still full.
FILL = (
    WRITER
    + """
import json, os, sqlite3
from pathlib import Path

def report(store, kept, **more):
    print(json.dumps({
        "kept": kept,
        "there": [attempt.id for attempt in store.attempts()],
        **more,
    }))

def fill(store):
    kept = []
    try:
        while True:
            attempt = store.add_attempt(
                Verdict(exercise="e", status="failed"), "x" * 5000, seed=1)
            kept.append(attempt.id)
    except StoreError as error:
        return kept, str(error)
"""
)


def start(code, *arguments, before=()):
    return subprocess.Popen(
        [*before, sys.executable, "-c", code, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(code, *arguments, before=()):
    """Run code in a process and return the last line it printed, read as JSON."""
    with start(code, *arguments, before=before) as process:
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    return json.loads(out.splitlines()[-1])


def integrity(path):
    connection = sqlite3.connect(path)
    try:
        return connection.execute("PRAGMA integrity_check").fetchone()[0]
    finally:
        connection.close()


@pytest.fixture
def store():
    return Store("Ada")


@pytest.mark.slow
@pytest.mark.parametrize("kills_after", [1, 7, 40, 90])
def test_kill_9_in_the_middle_of_writes_loses_no_committed_attempt(store, kills_after):
    with start(f"{WRITER}\nwrite(Store('Ada'))", "killed") as process:
        printed = [process.stdout.readline().strip() for _ in range(kills_after)]
        # Not right after a commit, but somewhere in the work of the next ones.
        time.sleep(kills_after % 7 / 1000)
        process.kill()
        printed += process.stdout.read().split()
    assert process.returncode == -9
    there = {attempt.id for attempt in store.attempts()}
    assert set(printed) <= there
    assert len(there) <= len(printed) + 1, "at most the one that was not told yet"
    assert integrity(store.path) == "ok"
    assert store.add_attempt(FAILED, "the next one", seed=1) in store.attempts()


@pytest.mark.slow
def test_two_processes_that_write_at_once_lose_nothing(store):
    code = f"{WRITER}\nsys.stdin.readline()\nwrite(Store('Ada'), most=60, size=50)"
    both = [
        subprocess.Popen(
            [sys.executable, "-c", code, name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("left", "right")
    ]
    for process in both:  # the file is made by both at the same time, too
        process.stdin.write("go\n")
        process.stdin.flush()
    printed = [line for process in both for line in process.communicate(timeout=60)[0].split()]
    assert [process.returncode for process in both] == [0, 0]
    assert len(printed) == 120
    assert {attempt.id for attempt in store.attempts()} == set(printed)
    assert integrity(store.path) == "ok"


@pytest.fixture
def full_disk(tmp_path):
    """What starts a process with a small disk of its own at ``tmp_path / 'disk'``."""
    mount = 'mkdir -p "$0" && mount -t tmpfs -o size=400k none "$0" && exec "$@"'
    before = ["unshare", "-rm", "sh", "-c", mount, str(tmp_path / "disk")]
    try:
        tried = subprocess.run([*before, "true"], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("no full disk here: there is no command 'unshare'")
    if tried.returncode:
        pytest.skip(f"no full disk here: {tried.stderr.strip()}")
    return [*before, "env", f"PRODEV_HOME={tmp_path / 'disk'}"]


@pytest.mark.slow
def test_a_full_disk_loses_no_committed_attempt(full_disk):
    seen = run(
        f"""{FILL}
store = Store("Ada")
ballast = open(os.environ["PRODEV_HOME"] + "/ballast", "wb", buffering=0)
ballast.write(bytes(50_000))
kept, sentence = fill(store)
old = store.path.parent.parent / "old.json"

def fill_up():
    try:
        while True:
            ballast.write(bytes(512))
    except OSError:
        pass

fill_up()
first = [attempt.id for attempt in store.attempts()]
# Not even room for the index that SQLite keeps beside the file.
store.path.with_name("store.sqlite-shm").unlink(missing_ok=True)
fill_up()
second = [attempt.id for attempt in store.attempts()]
try:
    store.export(old)
except StoreError as error:
    export = str(error)
drafts = sorted(path.name for path in old.parent.iterdir() if path.is_file())
ballast.truncate(0)
after = store.add_attempt(Verdict(exercise="e", status="passed"), "small", seed=1)
connection = sqlite3.connect(store.path)
integrity = connection.execute("PRAGMA integrity_check").fetchone()[0]
report(store, [*kept, after.id], first=first, second=second, before=kept, sentence=sentence,
       export=export, drafts=drafts, integrity=integrity)
""",
        before=full_disk,
    )
    assert len(seen["before"]) > 5
    assert seen["first"] == seen["second"] == seen["before"]
    assert seen["kept"] == seen["there"], "it goes on where there is space again"
    assert "store.sqlite cannot be written, because the disk is full; free some" in seen["sentence"]
    assert "cannot be written (No space left on device); free some space" in seen["export"]
    assert seen["drafts"] == []
    assert seen["integrity"] == "ok"


@pytest.mark.slow
def test_a_disk_that_was_full_before_the_first_write_gives_a_sentence(full_disk):
    seen = run(
        f"""{FILL}
try:
    open(os.environ["PRODEV_HOME"] + "/ballast", "wb", buffering=0).write(bytes(1_000_000))
except OSError:
    pass
kept, sentence = fill(Store("Ada"))
report(Store("Ada"), kept, sentence=sentence)
""",
        before=full_disk,
    )
    assert (seen["kept"], seen["there"]) == ([], [])
    assert "free some space" in seen["sentence"]


@pytest.mark.slow
def test_a_file_that_may_not_grow_loses_no_committed_attempt(store):
    seen = run(f"""{FILL}
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
store = Store("Ada")
kept, sentence = fill(store)
report(store, kept, sentence=sentence)
""")
    assert len(seen["kept"]) > 5
    assert seen["kept"] == seen["there"] == [attempt.id for attempt in store.attempts()]
    assert "the disk may be full; free some space" in seen["sentence"]
    assert integrity(store.path) == "ok"
    assert store.add_attempt(FAILED, "x" * 5000, seed=1) in store.attempts()


@pytest.mark.slow
@pytest.mark.parametrize("mode", [0o500, 0o700], ids=["folder", "file"])
def test_a_store_that_may_not_be_written_can_still_be_read(store, mode):
    before = []
    if os.geteuid() == 0:  # permissions mean nothing to root with its powers
        before = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"]
        if shutil.which("setpriv") is None:
            pytest.skip("root is not stopped by permissions, and there is no command 'setpriv'")
    kept = store.add_attempt(FAILED, "x", seed=1)
    store.path.chmod(0o400)
    store.path.parent.chmod(mode)
    try:
        seen = run(
            f"{FILL}\nkept, sentence = fill(Store('Ada'))\n"
            "report(Store('Ada'), kept, sentence=sentence)",
            before=before,
        )
    finally:
        store.path.parent.chmod(0o700)
    assert (seen["kept"], seen["there"]) == ([], [kept.id])
    assert "allow writing to the file and its folder, or set PRODEV_HOME" in seen["sentence"]
