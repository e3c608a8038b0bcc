"""A client's first message."""

from __future__ import annotations

import re
from typing import NamedTuple

from prodev.services.proxy.refused import RefusedError

TLS, GSS, CANCEL = 80877103, 80877104, 80877102
LONGEST_STARTUP = 10_000  # bytes, as the server has it
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.$]*\Z")


class Startup(NamedTuple):
    """What a client asks for."""

    minor: int
    """Of the protocol: 0 for 3.0."""
    settings: dict[str, str]
    protocol_options: list[str]

    @property
    def name(self) -> str:
        """What the client calls itself."""
        return self.settings.get("application_name", "")


def read_startup(code: int, body: bytes) -> Startup:
    """Return what a startup message holds.

    Args:
        code: the protocol's version.
        body: what follows it.

    Raises:
        RefusedError: it is broken, or of another protocol.
    """
    if code >> 16 != 3:
        raise RefusedError("protocol", "This is no login of PostgreSQL's protocol, version 3.")
    parts = body.split(b"\0")
    if len(parts) < 2 or parts[-1] or parts[-2] or len(parts) % 2:
        raise RefusedError("protocol", "The login is broken: a name or a value is missing.")
    try:
        texts = [part.decode() for part in parts[:-2]]
    except UnicodeDecodeError:
        raise RefusedError("protocol", "The login is broken: it is not UTF-8.") from None
    pairs = dict(zip(texts[::2], texts[1::2], strict=True))
    protocol = [name for name in pairs if name.startswith("_pq_.")]
    return Startup(code & 0xFFFF, {k: v for k, v in pairs.items() if k not in protocol}, protocol)


def login_options(startup: Startup, database: str) -> dict[str, str]:
    """Return what is passed on when we log in for this client: libpq's keywords.

    Raises:
        RefusedError: it names another database, or something that is not passed on.
    """
    settings = dict(startup.settings)
    settings.pop("user", "")  # whoever comes works as the database's own
    if settings.pop("database", "") not in ("", database):
        raise RefusedError("other database", f"This proxy leads to the database {database} only.")
    if settings.pop("replication", "false").lower() not in ("false", "off", "no", "0"):
        raise RefusedError("not supported", "This proxy does not pass replication on.")
    # libpq takes an empty value as none, and then one of our own environment: a space is neither.
    options = settings.pop("options", "") + " "
    passed = {name: settings.pop(name, "") for name in ("application_name", "client_encoding")}
    for name, value in settings.items():
        if not _NAME.match(name):
            raise RefusedError("protocol", "The login is broken: a setting has no proper name.")
        options += f"-c {name}={_escaped(value)} "
    return {**passed, "options": options}


def _escaped(value: str) -> str:
    return re.sub(r"([\\\s])", r"\\\1", value)
