"""Each fault: what the service promises holds while it is off, and does not while it is on."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import timedelta
from importlib import import_module
from threading import Barrier, BrokenBarrierError, Event
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from test_graphql import BOOKINGS, ask, post

from prodev.errors import CourseError
from prodev.stays import caching, cleanup, reservations
from prodev.stays.background import OutgoingMail
from prodev.stays.faults import FAULTS, switch_on, switched_on
from prodev.stays.graphql import queries
from prodev.stays.models import Booking, Property, User
from prodev.stays.reservations import ReservationError, book
from prodev.stays.tasks import mail, periodic
from prodev.stays.tokens import issue_token
from prodev.stays.webhook import sign
from stays_world import PASSWORD, booking, day, make_world

pytestmark = pytest.mark.commits
Promise = Callable[[Any], None]
PROMISES: dict[str, Promise] = {}
SECRET = "whsec-1"
A_MOMENT = 1.0  # seconds to wait for somebody who does not come while the fault is off


def promise(fault: str) -> Callable[[Promise], Promise]:
    """Name the fault that breaks this promise."""

    def register(check: Promise) -> Promise:
        PROMISES[fault] = check
        return check

    return register


@pytest.fixture(autouse=True)
def surroundings(database: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(caching, "_down_until", 0.0)
    memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    with override_settings(CACHES={"default": memory}, PAYMENT_WEBHOOK_SECRET=SECRET):
        cache.clear()
        yield
        cache.clear()


def client(user: Any = None) -> Client:
    return Client(headers={"Authorization": f"Token {issue_token(user.pk)}"} if user else {})


def rows(answer: Any) -> list[Any]:
    return list(answer.json()["results"])


@contextmanager
def without_constraint() -> Iterator[None]:
    """PostgreSQL's constraint would keep the nights apart, whatever the service does."""
    if connection.vendor != "postgresql":
        yield
        return
    migration = import_module("prodev.stays.migrations.0004_nights_once")
    with connection.cursor() as cursor:
        cursor.execute(migration.DROP)
        yield
        Booking.objects.filter(check_in=day(60)).delete()
        cursor.execute(migration.ADD)


def more_bookings(world: Any) -> None:
    for number in range(10):
        place = Property.objects.create(
            host=world.bo, name=f"Room {number}", city="Accra", country="GH", kind="room",
            price_cents=1000,
        )  # fmt: skip
        booking(place, world.gil, -50)


@promise("n-plus-one")
def lists_take_three_statements(world: Any) -> None:
    more_bookings(world)
    gil = client(world.gil)
    for address in ("/api/properties", "/api/bookings"):
        with CaptureQueriesContext(connection) as seen:
            assert gil.get(address).status_code == 200
        assert len(seen) <= 3


@promise("last-night")
def of_two_buyers_one_gets_the_night(world: Any) -> None:
    """Both look before either writes, if nothing stops them: so the race is no matter of luck."""
    both_looked, look = Barrier(2), reservations.taken

    def taken(*nights: Any) -> bool:
        found = look(*nights)
        with suppress(BrokenBarrierError):  # then the other one waits for a lock, as it should
            both_looked.wait(A_MOMENT)
        return found

    def buy(guest: User) -> str:
        try:
            book(guest, world.loft.pk, day(60), day(62), 1)
        except ReservationError as error:
            return error.code
        finally:
            connection.close()
        return "booked"

    with pytest.MonkeyPatch.context() as here, without_constraint():
        here.setattr(reservations, "taken", taken)
        with ThreadPoolExecutor(2) as pool:
            outcomes = list(pool.map(buy, (world.gil, world.hana)))
    assert sorted(outcomes) == ["booked", "nights_taken"]


@promise("every-booking")
def a_guest_sees_their_own_bookings(world: Any) -> None:
    assert {row["guest"]["id"] for row in rows(client(world.gil).get("/api/bookings"))} == {
        world.gil.pk
    }


@promise("writable-role")
def nobody_gives_themselves_a_role(world: Any) -> None:
    new = {"username": "eve", "email": "eve@example.com", "password": PASSWORD, "role": "admin"}
    assert Client().post("/api/register", new, "application/json").json()["role"] == "guest"
    changed = client(world.gil).patch("/api/me", {"role": "admin"}, "application/json")
    assert changed.json()["role"] == "guest"


@promise("endless-pages")
def a_page_holds_a_hundred_rows_at_most(world: Any) -> None:
    Property.objects.bulk_create(
        Property(host=world.bo, name="R", city="A", country="GH", kind="room", price_cents=1)
        for _ in range(110)
    )
    assert len(rows(Client().get("/api/properties?page_size=100000"))) == 100


@promise("readiness-equals-liveness")
def a_service_without_its_database_is_not_ready(world: Any) -> None:
    with pytest.MonkeyPatch.context() as here:
        here.setattr(connection, "cursor", lambda: 1 / 0)
        assert Client().get("/readyz").status_code == 503


@promise("nested-queries")
def nesting_takes_five_statements(world: Any) -> None:
    more_bookings(world)
    with CaptureQueriesContext(connection) as seen:
        ask(BOOKINGS, world.gil)
    assert len(seen) <= 5


@promise("no-depth-limit")
def a_costly_query_is_refused(world: Any) -> None:
    many = " ".join(f"p{n}: properties(first: 100) {{ edges {{ node {{ id name }} }} }}"
                    for n in range(20))  # fmt: skip
    assert "errors" in post(f"{{ {many} }}").json()


