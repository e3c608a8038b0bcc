"""Mail to guests: write it, send it once, and tell a delay from a refusal.

A mail server may have taken a mail whose sender dies before it hears so; nobody can close this gap
(RFC 1047). So each mail of a booking has the same Message-ID at every try, by which a receiver can
tell a repeat.
"""

from __future__ import annotations

import smtplib
from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.utils import timezone

from prodev.stays.background import OutgoingMail

TEXTS = {
    OutgoingMail.Kind.CONFIRMATION: (
        "Your stay at {place} is confirmed",
        "Hello {name},\n\nyour booking {number} is confirmed: {place}, {city}, from {arrival} to "
        "{departure}, {nights} night(s), {total}.\n\nHave a good trip!\n",
    ),
    OutgoingMail.Kind.REFUND: (
        "A refund for your stay at {place}",
        "Hello {name},\n\nwe have sent money back for your booking {number}: {place}, {city}, from "
        "{arrival} to {departure}.\n",
    ),
}


class MailDelayedError(Exception):
    """The mail server did not take it now; a later try may succeed."""


class MailRefusedError(Exception):
    """The mail server will never take it; a further try would only be a nuisance."""


class MailHeldError(Exception):
    """Another worker holds it, for ``seconds`` more; that one may be dead."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def deliver(mail_id: int) -> bool:
    """Send a mail, unless it was sent or has failed; return whether it was sent now.

    Raises:
        MailDelayedError, MailRefusedError: the mail server's answer.
        MailHeldError: another worker is sending it.
        OutgoingMail.DoesNotExist: there is no such mail.
    """
    holder = str(uuid4())
    if not _hold(mail_id, holder):
        mail = OutgoingMail.objects.get(pk=mail_id)
        if mail.sent_at or mail.failed_at:
            return False
        left = (mail.held_until - timezone.now()).total_seconds() if mail.held_until else 0.0
        raise MailHeldError(max(left, 0.0))
    mine = OutgoingMail.objects.filter(pk=mail_id, holder=holder)
    try:
        mail = mine.select_related("booking__guest", "booking__property").get()
        send(write(mail))
    except BaseException:
        mine.update(holder="", held_until=None)
        raise
    mine.update(holder="", held_until=None, sent_at=timezone.now())
    return True


def give_up(mail_id: int, error: Exception) -> None:
    """Mark a mail as failed for good: a person must look at it."""
    OutgoingMail.objects.filter(pk=mail_id, sent_at=None).update(
        failed_at=timezone.now(), error=str(error)[:300]
    )


def write(mail: OutgoingMail) -> EmailMessage:
    """Return the mail to a booking's guest."""
    booking = mail.booking
    values = {
        "name": booking.guest.name,
        "number": booking.pk,
        "place": " ".join(booking.property.name.split()),  # a new line would end the subject
        "city": booking.property.city,
        "arrival": booking.check_in,
        "departure": booking.check_out,
        "nights": booking.nights,
        "total": f"{booking.total_cents // 100}.{booking.total_cents % 100:02d}",
    }
    subject, body = TEXTS[OutgoingMail.Kind(mail.kind)]
    return EmailMessage(
        subject=subject.format(**values),
        body=body.format(**values),
        to=[booking.guest.email],
        headers={"Message-ID": f"<{mail.kind}.{booking.pk}@stays.example>"},
    )


def send(message: EmailMessage) -> None:
    """Hand a mail to the mail server.

    A reply of 400 to 499, no reply or no connection is a delay; 500 to 599 is a refusal (RFC 5321,
    section 4.2.1).

    Raises:
        MailDelayedError, MailRefusedError: the server's answer.
    """
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        code, text = next(iter(error.recipients.values()))
        raise _answer(code, text) from error
    except smtplib.SMTPResponseException as error:
        raise _answer(error.smtp_code, error.smtp_error) from error
    except OSError as error:  # smtplib's own errors are OSErrors too
        raise MailDelayedError(f"the mail server did not answer: {error}") from error


def _answer(code: int, text: bytes | str) -> Exception:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    kind = MailRefusedError if 500 <= code < 600 else MailDelayedError
    return kind(f"the mail server said {code} {words}")


def _hold(mail_id: int, holder: str) -> bool:
    """Become the holder of a mail that is not sent and that nobody holds; one statement, no gap."""
    now = timezone.now()
    free = Q(held_until=None) | Q(held_until__lte=now)
    waiting = OutgoingMail.objects.filter(free, pk=mail_id, sent_at=None, failed_at=None)
    until = now + timedelta(seconds=settings.MAIL_HOLD_SECONDS)
    return bool(waiting.update(holder=holder, held_until=until))
