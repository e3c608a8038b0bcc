"""Who calls: ``Authorization: Token …``."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from prodev.stays.tokens import AccessToken, find_token

KEYWORD = b"token"


class TokenAuthentication(BaseAuthentication):
    """Takes the token of the header; one statement finds it and its user."""

    def authenticate(self, request: Request) -> tuple[Any, AccessToken] | None:
        """Return the user and the token, or None where no token was sent.

        Raises:
            AuthenticationFailed: the token is unknown, has ended, or is no token at all.
        """
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != KEYWORD:
            return None
        try:
            (token,) = (part.decode("ascii") for part in parts[1:])
        except ValueError:
            raise AuthenticationFailed("The token is not well formed.", "bad_token") from None
        found = find_token(token)
        if found is None:
            raise AuthenticationFailed("The token is not valid, or has ended.", "bad_token")
        return found.user, found

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002
        """Return what a 401 asks for; without it DRF would answer 403."""
        return "Token"


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the OpenAPI document describes it."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:  # noqa: ARG002
        """Return the scheme."""
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token` and a space before the token that `POST /api/token` returned.",
        }
