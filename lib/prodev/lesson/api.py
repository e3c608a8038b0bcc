"""A running web service as a lab sees it: requests, what came back, and what it cost."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from prodev.errors import CourseError
from prodev.measure import Request

if TYPE_CHECKING:
    from prodev.services.proxy import CountingProxy
    from prodev.services.redis import RunningRedis

_SECONDS = 60.0
_STILL_THERE = "SELECT 1"  # Django asks so whether a connection that waited still works


@dataclass(frozen=True)
class Answer:
    """What came back for one request.

    Attributes:
        status: of HTTP.
        data: the body, read as JSON; None where it is empty.
        size: bytes of the body.
        statements: the SQL that the service sent for it, in order; without BEGIN and COMMIT, and
            without the question whether a connection that waited still works.
    """

    status: int
    data: Any
    size: int
    statements: tuple[str, ...]


class Api:
    """One web server of Stays, and the proxy between it and its database."""

    def __init__(self, url: str, proxy: CountingProxy, redis: RunningRedis | None = None) -> None:
        """Take where it answers, what counts its statements, and its cache if it has one."""
        self.url, self.proxy, self._redis = url, proxy, redis

    @property
    def cache(self) -> RunningRedis:
        """Its private cache.

        Raises:
            CourseError: it has none.
        """
        if self._redis is None:
            raise CourseError("This server has no cache; start it with cache=True.")
        return self._redis

    def request(
        self, path: str, *, token: str = "", method: str = "GET", body: object = None
    ) -> Request:
        """Return a request as ``prodev.measure.load`` sends it."""
        return Request(
            url=f"{self.url}{path}",
            method=method,
            headers=_headers(token, body),
            body="" if body is None else json.dumps(body),
        )

    def get(self, path: str, *, token: str = "") -> Answer:
        """Send GET, as the token's user."""
        return self.send("GET", path, token=token)

    def post(self, path: str, body: object, *, token: str = "") -> Answer:
        """Send POST with a body as JSON, as the token's user."""
        return self.send("POST", path, body, token=token)

    def graphql(self, query: str, *, token: str = "", **variables: object) -> Answer:
        """Send a GraphQL operation, as the token's user."""
        return self.post("/graphql", {"query": query, "variables": variables}, token=token)

    def send(self, method: str, path: str, body: object = None, *, token: str = "") -> Answer:
        """Send one request, and count what it costs; nothing else may use the server meanwhile.

        Raises:
            CourseError: the service does not answer.
        """
        with self.proxy.block() as seen:
            status, text = self._exchange(method, path, body, token)
        statements = tuple(one.sql for one in seen.queries if one.sql != _STILL_THERE)
        return Answer(status, json.loads(text) if text else None, len(text), statements)

    def _exchange(self, method: str, path: str, body: object, token: str) -> tuple[int, bytes]:
        parts = urlsplit(self.url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=_SECONDS)
        sent = None if body is None else json.dumps(body).encode()
        try:
            connection.request(method, path, sent, _headers(token, body))
            response = connection.getresponse()
            return response.status, response.read()
        except (OSError, http.client.HTTPException) as error:
            raise CourseError(
                f"The service at {self.url} does not answer {method} {path} "
                f"({type(error).__name__}: {error}); start the lab again."
            ) from None
        finally:
            connection.close()


def _headers(token: str, body: object) -> dict[str, str]:
    headers = {"Authorization": f"Token {token}"} if token else {}
    return headers if body is None else {**headers, "Content-Type": "application/json"}
