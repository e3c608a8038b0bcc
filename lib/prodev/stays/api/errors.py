"""Errors, in one form for all: ``{"detail": "…", "code": "…"}``.

``detail`` is a sentence to a person, ``code`` a word to a program. Where fields of the body are
wrong, ``fields`` has their sentences by name.
"""

from __future__ import annotations

from typing import Any

from rest_framework import status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from prodev.stays.reservations import ReservationError

CONFLICTS = {"nights_taken", "stay_began"}
"""Reasons that lie in the state of the service: the same request may succeed at another time."""


class NotPossible(APIException):
    """A request that was understood, and that the service's rules forbid."""

    def __init__(self, error: ReservationError) -> None:
        """Take the reason."""
        conflict = error.code in CONFLICTS
        self.status_code = status.HTTP_409_CONFLICT if conflict else status.HTTP_400_BAD_REQUEST
        super().__init__(error.detail, error.code)


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """Return the response to an error; None where it is a bug, which Django answers with 500."""
    if isinstance(error, ReservationError):
        error = NotPossible(error)
    response = exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, ValidationError):
        response.data = {
            "detail": "The request has fields that are missing or wrong.",
            "code": "invalid",
            "fields": response.data,
        }
    else:
        detail = getattr(error, "detail", None) or response.data["detail"]
        response.data = {"detail": str(detail), "code": getattr(detail, "code", "error")}
    return response
