"""Requests: what may stand in the body of a POST."""

from __future__ import annotations

import json

from cross_web import HTTPException


def read_body(body: str | bytes) -> dict[str, object]:
    """Return the JSON object of a body.

    A list would be several operations in one request, each with the whole cost limit for itself.

    Raises:
        HTTPException: it is anything else, or nests so deep that it can't be read.
    """
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise HTTPException(400, "The body is no JSON that can be read.") from None
    if isinstance(found, list):
        raise HTTPException(400, "Send one operation in a request; batches are not answered.")
    if not isinstance(found, dict):
        raise HTTPException(400, "The body must be a JSON object with a 'query'.")
    return found
