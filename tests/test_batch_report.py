"""The report is one page that needs no network and shows nothing unescaped."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from prodev.batch.ledger import STATUSES, Outcome, open_ledger
from prodev.batch.report import write_report
from prodev.errors import CourseError

RUN = Outcome(
    run_id="0" * 16,
    attempt=1,
    module="start",
    learner="ada",
    parameters='{"learner": "ada", "seed": 1}',
    status="passed",
    reason="",
    started_at="2026-01-01T00:00:00.000+00:00",
    ended_at="2026-01-01T00:00:02.000+00:00",
    wall_s=2.0,
    cpu_s=1.5,
    max_rss_mb=70.0,
    cells_total=9,
    cells_run=9,
    verdicts_passed=0,
    verdicts_total=0,
    output_path="ada/00_start.ipynb",
    output_sha256="f" * 64,
    cache_key="",
    engine="papermill",
    host="here",
)
EVIL = "<script>alert(1)</script>"


def report_of(folder: Path, *outcomes: Outcome) -> str:
    folder.mkdir(exist_ok=True)
    ledger = open_ledger(folder)
    for index, outcome in enumerate(outcomes):
        ledger.record(replace(outcome, run_id=f"{index:016x}") if index else outcome)
    ledger.record_conditions({"Python": "3.11", "host": "here"})
    ledger.close()
    return write_report(folder).read_text("utf-8")


def failed(**changes: object) -> Outcome:
    reason = "cell 7: ZeroDivisionError: division by zero"
    return replace(RUN, status="failed", reason=reason, cells_run=7, learner="lin", **changes)


def test_a_failure_is_named_first_with_its_cell_and_error(tmp_path: Path) -> None:
    page = report_of(tmp_path, RUN, failed(output_path="lin/00_start.ipynb"))
    assert "<h1>1 of 2 runs did not pass</h1>" in page
    assert page.index("cell 7: ZeroDivisionError") < page.index("Learners and notebooks")
    assert 'href="lin/00_start.ipynb"' in page
    assert "7 of 9" in page
    assert "seed=1" in page


def test_a_batch_without_failures_says_so(tmp_path: Path) -> None:
    page = report_of(tmp_path, RUN)
    assert "<h1>1 of 1 run passed</h1>" in page
    assert "What did not pass" not in page


def test_the_page_asks_the_network_for_nothing(tmp_path: Path) -> None:
    page = report_of(tmp_path, RUN, failed())
    assert "http:" not in page
    assert "https:" not in page
    assert "<script" not in page
    assert not re.search(r"url\(|@import|src=", page)
    assert "default-src 'none'" in page


def test_names_and_errors_are_text_and_never_markup(tmp_path: Path) -> None:
    page = report_of(
        tmp_path,
        replace(RUN, learner=EVIL, parameters=f'{{"note": "{EVIL}"}}'),
        failed(module=EVIL, output_path='a"b/<c> d#?.ipynb'),
        replace(RUN, status="not_run", reason=EVIL, output_path=""),
    )
    assert "<script" not in page
    assert page.count("&lt;script&gt;") >= 4
    assert 'href="a%22b/%3Cc%3E%20d%23%3F.ipynb"' in page


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_has_a_sign_and_a_word(tmp_path: Path, status: str) -> None:
    page = report_of(tmp_path, replace(RUN, status=status))
    assert re.search(r'aria-hidden="true">[✓✕!]</span> [a-z ]+</span>', page)


def test_only_the_latest_attempt_is_shown(tmp_path: Path) -> None:
    first = replace(failed(), learner="ada")
    ledger = open_ledger(tmp_path)
    ledger.record(first)
    ledger.record(replace(RUN, run_id=first.run_id, attempt=2))
    ledger.close()
    page = write_report(tmp_path).read_text("utf-8")
    assert "ZeroDivisionError" not in page
    assert "2 attempts in all" in page


def test_tables_have_captions_and_headers_with_a_scope(tmp_path: Path) -> None:
    class Headers(HTMLParser):
        tables = captions = 0

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.tables += tag == "table"
            self.captions += tag == "caption"
            assert tag != "th" or dict(attrs).get("scope") in ("col", "row")

    headers = Headers()
    headers.feed(report_of(tmp_path, RUN, failed()))
    assert headers.tables == headers.captions == 4


def test_a_large_cohort_goes_down_the_page_and_many_modules_too(tmp_path: Path) -> None:
    cohort = report_of(tmp_path / "a", RUN, replace(RUN, learner="kim"))
    assert '<th scope="col">Learner</th><th scope="col">start</th>' in cohort
    modules = report_of(tmp_path / "b", RUN, replace(RUN, module="caching"))
    assert '<th scope="col">Notebook</th><th scope="col">ada</th>' in modules


def test_without_a_ledger_there_is_a_sentence_and_no_report(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="There is no ledger in"):
        write_report(tmp_path)
    assert list(tmp_path.iterdir()) == []
