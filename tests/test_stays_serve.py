"""The booking service behind its web server: it answers, ends with its owner, says why not."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from prodev.errors import CourseError
from prodev.services.postgresql import RunningPostgreSQL
from prodev.stays.load import load
from prodev.stays.migrate import migrate
from prodev.stays.serve import serve
from service_processes import alive, eventually

pytestmark = pytest.mark.slow
OWNER = """
import sys, time
from prodev.stays.serve import serve
with serve("") as app:
    print(app.program.pid, flush=True)
    time.sleep(600)
"""


def get(url: str) -> object:
    with urlopen(url, timeout=30) as answer:
        return json.load(answer)


def test_the_dataset_is_served_from_postgresql(postgresql: RunningPostgreSQL) -> None:
    with postgresql.database() as database:
        migrate(database.address.url)
        load(database.address, seed=1, scale="small")
        with serve(database.address.url) as app:
            assert get(f"{app.url}/readyz") == {"status": "ok", "database": "ok", "cache": "ok"}
            page = get(f"{app.url}/api/properties?page_size=2")
    assert isinstance(page, dict)
    assert [set(row) for row in page["results"]] == [
        {"id", "name", "city", "country", "kind", "price_cents", "max_guests", "listed_on", "host"}
    ] * 2


def test_it_ends_with_the_block_and_with_a_killed_owner() -> None:
    with serve("") as app:
        pid = app.program.pid
    assert eventually(lambda: not alive(pid))
    with subprocess.Popen([sys.executable, "-c", OWNER], stdout=subprocess.PIPE) as owner:
        assert owner.stdout is not None
        pid = int(owner.stdout.readline())
        assert alive(pid)
        owner.kill()
    assert eventually(lambda: not alive(pid))


def test_a_wrong_address_has_a_sentence() -> None:
    with pytest.raises(CourseError, match="STAYS_DATABASE_URL holds no address"), serve("nowhere"):
        pass
    with pytest.raises(CourseError, match="STAYS_CACHE_URL holds no"), serve("", cache_url="x"):
        pass
    with pytest.raises(CourseError, match=r"cannot be made: .*unable to open"):
        migrate("sqlite:////no/such/folder/stays.sqlite3")


def test_its_commands_are_those_of_django(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "prodev.stays", "migrate", "--verbosity=0"],
        env={"STAYS_DATABASE_URL": f"sqlite:///{tmp_path}/stays.sqlite3"},
        capture_output=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == (b"", b"")
    assert (tmp_path / "stays.sqlite3").stat().st_size > 0
