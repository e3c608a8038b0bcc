"""One exercise: a folder of ``data/exercises/<module>/<name>/``, read and checked."""

from __future__ import annotations

import string
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from prodev.catalog.read import read_text, read_toml, shown_path, validate
from prodev.catalog.records import Record, Slug, Text
from prodev.errors import DataError

Code = Annotated[str, StringConstraints(pattern=r"^(M[1-9][0-9]?-)?[a-z][a-z0-9]*(-[a-z0-9]+)*$")]

RESERVED = ("raised", "exited", "memory", "output", "channel", "not-plain", "timeout")
"""Codes that the judge itself gives; no exercise may use one for a mistake of its own."""

_FILES = ("starter", "solution")
_FOLDERS = ("right", "wrong")


class Limits(Record):
    """What an answer may use: seconds of wall time, MB of memory beyond the warm process."""

    seconds: float = Field(default=3.0, gt=0, le=120)
    memory_mb: int = Field(default=256, ge=16, le=2048)


class Mistake(Record):
    """A known mistake: what the learner is told, and where to read again.

    ``message`` may hold names in braces; the check's observations fill them.
    """

    message: Text
    section: str = ""


class Equivalent(Record):
    """A mutant of the solution that behaves like it, and why no check can tell the two apart."""

    mutant: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}$")]
    reason: Text


class ExerciseFile(Record):
    """What ``exercise.toml`` holds."""

    title: Text
    kind: Slug
    order: int = Field(ge=1, le=99)
    objective: Text
    points: int = Field(ge=1, le=100)
    section: Text
    prompt: Text
    hints: tuple[Text, ...] = Field(min_length=2, max_length=6)
    limits: Limits = Limits()
    wrong: dict[Code, Mistake] = Field(min_length=1)
    equivalent: tuple[Equivalent, ...] = ()


class Exercise(ExerciseFile):
    """One exercise; ``folder`` holds its files.

    ``wrong`` has one entry for each file of ``wrong/``: the file's stem is the mistake's code.
    The solution and the check are read only where they are asked for.
    """

    module: Slug
    name: Slug
    folder: Path

    @property
    def slug(self) -> str:
        """The exercise's one name: ``module/name``."""
        return f"{self.module}/{self.name}"

    @property
    def starter(self) -> str:
        """What the learner sees first."""
        return read_text(self._file("starter"))

    @property
    def solution(self) -> str:
        """The reference solution."""
        return read_text(self._file("solution"))

    @property
    def suffix(self) -> str:
        """How the names of the answers' files end, such as ``.py``; may be empty."""
        return self._file("starter").suffix

    @property
    def check_file(self) -> Path:
        """The file that holds ``check(answer)``."""
        return self.folder / "check.py"

    def answers(self, kind: str) -> dict[str, str]:
        """Return the texts of ``right`` or ``wrong`` answers, by the names of their files."""
        return {path.stem: read_text(path) for path in _files(self.folder / kind)}

    def message(self, code: str, observed: dict[str, Any]) -> str:
        """Return what the learner is told of a mistake, with the observations filled in.

        Raises:
            KeyError: there is no such code, or the check observed less than the message names.
        """
        return self.wrong[code].message.format_map(observed)

    def _file(self, stem: str) -> Path:
        return _files(self.folder, stem)[0]


def read_exercise(folder: Path, objectives: tuple[str, ...]) -> Exercise:
    """Read and check one exercise's folder.

    Args:
        folder: ``…/exercises/<module>/<name>``.
        objectives: those of the exercise's module.

    Raises:
        DataError: a file is missing, left over or wrong.
    """
    toml = folder / "exercise.toml"
    where = shown_path(toml)
    held = validate(read_toml(toml), ExerciseFile, file=where, row="")
    names = {"module": folder.parent.name, "name": folder.name}
    exercise = validate(
        {
            **{key: getattr(held, key) for key in ExerciseFile.model_fields},
            **names,
            "folder": folder,
        },
        Exercise,
        file=where,
        row="",
    )
    if exercise.objective not in objectives:
        raise DataError(
            where,
            f"'{exercise.objective}' is no objective of module '{exercise.module}'; "
            "copy one from data/modules.toml, word for word",
            column="objective",
        )
    _check_files(exercise)
    _check_messages(exercise, where)
    return exercise


def _check_files(exercise: Exercise) -> None:
    folder = exercise.folder
    for path in sorted(folder.iterdir()):
        known = path.name in ("exercise.toml", "check.py") if path.is_file() else None
        if known is None and path.name not in (*_FOLDERS, "__pycache__"):
            raise DataError(shown_path(path), "is no folder of an exercise; remove it")
        if known is False and path.stem not in _FILES:
            raise DataError(shown_path(path), "is no file of an exercise; rename or remove it")
    if not exercise.check_file.is_file():
        raise DataError(shown_path(exercise.check_file), "the file is missing; write the check")
    for stem in _FILES:
        found = _files(folder, stem)
        if len(found) != 1:
            said = "the file is missing; write it" if not found else "stands twice; keep one file"
            raise DataError(shown_path(folder / f"{stem}.*"), said)
    answers = _files(folder, "solution")
    for name in _FOLDERS:
        if not _files(folder / name):
            raise DataError(shown_path(folder / name), "holds no answer; write at least one")
        for path in sorted((folder / name).iterdir()):
            if path.is_dir() and path.name != "__pycache__":
                raise DataError(shown_path(path), "is no file of an exercise; rename or remove it")
        answers += _files(folder / name)
    for path in answers:
        if path.suffix != exercise.suffix:
            raise DataError(
                shown_path(path), f"must end in '{exercise.suffix}', as the starter does"
            )


def _check_messages(exercise: Exercise, where: str) -> None:
    files = {path.stem for path in _files(exercise.folder / "wrong")}
    for code in sorted(set(exercise.wrong) | files):
        if code in RESERVED:
            raise DataError(where, f"'{code}' is a code of the judge; choose another name")
        if code not in exercise.wrong:
            raise DataError(
                where, f"has no message for wrong/{code}{exercise.suffix}; write [wrong.{code}]"
            )
        if code not in files:
            raise DataError(
                where,
                f"no file wrong/{code}{exercise.suffix} makes this mistake; write it",
                column=f"wrong.{code}",
            )
        try:
            list(string.Formatter().parse(exercise.wrong[code].message))
        except ValueError as error:
            raise DataError(
                where,
                f"cannot be filled in ({error}); write {{{{ and }}}} for braces that stay",
                column=f"wrong.{code}.message",
            ) from None


def _files(folder: Path, stem: str = "") -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(p for p in folder.iterdir() if p.is_file() and (not stem or p.stem == stem))
