"""Two questions of whoever runs the service: does it live, and can it work?

They differ on purpose. A process that lost its database is not ready, so no requests should come;
but to kill it would help nobody (https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/).
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

log = logging.getLogger(__name__)


@require_safe
def live(request: HttpRequest) -> JsonResponse:  # noqa: ARG001
    """Answer 200 as long as the process can answer at all."""
    return JsonResponse({"status": "ok"})


@require_safe
def ready(request: HttpRequest) -> JsonResponse:  # noqa: ARG001
    """Answer 200 where database and cache answer, else 503 with what does not."""
    states = {"database": _works(_ask_database), "cache": _works(_ask_cache)}
    fine = all(states.values())
    told = {name: "ok" if works else "down" for name, works in states.items()}
    return JsonResponse({"status": "ok" if fine else "down", **told}, status=200 if fine else 503)


def _works(ask: Callable[[], object]) -> bool:
    try:
        ask()
    except Exception:
        # Why is for the log; a stranger who asks learns no names of hosts.
        log.warning("not ready", exc_info=True)
        return False
    return True


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _ask_cache() -> None:
    cache.get("readyz")
