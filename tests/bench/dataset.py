"""How fast the data of Stays gets into a database, and how much memory that takes.

Each load runs in a fresh process, into tables without rows; ways are measured in turn, so that a
busy machine slows all of them. ``--large`` adds two million bookings.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys

from prodev.errors import CourseError
from prodev.services.mysql import MySQL
from prodev.services.postgresql import PostgreSQL

ROUNDS = 3
CODE = """
import json, sys, time
from pathlib import Path
from prodev.services.address import parse_address
from prodev.stays.load import load
way, scale, url = sys.argv[1:]
if way == "executemany":
    import psycopg
    from psycopg.sql import SQL, Identifier
    from prodev.stays.dataset import make_stays
    from prodev.stays.schema import COLUMNS
    began, rows = time.perf_counter(), 0
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        for table, frame in make_stays(1, scale).frames().items():
            marks = SQL(", ").join(SQL("%s") * len(COLUMNS[table]))
            insert = SQL("INSERT INTO {} VALUES ({})").format(Identifier(table), marks)
            values = frame.astype(object).where(frame.notna(), None)
            cursor.executemany(insert, values.itertuples(index=False, name=None))
            rows += len(frame)
elif way == "generate":
    from prodev.stays.columns import rows_in
    from prodev.stays.load.rows import text_of
    from prodev.stays.load.text import COPY
    from prodev.stays.schema import COLUMNS
    from prodev.stays.tables import make_tables
    began, rows = time.perf_counter(), 0
    for table, part in make_tables(1, scale, on_disk=True):
        rows += rows_in(part)
        for block in text_of([part], COLUMNS[table], COPY):
            pass
elif way == "make_stays":
    from prodev.stays.dataset import make_stays
    began = time.perf_counter()
    rows = sum(map(len, make_stays(1, scale).frames().values()))
else:
    address = parse_address(url, where="url")
    began = time.perf_counter()
    rows = sum(load(address, 1, scale).values())
seconds = time.perf_counter() - began
status = Path("/proc/self/status")
peak = int(status.read_text().split("VmHWM:")[1].split()[0]) / 1024 if status.exists() else 0.0
print(json.dumps({"rows": rows, "seconds": seconds, "peak_mb": peak}))
"""
Sample = dict[str, float]


def run(way: str, scale: str, url: str = "") -> Sample:
    """Measure one way in a process of its own."""
    told = subprocess.check_output([sys.executable, "-c", CODE, way, scale, url], text=True)
    return json.loads(told)


def run_in(server, way: str, scale: str) -> Sample:
    """Measure one way into new tables of a server."""
    from prodev.stays.load import create_tables

    with server.database(seconds=3600) as database:
        create_tables(database.address)
        return run(way, scale, database.url)


def median(samples: list[Sample], name: str) -> float:
    """Return the median of one figure."""
    return statistics.median(sample[name] for sample in samples)


def report(name: str, samples: list[Sample], base: list[Sample]) -> None:
    """Print a way, and how many times as long as the base it took a row."""
    each = median(samples, "seconds") / samples[0]["rows"]
    other = median(base, "seconds") / base[0]["rows"]
    print(
        f"{name:34} {median(samples, 'seconds'):8.2f} s {1 / each:11,.0f} rows/s "
        f"{median(samples, 'peak_mb'):6.0f} MB   {each / other:5.2f} x"
    )


def main() -> None:
    """Measure every way."""
    ways = {
        ("COPY, medium", "copy", "medium"): [],
        ("executemany, medium", "executemany", "medium"): [],
        ("generation and text, medium", "generate", "medium"): [],
        ("make_stays, medium", "make_stays", "medium"): [],
        ("make_stays, small", "make_stays", "small"): [],
        ("MySQL, medium", "mysql", "medium"): [],
    }
    if "--large" in sys.argv:
        ways[("COPY, large", "copy", "large")] = []
    servers = {"copy": PostgreSQL().start()}
    servers["executemany"] = servers["copy"]
    try:
        servers["mysql"] = MySQL().start()
    except CourseError as missing:
        print(missing)
        del ways[("MySQL, medium", "mysql", "medium")]
    try:
        print(f"{ROUNDS} rounds, measured in turn; Python {sys.version.split()[0]}.")
        for _ in range(ROUNDS):
            for (_, way, scale), samples in ways.items():
                server = servers.get(way)
                samples.append(run_in(server, way, scale) if server else run(way, scale))
    finally:
        for name in ("copy", "mysql"):
            if name in servers:
                servers[name].stop()
    base = ways[("COPY, medium", "copy", "medium")]
    for (name, _, _), samples in ways.items():
        report(name, samples, base)
    if large := ways.get(("COPY, large", "copy", "large")):
        ratio = median(large, "peak_mb") / median(base, "peak_mb")
        print(f"peak memory, large to medium: {ratio:.2f} x   target 1.25")


if __name__ == "__main__":
    main()
