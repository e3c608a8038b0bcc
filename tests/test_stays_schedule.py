"""Periodic work: once a period, safe to run twice, and the clean-up that deletes nothing."""

from __future__ import annotations

from pathlib import Path

from stays_background import run

CLEAN = """
from prodev.stays.cleanup import Cleaned, clean_up
DAY = timedelta(days=1)

def paid(booking, status="paid"):
    Payment.objects.create(booking=booking, amount_cents=1, method="card", status=status,
                           paid_at=None if status == "failed" else NOW)
    return booking

def status(booking):
    booking.refresh_from_db()
    return booking.status
"""


def test_only_old_pending_and_unpaid_bookings_are_cancelled(tmp_path: Path):
    run(
        tmp_path,
        CLEAN
        + """
old = NOW - 3 * DAY - timedelta(seconds=1)
left = book(created_at=old)
tried = paid(book(created_at=old), "failed")
refunded = paid(book(created_at=old), "refunded")
young = book(created_at=NOW - 3 * DAY)
half_paid = paid(paid(book(created_at=old), "failed"))
confirmed = book(created_at=old, status="confirmed")
assert clean_up(NOW) == Cleaned(cancelled=3, deactivated=0)
assert [status(each) for each in (left, tried, refunded)] == ["cancelled"] * 3
assert [status(each) for each in (young, half_paid, confirmed)] == [
    "pending", "pending", "confirmed"]
""",
    )


def test_only_guests_who_never_came_back_are_deactivated(tmp_path: Path):
    run(
        tmp_path,
        CLEAN
        + """
def member(name, joined, *bookings, **more):
    person = user(name, joined_on=(NOW - joined * DAY).date(), **more)
    for days in bookings:
        Booking.objects.create(
            property=home, guest=person, check_in=date(2021, 1, 1), check_out=date(2021, 1, 2),
            nights=1, total_cents=1, status="confirmed", created_at=NOW - days * DAY)
    return person

never = member("never", 800)
once = member("once", 2000, 900)
faithful = member("faithful", 2000, 1900, 900, 5)
edge = member("edge", 2000, 730)
new = member("new", 700)
landlord = member("landlord", 2000, role="host")
boss = member("boss", 2000, role="admin")
ahead = member("ahead", 2000, 900)
Booking.objects.filter(guest=ahead).update(check_in=NOW.date(), check_out=NOW.date() + DAY)
rows = {model: model.objects.count() for model in (User, Booking, Payment, Property)}
assert clean_up(NOW) == Cleaned(cancelled=0, deactivated=2)
assert set(User.objects.filter(is_active=False)) == {never, once}
assert clean_up(NOW) == Cleaned(0, 0), "a second run finds nothing"
assert rows == {model: model.objects.count() for model in rows}
""",
    )


def test_a_clean_up_is_two_statements_however_many_rows_there_are(tmp_path: Path):
    run(
        tmp_path,
        CLEAN
        + """
from django.test.utils import CaptureQueriesContext
for _ in range(50):
    book(created_at=NOW - 9 * DAY)
with CaptureQueriesContext(connection) as seen:
    assert clean_up(NOW).cancelled == 50
assert len(seen) == 2 and all(query["sql"].startswith("UPDATE") for query in seen)
""",
    )


PERIOD = """
from unittest.mock import patch
from prodev.stays.periods import once_per_period, period_of
HOUR = timedelta(hours=1)

def at(moment, work, job="job", every=HOUR):
    with patch("django.utils.timezone.now", return_value=moment):
        return once_per_period(job, every, work)
"""


def test_a_period_begins_at_whole_hours_and_days_in_utc(tmp_path: Path):
    run(
        tmp_path,
        PERIOD
        + """
from zoneinfo import ZoneInfo
moment = datetime(2026, 3, 29, 3, 59, 59, 7, tzinfo=ZoneInfo("Europe/Oslo"))
assert period_of(moment, HOUR) == datetime(2026, 3, 29, 1, tzinfo=UTC)
assert period_of(moment, 24 * HOUR) == datetime(2026, 3, 29, tzinfo=UTC)
assert period_of(datetime(2026, 3, 29, tzinfo=UTC), HOUR) == datetime(2026, 3, 29, tzinfo=UTC)
""",
    )


def test_work_is_done_once_a_period_and_again_in_the_next(tmp_path: Path):
    run(
        tmp_path,
        PERIOD
        + """
done = []
ten = datetime(2026, 1, 1, 10, tzinfo=UTC)
moments = [ten, ten, ten + timedelta(minutes=59), ten + HOUR, ten + HOUR]
assert [at(moment, done.append) for moment in moments] == [True, False, False, True, False]
assert done == [ten, ten + HOUR]
assert at(ten, done.append, job="another") and PeriodRun.objects.count() == 3
""",
    )


def test_work_that_fails_undoes_its_rows_and_may_be_done_again_in_its_period(tmp_path: Path):
    run(
        tmp_path,
        PERIOD
        + """
def fails(moment):
    book()
    raise ZeroDivisionError
raises(ZeroDivisionError, lambda: at(NOW, fails))
assert not PeriodRun.objects.exists() and not Booking.objects.exists()
assert at(NOW, lambda moment: None)
""",
    )


def test_a_beat_that_fires_eight_times_at_once_does_the_work_once(tmp_path: Path):
    run(
        tmp_path,
        PERIOD
        + """
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
start = Barrier(8)
def one(_):
    start.wait()
    try:
        return once_per_period("job", timedelta(days=1000), lambda moment: book())
    finally:
        connection.close()
with ThreadPoolExecutor(8) as pool:
    assert sorted(pool.map(one, range(8))) == [False] * 7 + [True]
assert Booking.objects.count() == 1
""",
    )


def test_the_periodic_tasks_do_their_work_and_only_once(tmp_path: Path):
    run(
        tmp_path,
        """
from prodev.stays.tasks import clean_up, count_hours
old = book(created_at=NOW - timedelta(days=4))
for task in (clean_up, clean_up, count_hours, count_hours):
    task()
old.refresh_from_db()
assert old.status == "cancelled"
assert sorted(PeriodRun.objects.values_list("job", flat=True)) in (
    ["clean-up", "count-hours"], ["clean-up", "count-hours", "count-hours"])
assert HourlyFigure.objects.count() in (24, 25)
""",
    )


def test_hours_are_counted_from_their_first_second_to_their_last(tmp_path: Path):
    run(
        tmp_path,
        """
from prodev.stays.figures import count_hours
nine = datetime(2026, 1, 1, 9, tzinfo=UTC)
ten = nine + timedelta(hours=1)
last = ten - timedelta(microseconds=1)
for moment in (nine, last, ten):
    booking = book(created_at=moment)
    Message.objects.create(booking=booking, sender=guest, body="hi", sent_at=moment)
    for kind, cents in (("paid", 300), ("refunded", 5000)):
        Payment.objects.create(
            booking=booking, amount_cents=cents, method="card", status=kind, paid_at=moment)
assert count_hours(ten + timedelta(minutes=5)) == 24
figure = HourlyFigure.objects.get(hour=nine)
assert (figure.bookings, figure.paid_cents, figure.messages) == (2, 600, 2)
assert HourlyFigure.objects.get(hour=nine - timedelta(hours=1)).bookings == 0
assert not HourlyFigure.objects.filter(hour=ten).exists(), "an hour counts when it is over"
assert count_hours(ten + timedelta(minutes=59)) == 0
assert count_hours(ten + timedelta(hours=3)) == 3, "missed hours are made up for"
assert HourlyFigure.objects.get(hour=ten).bookings == 1
""",
    )
