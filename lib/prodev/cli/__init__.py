"""The command ``prodev``: a thin shell over the package's own functions."""

from __future__ import annotations

import click

from prodev.cli.batch import batch
from prodev.cli.doctor import doctor
from prodev.cli.exercises import exercises
from prodev.cli.judge import judge
from prodev.cli.lab import lab
from prodev.cli.learner import learner
from prodev.cli.topics import modules, topics
from prodev.errors import CourseError
from prodev.version import __version__


class Sentences(click.Group):
    """A group of commands whose errors are one sentence on stderr and exit code 2."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; turn an error of the course into its sentence."""
        try:
            return super().invoke(ctx)
        except CourseError as error:
            click.echo(str(error), err=True)
            return ctx.exit(2)


@click.group(cls=Sentences, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="prodev")
def cli() -> None:
    """ProDev Notebooks: a backend course that runs."""


for _command in (topics, modules, doctor, exercises, judge, lab, batch, learner):
    cli.add_command(_command)


def main() -> None:
    """Run the command line."""
    cli(prog_name="prodev")
