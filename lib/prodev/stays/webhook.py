"""Events of the payment provider: believed if signed, applied once, however often they come.

A provider sends an event again until it hears 2xx, and may send two at once. So the event's id is
inserted in the same transaction as its effect: either both are there or none.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import time
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from prodev.stays.background import OutgoingMail, WebhookEvent, insert_once
from prodev.stays.confirmation import confirm
from prodev.stays.models import Booking, Payment
from prodev.stays.tasks.mail import request_mail

log = logging.getLogger(__name__)

HEADER = "Stays-Signature"
AGE_SECONDS = 300  # an older signature may have been overheard
DEPOSIT_PERCENT = 30  # so much of the price confirms a booking
KINDS = {
    "payment.paid": Payment.Status.PAID,
    "payment.refunded": Payment.Status.REFUNDED,
    "payment.failed": Payment.Status.FAILED,
}
ID_LENGTH = WebhookEvent._meta.get_field("event_id").max_length
METHOD_LENGTH = Payment._meta.get_field("method").max_length
MOST_CENTS = 2**31 - 1


class EventError(Exception):
    """An event that can't be applied as it is; its text goes to the provider."""


def sign(body: bytes, secret: str, moment: int) -> str:
    """Return the header's value for a body: ``t=<seconds since 1970>,v1=<HMAC-SHA256 in hex>``."""
    signed = str(moment).encode() + b"." + body
    return f"t={moment},v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"


def signed_well(header: str, body: bytes, secret: str, now: float) -> bool:
    """Tell whether the provider signed this body within the last five minutes."""
    parts = dict(part.partition("=")[::2] for part in header.split(","))
    try:
        moment = int(parts.get("t", ""))
    except ValueError:
        return False
    if not secret or abs(int(now) - moment) > AGE_SECONDS:
        return False
    # compare_digest takes as long for a wrong first letter as for a wrong last one.
    return hmac.compare_digest(sign(body, secret, moment).encode(), header.encode())


@csrf_exempt  # the signature says who sends it; a provider has no cookie
@require_POST
def payment_webhook(request: HttpRequest) -> JsonResponse:
    """Take an event of the payment provider.

    Answers 200 ``{"applied": true}``, or false for a repeat; 403 for a wrong signature, before the
    body is read as JSON; 400 for an event that can't be applied.
    """
    body = request.body
    secret = settings.PAYMENT_WEBHOOK_SECRET
    if not signed_well(request.headers.get(HEADER, ""), body, secret, time.time()):
        return JsonResponse({"detail": "The signature is missing, wrong or too old."}, status=403)
    try:
        applied = apply_event(read_event(body))
    except EventError as error:
        return JsonResponse({"detail": str(error)}, status=400)
    return JsonResponse({"applied": applied})


def read_event(body: bytes) -> dict[str, Any]:
    """Return the event in a body, with every field of its right type.

    Raises:
        EventError: a field is missing or wrong.
    """
    try:
        event: dict[str, Any] = json.loads(body)
    except ValueError:
        raise EventError("The body is no JSON.") from None
    wanted = {"id": str, "type": str, "booking": int, "amount_cents": int, "method": str}
    for name, kind in wanted.items():
        # A bool is an int to Python, never to a provider.
        if not isinstance(event, dict) or type(event.get(name)) is not kind:
            raise EventError(f"'{name}' is missing or of a wrong type.")
    for name, longest in (("id", ID_LENGTH), ("method", METHOD_LENGTH)):
        # PostgreSQL refuses a NUL in text, and UTF-8 half of a surrogate pair.
        if not 0 < len(event[name]) <= longest or not event[name].isprintable():
            raise EventError(f"'{name}' is empty, too long or not printable.")
    if not 0 < event["amount_cents"] <= MOST_CENTS or event["type"] not in KINDS:
        raise EventError("'amount_cents' or 'type' is not allowed.")
    return event


def apply_event(event: dict[str, Any]) -> bool:
    """Write an event's payment and what follows from it; return False for a repeat.

    Raises:
        EventError: there is no such booking.
    """
    status = KINDS[event["type"]]
    with transaction.atomic():
        if not insert_once(WebhookEvent(event_id=event["id"], kind=event["type"])):
            return False
        # Two events of one booking at once would both miss the other's payment.
        booking = Booking.objects.select_for_update().filter(pk=event["booking"]).first()
        if booking is None:
            raise EventError("There is no such booking.")
        failed = status == Payment.Status.FAILED
        Payment.objects.create(
            booking=booking,
            amount_cents=event["amount_cents"],
            method=event["method"],
            status=status,
            paid_at=None if failed else timezone.now(),
        )
        if status == Payment.Status.PAID:
            _confirm_when_paid(booking)
        elif status == Payment.Status.REFUNDED:
            request_mail(booking.pk, OutgoingMail.Kind.REFUND)
    return True


def _confirm_when_paid(booking: Booking) -> None:
    paid = booking.payments.filter(status=Payment.Status.PAID).aggregate(cents=Sum("amount_cents"))
    if paid["cents"] * 100 >= booking.total_cents * DEPOSIT_PERCENT:
        confirm(booking.pk)
    if booking.status == Booking.Status.CANCELLED:
        log.error("booking %s is cancelled and was paid: give the money back", booking.pk)
