"""Answers of the kind ``service``: requests through Django's whole stack, counted from outside."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator

import pytest

from judge_exercises import make_exercise
from judge_services import Services
from prodev.judge import Judge
from prodev.judge.endings import Missing, Raised, TimedOut
from prodev.judge.kinds.kind import Kind
from prodev.judge.kinds.service import KIND, systems

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the tests need the walls of Linux"),
]


@pytest.fixture(scope="module")
def services(postgresql: object) -> Iterator[Services]:
    with Services() as services:
        yield services
    systems.stop()


def test_what_the_answer_sends_is_counted_and_what_the_judge_sends_is_not(
    services: Services,
) -> None:
    answer = services.view(
        """
        from django.db import transaction
        from prodev.stays.models import Booking
        with transaction.atomic():
            return Response([row.guest.name for row in Booking.objects.all()])
        """
    )
    answer.world.bookings(3)
    seen = answer.get("/x")
    assert len(seen.rows) == 3
    assert len(seen.queries) == 1 + 3
    assert [one.sql.split()[0] for one in seen.statements] == ["BEGIN", *["SELECT"] * 4, "COMMIT"]


def test_each_caller_arrives_as_themselves(services: Services) -> None:
    answer = services.view("return Response([request.user.pk, str(request.auth)[:5]])")
    guest, admin = answer.world.user(), answer.world.user("admin")
    assert answer.get("/x").json == [None, "None"]
    assert answer.get("/x", guest).json == [guest.id, "token"]
    assert answer.post("/x", admin, json={}).json == [admin.id, "token"]
    assert answer.get("/x", headers={"Authorization": "Token no-such"}).status == 401


def test_a_request_passes_with_its_query_its_body_and_its_headers(services: Services) -> None:
    answer = services.view(
        """
        asked = [request.method, request.query_params.get("q"), request.headers.get("X-One")]
        response = Response([*asked, request.data])
        response["X-Two"] = "2"
        return response
        """
    )
    seen = answer.post("/x?q=caf%C3%A9%20%2B", json={"a": ["é", 1]}, headers={"X-One": "1"})
    assert seen.json == ["POST", "café +", "1", {"a": ["é", 1]}]
    assert seen.headers["x-two"] == "2"
    assert answer.post("/x", body="{", headers={"Content-Type": "application/json"}).status == 400
    assert answer.get("/nowhere").status == 404
    assert answer.get("/healthz").json == {"status": "ok"}, "Stays stands around the answer"


def test_a_bug_is_told_with_the_learners_own_line(services: Services) -> None:
    answer = services.view("number = 1\nreturn Response(number / 0)")
    with pytest.raises(Raised) as raised:
        answer.get("/x")
    assert raised.value.name == "ZeroDivisionError"
    assert [function for _, function in raised.value.lines] == ["x"]
    assert raised.value.call == "GET /x as a stranger"
    seen = answer.get("/x", may_raise=True)
    assert seen.status == 500
    assert seen.error is not None
    assert "ZeroDivisionError" not in seen.text


def test_a_name_that_the_mount_asks_for_and_that_is_not_there_is_the_answers_fault(
    services: Services,
) -> None:
    with pytest.raises(Missing, match=r"^x$"):
        services.make("y = 1").start("urlpatterns = [answer.x]")
    with pytest.raises(Raised, match="ImportError"):
        services.make("from prodev.stays.models import Hotel").start("")


def test_requests_at_the_same_time_have_a_connection_each(services: Services) -> None:
    answer = services.view(
        """
        from django.db import connection
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid(), pg_sleep(0.1)")
            return Response(cursor.fetchone()[0])
        """,
        connections=5,
    )
    for _ in range(2):
        seen = answer.together([("GET", "/x", None)] * 5)
        assert len({one.json for one in seen}) == 5
        assert len(seen[0].queries) == 5
    answer.get("/x")
    with pytest.raises(Raised, match="takes no more connections"):
        answer.together([("GET", "/x", None)] * 6)


def test_a_restart_keeps_rows_and_redis_and_loses_what_was_in_memory(services: Services) -> None:
    answer = services.view(
        """
        from django.core.cache import cache
        from prodev.stays.models import User
        kept = globals().setdefault("kept", [])
        kept.append(1)
        return Response([len(kept), cache.get_or_set("a", "b", 60), User.objects.count()])
        """,
        redis=True,
    )
    answer.world.user()
    assert [answer.get("/x").json for _ in range(2)] == [[1, "b", 1], [2, "b", 1]]
    answer.restart()
    seen = answer.get("/x")
    assert seen.json == [1, "b", 1]
    assert [words[0] for words in seen.commands] == ["GET"]


def test_time_passes_for_the_clocks_and_for_redis(services: Services) -> None:
    answer = services.view(
        """
        import time
        from django.core.cache import cache
        from django.utils import timezone
        cache.get_or_set("minute", 1, 60)
        cache.get_or_set("hour", 1, 3600)
        cache.get_or_set("ever", 1, None)
        return Response([time.time(), time.monotonic(), timezone.now().timestamp()])
        """,
        redis=True,
    )
    before = answer.get("/x").json
    assert set(answer.cache.keys()) == {":1:minute", ":1:hour", ":1:ever"}
    answer.pass_time(100)
    left = answer.cache.keys()
    assert left[":1:ever"] is None
    assert 3_400 < (left[":1:hour"] or 0) <= 3_500
    assert ":1:minute" not in left
    after = answer.get("/x").json
    assert all(99 < new - old < 160 for old, new in zip(before, after, strict=True))


def test_redis_can_be_down_silent_and_slow(services: Services) -> None:
    answer = services.view(
        """
        from django.core.cache import cache
        from redis.exceptions import ConnectionError, TimeoutError
        try:
            return Response(cache.get("a", "nothing"))
        except ConnectionError:
            return Response("down")
        except TimeoutError:
            return Response("silent")
        """,
        redis=True,
    )
    assert answer.get("/x").json == "nothing"
    answer.cache.down()
    assert [answer.get("/x").json for _ in range(2)] == ["down", "down"]
    answer.cache.up()
    assert answer.get("/x").json == "nothing"
    answer.cache.delay = 0.2
    assert answer.get("/x").ms > 200
    answer.cache.delay = 0.0
    answer.cache.silent()
    assert answer.get("/x").json == "silent"
    answer.cache.up()
    assert answer.get("/x").json == "nothing"


def test_an_answer_finds_nothing_of_the_one_before(services: Services) -> None:
    body = """
        from django.core.cache import cache
        from prodev.stays.models import User
        found = [User.objects.count(), cache.get("a")]
        cache.set("a", 1, None)
        return Response(found)
        """
    for _ in range(2):
        answer = services.view(body, redis=True)
        assert answer.get("/x").json == [0, None]
        answer.world.users(3)
        assert answer.cache.info()["keyspace_misses"] == 1


def test_the_database_can_be_far_away(services: Services) -> None:
    answer = services.view(
        "from prodev.stays.models import User\nreturn Response(User.objects.count())"
    )
    answer.database.delay = 0.15
    assert answer.get("/x").ms > 150


def test_graphql_is_driven_by_queries(services: Services) -> None:
    mount = """
