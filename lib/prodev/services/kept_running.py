"""A running system that a keeper looks after."""

from __future__ import annotations

from typing import Any

from prodev.services.kept import Kept
from prodev.services.service import Found, Running, ServiceError


class KeptRunning(Running):
    """A system that ends with its last user, also when that one is killed."""

    #: Whether ``stop()`` waits until all of it is gone.
    private = True

    def __init__(self, found: Found, kept: Kept) -> None:
        """Take how it was found, and the connection to its keeper."""
        self.found = found
        self._kept = kept

    @property
    def details(self) -> dict[str, Any]:
        """What the server said about itself when it was ready."""
        return self._kept.details

    def stop(self) -> None:
        """Stop using it; a private one is gone when this returns."""
        self._kept.close(wait=self.private)

    def check(self) -> None:
        """Do nothing while it runs.

        Raises:
            ServiceError: it stopped by itself; the sentence says what to do.
        """
        if ended := self.ended():
            raise ServiceError(ended)

    def ended(self) -> str:
        """Return why it stopped by itself, as a sentence; empty while it runs."""
        return self._kept.ended()
