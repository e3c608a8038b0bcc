"""The service as a whole: health, the OpenAPI document, errors, migrations."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection


def test_the_migrations_say_what_the_models_say() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_the_openapi_document_is_valid_and_complete() -> None:
    written = StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=written)
    for path in ("properties", "bookings", "bookings/{id}/cancel", "payments", "token", "me"):
        assert f"/api/{path}:" in written.getvalue()


def test_a_live_process_without_its_database_is_not_ready(
    caller: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = caller()
    assert client.get("/readyz").json() == {"status": "ok", "database": "ok", "cache": "ok"}

    def broken() -> None:
        raise OSError("no route to host db.internal")

    monkeypatch.setattr(connection, "cursor", broken)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"status": "down", "database": "down", "cache": "ok"}
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [("{", 400, "parse_error"), ("[]", 400, "invalid"), ("{}", 400, "invalid")],
)
def test_a_body_that_cannot_be_read_has_an_error_of_the_usual_form(
    caller: Any, world: Any, body: str, status: int, code: str
) -> None:
    answer = caller(world.gil).generic(
        "POST", "/api/bookings", body, content_type="application/json"
    )
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_second_review_of_one_stay_is_refused(caller: Any, world: Any) -> None:
    client = caller(world.gil)
    told = {"booking": world.past.pk, "rating": 5}
    assert client.post("/api/reviews", told).status_code == 201
    assert client.post("/api/reviews", told).status_code == 400
    assert client.post("/api/reviews", {**told, "rating": 6}).status_code == 400
    of_loft = client.get(f"/api/reviews?property={world.loft.pk}").json()["results"]
    assert [row["rating"] for row in of_loft] == [5]
    assert client.get("/api/reviews?property=x").json()["results"] == []
