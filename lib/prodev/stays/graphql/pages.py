"""Pages: how many rows of a list a query gets, and from where."""

from __future__ import annotations

import json
from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry import relay
from strawberry_django.relay import DjangoCursorConnection
from strawberry_django.relay.cursor_connection import DjangoCursorEdge

from prodev.stays.graphql.ids import MOST as LARGEST_ROW

FIRST = 20  # rows where a query says nothing
MOST = 100  # rows; the cost limit counts with it
LONGEST_CURSOR = 100  # characters


@strawberry.type(name="CursorConnection")
class Page(DjangoCursorConnection[relay.NodeType]):
    """Some rows of a list that is ordered by its rows' numbers.

    The library would give the whole list to a query that leaves out both ``first`` and ``last``,
    and would read the whole table for one that has both.
    """

    @classmethod
    def resolve_connection(  # noqa: PLR0913 - the library names them
        cls,
        nodes: Any,
        *,
        info: strawberry.Info,
        before: str | None = None,
        after: str | None = None,
        first: int | None = None,
        last: int | None = None,
        **more: Any,
    ) -> Any:
        """Return the page that was asked for.

        Raises:
            GraphQLError: ``bad_page``: there is no such page.
        """
        if first is not None and last is not None:
            raise _bad("Ask for the first or for the last rows of a list, not for both.")
        for name, rows in (("first", first), ("last", last)):
            if rows is not None and not 0 <= rows <= MOST:
                raise _bad(f"'{name}' is {rows}; it can be from 0 to {MOST}.")
        for name, cursor in (("after", after), ("before", before)):
            if cursor and not _names_a_row(cursor):
                raise _bad(f"'{name}' is no cursor of this list; take one from 'pageInfo'.")
        if first is None and last is None:
            first = FIRST
        return super().resolve_connection(
            nodes, info=info, before=before, after=after, first=first, last=last, **more
        )


def _names_a_row(cursor: str) -> bool:
    """Return whether a cursor holds one row's number, of a size that databases know."""
    if len(cursor) > LONGEST_CURSOR:
        return False
    try:
        kind, held = relay.from_base64(cursor)
        (row,) = json.loads(held)
    except (ValueError, TypeError):
        return False
    ours = kind == DjangoCursorEdge.CURSOR_PREFIX and isinstance(row, str)
    return ours and row.isascii() and row.isdecimal() and int(row) <= LARGEST_ROW


def _bad(told: str) -> GraphQLError:
    return GraphQLError(told, extensions={"code": "bad_page"})
