"""Answers in SQL: how they are cut, run, refused, looked at, and changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from random import Random

import pytest

from judge_exercises import make_exercise
from prodev.catalog import load_catalog
from prodev.judge import Judge
from prodev.judge.endings import Noisy, Raised, Unreadable
from prodev.judge.kinds.sql import KIND
from prodev.judge.kinds.sql.answer import SqlAnswer
from prodev.judge.kinds.sql.ddl import references_behind_columns
from prodev.judge.kinds.sql.mutants import rewritten, sql_mutants
from prodev.judge.kinds.sql.plan import read_plan
from prodev.judge.kinds.sql.postgresql import PostgreSQLRoom
from prodev.judge.kinds.sql.statements import split
from prodev.services.address import Engine
from prodev.services.mysql import MySQL

TABLES = """
CREATE TABLE houses (id BIGINT PRIMARY KEY);
INSERT INTO houses VALUES (1);
"""
BEDS = """
CREATE TABLE beds (
    id BIGINT PRIMARY KEY,
    house_id BIGINT NOT NULL,
    people INTEGER,
    bought DATE,
    CONSTRAINT some_people CHECK (people > 0),
    CONSTRAINT bed_house FOREIGN KEY (house_id) REFERENCES houses (id)
);
"""
GOOD = {"id": 1, "house_id": 1, "people": 2, "bought": "2030-01-10"}


@pytest.fixture
def rooms() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def answer(rooms: ExitStack) -> SqlAnswer:
    return SqlAnswer(BEDS, Random(1), 30.0, 256, rooms)


@pytest.fixture
def empty(rooms: ExitStack) -> PostgreSQLRoom:
    return SqlAnswer("", Random(1), 30.0, 256, rooms).database("postgresql")


@pytest.fixture(params=["postgresql", "mysql"])
def engine(request: pytest.FixtureRequest) -> Engine:
    if request.param == "mysql":
        MySQL().find()
    found: Engine = request.param
    return found


def texts(text: str, engine: Engine = "postgresql") -> list[str]:
    return [statement.text for statement in split(text, engine)]


def test_a_text_is_cut_at_the_semicolons_that_end_a_statement():
    text = "SELECT ';'; -- one; two\n\nSELECT $$ a; b $$;;\n/* c; d */ SELECT 3"

    assert texts(text) == ["SELECT ';'", "SELECT $$ a; b $$", "SELECT 3"]
    assert [statement.line for statement in split(text, "postgresql")] == [1, 3, 4]


def test_the_body_of_a_trigger_is_one_statement_in_mysql():
    body = (
        "CREATE TRIGGER t BEFORE INSERT ON b FOR EACH ROW BEGIN IF NEW.a > 1 THEN SET @x = 1; "
        "END IF; CASE WHEN 1 THEN SET @y = CASE WHEN 2 THEN 3 END; END CASE; "
        "WHILE 0 DO SET @z = 1; END WHILE; END"
    )

    assert texts(f"{body};\nBEGIN; SELECT 1; COMMIT;", "mysql") == [
        body, "BEGIN", "SELECT 1", "COMMIT",
    ]  # fmt: skip


def test_a_comment_that_mysql_runs_stays_with_its_statement():
    text = "CREATE TABLE t (x int) /*! ENGINE=MyISAM */; SELECT 1"

    assert texts(text, "mysql") == ["CREATE TABLE t (x int) /*! ENGINE=MyISAM */", "SELECT 1"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("SELECT 'open", "may be open .Error tokenizing"),
        ("DELIMITER //\nSELECT 1//", "DELIMITER is a command of the program mysql"),
        ("SELECT '\0'", "a character that no database takes"),
        ("SELECT '\ud800'", "a character that no database takes"),
        ("SELECT 1;" * 20_000, "180,000 characters"),
    ],
)
def test_a_text_that_is_no_sql_is_told_why(text: str, said: str):
    with pytest.raises(Unreadable, match=said):
        split(text, "mysql")


@pytest.mark.parametrize(
    ("text", "attempted"),
    [
        ("create  table\n BEDS (id int); -- mine", False),
        ("CREATE TABLE beds (id int)", False),
        ("", False),
        ("-- nothing\n", False),
        ("CREATE TABLE beds (id bigint);", True),
        ("CREATE TABLE beds (id int); SELECT 'open", True),
    ],
)
def test_only_words_make_an_attempt(text: str, attempted: bool):
    assert KIND.attempted(text, "CREATE TABLE beds (id int);\n") is attempted


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "kind", "name"),
    [
        ({}, None, ""),
        ({"house_id": None}, "not null", "house_id"),
        ({"people": 0}, "check", "some_people"),
        ({"house_id": 7}, "foreign key", "bed_house"),
        ({"bought": "2030-02-30"}, "type", None),
        ({"people": "two"}, "type", None),
    ],
)
def test_both_engines_say_in_the_same_words_what_refused_a_row(
    answer: SqlAnswer, engine: Engine, change: dict[str, object], kind: str | None, name: str | None
):
    room = answer.database(engine, setup=TABLES)
    assert [ran.refusal for ran in answer.execute(room)] == [None]

    refusal = room.try_insert("beds", GOOD | change)

    assert (refusal.kind if refusal else None) == kind
    if refusal and name is not None:
        assert refusal.name == name
    assert room.rows("SELECT count(*) FROM beds") == [(0,)]


@pytest.mark.slow
def test_a_row_that_stays_may_be_taken(answer: SqlAnswer, engine: Engine):
    room = answer.database(engine, setup=TABLES)
    answer.execute(room)
    room.insert("beds", GOOD)

    refusal = room.try_insert("beds", GOOD)

    assert refusal is not None
    assert refusal.kind == "unique"
    assert room.rows("SELECT people FROM beds WHERE id = %s", 1) == [(2,)]


@pytest.mark.slow
def test_a_message_of_mysql_does_not_name_the_judges_database(rooms: ExitStack):
    MySQL().find()
    answer = SqlAnswer("SELECT * FROM missing; SELECT * FROM t.u", Random(1), 30.0, 256, rooms)
    room = answer.database("mysql")
    name = room.rows("SELECT DATABASE()")[0][0]

    for ran in answer.execute(room):
        assert ran.refusal is not None
        assert name not in ran.refusal.message


@pytest.mark.slow
def test_statements_run_on_after_one_was_refused(rooms: ExitStack, engine: Engine):
    text = "CREATE TABLE t (x INTEGER);\nINSERT INTO u VALUES (1);\nSELECT 1 AS one, 'a' AS word;"
    answer = SqlAnswer(text, Random(1), 30.0, 256, rooms)

    first, second, third = answer.execute(answer.database(engine))

    assert first.refusal is None
    assert second.refusal is not None
    assert second.statement.line == 2
    assert (third.columns, third.rows) == (("one", "word"), ((1, "a"),))


@pytest.mark.slow
def test_a_setup_is_made_once_and_every_answer_gets_a_copy(rooms: ExitStack, engine: Engine):
    answer = SqlAnswer("DELETE FROM houses", Random(1), 30.0, 256, rooms)
    for _ in range(2):
        room = answer.database(engine, setup=TABLES)
        assert room.rows("SELECT id FROM houses") == [(1,)]
        answer.execute(room)
        assert room.rows("SELECT id FROM houses") == []


@pytest.mark.slow
def test_stays_can_be_the_setup(rooms: ExitStack):
    answer = SqlAnswer("", Random(1), 30.0, 256, rooms)
    room = answer.database("postgresql", stays="small", setup="DELETE FROM messages")

    assert room.rows("SELECT count(*) FROM bookings") == [(2_000,)]
    assert room.rows("SELECT count(*) FROM messages") == [(0,)]


@pytest.mark.slow
def test_a_plan_says_what_was_read_and_by_what(empty: PostgreSQLRoom):
    empty.execute(
        "CREATE TABLE t AS SELECT g AS id, g % 100 AS part FROM generate_series(1, 20000) g;"
        "ALTER TABLE t ADD PRIMARY KEY (id)"
    )
    empty.refresh("t")

    scan, search = (
        empty.plan(f"SELECT id FROM t WHERE {column} = %s", 7) for column in ("part", "id")
    )

    assert (scan.types, scan.rows, scan.removed, scan.visited) == (
        ("Seq Scan",),
        200,
        19_800,
        20_000,
    )
    assert scan.buffers == empty.rows("SELECT pg_relation_size('t') / 8192")[0][0]
    assert (search.indexes, search.rows, search.removed) == ({"t_pkey"}, 1, 0)
    assert search.buffers < 5


def test_counts_of_a_plan_are_those_of_all_loops():
    inner = {"Node Type": "Index Scan", "Actual Rows": 2.0, "Actual Loops": 3, "Index Name": "i"}
    inner["Rows Removed by Filter"] = 1
    plan = read_plan([{"Plan": {"Node Type": "Nested Loop", "Actual Rows": 6.0, "Plans": [inner]}}])

    assert (plan.rows, plan.removed, plan.visited) == (6, 3, 9)


@pytest.mark.slow
def test_indexes_are_told_with_their_columns_in_order(empty: PostgreSQLRoom):
    empty.execute(
        "CREATE TABLE t (a int PRIMARY KEY, b int, c text);"
        "CREATE INDEX two ON t (b DESC, lower(c)) INCLUDE (a) WHERE b > 1"
    )

    found = empty.indexes("t")

    assert list(found) == ["t_pkey", "two"]
    assert found["t_pkey"].unique
    assert (found["two"].columns, found["two"].where) == (("b", "lower(c)"), "(b > 1)")
    assert empty.indexes("nothing") == {}


@pytest.mark.slow
def test_what_a_check_cannot_ask_any_more_is_the_answers_error(empty: PostgreSQLRoom):
    with pytest.raises(Raised, match='UndefinedTable: relation "gone" does not exist') as ended:
        empty.rows("SELECT *\nFROM gone")

    assert ended.value.call == "SELECT * FROM gone"


@pytest.mark.slow
def test_a_check_reads_no_more_than_it_can_look_at(empty: PostgreSQLRoom):
    with pytest.raises(Noisy):
        empty.rows("SELECT generate_series(1, 1000000)")


def test_a_mutant_is_one_rule_less():
    found = {(mutant.operator, mutant.before, mutant.after) for mutant in sql_mutants(BEDS)}
    check = "CONSTRAINT some_people CHECK (people > 0),"

    assert ("ChangeComparison", check, check.replace(">", ">=")) in found
    assert ("DropConstraint", "house_id BIGINT NOT NULL,", "house_id BIGINT,") in found
    assert ("ChangeType", "bought DATE,", "bought VARCHAR(20),") in found
    assert {"DropStatement", "DropColumn", "ChangeNumber"} <= {operator for operator, *_ in found}


def test_mutants_of_an_index_are_columns_less_and_columns_swapped():
    found = {m.operator: m.after for m in sql_mutants("CREATE INDEX i ON t (a, b) WHERE c > 1")}

    assert found["SwapColumns"] == "CREATE INDEX i ON t(b, a)"
    assert {"DropColumn", "DropWhere", "ChangeUnique"} <= found.keys()


@pytest.mark.slow
@pytest.mark.parametrize(
    "slug", ["query-performance/composite-index", "schema-and-sql/both-engines"]
)
def test_a_solution_passes_as_its_mutants_are_written(slug: str):
    """Else a mutant could fail for how it is written."""
    exercise = load_catalog().exercise(slug)
    with Judge() as judge:
        verdict = judge.judge(exercise, rewritten(exercise.solution))

    assert verdict.status in ("passed", "unavailable"), verdict


def test_a_key_behind_its_column_is_found():
    text = "CREATE TABLE t (a bigint REFERENCES u (id), b int, FOREIGN KEY (b) REFERENCES v (id))"

    assert references_behind_columns(text) == ("a",)
    assert references_behind_columns("CREATE TABLE (") == ()


@pytest.mark.slow
def test_without_mysql_an_exercise_for_both_is_unavailable_not_failed(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setenv("PRODEV_SERVICES", "embedded")
    exercise = load_catalog().exercise("schema-and-sql/both-engines")

    with Judge() as judge:
        right = judge.judge(exercise, exercise.solution)
        wrong = judge.judge(exercise, exercise.answers("wrong")["value-missing"])

    assert right.status == "unavailable"
    assert "MySQL is not on this machine; to get it:" in right.message
    assert (wrong.status, wrong.code) == ("failed", "value-missing")


@pytest.mark.slow
def test_the_scaffold_of_the_kind_holds(tmp_path: Path):
    files = KIND.scaffold()
    exercise = make_exercise(
        tmp_path,
        files["check.py"],
        kind="sql",
        suffix=".sql",
        starter=files["starter.sql"],
        solution=files["solution.sql"],
        wrong={
            code: ("It says {said}." if "said" in files["check.py"] and code[0] == "r" else "No.",
                   files[f"wrong/{code}.sql"])
            for code in ("accepts-nobody", "refuses-a-good-bed")
        },
    )  # fmt: skip

    with Judge() as judge:
        assert judge.judge(exercise, files["solution.sql"]).status == "passed"
        for code, source in exercise.answers("wrong").items():
            assert judge.judge(exercise, source).code == code
        for source in KIND.degenerate(files["solution.sql"]).values():
            assert judge.judge(exercise, source).status in ("failed", "error", "timeout")
