"""What the counting proxy costs: statements and rows through it, against a direct connection.

The client is a process of its own, as the answer of a learner is. Direct and through the proxy are
measured in turn; the figures are medians of the rounds and the ratio of both.
"""

from __future__ import annotations

import statistics
import subprocess
import sys

from prodev.services.address import Address
from prodev.services.mysql import MySQL
from prodev.services.postgresql import PostgreSQL
from prodev.services.proxy import CountingProxy, counting_proxy
from prodev.services.service import MissingError

ROUNDS = 9
STATEMENTS = 3000
ROWS = 200_000

CLIENT = """
import sys, time

engine, statements, rows = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
if engine == "postgresql":
    import psycopg
    many = f"SELECT g, g::text, now() FROM generate_series(1, {rows}) g"
    connect = lambda given: psycopg.connect(**given, autocommit=True)
else:
    import pymysql
    many = f"SELECT seq, concat(seq), now() FROM seq_1_to_{rows}"
    connect = lambda given: pymysql.connect(**given, autocommit=True)
for line in sys.stdin:
    given = eval(line)
    started = time.perf_counter()
    connection = connect(given)
    connected = time.perf_counter() - started
    cursor = connection.cursor()
    cursor.execute("SELECT 1")
    started = time.perf_counter()
    for _ in range(statements):
        cursor.execute("SELECT 1")
        cursor.fetchone()
    each = (time.perf_counter() - started) / statements
    started = time.perf_counter()
    cursor.execute(many)
    assert len(cursor.fetchall()) == rows
    print(connected, each, time.perf_counter() - started, flush=True)
    connection.close()
"""


def measure(client: subprocess.Popen[str], address: Address) -> tuple[float, float, float]:
    """Return seconds to connect, for one statement, and for the large result."""
    assert client.stdin
    assert client.stdout
    print(repr(address.arguments()), file=client.stdin, flush=True)
    connect, statement, rows = map(float, client.stdout.readline().split())
    return connect, statement, rows


def report(name: str, direct: list[float], proxied: list[float], unit: str, factor: float) -> None:
    """Print both medians and the median of the ratios."""
    ratio = statistics.median(b / a for a, b in zip(direct, proxied, strict=True))
    one, other = (statistics.median(values) * factor for values in (direct, proxied))
    print(f"  {name:24} direct {one:8.1f} {unit}   proxy {other:8.1f} {unit}   × {ratio:.2f}")


def compare(name: str, upstream: Address, proxy: CountingProxy) -> None:
    """Measure one kind of database."""
    arguments = [sys.executable, "-c", CLIENT, upstream.engine, str(STATEMENTS), str(ROWS)]
    direct, proxied = [], []
    pipe = subprocess.PIPE
    with subprocess.Popen(arguments, stdin=pipe, stdout=pipe, text=True) as client:
        for _ in range(ROUNDS + 1):
            direct.append(measure(client, upstream))
            proxy.clear()
            proxied.append(measure(client, proxy.address))
            assert proxy.count >= STATEMENTS + 2
    # The first round warms up.
    one, other = (list(zip(*rounds[1:], strict=True)) for rounds in (direct, proxied))
    print(f"{name}: {ROUNDS} rounds in turn, {STATEMENTS} statements, {ROWS:,} rows")
    report("connect", one[0], other[0], "ms", 1e3)
    report("SELECT 1", one[1], other[1], "µs", 1e6)
    report("the large result", one[2], other[2], "ms", 1e3)


def main() -> None:
    """Measure PostgreSQL, and MySQL where it is here."""
    with (
        PostgreSQL().start() as server,
        server.database() as database,
        counting_proxy(database.address) as proxy,
    ):
        compare("PostgreSQL", database.address, proxy)
    try:
        with (
            MySQL().start() as other,
            other.database() as its,
            counting_proxy(its.address) as proxy,
        ):
            compare(other.found.provider, its.address, proxy)
    except MissingError as error:
        print(error)


if __name__ == "__main__":
    main()
