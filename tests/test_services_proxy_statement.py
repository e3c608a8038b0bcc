"""What the proxy keeps of the statements, without a database."""

from __future__ import annotations

import pytest

from prodev.services.proxy import Block, Statement
from prodev.services.proxy import log as proxy_log
from prodev.services.service import ServiceError


def statement(sql: str, number: int = 1) -> Statement:
    return Statement(number, 1, "query", sql)


@pytest.mark.parametrize(
    "sql",
    [
        "BEGIN",
        "begin isolation level serializable read only;",
        "START TRANSACTION WITH CONSISTENT SNAPSHOT",
        "-- a comment\n/* another\n one */ COMMIT ;  ",
        'SAVEPOINT "s1"',
        "RELEASE SAVEPOINT s1",
        "ROLLBACK TO SAVEPOINT s1",
        "SET TRANSACTION ISOLATION LEVEL READ COMMITTED",
        "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
        "SET autocommit=0",
        "SET @@autocommit = 1",
        "END",
    ],
)
def test_what_begins_or_ends_a_transaction_is_no_query(sql: str):
    block = Block()
    block.add(statement(sql), len(sql))
    assert block.count == 1
    assert block.queries == []


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1",
        "BEGIN; DELETE FROM stays",
        "COMMIT; SELECT 1",
        "-- BEGIN\nSELECT 1",
        "/* COMMIT */ UPDATE stays SET id = 1",
        "SET search_path = beginning",
        "ends",
        "",
        "SET LOCAL statement_timeout = 1",
    ],
)
def test_all_else_is_a_query(sql: str):
    block = Block()
    block.add(statement(sql), len(sql))
    assert [one.sql for one in block.queries] == [sql]


def test_text_that_only_looks_like_a_comment_takes_no_long_time():
    assert not statement("/*" + "*" * 2_000_000).transaction
    assert not statement(" \n" * 1_000_000 + "x").transaction


def test_a_count_stays_exact_when_there_is_no_room_for_the_text(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(proxy_log, "MOST_STATEMENTS", 3)
    block = Block()
    for number in range(1, 6):
        block.add(statement("SELECT 1", number), 8)
    assert block.count == 5
    with pytest.raises(ServiceError, match="counted 5 statements and kept the first 3"):
        _ = block.statements
    block.clear()
    block.add(statement("SELECT 2"), 8)
    assert (block.count, len(block.statements)) == (1, 1)


def test_what_is_kept_has_no_holes(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(proxy_log, "MOST_TEXT", 100)
    block = Block()
    for size in (90, 50, 1):
        block.add(statement("SELECT 1"), size)
    assert block.count == 3
    with pytest.raises(ServiceError, match="kept the first 1 of"):
        _ = block.queries


def test_the_first_error_of_a_statement_counts():
    one = statement("SELECT 1; SELECT 2")
    one.fail("22012", "division by zero")
    one.fail("57014", "canceled")
    one.finish("done")
    assert (one.status, one.error, one.message) == ("failed", "22012", "division by zero")
    assert one.seconds is not None
