"""Mail in the background: asked for in a transaction, published after it, tried again."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from prodev.stays.background import OutgoingMail, insert_once
from prodev.stays.celery import app
from prodev.stays.mail import MailDelayedError, MailHeldError, MailRefusedError, deliver, give_up

AT_ONCE = 500  # mails that one sweep publishes; the next one takes the rest


def request_mail(booking_id: int, kind: str) -> None:
    """Have a booking's mail of one ``OutgoingMail.Kind`` sent, once, if this is committed.

    A worker must not see the message before the row, nor a row that is rolled back: so the message
    goes out after the commit. Where the broker is down then, an error is logged and the mail leaves
    later: ``publish_waiting_mail`` finds its row.
    """
    mail = OutgoingMail(booking_id=booking_id, kind=kind, publish_again_at=_later())
    if insert_once(mail):
        _publish_after_commit(mail)


def _publish_after_commit(mail: OutgoingMail) -> None:
    # No functools.partial: Django 5.2 logs the error with the function's __qualname__.
    transaction.on_commit(lambda: send_mail.delay(mail.pk), robust=True)


def wait_before(retry: int) -> float:
    """Return the seconds to wait before retry 0, 1, 2, …: twice as long each time, up to a limit.

    Half of it is random, so that a thousand mails that failed together don't come back together
    (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/, "equal jitter").
    """
    longest = min(settings.MAIL_RETRY_MAX_SECONDS, settings.MAIL_RETRY_SECONDS * 2**retry)
    return float(longest * random.uniform(0.5, 1.0))


@app.task(bind=True, name="stays.send_mail", max_retries=settings.MAIL_RETRIES)
def send_mail(self: Any, mail_id: int) -> None:
    """Send a mail. It is tried again while the mail server is away, then fails for good."""
    try:
        deliver(mail_id)
    except MailHeldError as held:
        raise self.retry(exc=held, countdown=held.seconds) from held
    except MailDelayedError as error:
        if self.request.retries >= self.max_retries:
            give_up(mail_id, error)
            raise
        raise self.retry(exc=error, countdown=wait_before(self.request.retries)) from error
    except MailRefusedError as error:
        give_up(mail_id, error)
        raise


@app.task(name="stays.publish_waiting_mail")
def publish_waiting_mail() -> None:
    """Publish the mails whose message was lost.

    That happens when a process dies between its commit and its message, or a broker loses its data.
    """
    now = timezone.now()
    waiting = OutgoingMail.objects.filter(sent_at=None, failed_at=None, publish_again_at__lte=now)
    for mail_id in waiting.order_by("publish_again_at").values_list("pk", flat=True)[:AT_ONCE]:
        # Two sweeps at once: only one of them moves the moment, and that one publishes.
        if waiting.filter(pk=mail_id).update(publish_again_at=_later()):
            send_mail.delay(mail_id)


def _later() -> Any:
    return timezone.now() + timedelta(seconds=settings.MAIL_PUBLISH_AGAIN_SECONDS)
