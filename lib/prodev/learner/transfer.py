"""What is kept about a learner as one readable file, to take elsewhere."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any, Literal, NoReturn

from pydantic import ValidationError

from prodev.learner.database import StoreError
from prodev.learner.records import Attempt, Evidence, Kept, QuizRow, Reveal

FORMAT = "prodev-learner"
VERSION = 1


class Export(Kept):
    """All that is kept about one learner, oldest first.

    Attributes:
        sha256: of the rest as JSON with sorted keys, to tell a damaged file.
    """

    format: Literal["prodev-learner"] = "prodev-learner"
    version: Literal[1] = 1
    learner: str
    attempts: tuple[Attempt, ...] = ()
    reveals: tuple[Reveal, ...] = ()
    quiz: tuple[QuizRow, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    sha256: str = ""

    @property
    def records(self) -> tuple[tuple[Kept, ...], ...]:
        """The records of each kind."""
        return self.attempts, self.reveals, self.quiz, self.evidence


def write_export(path: Path, export: Export) -> None:
    """Write the file as a whole: where that fails, an older file of that name stays as it was.

    Raises:
        StoreError: it cannot be written.
    """
    content = export.model_dump(mode="json", exclude={"sha256"})
    text = json.dumps({**content, "sha256": _digest(content)}, ensure_ascii=False, indent=1)
    try:
        _write(path, text + "\n")
    except OSError as error:
        raise StoreError(
            f"The export {path} cannot be written ({error.strerror}); free some space or choose "
            "another place."
        ) from None


def _write(path: Path, text: str) -> None:
    # Only its owner may read it, as long as nobody decides otherwise: mkstemp makes it so.
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-", suffix=".new")
    draft = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def read_export(path: Path) -> Export:
    """Read a file that ``write_export`` wrote.

    Raises:
        StoreError: it cannot be read, is no export, of a newer version, or damaged.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise StoreError(
            f"The export {path} cannot be read ({error.strerror}); check its name."
        ) from None
    content = _parse(path, data)
    if content.get("format") != FORMAT:
        raise StoreError(
            f"{path} is no export of a learner; give a file that 'prodev learner export' wrote."
        )
    if content.get("version") != VERSION:
        raise StoreError(
            f"The export {path} has the format {content.get('version')}, and this version of the "
            f"course reads {VERSION}; update the course."
        )
    try:
        export = Export.model_validate_json(data)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        _damaged(path, f"{place}: {first['msg']}")
    content.pop("sha256", None)
    if export.sha256 != _digest(content):
        _damaged(path, "its content does not fit its sha256")
    return export


def _parse(path: Path, data: bytes) -> dict[str, Any]:
    try:
        content = json.loads(data)
    # ValueError holds what is no UTF-8, no JSON, or a number with thousands of digits.
    except (ValueError, RecursionError) as error:
        _damaged(path, str(error) if isinstance(error, json.JSONDecodeError) else "it is no JSON")
    if not isinstance(content, dict):
        _damaged(path, "it is no JSON object")
    return content


def _damaged(path: Path, why: str) -> NoReturn:
    raise StoreError(
        f"The export {path} is damaged or was changed ({why}); export again, or use another copy."
    ) from None


def _digest(content: dict[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
