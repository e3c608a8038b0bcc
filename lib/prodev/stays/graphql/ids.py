"""Ids: GraphQL's name a type and a row, the tables' are numbers."""

from __future__ import annotations

from strawberry.relay import GlobalID

MOST = 2**63 - 1


def row_id(given: GlobalID, kind: str) -> int:
    """Return a row's number; 0, which no row has, where the id names another kind of thing."""
    fits = given.type_name == kind and given.node_id.isascii() and given.node_id.isdecimal()
    return int(given.node_id) if fits and len(given.node_id) < len(str(MOST)) else 0
