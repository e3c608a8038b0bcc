"""``prodev doctor``: what the course finds on this machine."""

from __future__ import annotations

import click

from prodev.cli.rows import format_option, print_rows


@click.command()
@format_option
def doctor(layout: str) -> None:
    """Say what runs here, how, and how to improve it."""
    from prodev.judge.level import isolation_row

    print_rows([isolation_row()], layout)
