"""``prodev doctor``: what the course finds on this machine."""

from __future__ import annotations

import click

from prodev.cli.rows import format_option, print_rows


@click.command()
@format_option
def doctor(layout: str) -> None:
    """Say which of the twelve systems run here, how, and how to get or improve them.

    The last row is the isolation that answers are judged under.
    """
    from prodev.judge.level import isolation_row
    from prodev.services.service import wanted_here
    from prodev.services.systems import describe_systems

    rows = [row._asdict() for row in describe_systems(wanted_here())]
    print_rows([*rows, isolation_row()], layout)
