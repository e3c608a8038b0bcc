"""``prodev exercises``: list them, begin a new one."""

from __future__ import annotations

import sys

import click

from prodev.cli.rows import format_option, print_rows


@click.group()
def exercises() -> None:
    """List the exercises, begin a new one, prove that they hold."""


@exercises.command("list")
@click.option("--module", help="Only this module's.")
@format_option
def list_exercises(module: str | None, layout: str) -> None:
    """List the exercises and the mistakes that they know."""
    from prodev.catalog import load_catalog

    catalog = load_catalog()
    wanted = catalog.module(module).slug if module else None
    rows = [
        {
            "slug": exercise.slug,
            "module": exercise.module,
            "kind": exercise.kind,
            "title": exercise.title,
            "points": exercise.points,
            "wrong": " ".join(sorted(exercise.wrong)),
        }
        for exercise in catalog.exercise_records
        if wanted in (None, exercise.module)
    ]
    print_rows(rows, layout)


@exercises.command("new")
@click.argument("module")
@click.argument("name")
@click.option("--kind", default="python", show_default=True, help="The kind of exercise.")
def new(module: str, name: str, kind: str) -> None:
    """Begin the exercise MODULE/NAME: a small folder that holds, to be changed."""
    from prodev.judge.scaffold import new_exercise

    folder = new_exercise(module, name, kind)
    click.echo(
        f"{folder}\nChange its files, then prove it: prodev exercises prove --module {module}"
    )


@exercises.command("prove")
@click.option("--module", help="Only this module's.")
@click.option("--all", "afresh", is_flag=True, help="Prove afresh what is recorded too.")
@format_option
def prove(module: str | None, afresh: bool, layout: str) -> None:
    """Prove that each exercise is solvable and knows its mistakes; ends with 1 if one is not."""
    from prodev.judge.proof.matrix import prove_all

    def show(line: str) -> None:
        click.echo(line, err=True)

    rows, problems = prove_all(module, afresh=afresh, show=show)
    print_rows(rows, layout)
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        sys.exit(1)
