"""Where a database is, and who may enter it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import parse_qs, quote, unquote, urlsplit

from prodev.errors import CourseError

Engine = Literal["postgresql", "mysql"]

_PORTS: dict[Engine, int] = {"postgresql": 5432, "mysql": 3306}


@dataclass(frozen=True)
class Address:
    """One database of one server, for one user.

    Exactly one of ``socket`` and ``host`` is set. For PostgreSQL ``socket`` is the folder that
    holds the socket, for MySQL the socket's file.
    """

    engine: Engine
    user: str
    password: str = field(repr=False)
    database: str
    socket: str = ""
    host: str = ""
    port: int = 0

    @property
    def url(self) -> str:
        """The address as a URL that libpq, ``dj-database-url`` and SQLAlchemy understand."""
        who = quote(self.user, safe="")
        if self.password:
            who += ":" + quote(self.password, safe="")
        name = quote(self.database, safe="")
        if self.socket and self.engine == "postgresql":
            port = f"&port={self.port}" if self.port else ""
            return f"postgresql://{who}@/{name}?host={quote(self.socket, safe='')}{port}"
        if self.socket:
            return f"mysql://{who}@localhost/{name}?unix_socket={quote(self.socket, safe='')}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.engine}://{who}@{host}:{self.port or _PORTS[self.engine]}/{name}"

    def arguments(self) -> dict[str, Any]:
        """Return the keyword arguments for ``psycopg.connect`` or ``pymysql.connect``."""
        if self.engine == "postgresql":
            return {
                "host": self.socket or self.host,
                "port": self.port or _PORTS["postgresql"],
                "user": self.user,
                "password": self.password,
                "dbname": self.database,
            }
        place: dict[str, Any] = (
            {"unix_socket": self.socket}
            if self.socket
            else {"host": self.host, "port": self.port or _PORTS["mysql"]}
        )
        return {**place, "user": self.user, "password": self.password, "database": self.database}


def parse_address(url: str, *, where: str) -> Address:
    """Return the address that a URL holds.

    Args:
        url: such as ``postgresql://me:secret@127.0.0.1:5432/postgres``; ``?host=`` (PostgreSQL) or
            ``?unix_socket=`` (MySQL) names a socket.
        where: the variable or parameter to name in an error.

    Raises:
        CourseError: it is no such URL.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or 0
    except ValueError as error:
        raise CourseError(f"{where}: this is no address ({error}).") from None
    engines: dict[str, Engine] = {
        "postgresql": "postgresql",
        "postgres": "postgresql",
        "mysql": "mysql",
        "mariadb": "mysql",
    }
    if parts.scheme not in engines or not parts.username:
        raise CourseError(
            f"{where}: write an address with a user, such as "
            "postgresql://user:password@127.0.0.1:5432/postgres or mysql://…."
        )
    engine = engines[parts.scheme]
    query = parse_qs(parts.query)
    socket = query.get("unix_socket" if engine == "mysql" else "host", [""])[0]
    return Address(
        engine=engine,
        user=unquote(parts.username),
        password=unquote(parts.password or ""),
        database=unquote(parts.path.lstrip("/")) or ("postgres" if engine == "postgresql" else ""),
        socket=socket,
        host="" if socket else (parts.hostname or "127.0.0.1"),
        port=int(query.get("port", [str(port)])[0]),
    )
