"""What came back for one request."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from prodev.judge.conversation import raised
from prodev.judge.endings import Forged, Raised
from prodev.services.proxy import Statement


@dataclass
class Response:
    """A response, as a client sees it, and what it cost.

    Attributes:
        request: method and path, for a person.
        status: such as 200; 500 where the answer raised an exception.
        headers: by their names in small letters.
        body: its bytes.
        statements: what the service sent to the database meanwhile, in order, as the proxy saw it.
        commands: what it sent to Redis, in order: words, the first in capitals.
        ms: from the request to the response, in milliseconds.
        error: what the answer raised, where nobody caught it.
    """

    request: str
    status: int
    headers: dict[str, str]
    body: bytes
    statements: list[Statement]
    commands: list[tuple[str, ...]]
    ms: float
    error: Raised | None = None

    @cached_property
    def json(self) -> Any:
        """The body as JSON holds it; None where it is no JSON."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    @property
    def queries(self) -> list[Statement]:
        """The statements without those that only begin or end a transaction."""
        return [one for one in self.statements if not one.transaction]

    @property
    def rows(self) -> list[Any]:
        """The rows of a list: of a page's ``results``, or of a list by itself; else none."""
        held = self.json.get("results") if isinstance(self.json, dict) else self.json
        return held if isinstance(held, list) else []

    @property
    def ids(self) -> list[Any]:
        """The ``id`` of each row of a list, in order."""
        return [row.get("id") for row in self.rows if isinstance(row, dict)]


def read_response(
    request: str,
    value: Any,
    statements: list[Statement],
    commands: list[tuple[str, ...]],
    ms: float,
) -> Response:
    """Make a response of what the answer's process says.

    Raises:
        Forged: it says something else.
    """
    try:
        status, headers, body, error = value
        pairs = {str(name).lower(): str(text) for name, text in headers}
    except (TypeError, ValueError):
        raise Forged from None
    if type(status) is not int or type(body) is not bytes:
        raise Forged
    told = None if error is None else raised(error)
    return Response(request, status, pairs, body, statements, commands, ms, told)
