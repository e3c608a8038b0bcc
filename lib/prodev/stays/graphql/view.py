"""GraphQL over HTTP: JSON by POST, signed in by the same token as the REST API."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from strawberry.django.views import GraphQLView

from prodev.stays.api.authentication import TokenAuthentication
from prodev.stays.graphql.schema import schema


# No cookie signs anybody in here, so no other site can act in a user's name.
@method_decorator(csrf_exempt, name="dispatch")
class StaysGraphQLView(GraphQLView):
    """Answers queries, and finds out who asks."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find out who calls, then answer."""
        asked = Request(request, authenticators=[TokenAuthentication()])
        try:
            request.user = asked.user
        except AuthenticationFailed as error:
            told = {"message": str(error.detail), "extensions": {"code": "bad_token"}}
            return JsonResponse({"errors": [told]}, status=401)
        return super().dispatch(request, *args, **kwargs)


view = StaysGraphQLView.as_view(
    schema=schema,
    graphql_ide="graphiql" if settings.DEBUG else None,
    allow_queries_via_get=False,  # a link or a cache could repeat them
)
