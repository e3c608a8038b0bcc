"""Lists: few statements at any length, whole and without repeats, and never without end."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from prodev.stays.models import Message, Payment, Property, Review
from stays_world import booking, user

LISTS = ("properties", "bookings", "payments", "reviews", "messages")
MOST = 3  # the token with its user, the rows, and one to spare


def fill(world: Any, rows: int) -> None:
    """Add so many rows to each list, each with a host of its own."""
    before = Property.objects.count()
    for number in range(before, before + rows):
        place = Property.objects.create(
            host=user(f"host{number}", "host"), name=f"Room {number}", city="Accra", country="GH",
            kind="room", price_cents=1000 + number,
        )  # fmt: skip
        stay = booking(place, world.gil, -50)
        Payment.objects.create(
            booking=stay, amount_cents=1, method="card", status="paid", paid_at=timezone.now()
        )
        Message.objects.create(booking=stay, sender=place.host, body="Welcome.")
        Review.objects.create(booking=stay, rating=5)


@pytest.mark.parametrize("kind", LISTS)
def test_a_list_takes_the_same_few_statements_at_any_length(
    caller: Any, world: Any, kind: str
) -> None:
    client = caller(world.gil)
    counts = []
    for rows in (10, 90):
        fill(world, rows)
        with CaptureQueriesContext(connection) as seen:
            found = client.get(f"/api/{kind}?page_size=100").json()["results"]
        assert len(found) >= rows
        counts.append(len(seen))
    assert counts[0] == counts[1] <= MOST, [query["sql"] for query in seen]


def test_pages_hold_every_row_once_while_others_come(caller: Any, world: Any) -> None:
    fill(world, 25)
    client, seen, address = caller(), [], "/api/properties?page_size=10"
    while address:
        page = client.get(address).json()
        seen += [row["id"] for row in page["results"]]
        address = page["next"]
        Property.objects.create(
            host=world.ada, name="New", city="Accra", country="GH", kind="room", price_cents=1
        )
    assert len(seen) == len(set(seen)) == 27
    assert seen == sorted(seen, reverse=True)


@pytest.mark.parametrize(("asked", "got"), [("3", 3), ("100000", 100), ("0", 20), ("x", 20)])
def test_a_page_has_a_limit(caller: Any, world: Any, asked: str, got: int) -> None:
    host = world.ada
    Property.objects.bulk_create(
        Property(host=host, name="Room", city="Accra", country="GH", kind="room", price_cents=1)
        for _ in range(110)
    )
    found = caller().get(f"/api/properties?page_size={asked}").json()["results"]
    assert len(found) == got


@pytest.mark.parametrize(
    ("search", "names"),
    [
        ("city=Accra", ["Loft"]),
        ("country=KE", ["Hut"]),
        ("guests=3", ["Loft"]),
        ("max_price_cents=6000", ["Hut"]),
        ("kind=castle", []),
        ("city=Accra&max_price_cents=6000", []),
    ],
)
def test_properties_are_searched(caller: Any, world: Any, search: str, names: list[str]) -> None:
    found = caller().get(f"/api/properties?{search}").json()["results"]
    assert [row["name"] for row in found] == names
    assert world.loft.name == "Loft"


@pytest.mark.parametrize("search", ["guests=many", "max_price_cents=-1"])
def test_a_search_that_makes_no_sense_is_refused(caller: Any, search: str) -> None:
    answer = caller().get(f"/api/properties?{search}")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
