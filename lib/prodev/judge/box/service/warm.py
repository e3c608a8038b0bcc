"""Stays, loaded and set up once in the forker: every answer is forked from it.

All of Stays is imported here, because behind the walls the course's files cannot be read.
"""

from __future__ import annotations

import os
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

_PLACES = ("api", "graphql", "caching", "access", "reservations", "payments", "models", "webhook")
_LIBRARIES = (
    "django.core.handlers.wsgi",
    "django.core.paginator",
    "django.db.models.functions",
    "django.test.client",
    "django.views.decorators.cache",
    "django.views.generic",
    "redis.client",
    "rest_framework.decorators",
    "rest_framework.filters",
    "rest_framework.generics",
    "rest_framework.mixins",
    "rest_framework.pagination",
    "rest_framework.permissions",
    "rest_framework.response",
    "rest_framework.routers",
    "rest_framework.serializers",
    "rest_framework.test",
    "rest_framework.throttling",
    "rest_framework.views",
    "rest_framework.viewsets",
    "strawberry.dataloader",
    "strawberry.django.views",
    "strawberry.extensions",
    "strawberry_django.optimizer",
)


def set_up() -> Any:
    """Set Django up with everything that a request needs; return its WSGI application."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "prodev.judge.box.service.settings"
    import django

    django.setup()
    for name in (*_LIBRARIES, *_modules()):
        import_module(name)
    from django.core.handlers.wsgi import WSGIHandler
    from django.urls import get_resolver

    application = WSGIHandler()
    # A first request finds the addresses, and what Django imports only then.
    get_resolver().resolve("/healthz")
    ask(application, "GET", "/healthz", {}, b"")
    return application


def ask(
    application: Any, method: str, path: str, headers: dict[str, str], body: bytes
) -> tuple[int, list[tuple[str, str]], bytes]:
    """Send a request through Django's whole stack; return status, headers and body."""
    from prodev.judge.box.service.request import send

    return send(application, method, path, headers, body)


def _modules() -> list[str]:
    names = [f"prodev.stays.{place}" for place in _PLACES]
    for name in ("api", "graphql"):
        package = import_module(f"prodev.stays.{name}")
        names += [found.name for found in walk_packages(package.__path__, f"{package.__name__}.")]
    return names
