"""``prodev topics`` and ``prodev modules``: the course's tables on the terminal."""

from __future__ import annotations

import click

from prodev.cli.rows import format_option, print_rows

KINDS = ["practice", "technology", "concept", "challenge", "takeaway", "system"]


@click.command()
@click.option("--kind", type=click.Choice(KINDS), help="Only rows of this kind.")
@format_option
def topics(kind: str | None, layout: str) -> None:
    """List the program's rows and the modules that carry them."""
    from prodev.catalog import load_catalog

    rows = [
        {**topic.model_dump(), "modules": " ".join(topic.modules)}
        for topic in load_catalog().topic_records
        if kind in (None, topic.kind)
    ]
    print_rows(rows, layout)


@click.command()
@format_option
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
