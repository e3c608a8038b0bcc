"""GraphQL's pages: never more rows than were counted, and a sentence where there is no page."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from graphql import GraphQLList, GraphQLNonNull, GraphQLObjectType, get_named_type, parse
from strawberry.relay import to_base64
from test_graphql import ask, nodes, post, problem

from prodev.stays.graphql.limits import LISTS, SHORT_LISTS, measure
from prodev.stays.graphql.pages import FIRST, MOST
from prodev.stays.graphql.schema import schema
from prodev.stays.models import Property

NAMES = "query ($n: Int) { properties(first: $n) { edges { node { name } } } }"
FIELDS_OF_A_ROW = 3  # edges, node and name


@pytest.fixture
def rooms(world: Any) -> None:
    Property.objects.bulk_create(
        Property(host=world.bo, name=f"R{number}", city="A", country="GH", kind="room",
                 price_cents=1)
        for number in range(MOST + 20)
    )  # fmt: skip


@pytest.mark.usefixtures("rooms")
@pytest.mark.parametrize(
    ("query", "variables", "rows"),
    [
        ("{ properties { edges { node { name } } } }", {}, FIRST),
        ("{ properties(first: null, last: null) { edges { node { name } } } }", {}, FIRST),
        ("{ properties(first: 3) { edges { node { name } } } }", {}, 3),
        ("{ properties(last: 3) { edges { node { name } } } }", {}, 3),
        (NAMES, {}, FIRST),
        (NAMES, {"n": None}, FIRST),
        (NAMES, {"n": MOST}, MOST),
        (NAMES, {"n": float(MOST)}, MOST),
        (NAMES.replace("Int", "Int = 30"), {}, 30),
        (NAMES.replace("Int", "Int = 30"), {"n": None}, FIRST),
    ],
)
def test_a_page_has_the_rows_that_its_cost_counts(
    query: str, variables: dict[str, Any], rows: int
) -> None:
    with CaptureQueriesContext(connection) as seen:
        found = nodes(ask(query, **variables)["properties"])
    assert len(found) == rows
    assert f"LIMIT {rows + 1}" in seen.captured_queries[-1]["sql"], "the database reads no more"
    assert measure(parse(query), variables).cost == 1 + rows * FIELDS_OF_A_ROW


@pytest.mark.usefixtures("rooms")
@pytest.mark.parametrize(
    "given",
    [
        f"first: {MOST + 1}",
        f"last: {MOST + 1}",
        "first: -1",
        "last: -1",
        "first: 2, last: 2",
        'after: "x"',
        'after: "T3JkZXI6WyIxIl0="',
        f'after: "{to_base64("orderedcursor", "[]")}"',
        f'after: "{to_base64("orderedcursor", "7")}"',
        f'after: "{to_base64("orderedcursor", "[null]")}"',
        f'after: "{to_base64("orderedcursor", "[7]")}"',
        f'before: "{to_base64("orderedcursor", chr(91) * 3000)}"',
        f'before: "{to_base64("orderedcursor", f"[{chr(34)}{10**30}{chr(34)}]")}"',
    ],
)
def test_a_page_that_cannot_be_is_the_callers_mistake(
    given: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR), CaptureQueriesContext(connection) as seen:
        told = problem(f"{{ properties({given}) {{ edges {{ node {{ name }} }} }} }}")
    assert told["extensions"] == {"code": "bad_page"}
    assert not caplog.text
    assert not seen.captured_queries


def test_the_cost_knows_every_list_of_the_schema() -> None:
    for kind in schema._schema.type_map.values():
        if not isinstance(kind, GraphQLObjectType) or kind.name.startswith("__"):
            continue
        for name, field in kind.fields.items():
            inner = field.type.of_type if isinstance(field.type, GraphQLNonNull) else field.type
            if get_named_type(field.type).name.endswith("Connection"):
                assert name in LISTS, f"{kind.name}.{name}"
            elif isinstance(inner, GraphQLList) and name != "edges":
                assert name in SHORT_LISTS, f"{kind.name}.{name}"


def test_a_number_of_any_length_is_refused_before_it_runs() -> None:
    with CaptureQueriesContext(connection) as seen:
        told = problem(f"{{ properties(first: {'9' * 5000}) {{ edges {{ node {{ name }} }} }} }}")
    assert told["extensions"]["code"] == "cost_limit"
    assert not seen.captured_queries


@pytest.mark.parametrize("levels", [50, 900])
def test_nesting_of_any_depth_has_a_sentence(levels: int) -> None:
    told = problem("{ " + "me { " * levels + "id" + " }" * levels + " }")
    assert told["extensions"]["code"] in {"depth_limit", "bad_query"}
    assert "deep" in told["message"] or "depth" in told["message"]


def chain(fragments: int) -> str:
    """A query whose fragments contain one another, one inside the other."""
    links = " ".join(f"fragment f{n} on Query {{ ...f{n + 1} }}" for n in range(fragments))
    return f"{{ ...f0 }} {links} fragment f{fragments} on Query {{ me {{ name }} }}"


def test_fragments_in_a_chain_too_long_to_count_are_refused_before_they_run() -> None:
    assert ask(chain(50)) == {"me": None}
    told = problem(chain(240))
    assert told["extensions"]["code"] == "depth_limit"
    assert "at most 10 is allowed" in told["message"]


@pytest.mark.parametrize("text", ["a\0b", "\ud800"])
def test_a_text_that_no_database_keeps_finds_and_changes_nothing(
    world: Any, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    search = "query ($c: String) { properties(city: $c) { edges { node { name } } } }"
    review = """mutation ($b: ID!, $c: String!) { createReview(booking: $b, rating: 5, comment: $c)
        { __typename ... on Problem { code } } }"""
    with caplog.at_level(logging.ERROR):
        assert nodes(ask(search, c=text)["properties"]) == []
        told = post(review, world.gil, b=to_base64("Booking", world.past.pk), c=text).json()
    assert told["data"]["createReview"] == {"__typename": "Problem", "code": "bad_comment"}
    assert not caplog.text
    assert not hasattr(world.past, "review")
