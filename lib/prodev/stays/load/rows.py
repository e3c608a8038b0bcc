"""The dataset's rows as a table of a server takes them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

import numpy as np

from prodev.stays.columns import Column, Joined, Part, Whole, Words, rows_in
from prodev.stays.load.text import Bytes, Form, blocks
from prodev.stays.people import ROLES
from prodev.stays.schema import COLUMNS

#: What Django's users have beside the dataset's columns.
ACCOUNT = ("username", "password", "is_superuser", "is_staff", "is_active")


def columns_for(table: str, there: Collection[str]) -> tuple[str, ...]:
    """Return the columns that are filled in a table which has these ones."""
    more = [name for name in ACCOUNT if table == "users" and name in there]
    return (*COLUMNS[table], *more)


def text_of(parts: Iterable[Part], columns: Sequence[str], form: Form) -> Iterator[Bytes]:
    """Return these columns of a table's parts as text, a block of rows at a time."""
    for part in parts:
        whole = {**_account(part), **part} if "username" in columns else part
        yield from blocks([whole[name] for name in columns], rows_in(part), form)


def _account(users: Part) -> dict[str, Column]:
    """Return what Django's own users have; nobody can sign in with a password."""
    email, role = users["email"], users["role"]
    assert isinstance(email, Joined)
    assert isinstance(role, Words)
    size = len(role.positions)
    admin: Whole = (role.positions == ROLES.index("admin")).astype(np.int8)
    return {
        "username": Joined(email.pieces[:-1]),  # the address without @example.com
        # What Django's set_unusable_password begins with: nothing can match it.
        "password": Words(("!",), np.zeros(size, dtype=np.int8)),
        "is_superuser": admin,
        "is_staff": admin,
        "is_active": np.ones(size, dtype=np.int8),
    }
