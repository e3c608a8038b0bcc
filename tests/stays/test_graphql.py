"""GraphQL: the same rules as REST, few statements at any nesting, and limits before the work."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from strawberry.relay import to_base64

from prodev.stays.graphql import queries
from prodev.stays.graphql.schema import make_schema
from prodev.stays.models import Booking, Message, Payment, Property, Review
from prodev.stays.tokens import issue_token
from stays_world import booking, day, user

BOOKINGS = """
query ($first: Int) { bookings(first: $first) { edges { node {
    status totalCents guest { name } payments { amountCents } messages { body sender { name } }
    property { name host { name } }
} } pageInfo { hasNextPage endCursor } } }
"""
BOOK = """
mutation ($property: ID!, $in: Date!, $out: Date!, $guests: Int! = 1) {
    createBooking(property: $property, checkIn: $in, checkOut: $out, guests: $guests) {
        __typename ... on Booking { totalCents status guest { name } } ... on Problem { code }
    }
}
"""


def post(query: str, by: Any = None, **variables: Any) -> Any:
    headers = {"Authorization": f"Token {issue_token(by.pk)}"} if by else {}
    body = json.dumps({"query": query, "variables": variables})
    return Client(headers=headers).post("/graphql", body, content_type="application/json")


def ask(query: str, by: Any = None, **variables: Any) -> Any:
    answer = post(query, by, **variables).json()
    assert "errors" not in answer, answer
    return answer["data"]


def problem(query: str, by: Any = None, **variables: Any) -> Any:
    return post(query, by, **variables).json()["errors"][0]


def nodes(found: Any) -> list[Any]:
    return [edge["node"] for edge in found["edges"]]


@pytest.mark.parametrize(
    ("name", "stays"), [("nobody", 0), ("gil", 2), ("hana", 2), ("ada", 2), ("bo", 2), ("admin", 4)]
)
def test_each_caller_sees_the_bookings_that_concern_them(world: Any, name: str, stays: int) -> None:
    assert len(nodes(ask(BOOKINGS, getattr(world, name))["bookings"])) == stays


def test_an_admin_reads_no_messages_of_others(world: Any) -> None:
    of_admin = nodes(ask(BOOKINGS, world.admin)["bookings"])
    assert [row["messages"] for row in of_admin] == [[]] * 4
    of_gil = nodes(ask(BOOKINGS, world.gil)["bookings"])
    assert [len(row["messages"]) for row in of_gil] == [1, 1]


def test_people_show_a_name_and_nothing_else(world: Any) -> None:
    assert world.gil.email not in str(ask("{ properties { edges { node { host { name } } } } }"))
    for field in ("email", "password", "role", "bookings { id }"):
        assert "Cannot query field" in problem(f"{{ me {{ {field} }} }}", world.gil)["message"]


def fill(world: Any, rows: int) -> None:
    before = Property.objects.count()
    for number in range(before, before + rows):
        place = Property.objects.create(
            host=user(f"host{number}", "host"), name=f"Room {number}", city="Accra", country="GH",
            kind="room", price_cents=1000,
        )  # fmt: skip
        stay = booking(place, world.gil, -50)
        for _ in range(2):
            Payment.objects.create(
                booking=stay, amount_cents=1, method="card", status="paid", paid_at=timezone.now()
            )
            Message.objects.create(booking=stay, sender=place.host, body="Welcome.")
        Review.objects.create(booking=stay, rating=5)


def test_nesting_takes_the_same_statements_for_ten_rows_and_for_ninety(world: Any) -> None:
    counts = []
    for rows in (10, 80):
        fill(world, rows)
        with CaptureQueriesContext(connection) as seen:
            found = nodes(ask(BOOKINGS, world.gil, first=100)["bookings"])
        assert len(found) >= rows
        counts.append(len(seen))
    # Two write and read the token, one reads the bookings, two prefetch payments and messages.
    assert counts[0] == counts[1] <= 5, [query["sql"][:90] for query in seen]


def test_pages_go_on_behind_their_cursor(world: Any) -> None:
    fill(world, 5)
    query = """query ($after: String) { properties(first: 3, after: $after) {
        edges { node { name } } pageInfo { hasNextPage endCursor } } }"""
    names, after = [], None
    while True:
        found = ask(query, after=after)["properties"]
        names += [row["name"] for row in nodes(found)]
        if not found["pageInfo"]["hasNextPage"]:
            break
        after = found["pageInfo"]["endCursor"]
    assert names == ["Room 6", "Room 5", "Room 4", "Room 3", "Room 2", "Hut", "Loft"]


def test_lists_are_searched_and_reviews_are_of_one_property(world: Any) -> None:
    query = '{ properties(city: "Accra", guests: 3) { edges { node { id name } } } }'
    (loft,) = nodes(ask(query)["properties"])
    assert loft == {"id": to_base64("Property", world.loft.pk), "name": "Loft"}
    query = "query ($p: ID!) { reviews(property: $p) { edges { node { rating guest { name } } } } }"
    for place, found in ((world.hut, [{"rating": 4, "guest": {"name": "Hana"}}]), (world.loft, [])):
        assert nodes(ask(query, p=to_base64("Property", place.pk))["reviews"]) == found
    assert nodes(ask(query, p=to_base64("Booking", world.hut.pk))["reviews"]) == []


def stay(world: Any, start: int = 20, **more: Any) -> dict[str, Any]:
    place = to_base64("Property", world.loft.pk)
    return {"property": place, "in": str(day(start)), "out": str(day(start + 2)), **more}


def test_a_booking_is_made_whole(world: Any) -> None:
    made = ask(BOOK, world.hana, **stay(world))["createBooking"]
    assert made == {
        "__typename": "Booking", "totalCents": 16000, "status": "pending",
        "guest": {"name": "Hana"},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("caller", "more", "code"),
    [
        (None, {}, "not_signed_in"),
        ("hana", {"in": str(day(10)), "out": str(day(11))}, "nights_taken"),
        ("hana", {"guests": 9}, "too_many_guests"),
        ("hana", {"guests": 0}, "no_guests"),
        ("hana", {"property": to_base64("Property", 10**30)}, "no_such_property"),
        ("ada", {}, "own_property"),
    ],
)
def test_what_cannot_be_booked_is_a_problem_and_changes_nothing(
    world: Any, caller: str | None, more: dict[str, Any], code: str
) -> None:
    before = Booking.objects.count()
    by = getattr(world, caller) if caller else None
    made = ask(BOOK, by, **(stay(world) | more))["createBooking"]
    assert made == {"__typename": "Problem", "code": code}
    assert Booking.objects.count() == before


def test_only_the_guest_cancels_and_reviews(world: Any) -> None:
    cancel = """mutation ($b: ID!) { cancelBooking(booking: $b) {
        ... on Booking { status } ... on Problem { code } } }"""
    soon = to_base64("Booking", world.soon.pk)
    for by, told in (
        (None, {"code": "not_signed_in"}), (world.hana, {"code": "no_booking"}),
        (world.ada, {"code": "no_booking"}), (world.gil, {"status": "cancelled"}),
        (world.gil, {"status": "cancelled"}),
    ):  # fmt: skip
        assert ask(cancel, by, b=soon)["cancelBooking"] == told
    review = """mutation ($b: ID!, $rating: Int!) { createReview(booking: $b, rating: $rating) {
        ... on Review { rating guest { name } } ... on Problem { code } } }"""
    past = to_base64("Booking", world.past.pk)
    for by, rating, told in (
        (None, 5, {"code": "not_signed_in"}), (world.hana, 5, {"code": "no_stay"}),
        (world.gil, 6, {"code": "bad_rating"}),
        (world.gil, 5, {"rating": 5, "guest": {"name": "Gil"}}),
        (world.gil, 4, {"code": "reviewed"}),
    ):  # fmt: skip
        assert ask(review, by, b=past, rating=rating)["createReview"] == told


def test_a_query_that_is_too_deep_is_refused_before_it_runs() -> None:
    inside = "properties { edges { node { host { name } } } }"
    assert ask("{ " + inside + " }") == {"properties": {"edges": []}}
    for deep in (
        "{ " + "properties { edges { node { " * 4 + "name" + " } } }" * 4 + " }",
        "{ ...a } fragment a on Query { " + "me { " * 6 + "...b" + " }" * 6 + " } "
        "fragment b on Person { " + "host { " * 6 + "name" + " }" * 6 + " }",
    ):
        with CaptureQueriesContext(connection) as seen:
            told = problem(deep)
        assert told["extensions"]["code"] == "depth_limit"
        assert "at most 10 is allowed" in told["message"]
        assert not seen.captured_queries


def test_fragments_that_multiply_or_contain_themselves_take_no_time() -> None:
    chain = "".join(
        f"fragment f{n} on Query {{ ...f{n + 1} a{n}: __typename ...f{n + 1} }} " for n in range(40)
    )
    told = problem("{ ...f0 } " + chain + "fragment f40 on Query { me { name } }")
    assert told["extensions"]["code"] == "cost_limit"
    told = problem("{ ...a } fragment a on Query { me { name } ...b } fragment b on Query { ...a }")
    assert "within itself" in told["message"]


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("{ " + " ".join(f"p{n}: properties(first: 100) {{ edges {{ node {{ name }} }} }}"
                         for n in range(30)) + " }", {}),
        ("query ($n: Int) { bookings(last: $n) { edges { node { messages { id body sent: sentAt "
         "sender { id name } } payments { id amountCents } } } } }", {"n": 100}),
        ("query ($n: Int = 150) {a: bookings(first: $n) { ...b } c: bookings(first: $n) { ...b }}"
         "fragment b on BookingCursorConnection { edges { node { messages { id body sentAt } } } }",
         {}),
    ],
)  # fmt: skip
def test_a_query_that_costs_too_much_is_refused_before_it_runs(
    world: Any, query: str, variables: dict[str, Any]
) -> None:
    by = world.gil
    with CaptureQueriesContext(connection) as seen:
        told = problem(query, by, **variables)
    assert told["extensions"]["code"] == "cost_limit"
    assert "at most 6000 is allowed" in told["message"]
    assert not [q for q in seen.captured_queries if "FROM" in q["sql"] and "token" not in q["sql"]]


def test_the_schema_is_told_in_debug_alone() -> None:
    assert "disabled" in problem("{ __schema { types { name } } }")["message"]
    told = make_schema(debug=True).execute_sync("{ __schema { types { name } } }")
    assert not told.errors


@pytest.mark.parametrize("method", ["get", "put"])
def test_only_post_is_answered(method: str) -> None:
    answer = getattr(Client(), method)("/graphql", {"query": "{ me { name } }"})
    assert answer.status_code in {400, 404, 405}
    assert b"data" not in answer.content


def test_a_bad_token_is_refused_and_not_taken_for_none() -> None:
    answer = Client(headers={"Authorization": "Token x"}).post(
        "/graphql", {"query": "{ me { name } }"}, content_type="application/json"
    )
    assert answer.status_code == 401
    assert answer.json()["errors"][0]["extensions"]["code"] == "bad_token"


def test_an_error_of_ours_has_a_number_and_tells_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_rows: object) -> object:
        raise RuntimeError("password of db.internal")

    monkeypatch.setattr(queries, "_newest", broken)
    with caplog.at_level(logging.ERROR):
        told = problem("{ properties { edges { node { name } } } }")
    assert "password" not in str(told)
    assert told["extensions"]["code"] == "internal"
    assert told["extensions"]["number"] in caplog.text
    assert "password of db.internal" in caplog.text
