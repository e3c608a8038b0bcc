"""The learner's own copy of the notebooks; an update never overwrites their work."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from prodev.errors import CourseError

_RECORD = ".prodev-course.json"


@dataclass(frozen=True)
class Delivery:
    """What was done with each notebook; file names, sorted."""

    new: tuple[str, ...]
    updated: tuple[str, ...]
    kept: tuple[str, ...]


def deliver(originals: Path, folder: Path) -> Delivery:
    """Copy the notebooks to the learner's folder.

    A notebook that the learner has not touched is replaced by a newer one. One that they have
    worked in stays as it is, and the newer one is put into ``updates/`` beside it.

    Args:
        originals: the folder of the course's notebooks.
        folder: the learner's folder; made if it is missing.

    Raises:
        CourseError: the folder cannot be written, or is the folder of the originals.
    """
    if folder.resolve() == originals.resolve():
        raise CourseError(
            f"{folder} holds the course's own notebooks; choose another folder for your work."
        )
    try:
        return _deliver(originals, folder)
    except OSError as error:
        raise CourseError(
            f"The notebooks cannot be copied to {folder} ({error.strerror}); "
            "choose another folder with --folder."
        ) from None


def _deliver(originals: Path, folder: Path) -> Delivery:
    folder.mkdir(parents=True, exist_ok=True)
    record = folder / _RECORD
    delivered = _read(record)
    new, updated, kept = [], [], []
    for original in sorted(originals.glob("*.ipynb")):
        name, digest, mine = original.name, _digest(original), folder / original.name
        if not mine.exists():
            _copy(original, mine)
            new.append(name)
        elif _digest(mine) == digest or delivered.get(name) == digest:
            continue
        elif _digest(mine) == delivered.get(name):
            _copy(original, mine)
            updated.append(name)
        else:
            update = folder / "updates" / name
            update.parent.mkdir(exist_ok=True)
            if not update.exists() or _digest(update) != digest:
                _copy(original, update)
                kept.append(name)
            continue
        delivered[name] = digest
    _write(record, delivered)
    return Delivery(tuple(new), tuple(updated), tuple(kept))


def _read(record: Path) -> dict[str, str]:
    if not record.exists():
        return {}
    try:
        known = json.loads(record.read_text("utf-8"))
    except ValueError:
        known = None
    # Without a readable record every notebook counts as the learner's work, which loses nothing.
    return known if isinstance(known, dict) else {}


def _write(record: Path, delivered: dict[str, str]) -> None:
    draft = record.with_suffix(".new")
    draft.write_text(json.dumps(delivered, indent=1, sort_keys=True), "utf-8")
    draft.replace(record)


def _copy(original: Path, target: Path) -> None:
    draft = target.with_suffix(".new")
    shutil.copyfile(original, draft)
    draft.replace(target)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