import strawberry
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from strawberry.django.views import GraphQLView
schema = strawberry.Schema(query=answer.Query)
urlpatterns = [path("graphql", csrf_exempt(GraphQLView.as_view(schema=schema)))]
"""
    answer = services.make(
        """
        import strawberry
        from prodev.stays.models import Booking

        @strawberry.type
        class Query:
            @strawberry.field
            def bookings(self, most: int) -> list[str]:
                return [row.guest.name for row in Booking.objects.all()[:most]]
        """
    )
    answer.world.bookings(4)
    answer.start(mount)
    query = "query ($most: Int!) { bookings(most: $most) }"
    seen = answer.graphql(query, variables={"most": 2})
    assert len(seen.json["data"]["bookings"]) == 2
    assert len(seen.queries) == 3


def test_a_part_of_stays_can_be_the_answers(services: Services) -> None:
    answer = services.make("def bookings_of(user, rows=None):\n    raise KeyError('mine')")
    mount = "from prodev.stays.api import bookings\nbookings.bookings_of = answer.bookings_of"
    guest = answer.world.user()
    answer.start(mount)
    with pytest.raises(Raised, match="mine"):
        answer.get("/api/bookings", guest)


def test_a_thousand_bookings_are_made_at_once(services: Services) -> None:
    answer = services.make("")
    rows = answer.world.bookings(1_200, status="pending")
    assert answer.world.count("bookings") == len({row.id for row in rows}) == 1_200
    assert {row.status for row in rows} == {"pending"}
    assert len({row.guest_id for row in rows}) == len({row.property_id for row in rows}) == 1_200
    booking = rows[0]
    answer.world.review(booking, rating=4)
    answer.world.payment(booking)
    answer.world.message(booking, answer.world.user())
    assert [answer.world.count(table) for table in ("reviews", "payments", "messages")] == [1] * 3


def test_a_lock_that_an_answer_never_gives_back_does_not_hold_the_judge(
    services: Services,
) -> None:
    answer = services.view(
        """
        from django.db import connection
        connection.set_autocommit(False)
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE users IN ACCESS EXCLUSIVE MODE")
        import threading
        threading.Event().wait(30)
        """,
        connections=2,
    )
    answer.world.execute("SET lock_timeout = '300ms'")
    services.sessions[-1].deadline = time.monotonic() + 1
    with pytest.raises(TimedOut):
        answer.get("/x")
    with pytest.raises(TimedOut):
        answer.world.user()


def test_a_new_exercise_of_this_kind_holds(
    services: Services, tmp_path_factory: pytest.TempPathFactory
) -> None:
    files = KIND.scaffold()
    exercise = make_exercise(
        tmp_path_factory.mktemp("course"),
        files["check.py"],
        starter=files["starter.py"],
        solution=files["solution.py"],
        wrong={"another-name": ("Expected {expected}, got {got}.", files["wrong/another-name.py"])},
        right={"as-a-class": files["right/as-a-class.py"]},
        limits={"seconds": 30},
        kind="service",
    )
    with Judge() as judge:
        found = [
            judge.judge(exercise, files[name])
            for name in ("starter.py", "solution.py", "right/as-a-class.py")
        ]
        wrong = judge.judge(exercise, files["wrong/another-name.py"])
        nonsense = [
            judge.judge(exercise, source)
            for source in KIND.degenerate(files["solution.py"]).values()
        ]
    assert [verdict.status for verdict in found] == ["not_attempted", "passed", "passed"]
    assert (wrong.status, wrong.code) == ("failed", "another-name")
    assert {verdict.status for verdict in nonsense} <= {"failed", "error", "not_attempted"}
    assert isinstance(KIND, Kind)
    assert all(path.is_file() for path in KIND.inputs)


def test_a_users_own_redis_is_not_for_the_judge(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert KIND.missing() == ""
    server = systems.empty_redis()
    monkeypatch.setenv("PRODEV_REDIS", server.url)
    assert "PRODEV_REDIS names yours" in KIND.missing()
    monkeypatch.setenv("PRODEV_REDIS", "redis://127.0.0.1:1/0")
    assert "does not answer" in KIND.missing()
