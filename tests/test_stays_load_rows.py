"""Rows on their way to a server: drawn in parts, sorted in parts, written as text."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from prodev.stays.columns import MISSING, Days, Joined, Moments, Words, rows_in
from prodev.stays.draw import PART, Chances, Draws, Picks, parts_of, stream
from prodev.stays.load.text import COPY, VALUES, blocks
from prodev.stays.schema import COLUMNS
from prodev.stays.spool import Sorter, Spool
from prodev.stays.tables import make_tables

SIZE = 2 * PART + 4_321
#: Of the text for COPY, computed when it was first right: it equals the text of the frames.
LARGE_SEED_1 = "cde7d9b3cbb8e97c357ca8f6b62ab79a3e5c13fceae73b12630abd88743804f1"


@pytest.mark.parametrize("high", [7, 100, 2**31, 3 * 2**30, 10**13])
def test_draws_in_parts_are_the_draws_in_one_go(high: int):
    whole, parted = stream(1, 3), stream(1, 3)
    for rng in (whole, parted):
        rng.integers(0, 9, 3)  # an odd number of halves has been used
    first = Draws(parted, high, SIZE)
    second = Draws(parted, 50, SIZE, low=20)
    taken = [(first.take(p.stop - p.start), second.take(p.stop - p.start)) for p in parts_of(SIZE)]
    assert np.array_equal(np.concatenate([a for a, _ in taken]), whole.integers(0, high, SIZE))
    assert np.array_equal(np.concatenate([b for _, b in taken]), whole.integers(20, 50, SIZE))
    assert parted.integers(2**40) == whole.integers(2**40)  # both stand behind their draws


@pytest.mark.parametrize("weights", [(12, 0, 63, 25), (10**12, 3, 10**11)])
def test_picks_are_as_likely_as_their_weights_whether_searched_or_looked_up(
    weights: tuple[int, ...],
):
    spots = stream(2, 1).integers(0, sum(weights), SIZE)
    expected = np.searchsorted(np.cumsum(weights), spots, side="right")
    picks = Picks(stream(2, 1), weights, SIZE)
    taken = [picks.take(part.stop - part.start) for part in parts_of(SIZE)]
    assert np.array_equal(np.concatenate(taken), expected)
    assert 0.29 < Chances(stream(2, 1), 30, SIZE).take(PART).mean() < 0.31


@pytest.mark.parametrize("on_disk", [False, True])
def test_rows_are_sorted_by_key_and_equal_ones_stay_in_their_order(on_disk: bool):
    keys = stream(3, 1).integers(-500, 2_500, SIZE)
    sorter = Sorter([("row", "i4")], range(-500, 2_500, 10), rows=SIZE, on_disk=on_disk)
    for part in parts_of(SIZE):
        sorter.add(keys[part], row=np.arange(part.start, part.stop))
    parts = list(sorter.parts())
    order = np.argsort(keys, kind="stable")
    assert np.array_equal(np.concatenate([part["row"] for part in parts]), order)
    assert np.array_equal(np.concatenate([part["key"] for part in parts]), keys[order])
    if on_disk:
        assert len(parts) > 1
        for one, other in pairwise(parts):
            assert one["key"][-1] // 10 < other["key"][0] // 10  # a step is never torn


def test_rows_that_wait_on_disk_have_no_name_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    spool = Spool([("row", "i4")], on_disk=True)
    spool.add(row=np.arange(1_000))
    assert list(tmp_path.iterdir()) == []
    assert spool.whole()["row"].tolist() == list(range(1_000))


def test_a_full_disk_is_one_sentence_that_says_what_to_do(tmp_path: Path):
    code = (
        "import resource; from prodev.errors import CourseError\n"
        "from prodev.stays.tables import make_tables\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "try: list(make_tables(1, 'medium', on_disk=True))\n"
        "except CourseError as error: print(error)"
    )
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    run = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert run.stdout.startswith(f"The rows cannot wait in {tmp_path} (")
    assert run.stdout.endswith("the environment variable TMPDIR.\n")
    assert run.stderr == ""
    assert list(tmp_path.iterdir()) == []


HARD = ("plain", None, "tab\tline\nback\\slash", "it's", "")
COLUMNS_OF_ALL_KINDS = [
    np.array([1, 22, 0, 12345, 999_999_999]),
    Words(HARD, np.arange(5)),
    Days(np.array([0, 20_000, 20_001, 10_957, 19_000])),
    Moments(np.array([0, MISSING, 1_752_485_400, 86_399, 1_756_684_799])),
    Joined((Words(HARD, np.full(5, 3)), ".", np.array([7, 70, 700, 7, 7]), "@x")),
]


def test_every_kind_of_column_is_written_for_copy():
    text = b"".join(bytes(block) for block in blocks(COLUMNS_OF_ALL_KINDS, 5, COPY)).decode()
    assert text.splitlines() == [
        "1\tplain\t1970-01-01\t1970-01-01 00:00:00\tit's.7@x",
        "22\t\\N\t2024-10-04\t\\N\tit's.70@x",
        "0\ttab\\tline\\nback\\\\slash\t2024-10-05\t2025-07-14 09:30:00\tit's.700@x",
        "12345\tit's\t2000-01-01\t1970-01-01 23:59:59\tit's.7@x",
        "999999999\t\t2022-01-08\t2025-08-31 23:59:59\tit's.7@x",
    ]


def test_every_kind_of_column_is_written_as_sql_values():
    text = b"".join(bytes(block) for block in blocks(COLUMNS_OF_ALL_KINDS, 5, VALUES)).decode()
    assert text == (
        "(1,'plain','1970-01-01','1970-01-01 00:00:00','it''s.7@x'),"
        "(22,NULL,'2024-10-04',NULL,'it''s.70@x'),"
        "(0,'tab\tline\nback\\\\slash','2024-10-05','2025-07-14 09:30:00','it''s.700@x'),"
        "(12345,'it''s','2000-01-01','1970-01-01 23:59:59','it''s.7@x'),"
        "(999999999,'','2022-01-08','2025-08-31 23:59:59','it''s.7@x'),"
    )


def large_checksum() -> str:
    checksum = hashlib.sha256()
    for table, part in make_tables(1, "large", on_disk=True):
        for block in blocks([part[name] for name in COLUMNS[table]], rows_in(part), COPY):
            checksum.update(block.data)
    return checksum.hexdigest()


@pytest.mark.slow
def test_seed_1_large_is_the_same_on_every_machine():
    assert large_checksum() == LARGE_SEED_1


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process's peak memory")
def test_the_memory_that_two_million_bookings_take_is_about_that_of_200_000():
    code = """
import sys
from pathlib import Path
import prodev.stays.load.postgresql
from prodev.stays.load.rows import text_of
from prodev.stays.load.text import COPY
from prodev.stays.schema import COLUMNS
from prodev.stays.tables import make_tables
for table, part in make_tables(1, sys.argv[1], on_disk=True):
    for block in text_of([part], COLUMNS[table], COPY):
        pass
status = Path("/proc/self/status").read_text()
print(status.split("VmHWM:")[1].split()[0])
"""
    peaks = [
        int(subprocess.check_output([sys.executable, "-c", code, scale]))
        for scale in ("medium", "large")
    ]
    assert peaks[1] < 1.3 * peaks[0], peaks
