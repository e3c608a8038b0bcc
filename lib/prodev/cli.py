"""The command ``prodev``: a thin shell over the package's own functions."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from prodev import __version__
from prodev.errors import CourseError
from prodev.tables import FORMATS, print_rows

_format = click.option(
    "--format",
    "layout",
    type=click.Choice(FORMATS),
    default="table",
    show_default=True,
    help="How to print the rows.",
)


class Sentences(click.Group):
    """A group of commands whose errors are one sentence on stderr and exit code 2."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; turn an error of the course into its sentence."""
        try:
            return super().invoke(ctx)
        except CourseError as error:
            click.echo(str(error), err=True)
            ctx.exit(2)


@click.group(cls=Sentences, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="prodev")
def cli() -> None:
    """ProDev Notebooks: a backend course that runs."""


@cli.command()
@click.option(
    "--kind",
    type=click.Choice(["practice", "technology", "concept", "challenge", "takeaway", "system"]),
    help="Only rows of this kind.",
)
@_format
def topics(kind: str | None, layout: str) -> None:
    """List the program's rows and the modules that carry them."""
    from prodev.catalog import load_catalog

    rows = [
        {**topic.model_dump(), "modules": " ".join(topic.modules)}
        for topic in load_catalog().topic_records
        if kind in (None, topic.kind)
    ]
    print_rows(rows, layout)


@cli.command()
@_format
def modules(layout: str) -> None:
    """List the modules of the course."""
    from prodev.catalog import load_catalog

    rows = [
        {
            "slug": module.slug,
            "order": module.order,
            "title": module.title,
            "minutes": module.minutes,
            "prerequisites": " ".join(module.prerequisites),
            "notebook": module.notebook,
            "question": module.question,
        }
        for module in load_catalog().module_records
    ]
    print_rows(rows, layout)


@cli.command()
@click.option("--learner", metavar="NAME", help="Your name; asked for once, then remembered.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("course"),
    show_default=True,
    help="Your own copy of the notebooks.",
)
@click.option("--port", type=click.IntRange(1, 65535), help="The port; a free one by default.")
@click.option("--browser/--no-browser", default=True, help="Open a browser.")
def lab(learner: str | None, folder: Path, port: int | None, browser: bool) -> None:
    """Open JupyterLab on the start page."""
    from prodev.lab import START, lab_command, lab_environment, prepare
    from prodev.learner.name import DEMO, learner_name, store_name, stored_name

    if learner is None and not stored_name() and sys.stdin.isatty():
        learner = click.prompt("Your name (it stays on this computer)", default=DEMO)
    if learner is not None:
        store_name(learner)
    delivery = prepare(folder)
    if delivery.new:
        click.echo(f"{len(delivery.new)} notebooks are now in {folder}/.")
    for name in delivery.updated:
        click.echo(f"{name} is updated.")
    for name in delivery.kept:
        click.echo(
            f"{name} has a newer version: yours is kept, the new one is {folder}/updates/{name}."
        )
    click.echo(f"Learner: {learner_name()}. Opening {folder}/{START}; stop with Ctrl-C.")
    sys.stdout.flush()
    command = lab_command(folder, port=port, browser=browser)
    os.execve(command[0], command, lab_environment(os.environ))


def main() -> None:
    """Run the command line."""
    cli(prog_name="prodev")
