"""The kind ``sql``: statements for PostgreSQL, for MySQL or MariaDB, or for both.

A text is never run by the judge itself: the server runs it, for a role that may enter one database
and do nothing else. The judge keeps the time and the limits from outside; see ``watch`` and
``prodev.services``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from prodev.judge.endings import Unreadable
from prodev.judge.kinds.kind import Job, Kind
from prodev.judge.kinds.sql import servers
from prodev.judge.kinds.sql.answer import SqlAnswer
from prodev.judge.kinds.sql.statements import tokens_of
from prodev.services import mysql, postgresql

if TYPE_CHECKING:
    from prodev.judge.mutants import Mutant

_HERE = Path(__file__).resolve().parent

_SOLUTION = "CREATE TABLE beds (id integer PRIMARY KEY, people integer CHECK (people > 0));\n"
_CHECK = '''\
"""Does the table refuse a bed for nobody?"""

from prodev.judge import Finding


def check(answer):
    room = answer.database("postgresql")
    answer.execute(room)
    if refusal := room.try_insert("beds", {"id": 1, "people": 2}):
        return Finding("refuses-a-good-bed", said=refusal.message)
    if room.try_insert("beds", {"id": 2, "people": 0}) is None:
        return Finding("accepts-nobody")
    return None
'''


class SqlKind(Kind):
    """Answers in SQL."""

    name = "sql"
    suffixes = (".sql",)

    @property
    def inputs(self) -> tuple[Path, ...]:
        """The files of the package that a verdict depends on."""
        folders = (_HERE, *map(Path, postgresql.__path__), *map(Path, mysql.__path__))
        own = (path for folder in folders for path in sorted(folder.glob("*.py")))
        return (*own, _HERE.parents[1] / "verdicts.py")

    @contextmanager
    def open(self, job: Job) -> Iterator[SqlAnswer]:
        """Take the text; a database is made when the check asks for it."""
        with ExitStack() as rooms:
            yield SqlAnswer(job.source, job.random, job.seconds, job.memory_mb, rooms)

    def attempted(self, source: str, starter: str) -> bool:
        """Compare the words that count, in small letters."""
        words = _words(source)
        return bool(words) and words != _words(starter)

    def degenerate(self, solution: str) -> Mapping[str, str]:
        """Return texts that are no SQL, and SQL that does nothing, or too much."""
        return {
            "no-sql": "print('hello')\n",
            "one": "SELECT 1;\n",
            "never-closed": "SELECT 'open\n",
            "commits": f"BEGIN;\nROLLBACK;\nCOMMIT;\n{solution.partition(';')[0][:20]};\n",
            "rolled-back": f"BEGIN;\n{solution}\nROLLBACK;\n",
            "control-characters": "SELECT '\x1b[31m\x00';\n",
            "lone-surrogate": "SELECT '\ud800';\n",
            "deeply-nested": "SELECT " + "(" * 500 + "1" + ")" * 500 + ";\n",
            "a-very-long-line": f"SELECT '{'x' * 90_000}';\n",
            "many-statements": "SELECT 1;\n" * 200,
            "many-rows": "SELECT a.column_name FROM information_schema.columns x, "
            "information_schema.columns y, information_schema.columns a;\n",
        }

    def mutants(self, solution: str, suffix: str) -> tuple[Mutant, ...]:  # noqa: ARG002
        """Return the text with one rule, column, comparison or statement changed."""
        from prodev.judge.kinds.sql.mutants import sql_mutants

        return sql_mutants(solution)

    def scaffold(self) -> dict[str, str]:
        """Return a small exercise that holds, to be rewritten."""
        return {
            "starter.sql": "CREATE TABLE beds (id integer, people integer);\n",
            "solution.sql": _SOLUTION,
            "right/at-least-one.sql": _SOLUTION.replace("> 0", ">= 1"),
            "wrong/accepts-nobody.sql": _SOLUTION.replace("> 0", ">= 0"),
            "wrong/refuses-a-good-bed.sql": _SOLUTION.replace("> 0", "> 2"),
            "check.py": _CHECK,
        }

    def missing(self) -> str:
        """Say that there is no database server at all, and how to get one."""
        return servers.missing()


def _words(source: str) -> list[str]:
    """The words of a text without comments; where it is no SQL, its lines."""
    try:
        found = [token.text.lower() for token in tokens_of(source, "postgres")]
    except Unreadable:
        return [line.strip() for line in source.splitlines() if line.strip()]
    while found and found[-1] == ";":
        found.pop()
    return found


KIND = SqlKind()
