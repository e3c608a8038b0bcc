"""Statements are counted on their way to a real PostgreSQL."""

from __future__ import annotations

import psycopg
import pytest

from prodev.measure import compare_counts, statements
from prodev.services.postgresql import PostgreSQL
from prodev.services.proxy import counting_proxy

pytestmark = pytest.mark.slow


def test_a_loop_of_queries_is_counted_exactly_and_a_join_is_one():
    with (
        PostgreSQL().start() as server,
        server.database() as database,
        counting_proxy(database.address) as proxy,
        psycopg.connect(**proxy.address.arguments(), autocommit=True) as connection,
    ):

        def loop() -> None:
            for number in range(41):
                connection.execute("SELECT %s::int", [number], prepare=False)

        before = statements(proxy, loop, name="loop")
        after = statements(proxy, lambda: connection.execute("SELECT 1"), name="one")
        found = compare_counts(before, after)
    assert (before.value, before.again, after.value, after.again) == (41, 41, 1, 1)
    assert found.verdict == "less"
    assert found.why == "41 → 1 statements, the same at each repeat."


def test_a_first_use_that_sends_more_is_seen():
    with (
        PostgreSQL().start() as server,
        server.database() as database,
        counting_proxy(database.address) as proxy,
        psycopg.connect(**proxy.address.arguments(), autocommit=True) as connection,
    ):
        seen: list[int] = []

        def cached() -> None:
            if not seen:
                connection.execute("SELECT 1")
                seen.append(1)

        found = statements(proxy, cached)
    assert (found.value, found.again, found.reproducible) == (1, 0, False)
