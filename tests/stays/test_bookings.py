"""Bookings: what is refused, and who wins when two ask at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from prodev.stays.models import Booking
from prodev.stays.reservations import ReservationError, book
from stays_world import booking, day, make_world


def ask(client: Any, world: Any, start: int, end: int, **more: Any) -> Any:
    wanted = {"property": world.loft.pk, "check_in": day(start), "check_out": day(end), **more}
    return client.post("/api/bookings", wanted)


def test_a_booking_has_its_price_from_the_property_and_its_guest_from_the_caller(
    caller: Any, world: Any
) -> None:
    answer = ask(caller(world.hana), world, 20, 23, total_cents=1, guest=world.gil.pk, nights=9)
    assert answer.status_code == 201
    told = answer.json()
    assert (told["nights"], told["total_cents"], told["status"]) == (3, 24000, "pending")
    assert told["guest"] == {"id": world.hana.pk, "name": "Hana"}


@pytest.mark.parametrize(("start", "end"), [(10, 12), (9, 11), (11, 13), (9, 13), (8, 20)])
def test_a_night_that_is_taken_is_a_conflict(caller: Any, world: Any, start: int, end: int) -> None:
    answer = ask(caller(world.hana), world, start, end)
    assert answer.status_code == 409
    assert answer.json() == {
        "detail": "Another booking holds one of these nights.", "code": "nights_taken",
    }  # fmt: skip


def test_stays_may_touch_and_a_cancelled_one_holds_no_night(caller: Any, world: Any) -> None:
    client = caller(world.hana)
    assert ask(client, world, 8, 10).status_code == 201
    assert ask(client, world, 12, 14).status_code == 201
    Booking.objects.filter(pk=world.soon.pk).update(status=Booking.Status.CANCELLED)
    assert ask(client, world, 10, 12).status_code == 201


@pytest.mark.parametrize(
    ("nights", "more", "code"),
    [
        ((-1, 2), {}, "in_the_past"),
        ((20, 20), {}, "no_nights"),
        ((22, 20), {}, "no_nights"),
        ((20, 22), {"guests": 4}, "too_many_guests"),
        ((20, 22), {"property": 99_999_999}, "no_such_property"),
        ((20, 22), {"guests": 0}, "invalid"),
        ((20, 22), {"check_in": "soon"}, "invalid"),
    ],
)
def test_what_cannot_be_booked_has_its_reason(
    caller: Any, world: Any, nights: tuple[int, int], more: dict[str, Any], code: str
) -> None:
    answer = ask(caller(world.hana), world, *nights, **more)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_a_cancelled_booking_stays_cancelled_and_a_begun_one_stays(caller: Any, world: Any) -> None:
    client = caller(world.gil)
    for _ in range(2):
        answer = client.post(f"/api/bookings/{world.soon.pk}/cancel")
        assert (answer.status_code, answer.json()["status"]) == (200, "cancelled")
    answer = client.post(f"/api/bookings/{world.past.pk}/cancel")
    assert (answer.status_code, answer.json()["code"]) == (409, "stay_began")


@pytest.mark.commits
def test_of_two_buyers_at_once_exactly_one_gets_the_nights() -> None:
    world = make_world()
    for round_ in range(5):
        ready = Barrier(2)

        def buy(guest: Any, start: int, ready: Barrier = ready) -> str:
            ready.wait()
            try:
                book(guest, world.loft.pk, day(start), day(start + 2), 1)
            except ReservationError as error:
                return error.code
            finally:
                connection.close()
            return "booked"

        first = 100 + 10 * round_
        with ThreadPoolExecutor(2) as pool:
            outcomes = list(pool.map(buy, (world.gil, world.hana), (first, first + 1)))
        assert sorted(outcomes) == ["booked", "nights_taken"]


def test_postgresql_refuses_an_overlap_whoever_writes(world: Any) -> None:
    if connection.vendor != "postgresql":
        with pytest.raises(IntegrityError), transaction.atomic():
            booking(world.loft, world.hana, 50, nights=0)  # the rule that all three have
        return
    with pytest.raises(IntegrityError, match="booking_nights_once"), transaction.atomic():
        booking(world.loft, world.hana, 11)
    booking(world.loft, world.hana, 12)
    booking(world.loft, world.hana, 11, status=Booking.Status.CANCELLED)
