"""What every system of the course can do: be found, be started, be described."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from dataclasses import dataclass
from types import TracebackType
from typing import ClassVar, Literal, NamedTuple, Self

from prodev.errors import CourseError

State = Literal["real", "embedded", "rehearsal", "missing"]
Wanted = Literal["auto", "embedded"]

WANTED_VARIABLE = "PRODEV_SERVICES"


class MissingError(CourseError):
    """A system is not here; ``how`` is the way to get it."""

    def __init__(self, title: str, how: str, *, why: str = "is not on this machine") -> None:
        """Join title, reason and way to one sentence."""
        self.title, self.how, self.why = title, how, why
        super().__init__(f"{title} {why}; to get it: {how}.")


class ServiceError(CourseError):
    """A system is here, but does not start, or stopped by itself."""


@dataclass(frozen=True)
class Found:
    """How a system runs here, before anything is started."""

    state: State
    provider: str
    """The program and its version as people say it: ``MariaDB 10.11``, ``Valkey 9.1``, ``act``."""
    version: str
    """The whole version, such as ``10.11.14``; empty where only a running server tells."""
    how: str = ""
    """The command that would improve it; empty where nothing would."""
    address: str = ""
    """The address that the user gave; else empty."""
    folder: str = ""
    """The folder with its programs, where they come from this machine."""


class Description(NamedTuple):
    """A row of ``prodev doctor``."""

    system: str
    state: State
    provider: str
    version: str
    how: str


class Running(ABC):
    """A system that runs for us, until ``stop()`` or the end of the ``with`` block."""

    found: Found

    @abstractmethod
    def stop(self) -> None:
        """Stop using it; a private one ends with its last user. A second call does nothing."""

    @abstractmethod
    def check(self) -> None:
        """Do nothing while it runs.

        Raises:
            ServiceError: it stopped by itself; the sentence says what to do.
        """

    def __enter__(self) -> Self:
        """Return the running system."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop using it."""
        self.stop()


class Service(ABC):
    """One of the twelve systems."""

    system: ClassVar[str]
    """Its slug in ``data/topics/systems.csv``."""
    title: ClassVar[str]
    """Its name as people write it."""
    variable: ClassVar[str] = ""
    """The environment variable that names an address, or a folder of programs; empty: none."""

    @abstractmethod
    def find(self, wanted: Wanted = "auto", *, address: str = "") -> Found:
        """Say how it would run, without starting anything.

        Args:
            wanted: ``embedded`` ignores addresses and installed programs.
            address: what the user asked for; without it the environment's ``variable`` decides.

        Raises:
            MissingError: it cannot run here.
        """

    def describe(self, wanted: Wanted = "auto") -> Description:
        """Say how it would run, as a row of ``prodev doctor``; never raises."""
        try:
            found = self.find(wanted)
        except MissingError as missing:
            return Description(self.title, "missing", "", "", missing.how)
        except CourseError as error:
            return Description(self.title, "missing", "", "", str(error))
        return Description(self.title, found.state, found.provider, found.version, found.how)

    def asked(self, wanted: Wanted, address: str) -> str:
        """Return the address or folder that the user gave; empty where none counts."""
        if wanted == "embedded":
            return ""
        return address or (os.environ.get(self.variable, "") if self.variable else "")


def wanted_here(parameter: Wanted = "auto") -> Wanted:
    """Return what a notebook's parameter ``services`` means here.

    Where it is ``auto``, the environment's ``PRODEV_SERVICES`` decides.

    Raises:
        CourseError: the variable holds neither ``auto`` nor ``embedded``.
    """
    if parameter == "embedded":
        return "embedded"
    value = os.environ.get(WANTED_VARIABLE, "") or "auto"
    if value == "auto":
        return "auto"
    if value == "embedded":
        return "embedded"
    raise CourseError(
        f"The environment variable {WANTED_VARIABLE} is '{value}'; it may be auto or embedded."
    )
