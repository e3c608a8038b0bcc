"""GraphQL over HTTP: JSON by POST, signed in by the same token as the REST API."""

from __future__ import annotations

from typing import Any

from cross_web import HTTPException
from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.settings import api_settings
from strawberry.django.views import GraphQLView

from prodev.stays.graphql.requests import read_body
from prodev.stays.graphql.schema import schema


# No cookie signs anybody in here, so no other site can act in a user's name.
@method_decorator(csrf_exempt, name="dispatch")
class StaysGraphQLView(GraphQLView):
    """Answers queries, and finds out who asks."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ARG002
        """Find out who calls, then answer."""
        asked = Request(request, authenticators=_authenticators())
        try:
            request.user = asked.user
            return self.run(request=request)
        except APIException as error:
            return _refused(str(error.detail), "bad_token", error.status_code)
        except HTTPException as error:
            return _refused(error.reason, "bad_request", error.status_code)
        except UnicodeDecodeError:
            return _refused("The body is not written in UTF-8.", "bad_request", 400)

    def decode_json(self, data: str | bytes) -> object:
        """Read the body of a request."""
        return read_body(data)


def _authenticators() -> list[Any]:
    """Return those of the REST API, so that a token holds for both or for none."""
    return [one() for one in api_settings.DEFAULT_AUTHENTICATION_CLASSES]


def _refused(message: str, code: str, status: int) -> JsonResponse:
    told = {"message": message, "extensions": {"code": code}}
    return JsonResponse({"errors": [told]}, status=status)


view = StaysGraphQLView.as_view(
    schema=schema,
    graphql_ide="graphiql" if settings.DEBUG else None,
    allow_queries_via_get=False,  # a link or a cache could repeat them
)
