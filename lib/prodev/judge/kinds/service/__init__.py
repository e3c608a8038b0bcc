'''The kind ``service``: a part of Stays, written by the learner, inside a Stays of its own.

The answer is Python: a DRF view, serializer or permission, a GraphQL type or schema, a function
that caches. It runs behind the walls of every answer, in a process with Django set up and all of
Stays around it (``from prodev.stays.models import Booking``). Requests come from the judge and go
through Django's whole stack: addresses, middleware, authentication, permissions, view. Its only way
to PostgreSQL is the counting proxy, over connections that were opened beforehand; its only way to
Redis is a door that the judge holds.

A check gets a ``ServiceAnswer``::

    MOUNT = """
    from django.urls import include, path
    from rest_framework.routers import SimpleRouter

    router = SimpleRouter(trailing_slash=False)
    router.register("bookings", answer.Bookings, "booking")
    urlpatterns = [path("api/", include(router.urls))]
    """

    def check(answer):
        ann, bo = answer.world.user(), answer.world.user()      # "guest", "host" or "admin"
        place = answer.world.property()                         # a named tuple of all its columns
        own = answer.world.booking(ann, place, status="pending")
        answer.start(MOUNT)                                     # redis=True, connections=8
        seen = answer.get("/api/bookings", ann)                 # as ann; without: a stranger
        if seen.status != 200 or seen.ids != [own.id]:
            return Finding("code", status=seen.status, rows=len(seen.rows))
        if len(seen.queries) > 3: ...                           # .sql of each, exactly as sent

**Requests**: ``get``, ``post``, ``put``, ``patch``, ``delete(path, as_, json=…, headers=…)``,
``graphql(query, as_, variables=…)``, ``together([(method, path, as_), …])`` for threads at the same
time. Each returns a ``Response``: ``status``, ``json``, ``text``, ``headers`` (names in small
letters), ``rows`` and ``ids`` of a list or of a page's ``results``, ``statements`` and ``queries``
(``Statement`` of ``prodev.services.proxy``; one of them finds the caller's token), ``commands``
(what went to Redis), ``ms``. Where the answer raises an exception that nobody catches, the verdict
is ``error`` with the learner's own line; with ``may_raise=True`` it is a response with ``status``
500 and ``error``.

**Rows**: the database has the tables of Stays and no rows. ``answer.world`` makes ``user(s)``,
``property``/``properties``, ``booking(s)``, ``payment``, ``review``, ``message``, with any column
given by name, a thousand at once if need be (``bookings(1000)``: each with a guest, a property and
a host of its own); ``select``, ``count`` and ``execute`` read and change rows around the service,
uncounted.

**GraphQL**: the same, with a mount such as::

    import strawberry
    from strawberry.django.views import GraphQLView
    from django.views.decorators.csrf import csrf_exempt
    schema = strawberry.Schema(query=answer.Query)
    urlpatterns = [path("graphql", csrf_exempt(GraphQLView.as_view(schema=schema)))]

**A function inside Stays**: the mount may put it there, ``from prodev.stays import caching;
caching.cached = answer.cached``; or into a view that the mount itself defines.

**Redis**, after ``start(MOUNT, redis=True)``: ``answer.cache`` has ``keys()`` (name to seconds
left, None: for ever), ``commands``, ``info()`` (hits and misses), ``flush()``, ``pass_time``,
``delay = seconds``, ``down()``, ``silent()``, ``up()``, and ``client``.

**Accidents and time**: ``answer.restart()`` is a new process over the same rows and the same Redis;
``answer.pass_time(seconds)`` moves ``time.time()``, ``time.monotonic()``, ``timezone.now()`` and
what expires in Redis; ``answer.database.delay`` is a database far away. ``time.sleep`` is real.
'''

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from prodev.judge.kinds.kind import Job, Kind
from prodev.judge.kinds.python import KIND as PYTHON
from prodev.judge.kinds.service import systems
from prodev.judge.kinds.service.answer import ServiceAnswer

if TYPE_CHECKING:
    from prodev.judge.mutants import Mutant

__all__ = ["KIND", "ServiceAnswer"]

_HERE = Path(__file__).resolve().parent
_BOX = _HERE.parents[1] / "box" / "service"
_STAYS = _HERE.parents[2] / "stays"

_STARTER = '''\
from rest_framework.decorators import api_view
from rest_framework.response import Response


@api_view(["GET"])
def who(request):
    """Return the caller's name."""
    ...
'''
_SOLUTION = _STARTER.replace("    ...\n", '    return Response({"name": request.user.name})\n')
_CHECK = '''\
"""Does the view tell the caller's own name?"""

from prodev.judge import Finding

MOUNT = """
from django.urls import path

urlpatterns = [path("who", answer.who)]
"""


def check(answer):
    answer.world.user()
    caller = answer.world.user()
    answer.start(MOUNT)
    seen = answer.get("/who", caller)
    if seen.json != {"name": caller.name}:
        return Finding("another-name", expected=caller.name, got=seen.text)
    return None
'''


class ServiceKind(Kind):
    """Answers in Python that are a part of the booking service."""

    name = "service"
    suffixes = (".py",)
    slow = True

    @property
    def inputs(self) -> tuple[Path, ...]:
        """The files of the package that a verdict depends on."""
        folders = (_HERE, _BOX, _BOX / "postgresql", _STAYS, _STAYS / "api", _STAYS / "graphql")
        own = (path for folder in folders for path in sorted(folder.glob("*.py")))
        return (*PYTHON.inputs, *own)

    @contextmanager
    def open(self, job: Job) -> Iterator[ServiceAnswer]:
        """Make a database for the answer; the check starts the service."""
        # Django takes longer to load than a database to make.
        job.warm(self.name)
        with ExitStack() as stack:
            yield ServiceAnswer(job, stack)

    def attempted(self, source: str, starter: str) -> bool:
        """Compare the tokens that count."""
        return PYTHON.attempted(source, starter)

    def degenerate(self, solution: str) -> Mapping[str, str]:
        """Return answers that define the solution's public names as nonsense."""
        return PYTHON.degenerate(solution)

    def mutants(self, solution: str, suffix: str) -> tuple[Mutant, ...]:
        """Return the mutants of a Python text."""
        return PYTHON.mutants(solution, suffix)

    def scaffold(self) -> dict[str, str]:
        """Return a small exercise that holds, to be rewritten."""
        return {
            "starter.py": _STARTER,
            "solution.py": _SOLUTION,
            "right/as-a-class.py": _AS_A_CLASS,
            "wrong/another-name.py": _SOLUTION.replace("request.user.name", '"Ada Lovelace"'),
            "check.py": _CHECK,
        }

    def missing(self) -> str:
        """Say what is missing to run a service."""
        return systems.missing()


_AS_A_CLASS = """\
from rest_framework.response import Response
from rest_framework.views import APIView


class Who(APIView):
    def get(self, request):
        return Response({"name": request.user.name})


who = Who.as_view()
"""

KIND = ServiceKind()
