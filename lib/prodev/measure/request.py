"""What a user sends to a server."""

from __future__ import annotations

from urllib.parse import urlsplit

from pydantic import ConfigDict, Field, field_validator

from prodev.catalog.records import Record


class Request(Record):
    """What a user sends.

    Attributes:
        url: ``http://host:port/path?query``; with ``socket`` the host is only a name.
        socket: path of a Unix socket, where the server listens on one.
    """

    model_config = ConfigDict(strict=True)

    url: str
    method: str = Field(default="GET", pattern=r"^[A-Z]+$")
    headers: dict[str, str] = Field(default_factory=dict)
    body: str = ""
    socket: str = ""

    @field_validator("url")
    @classmethod
    def _plain_http(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme != "http" or not parts.hostname:
            raise ValueError(f"'{url}' is no address such as http://127.0.0.1:8000/bookings/")
        if any(c.isspace() or not c.isascii() for c in url):
            raise ValueError(f"'{url}' holds a space or a letter that must be quoted")
        return url

    @field_validator("headers")
    @classmethod
    def _one_line_each(cls, headers: dict[str, str]) -> dict[str, str]:
        if any(c in "\r\n" for pair in headers.items() for c in "".join(pair)):
            raise ValueError("a header holds a line break")
        return headers

    @property
    def place(self) -> tuple[str, str, int]:
        """The server: socket, host and port."""
        parts = urlsplit(self.url)
        return self.socket, parts.hostname or "", parts.port or 80

    def encoded(self) -> bytes:
        """Return the request as it is sent."""
        parts = urlsplit(self.url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        body = self.body.encode()
        names = {name.lower() for name in self.headers}
        lines = [f"{self.method} {target} HTTP/1.1"]
        if "host" not in names:
            lines.append(f"Host: {parts.netloc.rpartition('@')[2]}")
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        if "content-length" not in names and (body or self.method not in ("GET", "HEAD")):
            lines.append(f"Content-Length: {len(body)}")
        return "\r\n".join([*lines, "", ""]).encode("utf-8") + body
