"""Under which conditions something was measured, and whether two of them are the same."""

from __future__ import annotations

import hashlib
import os
import platform
from collections.abc import Mapping
from datetime import UTC, datetime

from pydantic import AwareDatetime, ConfigDict, Field, FiniteFloat

from prodev.catalog.records import Record
from prodev.services.service import Found
from prodev.version import __version__

Setting = str | int | float | bool


class Conditions(Record):
    """What could make a measurement differ, besides the change that is measured.

    Attributes:
        at: when, in UTC.
        machine: eight digits that stand for this machine; its name can't be read from them.
        system: the operating system and its architecture.
        cpus: processors that this process may use.
        load: processes that wanted to run, on average over the last minute; None where the system
            does not tell.
        python: implementation and version.
        course: version of the course.
        services: provider and version, by the system's name, such as ``PostgreSQL 18.6``.
        scale: rows of data, as the notebook's parameter has it.
        seed: of the data.
        settings: all else that the measurement depends on, such as ``cache="warm"``.
    """

    model_config = ConfigDict(strict=True)

    at: AwareDatetime
    machine: str
    system: str
    cpus: int
    load: FiniteFloat | None
    python: str
    course: str
    services: dict[str, str] = Field(default_factory=dict)
    scale: str | None = None
    seed: int | None = None
    settings: dict[str, Setting] = Field(default_factory=dict)

    def differences(self, other: Conditions) -> list[str]:
        """Return what differs, such as ``seed 1 and 2``; the time and the load may differ."""
        mine, theirs = self._compared(), other._compared()
        return [
            f"{name} {_told(mine.get(name))} and {_told(theirs.get(name))}"
            for name in {**mine, **theirs}
            if mine.get(name) != theirs.get(name)
        ]

    def lines(self) -> list[tuple[str, str]]:
        """Return name and value of everything that is known, to be shown."""
        load = [] if self.load is None else [("load", f"{self.load:.2f}")]
        known = [
            (name, _told(value)) for name, value in self._compared().items() if value is not None
        ]
        return [("at", f"{self.at:%Y-%m-%d %H:%M:%S} UTC"), *known, *load]

    def _compared(self) -> dict[str, Setting | None]:
        return {
            "machine": self.machine,
            "system": self.system,
            "CPUs": self.cpus,
            "Python": self.python,
            "course": self.course,
            "scale": self.scale,
            "seed": self.seed,
            **self.services,
            **self.settings,
        }


def conditions(
    *,
    scale: str | None = None,
    seed: int | None = None,
    services: Mapping[str, Found | str] | None = None,
    **settings: Setting,
) -> Conditions:
    """Record the conditions here and now.

    Args:
        scale: rows of data, as the notebook's parameter has it.
        seed: of the data.
        services: by the system's name, what ``Service.find`` found, or a provider as text.
        **settings: all else that the measurement depends on, such as ``cache="warm"``.
    """
    return Conditions(
        at=datetime.now(UTC),
        machine=_machine(),
        system=f"{platform.system()} {platform.release()} {platform.machine()}",
        cpus=_cpus(),
        load=_load(),
        python=f"{platform.python_implementation()} {platform.python_version()}",
        course=__version__,
        services={name: _provider(found) for name, found in (services or {}).items()},
        scale=scale,
        seed=seed,
        settings=settings,
    )


def _provider(found: Found | str) -> str:
    if isinstance(found, str):
        return found
    name, _, short = found.provider.rpartition(" ")
    # The provider ends with the short version, as in "MariaDB 10.11"; the whole one says more.
    known = name and found.version.startswith(short)
    told = f"{name} {found.version}" if known else f"{found.provider} {found.version}".rstrip()
    return f"{told} ({found.state})"


def _machine() -> str:
    # The name of a machine is often that of a person; a short hash is enough to compare.
    return hashlib.sha256(f"prodev-measure {platform.node()}".encode()).hexdigest()[:8]


def _cpus() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _load() -> float | None:
    try:
        return round(os.getloadavg()[0], 2)
    except OSError:
        return None


def _told(value: Setting | None) -> str:
    return "unknown" if value is None else str(value)
