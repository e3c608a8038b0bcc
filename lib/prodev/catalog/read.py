"""Read one CSV or TOML file into records, or say in one sentence what is wrong with it."""

from __future__ import annotations

import csv
import io
import tomllib
from collections import Counter
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from prodev.errors import DataError

R = TypeVar("R", bound=BaseModel)


def read_csv(path: Path, kind: type[R]) -> tuple[R, ...]:
    """Read a CSV file with a header into records; the header is row 1, as in a spreadsheet.

    Raises:
        DataError: the file is missing or not UTF-8, or a column or value is wrong.
    """
    name = shown_path(path)
    rows = list(csv.reader(io.StringIO(read_text(path), newline="")))
    if not rows:
        raise DataError(name, "the file is empty; write a header row first")
    header = rows[0]
    _check_header(name, header, list(kind.model_fields))
    records = []
    for number, row in enumerate(rows[1:], start=2):
        if not row:
            continue
        if len(row) != len(header):
            raise DataError(
                name,
                f"has {len(row)} values for {len(header)} columns; "
                'put a value that holds a comma between double quotes (")',
                row=f"row {number}",
            )
        values = {column: value for column, value in zip(header, row, strict=True) if value.strip()}
        records.append(validate(values, kind, file=name, row=f"row {number}"))
    if not records:
        raise DataError(name, "has a header but no rows; write at least one")
    return tuple(records)


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file.

    Raises:
        DataError: the file is missing, not UTF-8, or not TOML.
    """
    try:
        return tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise DataError(
            shown_path(path), f"is not valid TOML: {str(error)[:1].lower()}{str(error)[1:]}"
        ) from None


def read_tables(path: Path, key: str, kind: type[R]) -> tuple[R, ...]:
    """Read the array of tables ``[[key]]`` of a TOML file into records.

    Raises:
        DataError: the file or one of its records is wrong.
    """
    name, document = shown_path(path), read_toml(path)
    unknown = sorted(set(document) - {key})
    if unknown:
        raise DataError(
            name, f"unknown key; this file holds [[{key}]] tables only", column=unknown[0]
        )
    tables = document.get(key)
    if not isinstance(tables, list) or not tables:
        raise DataError(name, f"holds no [[{key}]] table; write at least one")
    records = []
    for number, table in enumerate(tables, start=1):
        label = table.get("slug") or table.get("term") if isinstance(table, dict) else None
        row = f"{key} '{label}'" if isinstance(label, str) else f"{key} number {number}"
        records.append(validate(table, kind, file=name, row=row))
    return tuple(records)


def check_unique(records: tuple[R, ...], field: str, path: Path, *, key: str = "") -> None:
    """Raise DataError if two records share the value of a field."""
    for value, count in Counter(getattr(record, field) for record in records).items():
        if count > 1:
            last = max(i for i, record in enumerate(records) if getattr(record, field) == value)
            row = f"{key} number {last + 1}" if key else f"row {last + 2}"
            raise DataError(
                shown_path(path),
                f"'{value}' stands {count} times; each {field} must be its own",
                row=row,
                column=field,
            )


def validate(values: Mapping[str, Any], kind: type[R], *, file: str, row: str) -> R:
    """Make one record, or raise DataError for its first mistake."""
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        column = ".".join(str(part) for part in first["loc"])
        raise DataError(file, _sentence(first, kind), row=row, column=column) from None


def _sentence(mistake: Any, kind: type[BaseModel]) -> str:
    match mistake["type"]:
        case "missing" | "string_too_short":
            return "the value is missing; write one"
        case "extra_forbidden":
            return _unknown(
                str(mistake["loc"][-1]), list(kind.model_fields) if len(mistake["loc"]) == 1 else []
            )
        case "string_pattern_mismatch":
            return f"'{mistake['input']}' does not have the form {mistake['ctx']['pattern']}"
        case "value_error":
            return str(mistake["ctx"]["error"])
        case _:
            said = mistake["msg"]
            return f"{said[:1].lower()}{said[1:]}, but it is {mistake['input']!r}"


def _unknown(name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, n=1)
    return f"unknown name; did you mean '{near[0]}'?" if near else "unknown name; remove it"


def _check_header(file: str, header: list[str], wanted: list[str]) -> None:
    for name, count in Counter(header).items():
        if count > 1:
            raise DataError(file, f"stands {count} times; keep one", row="row 1", column=name)
    for name in header:
        if name not in wanted:
            raise DataError(
                file, _unknown(name, wanted).replace("name", "column"), row="row 1", column=name
            )
    for name in wanted:
        if name not in header:
            raise DataError(file, "the column is missing; add it", row="row 1", column=name)


def read_text(path: Path) -> str:
    """Read a UTF-8 file of the course's data.

    Raises:
        DataError: the file is missing, unreadable or not UTF-8.
    """
    name = shown_path(path)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise DataError(name, "the file is missing; put it back") from None
    except OSError as error:
        raise DataError(name, f"cannot be read ({error.strerror}); make it readable") from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        row = before.count(b"\n") + 1
        column = ""
        if path.suffix == ".csv":
            header = content.split(b"\n", 1)[0].decode("utf-8", "replace").strip().split(",")
            place = len(
                next(csv.reader([before.split(b"\n")[-1].decode("utf-8", "replace") + "."]))
            )
            column = header[place - 1] if row > 1 and place <= len(header) else ""
        raise DataError(
            name, "is not UTF-8 text; save the file as UTF-8", row=f"row {row}", column=column
        ) from None


def shown_path(path: Path) -> str:
    """Return a path as messages name it: from ``data/`` on."""
    parts = path.parts
    start = len(parts) - 1 - parts[::-1].index("data") if "data" in parts else len(parts) - 1
    return "/".join(parts[start:])
