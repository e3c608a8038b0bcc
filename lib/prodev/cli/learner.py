"""``prodev learner``: what is kept about a learner, to see, to take elsewhere, to delete."""

from __future__ import annotations

from pathlib import Path

import click

from prodev.cli.rows import format_option, print_rows
from prodev.errors import CourseError

learner_option = click.option(
    "--learner", "given", metavar="NAME", help="Whose; the learner of this computer by default."
)


@click.group()
def learner() -> None:
    """Show, export, import or delete what is kept about a learner."""


@learner.command()
@learner_option
@format_option
def show(given: str | None, layout: str) -> None:
    """List the exercises that the learner has touched."""
    from prodev.learner.store import Store

    store = Store(_name(given))
    rows = [{"exercise": slug, **seen.model_dump()} for slug, seen in store.exercises().items()]
    if not rows and layout == "table":
        click.echo(f"No exercise is kept for {store.learner} yet.")
        return
    print_rows(rows, layout)


@learner.command()
@click.argument("file", type=click.Path(path_type=Path))
@learner_option
def export(file: Path, given: str | None) -> None:
    """Write everything that is kept about the learner to FILE."""
    from prodev.learner.store import Store

    store = Store(_name(given))
    store.export(file)
    click.echo(f"All that is kept about {store.learner} is in {file}.")


@learner.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@learner_option
def import_(file: Path, given: str | None) -> None:
    """Add what an exported FILE holds; a second time changes nothing."""
    from prodev.learner.store import import_store

    added = import_store(file, given or _owner(file))
    click.echo(
        f"New for {added.learner}: {_count(added.attempts, 'attempt')}, "
        f"{_count(added.reveals, 'reveal')}, {_count(added.quiz, 'quiz answer')}, "
        f"{_count(added.evidence, 'measurement')}."
    )
    if added.learner != _name(None):
        click.echo(f"Work as this learner with: prodev lab --learner {_quoted(added.learner)}")


@learner.command()
@learner_option
@click.option("--yes", is_flag=True, help="Do not ask.")
def delete(given: str | None, yes: bool) -> None:
    """Delete everything that is kept about the learner."""
    from prodev.learner.store import Store

    store = Store(_name(given))
    if not store.exists():
        click.echo(f"Nothing is kept about {store.learner}.")
        return
    if not yes:
        click.confirm(
            f"Delete all that is kept about {store.learner}? It can't be undone", abort=True
        )
    store.delete()
    click.echo(f"All that was kept about {store.learner} is deleted.")


def _name(given: str | None) -> str:
    from prodev.learner.name import learner_name

    return given or learner_name()


def _owner(file: Path) -> str:
    """Return the learner to import for; two people's work is never mixed unasked."""
    from prodev.learner.name import DEMO
    from prodev.learner.transfer import read_export

    here, owner = _name(None), read_export(file).learner
    if here not in (DEMO, owner):
        raise CourseError(
            f"{file} is the work of {owner}, and the learner of this computer is {here}; choose "
            f"with --learner {_quoted(owner)} or --learner {_quoted(here)}."
        )
    return owner


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _quoted(name: str) -> str:
    from shlex import quote

    return quote(name)
