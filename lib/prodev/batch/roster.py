"""Read a roster: a CSV file with a column ``learner`` and one row for each learner."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections import Counter
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from prodev.errors import RosterError

LEARNER = "learner"


@dataclass(frozen=True)
class Row:
    """One row of a roster.

    Attributes:
        where: the place to name in an error, such as ``roster.csv, row 2``; the header is row 1.
        learner: the name as written, without spaces around it.
        values: the other columns, as text; an empty cell is left out.
        problem: one sentence if the row cannot be used, else an empty text.
    """

    where: str
    learner: str
    values: dict[str, str]
    problem: str = ""


@dataclass(frozen=True)
class Roster:
    """A roster: its columns other than ``learner``, and its rows in the file's order."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read_roster(path: Path) -> Roster:
    """Read a roster in UTF-8, with or without a byte order mark; blank lines are skipped.

    A row that is wrong is not raised but says so in ``problem``, so that whoever knows the types
    of its values can list all problems of all rows at once.

    Raises:
        RosterError: the file cannot be read, its header is wrong, or it has no rows.
    """
    reader = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    lines: list[tuple[int, list[str]]] = []
    try:
        # A quoted value may span lines; people count the lines that their editor shows.
        before = 0
        for cells in reader:
            lines.append((before + 1, [cell.strip() for cell in cells]))
            before = reader.line_num
    except csv.Error as error:
        raise RosterError(
            f"{path.name}, row {reader.line_num}: is not valid CSV ({error}); "
            'put a value that holds a comma or a quote between double quotes (").'
        ) from None
    lines = [(number, cells) for number, cells in lines if any(cells)]
    if not lines:
        raise RosterError(f"{path.name} is empty; write a header with the column 'learner' first.")
    header = lines[0][1]
    _check_header(path.name, header)
    if len(lines) == 1:
        raise RosterError(f"{path.name} has a header but no rows; write one row for each learner.")
    rows = []
    for number, cells in lines[1:]:
        problem = _problem(header, cells)
        values = {} if problem else {n: c for n, c in zip(header, cells, strict=True) if c}
        learner = values.pop(LEARNER, "")
        rows.append(Row(f"{path.name}, row {number}", learner, values, problem))
    return Roster(path.name, tuple(name for name in header if name != LEARNER), tuple(rows))


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise RosterError(f"There is no roster {path}; give the path of a CSV file.") from None
    except OSError as error:
        raise RosterError(
            f"The roster {path} cannot be read ({error.strerror}); give a readable CSV file."
        ) from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        raise RosterError(
            f"{path.name}, row {row}: is not UTF-8 text; save the file as UTF-8."
        ) from None


def _check_header(file: str, header: list[str]) -> None:
    for name, count in Counter(header).items():
        if not name:
            raise RosterError(f"{file}, row 1: a column has no name; name it or remove it.")
        if count > 1:
            raise RosterError(f"{file}, row 1: column '{name}' stands {count} times; keep one.")
    if LEARNER not in header:
        near = get_close_matches(LEARNER, [name.casefold() for name in header], n=1)
        meant = [name for name in header if name.casefold() in near]
        advice = f"rename '{meant[0]}'" if meant else "add it"
        raise RosterError(f"{file}, row 1: the column 'learner' is missing; {advice}.")


def _problem(header: list[str], cells: list[str]) -> str:
    if len(cells) != len(header):
        return (
            f"has {len(cells)} values for {len(header)} columns; "
            'put a value that holds a comma between double quotes (").'
        )
    learner = cells[header.index(LEARNER)]
    if not learner:
        return "the learner is missing; write a name."
    # Any text may be a name, but control characters would reach terminals and environments.
    if any(unicodedata.category(letter) == "Cc" for letter in learner):
        return f"the learner {learner!r} holds a control character; write a name on one line."
    return ""
