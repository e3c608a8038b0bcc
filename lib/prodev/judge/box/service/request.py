"""One request through Django's whole stack, as a web server would send it."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote_to_bytes

HOST = "testserver"


def send(
    application: Callable[..., Any], method: str, path: str, headers: Mapping[str, str], body: bytes
) -> tuple[int, list[tuple[str, str]], bytes]:
    """Send a request; return status, headers and body."""
    place, _, query = path.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(place).decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": HOST,
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "HTTP_HOST": HOST,
    }
    for name, value in headers.items():
        key = name.upper().replace("-", "_")
        environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
    began: list[Any] = []
    parts = application(environ, lambda status, given, *_: began.extend((status, given)))
    try:
        content = b"".join(parts)
    finally:
        if hasattr(parts, "close"):
            parts.close()  # Django's end of the request
    return int(began[0].split()[0]), [(str(n), str(v)) for n, v in began[1]], content
