"""Containers of an ordinary account, in a cache whose path has spaces and letters."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import platformdirs
import pytest

import prodev
from container_engines import is_root

pytestmark = pytest.mark.slow

PROGRAM = """
import json, os
from pathlib import Path
from prodev.services.containers import TINY, Containers
from prodev.services.containers.base import make_base_images
with Containers().start(makes_images=True) as maker:
    make_base_images(maker, TINY)
project = Path(os.environ["HOME"]) / "mon café"
project.mkdir()
(project / "Dockerfile").write_text(f"FROM {TINY}\\nCOPY a /a\\nRUN chown 55:66 /a\\n")
(project / "a").write_text("mine")
with Containers().start() as engine:
    built = [engine.build(project, "own").layers_cached for _ in range(2)]
    check = ["--health-cmd=true", "--health-interval=1s"]
    container = engine.run_in_background("own", ["sleep", "600"], options=check)
    container.wait_for_health()
    ran = engine.run("own", ["stat", "-c", "%u %g", "/a"])
    try:
        limit = engine.run("own", ["true"], memory="20m").exit_status
    except Exception as error:
        limit = str(error)
    print(json.dumps([built, ran.exit_status, ran.output, limit, engine.details["place"]]))
"""


@pytest.fixture
def account() -> Iterator[tuple[str, Path]]:
    """A throw-away account with a home and a range of user numbers."""
    if not is_root():
        pytest.skip("only root can make an account")
    name = f"pd{secrets.token_hex(4)}"
    home = Path(tempfile.mkdtemp(prefix="prodev-home-", dir="/tmp"))
    subprocess.run(["useradd", "--home-dir", str(home), name], check=True, capture_output=True)
    try:
        if name not in Path("/etc/subuid").read_text("utf-8"):
            ids = "--add-subuids=700000-765535", "--add-subgids=700000-765535"
            subprocess.run(["usermod", *ids, name], check=True)
        shutil.chown(home, name, name)
        yield name, home
    finally:
        subprocess.run(["userdel", name], check=True, capture_output=True)
        shutil.rmtree(home)


def test_an_ordinary_account_builds_and_runs_and_leaves_nothing(
    account: tuple[str, Path],
) -> None:
    name, home = account
    library = home / "library"
    for package in (prodev, platformdirs):
        source = Path(str(package.__file__)).parent
        ignore = shutil.ignore_patterns("__pycache__", "stays", "lab")
        shutil.copytree(source, library / source.name, ignore=ignore)
    subprocess.run(["chown", "-R", f"{name}:", str(home)], check=True)
    as_account = ["runuser", "-u", name, "--", "env", "-i"]
    environment = {
        "PATH": os.defpath,
        "HOME": str(home),
        "PYTHONPATH": str(library),
        "PRODEV_CACHE": str(home / "le cache d'été"),
    }
    settings = [f"{key}={value}" for key, value in environment.items()]
    python = python_for([*as_account, *settings])
    done = subprocess.run(
        [*as_account, *settings, python, "-c", PROGRAM],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )
    assert done.returncode == 0, done.stderr
    built, status, output, limit, place = json.loads(done.stdout)
    assert (built, status, output) == ([0, 2], 0, "55 66\n")
    assert limit == 0 or "cannot limit memory" in limit
    assert not Path(place).exists()
    deadline = time.monotonic() + 5
    while (left := processes_of(name)) and time.monotonic() < deadline:
        time.sleep(0.05)  # the keeper ends just after its user
    assert left == []


def python_for(as_account: list[str]) -> str:
    """Return a Python that this account can run: the one of the tests may lie in a closed home."""
    for python in (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3"):
        test = [python, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
        if subprocess.run([*as_account, *test], capture_output=True, check=False).returncode == 0:
            return python
    pytest.skip("a Python that every account can run is not here: sudo apt-get install python3")


def processes_of(name: str) -> list[str]:
    found = subprocess.run(
        ["ps", "-o", "args=", "-u", name], capture_output=True, text=True, check=False
    )
    return found.stdout.splitlines()
