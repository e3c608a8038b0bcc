"""The errors of the course: one sentence each, that says what is wrong, where, and what to do."""

from __future__ import annotations


class CourseError(Exception):
    """Something a person can put right; its text is one sentence for that person."""

    def _render_traceback_(self) -> list[str]:
        """Show the sentence alone where IPython would show a traceback.

        The hook is IPython's own: ``InteractiveShell.showtraceback`` asks an exception for it.
        """
        return [f"{type(self).__name__}: {self}"]


class DataError(CourseError):
    """A file of the course's data is wrong."""

    def __init__(self, file: str, problem: str, *, row: str = "", column: str = "") -> None:
        """Join file, row and column to one sentence.

        Args:
            file: the path below the course's folder, such as ``data/modules.toml``.
            problem: what is wrong and what to do, without a capital and without a full stop.
            row: ``row 3`` of a CSV file (the header is row 1), or a record: ``module 'start'``.
            column: the column or key.
        """
        self.file, self.row, self.column = file, row, column
        place = ", ".join(p for p in (file, row, f"column '{column}'" if column else "") if p)
        super().__init__(f"{place}: {problem}.")


class ParameterError(CourseError):
    """A parameter of a notebook is unknown, or its type or value is wrong."""


class RosterError(CourseError):
    """A roster, or what is asked of a batch, cannot be run as it stands."""
