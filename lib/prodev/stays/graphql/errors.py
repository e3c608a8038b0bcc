"""Errors nobody foresaw: the client gets a number, the log has the story."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator

from graphql import GraphQLError
from strawberry.extensions import SchemaExtension

log = logging.getLogger(__name__)


class HideInternals(SchemaExtension):
    """Keeps errors of our code from the client, and gives every error a code.

    A mistake in the query is the client's, and is told as it is: it has no original error.
    """

    def on_operation(self) -> Iterator[None]:
        """Change the errors after the operation."""
        yield
        result = self.execution_context.result
        if result is not None and result.errors:
            result.errors = [_told(error) for error in result.errors]


def _told(error: GraphQLError) -> GraphQLError:
    if error.original_error is None or isinstance(error.original_error, GraphQLError):
        error.extensions = {"code": "bad_query", **(error.extensions or {})}
        return error
    number = secrets.token_hex(4)
    log.error("GraphQL error %s", number, exc_info=error.original_error)
    return GraphQLError(
        f"Something went wrong on our side. Its number is {number}.",
        nodes=error.nodes,
        path=error.path,
        extensions={"code": "internal", "number": number},
    )
