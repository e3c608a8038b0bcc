"""Notebooks and a batch at the same time on one PostgreSQL: each sees its own rows only."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from batch_notebooks import PARAMETERS, make_notebook, make_roster
from prodev.batch.plan import plan
from prodev.batch.run import run
from prodev.services.postgresql import PostgreSQL
from service_processes import alive, eventually, servers_in

pytestmark = pytest.mark.slow

RUNS = 8
NOTEBOOKS = 2
PATIENCE = 300  # seconds: ten kernels start at once, perhaps on a busy machine

START = """
import time
from pathlib import Path
import psycopg
from prodev.services.postgresql import PostgreSQL

meeting = Path({meeting!r})

def fill(address):
    with psycopg.connect(**address.arguments()) as connection:
        connection.execute("CREATE TABLE rooms (id int PRIMARY KEY, owner text NOT NULL)")
        connection.execute("INSERT INTO rooms SELECT n, 'template' FROM generate_series(1, 50) n")

server = PostgreSQL().start()
database = server.database(key="meeting", fill=fill)
connection = database.connect(autocommit=True)
"""
WRITE = """
for number in range(100, 100 + {everybody}):
    connection.execute("INSERT INTO rooms VALUES (%s, %s)", [number, learner])
connection.execute("DELETE FROM rooms WHERE id = 1")
(meeting / f".{{learner}}").write_text(f"{{database.address.database}} {{server.pid}}")
(meeting / f".{{learner}}").rename(meeting / learner)
"""
MEET = """
deadline = time.monotonic() + {patience}
while len(list(meeting.glob("[!.]*"))) < {everybody}:
    assert time.monotonic() < deadline, "the others did not come"
    time.sleep(0.05)
"""
LOOK = """
query = "SELECT owner, count(*) FROM rooms GROUP BY owner"
assert dict(connection.execute(query).fetchall()) == {{"template": 49, learner: {everybody}}}
others = [path.read_text().split()[0] for path in meeting.glob("[!.]*") if path.name != learner]
assert len(set(others)) == {everybody} - 1
for other in others:
    try:
        database.connect(dbname=other)
    except psycopg.OperationalError as error:
        assert "permission denied" in str(error), error
    else:
        raise AssertionError(f"{{learner}} entered {{other}}")
(meeting / f".{{learner}} has seen").touch()
"""
PART = """
deadline = time.monotonic() + {patience}
while len(list(meeting.glob(".* has seen"))) < {everybody}:
    assert time.monotonic() < deadline, "the others did not look"
    time.sleep(0.05)
connection.close()
database.close()
server.stop()
"""


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A cache and temporary files of this test alone; their paths are short, for sockets."""
    folder = Path(tempfile.mkdtemp(prefix="prodev-test-", dir="/tmp"))
    folder.chmod(0o711)
    monkeypatch.setenv("PRODEV_CACHE", str(folder))
    yield folder
    shutil.rmtree(folder)


# It talks over sockets: TCP ports are chosen before they are bound, and kernels race for them.
RUN = """
import sys, tempfile
import nbformat
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

with tempfile.TemporaryDirectory(prefix="kernel-", dir="/tmp") as folder:
    manager = AsyncKernelManager(
        kernel_name="python3", transport="ipc", connection_file=f"{folder}/kernel.json"
    )
    notebook, patience = nbformat.read(sys.argv[1], 4), int(sys.argv[2])
    NotebookClient(notebook, km=manager, timeout=patience, startup_timeout=patience).execute()
"""


def run_notebook(path: Path) -> None:
    """Run a notebook as a learner's lab does: a client and a kernel, each a process of its own."""
    command = [sys.executable, "-c", RUN, str(path), str(PATIENCE)]
    subprocess.run(command, check=True, timeout=3 * PATIENCE)


def test_two_notebooks_and_a_batch_of_eight_share_a_server_and_no_rows(cache: Path, tmp_path: Path):
    meeting = tmp_path / "meeting"
    meeting.mkdir()
    everybody = RUNS + NOTEBOOKS
    cells = [
        cell.format(meeting=str(meeting), everybody=everybody, patience=PATIENCE)
        for cell in (START, WRITE, MEET, LOOK, PART)
    ]
    notebook = make_notebook(tmp_path / "n.ipynb", *cells, parameters=PARAMETERS)
    alone = [
        make_notebook(tmp_path / f"own{n}.ipynb", *cells, parameters=f"learner = 'reader{n}'")
        for n in range(NOTEBOOKS)
    ]
    learners = "\n".join(f"learner{n}" for n in range(RUNS))
    roster = make_roster(tmp_path / "r.csv", f"learner\n{learners}\n")
    with ThreadPoolExecutor(NOTEBOOKS) as pool:
        reading = [pool.submit(run_notebook, path) for path in alone]
        summary = run(plan(roster, notebooks=[notebook]), tmp_path / "out", jobs=RUNS)
    assert summary.counts == {"passed": RUNS}, [outcome.error for outcome in summary.outcomes]
    for one in reading:
        one.result()
    told = [path.read_text().split() for path in meeting.glob("[!.]*")]
    assert len({database for database, _ in told}) == everybody
    (server,) = {int(pid) for _, pid in told}
    assert eventually(lambda: not alive(server))
    assert eventually(lambda: not servers_in(cache))
    assert eventually(lambda: not keepers_of(cache))


def test_a_batch_leaves_no_database_in_a_server_that_goes_on(cache: Path, tmp_path: Path):
    left = "server = __import__('prodev.services.postgresql').services.postgresql.PostgreSQL()"
    cells = [f"{left}.start()", "database = server.database()", "1 / 0"]
    notebook = make_notebook(tmp_path / "n.ipynb", *cells, parameters=PARAMETERS)
    roster = make_roster(tmp_path / "r.csv", "learner\nada\nben\n")
    with PostgreSQL().start() as server:
        summary = run(plan(roster, notebooks=[notebook]), tmp_path / "out", jobs=2)
        assert summary.counts == {"failed": 2}
        with (
            PostgreSQL().start() as next_user,
            next_user.database() as mine,
            mine.connect() as connection,
        ):
            found = connection.execute("SELECT datname FROM pg_database").fetchall()
        names = {str(name) for (name,) in found if str(name).startswith("run_")}
        assert names == {mine.address.database}
        server.check()
    assert eventually(lambda: not servers_in(cache))


def left_in(cache: Path) -> list[Path]:
    """Return what keepers have noted; other folders of a server come and go as one looks."""
    return list(cache.glob("*/leftovers.json"))


def keepers_of(cache: Path) -> list[int]:
    """Return the keepers that serve this cache; their servers end with them."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            keeper = b"\0prodev.services.keeper\0" in (folder / "cmdline").read_bytes()
            here = os.fsencode(cache) in (folder / "environ").read_bytes()
        except OSError:
            continue
        if keeper and here:
            found.append(int(folder.name))
    return found
