"""GraphQL over HTTP: which requests are answered at all."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client, override_settings
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.settings import api_settings
from test_graphql import ask

QUERY = {"query": "{ me { name } }"}


def send(body: str | bytes, content_type: str = "application/json", **headers: str) -> Any:
    client = Client(headers=headers, enforce_csrf_checks=True)
    return client.generic("POST", "/graphql", body, content_type=content_type)


@pytest.mark.parametrize(
    "body",
    [
        "", "{", "5", "null", '"x"', "{}", b"\xff", "[" * 200_000,
        '{"query": 5}', '{"query": "{ me { name } }", "variables": [1]}',
        json.dumps([QUERY, QUERY]), json.dumps([QUERY]), "[]", "[5]",
    ],
)  # fmt: skip
def test_a_body_that_is_no_single_operation_has_a_sentence(body: str | bytes) -> None:
    answer = send(body)
    assert answer.status_code == 400
    (told,) = answer.json()["errors"]
    assert told["extensions"] == {"code": "bad_request"}
    assert told["message"]


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""],
)
def test_what_a_form_of_another_site_can_send_is_refused(content_type: str) -> None:
    assert send(json.dumps(QUERY), content_type).status_code == 400


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
@pytest.mark.parametrize("asked", [QUERY, {}])
def test_get_shows_neither_data_nor_an_explorer(accept: str, asked: dict[str, str]) -> None:
    answer = Client(headers={"accept": accept}).get("/graphql", asked)
    assert answer.status_code in {400, 404}
    assert [*answer.json()] == ["errors"]


def test_a_token_needs_no_cookie_and_no_csrf_token(world: Any) -> None:
    assert ask(QUERY["query"], world.gil) == {"me": {"name": "Gil"}}
    assert send(json.dumps(QUERY)).json() == {"data": {"me": None}}


class Closed(BaseAuthentication):
    """Signs nobody in."""

    def authenticate(self, request: Any) -> Any:  # noqa: ARG002
        raise AuthenticationFailed("The service is closed.")

    def authenticate_header(self, request: Any) -> str:  # noqa: ARG002
        return "Token"


def test_who_rest_does_not_sign_in_graphql_does_not_either(world: Any) -> None:
    rest = {"DEFAULT_AUTHENTICATION_CLASSES": [f"{__name__}.Closed"]}
    with override_settings(REST_FRAMEWORK=rest):
        assert [Closed] == api_settings.DEFAULT_AUTHENTICATION_CLASSES
        answer = send(json.dumps(QUERY))
    assert answer.status_code == 401
    assert "closed" in answer.json()["errors"][0]["message"]
