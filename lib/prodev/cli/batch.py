"""``prodev batch``: run notebooks for a roster of learners, and report."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from prodev.cli.rows import format_option, print_rows
from prodev.errors import ParameterError

if TYPE_CHECKING:
    from prodev.batch.ledger import Outcome
    from prodev.batch.plan import Plan

SIGNS = {"passed": "✓", "cached": "✓", "cancelled": "–", "not_run": "–"}


class ManyValues(click.Command):
    """A command whose options may be given several values at once: ``--modules start caching``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Repeat the option for each of its values, which is what click understands."""
        names = [o for p in self.params if getattr(p, "multiple", False) for o in p.opts]
        spread: list[str] = []
        current, fresh = None, False
        for word in args:
            if word.startswith("-"):
                current, fresh = (word if word in names else None), True
                spread.append(word)
            elif current and not fresh:
                spread += [current, word]
            else:
                spread.append(word)
                fresh = False
        return super().parse_args(ctx, spread)


@click.group()
def batch() -> None:
    """Run notebooks for a roster of learners, and report."""


@batch.command(cls=ManyValues)
@click.option(
    "--roster",
    type=click.Path(path_type=Path),
    required=True,
    help="A CSV file with a column 'learner'; every other column is a parameter.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="Where notebooks, ledger and report go.",
)
@click.option("--modules", multiple=True, metavar="SLUG ...", help="These modules; all by default.")
@click.option(
    "--notebooks",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE ...",
    help="Notebooks of your own instead of modules.",
)
@click.option("--jobs", type=int, help="Runs at a time; as many as processors by default.")
@click.option("--mode", type=str, metavar="learn|solve", help="The parameter 'mode' of all runs.")
@click.option("--param", "params", multiple=True, metavar="NAME=VALUE", help="For all runs.")
@click.option(
    "--cell-timeout",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help="How long a cell may take.",
)
@click.option(
    "--run-timeout",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help="How long a run may take.",
)
@format_option
def run(  # noqa: PLR0913, PLR0917 - one for each option
    roster: Path,
    out: Path,
    modules: tuple[str, ...],
    notebooks: tuple[Path, ...],
    jobs: int | None,
    mode: str | None,
    params: tuple[str, ...],
    cell_timeout: float | None,
    run_timeout: float | None,
    layout: str,
) -> None:
    """Run a roster over modules; ends with 1 if a run did not pass."""
    from prodev.batch.plan import plan as make_plan
    from prodev.batch.report import write_report
    from prodev.batch.run import run as run_plan

    planned = make_plan(
        roster,
        modules=[slug for given in modules for slug in given.split(",") if slug],
        notebooks=list(notebooks),
        mode=mode,
        params=_pairs(params),
    )
    with _Progress(planned, to_stderr=layout != "table") as progress:
        summary = run_plan(
            planned,
            out,
            jobs=jobs,
            on_done=progress.show,
            cell_timeout=cell_timeout,
            run_timeout=run_timeout,
        )
    report = write_report(out)
    if layout != "table":
        print_rows([asdict(outcome) for outcome in summary.outcomes], layout)
    counts = ", ".join(f"{number} {status}" for status, number in summary.counts.items())
    click.echo(
        f"{counts or 'nothing to run'} in {summary.wall_s:.0f} s. Report: {report}",
        err=layout != "table",
    )
    if not summary.ok:
        sys.exit(1)


@batch.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@format_option
def report(folder: Path, layout: str) -> None:
    """Write the report of a batch again; ends with 1 if a run did not pass."""
    from prodev.batch.ledger import read_outcomes
    from prodev.batch.report import write_report

    outcomes = read_outcomes(folder)
    path = write_report(folder)
    if layout == "table":
        click.echo(f"Report: {path}")
    else:
        print_rows([asdict(outcome) for outcome in outcomes], layout)
    latest = {outcome.run_id: outcome for outcome in outcomes}
    if not all(outcome.ok for outcome in latest.values()):
        sys.exit(1)


def _pairs(given: tuple[str, ...]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise ParameterError(f"--param {text}: write NAME=VALUE, such as seed=7.")
        if name.strip() in pairs:
            raise ParameterError(f"--param {text}: '{name.strip()}' is given twice; keep one.")
        pairs[name.strip()] = value
    return pairs


class _Progress:
    """One line for each run that has ended, above a bar where there is a terminal."""

    def __init__(self, planned: Plan, *, to_stderr: bool) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn

        self.console = Console(
            stderr=to_stderr, markup=False, highlight=False, emoji=False, soft_wrap=True
        )
        self.bar = Progress(
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self.console,
            transient=True,
            disable=not self.console.is_terminal,
        )
        self.task = self.bar.add_task("runs", total=len(planned.runs))
        self.learners = max((len(run.learner[:24]) for run in planned.runs), default=0)
        self.modules = max((len(run.module[:40]) for run in planned.runs), default=0)

    def __enter__(self) -> _Progress:
        self.bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.stop()

    def show(self, outcome: Outcome) -> None:
        sign = SIGNS.get(outcome.status, "✕")
        reason = f"  {outcome.reason}" if outcome.reason else ""
        self.console.print(
            f"{sign} {outcome.status:9} {outcome.module[:40]:{self.modules}} "
            f"{outcome.learner[:24]:{self.learners}} {outcome.wall_s:6.1f} s{reason}"
        )
        self.bar.advance(self.task)
