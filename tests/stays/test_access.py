"""Who may do what: caller by request, and the status that each must get."""

from __future__ import annotations

from typing import Any

import pytest

CALLERS = ("nobody", "gil", "hana", "ada", "bo", "admin")
# One row a request; {x.y} is filled from the world. gil booked ada's loft, hana bo's hut.
MATRIX = [
    ("GET", "/api/properties", None, (200, 200, 200, 200, 200, 200)),
    ("GET", "/api/properties/{loft}", None, (200, 200, 200, 200, 200, 200)),
    ("POST", "/api/properties", "property", (401, 403, 403, 201, 201, 201)),
    ("PATCH", "/api/properties/{loft}", "name", (401, 403, 403, 200, 403, 200)),
    ("DELETE", "/api/properties/{loft}", None, (401, 403, 403, 409, 403, 409)),
    ("GET", "/api/bookings", None, (401, 200, 200, 200, 200, 200)),
    ("GET", "/api/bookings/{soon}", None, (401, 200, 404, 200, 404, 200)),
    ("GET", "/api/bookings/{hers}", None, (401, 404, 200, 404, 200, 200)),
    ("POST", "/api/bookings", "stay", (401, 201, 201, 400, 201, 201)),
    ("PATCH", "/api/bookings/{soon}", "status", (401, 405, 405, 405, 405, 405)),
    ("POST", "/api/bookings/{soon}/cancel", None, (401, 200, 404, 403, 404, 403)),
    ("GET", "/api/payments", None, (401, 200, 200, 200, 200, 200)),
    ("POST", "/api/payments", "status", (401, 405, 405, 405, 405, 405)),
    ("GET", "/api/reviews", None, (200, 200, 200, 200, 200, 200)),
    ("POST", "/api/reviews", "review", (401, 201, 400, 400, 400, 400)),
    ("GET", "/api/messages", None, (401, 200, 200, 200, 200, 200)),
    ("POST", "/api/messages", "message", (401, 201, 400, 201, 400, 400)),
    ("GET", "/api/me", None, (401, 200, 200, 200, 200, 200)),
    ("DELETE", "/api/token", None, (401, 204, 204, 204, 204, 204)),
    ("GET", "/api/schema", None, (200, 200, 200, 200, 200, 200)),
]


def body(kind: str | None, world: Any) -> Any:
    from stays_world import day

    return {
        None: None,
        "property": {
            "name": "Tent", "city": "Accra", "country": "GH", "kind": "tent", "price_cents": 900,
        },
        "name": {"name": "Loft with a view"},
        "stay": {"property": world.loft.pk, "check_in": day(40), "check_out": day(42)},
        "status": {"status": "cancelled"},
        "review": {"booking": world.past.pk, "rating": 5},
        "message": {"booking": world.soon.pk, "body": "At noon."},
    }[kind]  # fmt: skip


@pytest.mark.parametrize(
    ("caller_name", "asked", "status"),
    [
        pytest.param(name, (method, path, kind), status, id=f"{name} {method} {path}")
        for method, path, kind, statuses in MATRIX
        for name, status in zip(CALLERS, statuses, strict=True)
    ],
)
def test_each_caller_gets_the_status_that_the_matrix_says(
    world: Any, caller: Any, caller_name: str, asked: tuple[str, str, str | None], status: int
) -> None:
    method, path, kind = asked
    client = caller(getattr(world, caller_name))
    ids = {name: world.__dict__[name].pk for name in ("loft", "soon", "hers")}
    answer = client.generic(
        method,
        path.format(**ids),
        *([] if kind is None else [client._encode_data(body(kind, world), None)[0]]),
        content_type="application/json",
    )
    assert answer.status_code == status, answer.content
    if status >= 400:
        assert set(answer.json()) >= {"detail", "code"}


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("gil", [2, 2, 2]),
        ("hana", [2, 1, 1]),
        ("ada", [2, 2, 2]),
        ("bo", [2, 1, 1]),
        ("admin", [4, 3, 0]),
    ],
)
def test_a_list_holds_the_callers_own_rows_alone(
    world: Any, caller: Any, name: str, rows: list[int]
) -> None:
    client = caller(getattr(world, name))
    found = [
        len(client.get(f"/api/{kind}").json()["results"])
        for kind in ("bookings", "payments", "messages")
    ]
    assert found == rows