@promise("open-errors")
def a_stranger_learns_nothing_of_our_errors(world: Any) -> None:
    def broken(_rows: object) -> object:
        raise RuntimeError("password of db.internal")

    with pytest.MonkeyPatch.context() as here:
        here.setattr(queries, "_newest", broken)
        assert b"password" not in post("{ properties { edges { node { name } } } }").content


@promise("stale-after-a-write")
def a_write_is_seen_at_once(world: Any) -> None:
    address = f"/api/properties/{world.loft.pk}"
    assert Client().get(address).json()["name"] == "Loft"
    client(world.ada).patch(address, {"name": "Attic"}, "application/json")
    assert Client().get(address).json()["name"] == "Attic"


@promise("one-key-for-all")
def each_search_has_its_own_answer(world: Any) -> None:
    found = [rows(Client().get(f"/api/properties?city={city}")) for city in ("Accra", "Nairobi")]
    assert [[row["name"] for row in part] for part in found] == [["Loft"], ["Hut"]]


@promise("never-expires")
def what_is_cached_ends(world: Any) -> None:
    with pytest.MonkeyPatch.context() as here:
        here.setattr(caching, "SECONDS", 0.1)
        assert caching.cached("x", {}, lambda: 1) == 1
        time.sleep(0.15)  # the expiry itself is what is looked at
        assert caching.cached("x", {}, lambda: 2) == 2


@promise("stampede")
def of_many_who_miss_one_computes(world: Any) -> None:
    computed = []
    second = Event()

    def compute() -> int:
        computed.append(1)
        if len(computed) > 1:
            second.set()
        second.wait(A_MOMENT)
        return 1

    caching.generation()
    with pytest.MonkeyPatch.context() as here, ThreadPoolExecutor(5) as pool:
        here.setattr(caching, "WAIT_SECONDS", 60.0)
        here.setattr(caching, "LOCK_SECONDS", 60.0)
        list(pool.map(lambda _: caching.cached("x", {}, compute), range(5)))
    assert len(computed) == 1


@promise("publishes-early")
def a_message_follows_the_commit(world: Any) -> None:
    published: list[int] = []
    with pytest.MonkeyPatch.context() as here:
        here.setattr(mail.send_mail, "delay", published.append)
        with transaction.atomic():
            mail.request_mail(world.soon.pk, OutgoingMail.Kind.CONFIRMATION)
            assert published == []
    assert len(published) == 1


@promise("failure-as-success")
def a_task_that_failed_says_so(world: Any) -> None:
    row = OutgoingMail.objects.create(
        booking=world.soon, kind="confirmation", publish_again_at=timezone.now()
    )
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
                           EMAIL_HOST="127.0.0.1", EMAIL_PORT=1):  # fmt: skip
        result = mail.send_mail.apply(args=[row.pk], retries=mail.send_mail.max_retries)
    assert result.state == "FAILURE"


def event(**more: Any) -> Any:
    told = {"id": "evt_1", "type": "payment.paid", "amount_cents": 1, "method": "card", **more}
    body = json.dumps(told).encode()
    signed = sign(body, more.get("secret", SECRET), int(time.time()))
    return Client(headers={"Stays-Signature": signed}).post(
        "/webhooks/payments", body, content_type="application/json"
    )


@promise("repeated-events")
def an_event_has_its_effect_once(world: Any) -> None:
    before = world.soon.payments.count()
    for _ in range(3):
        assert event(booking=world.soon.pk).status_code == 200
    assert world.soon.payments.count() == before + 1


@promise("unsigned-events")
def an_event_is_believed_if_signed(world: Any) -> None:
    assert event(booking=world.soon.pk, secret="mine").status_code == 403


@promise("cleans-up-customers")
def the_clean_up_leaves_active_guests(world: Any) -> None:
    old = timezone.now() - timedelta(days=1000)
    Booking.objects.filter(pk=world.past.pk).update(created_at=old)
    User.objects.update(joined_on=old.date())
    cleanup.clean_up(timezone.now())
    world.gil.refresh_from_db()
    assert world.gil.is_active, "he has a stay ahead"


@promise("twice-a-period")
def periodic_work_is_done_once_a_period(world: Any) -> None:
    runs = []
    with pytest.MonkeyPatch.context() as here:
        here.setattr(cleanup, "clean_up", runs.append)
        for _ in range(2):
            periodic.clean_up()
    assert len(runs) == 1


def test_every_fault_has_a_promise_that_it_breaks() -> None:
    assert set(PROMISES) == set(FAULTS)


@pytest.mark.parametrize("name", PROMISES)
def test_the_promise_holds_while_the_fault_is_off(name: str) -> None:
    PROMISES[name](make_world())


@pytest.mark.parametrize("name", PROMISES)
def test_the_promise_is_broken_while_the_fault_is_on(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = make_world()
    monkeypatch.setitem(globals(), "A_MOMENT", 60.0)  # they do come, however busy the machine is
    with switched_on(name), pytest.raises(AssertionError):
        PROMISES[name](world)


def test_a_block_leaves_everything_as_it_was() -> None:
    names = [(swap.owner, swap.name) for fault in FAULTS.values() for swap in fault.swaps()]
    before = [getattr(*one) for one in names]
    with switched_on(*FAULTS):
        assert [getattr(*one) for one in names] != before
    assert [getattr(*one) for one in names] == before


def test_an_unknown_fault_has_a_sentence_and_switches_nothing_on() -> None:
    before = caching.key_of
    with pytest.raises(CourseError, match="no fault 'n-plus-on'; did you mean 'n-plus-one'"):
        switch_on(["one-key-for-all", "n-plus-on"])
    assert caching.key_of is before
