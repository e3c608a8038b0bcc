"""The schema, with what guards it."""

from __future__ import annotations

import strawberry
from django.conf import settings
from graphql import GraphQLError
from strawberry.extensions import DisableIntrospection, MaxTokensLimiter
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext
from strawberry_django.optimizer import DjangoOptimizerExtension

from prodev.stays.graphql.errors import HideInternals
from prodev.stays.graphql.limits import Limits
from prodev.stays.graphql.mutations import Mutation
from prodev.stays.graphql.pages import MOST
from prodev.stays.graphql.queries import Query

TOKENS = 2_000


class Schema(strawberry.Schema):
    """Writes errors to the log once, in ``HideInternals``."""

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Do nothing: the usual way writes every typing mistake of a client as an error."""


def make_schema(*, debug: bool) -> Schema:
    """Return the schema; ``debug`` opens the introspection, which explorers need."""
    return Schema(
        query=Query,
        mutation=Mutation,
        config=StrawberryConfig(relay_max_results=MOST),
        extensions=[
            HideInternals,
            Limits,
            lambda: MaxTokensLimiter(max_token_count=TOKENS),
            DjangoOptimizerExtension,
            *([] if debug else [DisableIntrospection]),
        ],
    )


schema = make_schema(debug=settings.DEBUG)
