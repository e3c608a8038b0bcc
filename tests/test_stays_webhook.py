"""The payment provider's events: signed, applied once, in one transaction."""

from __future__ import annotations

from pathlib import Path

import pytest

from stays_background import run

SECRET = {"STAYS_WEBHOOK_SECRET": "whsec-1"}
WEBHOOK = """
import json, time
from django.test import RequestFactory
from prodev.stays.webhook import payment_webhook, sign

booking = book()

def event(**more):
    return {"id": "evt_1", "type": "payment.paid", "booking": booking.pk, "amount_cents": 20_000,
            "method": "card", **more}

def post(body, *, secret="whsec-1", age=0, header=None):
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    header = sign(body, secret, int(time.time()) - age) if header is None else header
    request = RequestFactory().post(
        "/", body, content_type="application/json", headers={"Stays-Signature": header})
    answer = payment_webhook(request)
    return answer.status_code, json.loads(answer.content)

def nothing():
    booking.refresh_from_db()
    return (booking.status == "pending" and not Payment.objects.exists()
            and not WebhookEvent.objects.exists() and published() == 0)
"""


def test_a_paid_event_writes_the_payment_confirms_and_has_the_guest_told(tmp_path: Path):
    run(
        tmp_path,
        WEBHOOK
        + """
assert post(event()) == (200, {"applied": True})
booking.refresh_from_db()
payment = Payment.objects.get()
assert (payment.booking, payment.amount_cents, payment.method, payment.status) == (
    booking, 20_000, "card", "paid")
assert payment.paid_at and booking.status == "confirmed"
assert published() == 1 and WebhookEvent.objects.get().event_id == "evt_1"
""",
        **SECRET,
    )


def test_a_repeated_event_changes_nothing_and_is_answered_as_well(tmp_path: Path):
    run(
        tmp_path,
        WEBHOOK
        + """
assert [post(event())[1]["applied"] for _ in range(5)] == [True, False, False, False, False]
assert Payment.objects.count() == 1 and published() == 1
assert post(event(id="evt_2"))[1]["applied"] and Payment.objects.count() == 2
assert published() == 1, "a booking is confirmed once"
""",
        **SECRET,
    )


def test_of_ten_equal_events_at_once_one_is_applied(tmp_path: Path):
    run(
        tmp_path,
        WEBHOOK
        + """
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
start = Barrier(10)
def one(_):
    start.wait()
    try:
        return post(event())
    finally:
        connection.close()
with ThreadPoolExecutor(10) as pool:
    answers = list(pool.map(one, range(10)))
assert sorted(answer["applied"] for _, answer in answers) == [False] * 9 + [True]
assert {status for status, _ in answers} == {200} and Payment.objects.count() == 1
""",
        **SECRET,
    )


def test_only_a_fresh_signature_of_exactly_this_body_is_believed(tmp_path: Path):
    run(
        tmp_path,
        WEBHOOK
        + """
good = sign(json.dumps(event()).encode(), "whsec-1", int(time.time()))
moment = good.split(",")[0]
for wrong in ("", "t=,v1=", "v1=abc", moment, moment + ",v1=", good[:-1] + "é", good[:-1],
              good + " ", good + ",v1=0", "t=" + "9" * 5000, "t=" + "9" * 400 + ",v1=0",
              sign(b"{}", "whsec-1", int(time.time()))):
    assert post(event(), header=wrong)[0] == 403, wrong
assert post(event(), secret="other")[0] == 403
assert post(event(), secret="")[0] == 403
assert post(event(), age=301)[0] == 403 and post(event(), age=-310)[0] == 403
assert post(b"{", header="t=1,v1=0")[0] == 403, "the signature comes before the body"
assert nothing()
assert post(event(), age=290)[0] == 200
""",
        **SECRET,
    )


def test_without_a_secret_every_event_is_refused(tmp_path: Path):
    run(
        tmp_path,
        WEBHOOK + "assert post(event(), secret='')[0] == 403 and nothing()",
    )


def test_only_post_is_allowed_and_no_cookie_is_asked_for(tmp_path: Path):
    run(
        tmp_path,
        WEBHOOK
        + """
assert payment_webhook(RequestFactory().get("/")).status_code == 405
assert payment_webhook.csrf_exempt
""",
        **SECRET,
    )


@pytest.mark.parametrize(
    "change",
    [
        "b'{'",
        "b'[]'",
        "b'\\xff'",
        "event(id='')",
        "event(id='x' * 101)",
        "event(id=7)",
        "event(id='nul\\0')",
        "event(id='\\ud800')",
        "event(type='payment.lost')",
        "event(type=None)",
        "event(booking=True)",
        "event(booking='1')",
        "event(booking=999)",
        "event(booking=10**30)",
        "event(amount_cents=0)",
        "event(amount_cents=-5)",
        "event(amount_cents=1.5)",
        "event(amount_cents=2**31)",
        "event(method='')",
        "event(method='m' * 21)",
    ],
)
def test_an_event_that_cannot_be_applied_is_refused_and_leaves_nothing(tmp_path: Path, change: str):
    run(
        tmp_path,
        WEBHOOK + f"status, answer = post({change})\n"
        "assert status == 400 and answer['detail'].endswith('.') and nothing(), answer",
        **SECRET,
    )


def test_an_event_whose_effect_fails_is_applied_when_it_comes_again(tmp_path: Path):
    run(
        tmp_path,
        WEBHOOK
        + """
from unittest.mock import patch
with patch("prodev.stays.webhook.confirm", side_effect=ZeroDivisionError):
    raises(ZeroDivisionError, lambda: post(event()))
assert nothing()
assert post(event()) == (200, {"applied": True})
""",
        **SECRET,
    )


def test_a_booking_is_confirmed_when_its_deposit_is_paid(tmp_path: Path):
    run(
        tmp_path,
        WEBHOOK
        + """
from prodev.stays import payments, webhook
assert webhook.DEPOSIT_PERCENT == payments.DEPOSIT_PERCENT
steps = []
for number, (kind, cents) in enumerate(
    [("failed", 20_000), ("refunded", 20_000), ("paid", 3_000), ("paid", 2_999), ("paid", 1)]
):
    assert post(event(id=f"e{number}", type=f"payment.{kind}", amount_cents=cents))[0] == 200
    booking.refresh_from_db()
    steps.append(booking.status)
assert steps == ["pending"] * 4 + ["confirmed"]
assert Payment.objects.get(status="failed").paid_at is None
""",
        **SECRET,
    )


def test_a_refund_is_told_to_the_guest_once(tmp_path: Path):
    run(
        tmp_path,
        WEBHOOK
        + """
post(event(type="payment.refunded"))
post(event(type="payment.refunded"))
post(event(id="evt_2", type="payment.refunded"))
assert [row.kind for row in OutgoingMail.objects.all()] == ["refund"] and published() == 1
assert Payment.objects.count() == 2
""",
        **SECRET,
    )


def test_money_for_a_cancelled_booking_is_kept_on_record_and_reported(tmp_path: Path):
    run(
        tmp_path,
        WEBHOOK
        + """
import logging
records = []
logging.getLogger("prodev.stays.webhook").addHandler(
    type("Keep", (logging.Handler,), {"emit": lambda self, record: records.append(record)})())
booking.status = "cancelled"
booking.save()
assert post(event()) == (200, {"applied": True})
booking.refresh_from_db()
assert booking.status == "cancelled" and Payment.objects.count() == 1 and published() == 0
assert [record.levelname for record in records] == ["ERROR"]
""",
        **SECRET,
    )
