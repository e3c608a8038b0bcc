"""``prodev lab``: JupyterLab on the start page."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click


@click.command()
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
        click.echo(f"{name} has a newer version: yours stays, the new one is in {folder}/updates/.")
    click.echo(f"Learner: {learner_name()}. Opening {folder}/{START}; stop with Ctrl-C.")
    sys.stdout.flush()
    command = lab_command(folder, port=port, browser=browser)
    os.execve(command[0], command, lab_environment(os.environ))
