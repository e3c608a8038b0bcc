"""What goes wrong while the server runs, as one sentence."""

from __future__ import annotations

import errno
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from prodev.services.address import Address
from prodev.services.service import ServiceError

if TYPE_CHECKING:
    from prodev.services.mysql.running import RunningMySQL

_NOTICED = 1.0  # seconds until the keeper says for certain that the server has ended
_FULL = (1021, 1114)  # ER_DISK_FULL, ER_RECORD_FILE_FULL
_LOST = (0, 2002, 2003, 2006, 2013)  # PyMySQL's 0: the connection was closed before


class Filling:
    """A function that fills a template; what it raises is known again."""

    def __init__(self, fill: Callable[[Address], None]) -> None:
        """Take the function."""
        self._fill = fill
        self.error: BaseException | None = None

    def __call__(self, address: Address) -> None:
        """Fill the database at this address."""
        try:
            self._fill(address)
        except BaseException as error:
            self.error = error
            raise


@contextmanager
def told(server: RunningMySQL, filling: Filling | None) -> Iterator[None]:
    """Turn a server that died, a full disk and a refusal into a sentence.

    Raises:
        ServiceError: that sentence.
        Exception: what ``filling`` raises for another reason.
    """
    import pymysql

    try:
        yield
    except (pymysql.Error, OSError) as error:
        code = error.args[0] if error.args else 0
        if isinstance(error, pymysql.Error) and code in _LOST:
            _wait_for_its_end(server)
        server.check()
        if _is_full(error):
            raise ServiceError(
                "MySQL cannot write: the disk that holds its data is full; free some space, then "
                "try again."
            ) from None
        if filling and filling.error is error:
            raise
        reason = " ".join(str(error.args[-1] if error.args else error).split()).rstrip(".")
        raise ServiceError(f"MySQL refused: {reason}.") from None


def _wait_for_its_end(server: RunningMySQL) -> None:
    deadline = time.monotonic() + _NOTICED
    while time.monotonic() < deadline:
        server.check()
        time.sleep(0.02)


def _is_full(error: Exception) -> bool:
    code = error.args[0] if error.args else 0
    if isinstance(error, OSError):
        return error.errno == errno.ENOSPC
    return code in _FULL or "No space left on device" in str(error)
