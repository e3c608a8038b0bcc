"""The booking service's own tests, on the database that STAYS_DATABASE_URL names.

``tests/test_stays_databases.py`` runs them in a process of their own for each database: Django
knows one set of settings in a process.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import django
import pytest

os.environ["DJANGO_SETTINGS_MODULE"] = "prodev.stays.settings"
django.setup()


@pytest.fixture(scope="session", autouse=True)
def tables() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


@pytest.fixture(autouse=True)
def database(request: pytest.FixtureRequest, tables: None) -> Iterator[None]:
    """Undo what a test writes: by a roll-back, or by emptying the tables where it commits."""
    from django.core.cache import cache
    from django.core.management import call_command
    from django.db import connections, transaction

    cache.clear()
    if request.node.get_closest_marker("commits"):
        yield
        call_command("flush", verbosity=0, interactive=False)
        connections.close_all()
        return
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def world() -> Any:
    """Hosts, guests, properties and bookings, by short names."""
    from stays_world import make_world

    return make_world()


@pytest.fixture
def caller() -> Callable[..., Any]:
    """An API client; with a user, one that sends this user's token."""
    from rest_framework.test import APIClient

    from prodev.stays.tokens import issue_token

    def call_as(user: Any = None) -> Any:
        client = APIClient()
        if user is not None:
            client.credentials(HTTP_AUTHORIZATION=f"Token {issue_token(user.pk)}")
        return client

    return call_as
