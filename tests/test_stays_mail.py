"""Mail of the booking service: written, sent once, delayed, refused."""

from __future__ import annotations

import socket
from collections.abc import Callable
from math import inf
from pathlib import Path

import pytest

from prodev.services.mailbox import Mailbox
from stays_background import run

MAIL = """
from prodev.stays.mail import (
    MailDelayedError, MailHeldError, MailRefusedError, deliver, send, write,
)

def ask(booking, kind="confirmation"):
    return OutgoingMail.objects.create(booking=booking, kind=kind, publish_again_at=NOW)
"""


def test_a_mail_tells_its_guest_about_the_booking(tmp_path: Path):
    run(
        tmp_path,
        MAIL
        + """
booking = book()
message = write(ask(booking))
assert message.to == ["guest@x.example"] and message.from_email == "Stays <bookings@stays.example>"
assert message.subject == "Your stay at Blue house is confirmed"
for words in ("Hello guest", "Blue house, Accra", "2031-05-01 to 2031-05-03", "200.00"):
    assert words in message.body, words
assert message.message()["Message-ID"] == f"<confirmation.{booking.pk}@stays.example>"
refund = write(ask(booking, "refund"))
assert "sent money back" in refund.body
assert refund.message()["Message-ID"] != message.message()["Message-ID"]
""",
    )


def test_a_line_break_in_a_name_adds_no_header(tmp_path: Path):
    run(
        tmp_path,
        MAIL
        + r"""
home.name = "Blue\r\nBcc: all@x.example"
home.save()
message = write(ask(book())).message()
assert message["Bcc"] is None and message["Subject"].count("Blue Bcc: all@x.example") == 1
""",
    )


def test_a_mail_is_sent_once_however_often_it_is_delivered(tmp_path: Path):
    run(
        tmp_path,
        MAIL
        + """
asked = ask(book())
assert [deliver(asked.pk), deliver(asked.pk), deliver(asked.pk)] == [True, False, False]
assert len(outbox.outbox) == 1
asked.refresh_from_db()
assert asked.sent_at and not asked.holder and asked.held_until is None
raises(OutgoingMail.DoesNotExist, lambda: deliver(999))
""",
    )


def test_a_booking_has_one_mail_of_a_kind(tmp_path: Path):
    run(
        tmp_path,
        MAIL
        + """
from django.db import IntegrityError
booking = book()
ask(booking), ask(booking, "refund")
raises(IntegrityError, lambda: ask(booking))
""",
    )


def test_a_mail_that_another_worker_holds_is_left_to_it_until_it_must_be_dead(tmp_path: Path):
    run(
        tmp_path,
        MAIL
        + """
asked = ask(book())
mine = OutgoingMail.objects.filter(pk=asked.pk)
mine.update(holder="other", held_until=timezone.now() + timedelta(seconds=40))
held = raises(MailHeldError, lambda: deliver(asked.pk))
assert 38 < held.seconds <= 40
assert not getattr(outbox, "outbox", [])
mine.update(held_until=timezone.now())
assert deliver(asked.pk) and len(outbox.outbox) == 1
""",
    )


def test_while_a_mail_is_being_sent_no_other_worker_sends_it(tmp_path: Path):
    """And the time for which it is held is longer than a task may run."""
    run(
        tmp_path,
        MAIL
        + """
from unittest.mock import patch
from django.conf import settings
asked = ask(book())
seen = []
def slow(message):
    seen.append(raises(MailHeldError, lambda: deliver(asked.pk)).seconds)
with patch("prodev.stays.mail.send", slow):
    assert deliver(asked.pk)
assert settings.CELERY_TASK_TIME_LIMIT < seen[0] <= settings.MAIL_HOLD_SECONDS
""",
    )


@pytest.mark.parametrize(
    ("fail", "error"),
    [
        (lambda box: box.refuse_every(1), "MailDelayedError: the mail server said 451"),
        (lambda box: box.refuse_every(1, code=550), "MailRefusedError: the mail server said 550"),
        (lambda box: box.be_down(), "MailDelayedError: the mail server did not answer"),
        (lambda box: box.be_slow(inf), "MailDelayedError: the mail server did not answer"),
    ],
)
def test_a_delay_is_told_from_a_refusal_and_the_mail_is_let_go(
    tmp_path: Path, fail: Callable[[Mailbox], None], error: str
):
    code = """
asked = ask(book())
try:
    deliver(asked.pk)
except (MailDelayedError, MailRefusedError) as error:
    print(f"{type(error).__name__}: {error}")
asked.refresh_from_db()
assert (asked.sent_at, asked.held_until, asked.holder) == (None, None, "")
"""
    with Mailbox() as mailbox:
        fail(mailbox)
        printed = run(tmp_path, MAIL + code, STAYS_MAIL_URL=mailbox.url, STAYS_TASK_SECONDS="2")
    assert printed.startswith(error)
    assert not mailbox.mails


def test_a_mail_server_that_is_not_there_is_a_delay(tmp_path: Path):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # bound, but it does not listen
        run(
            tmp_path,
            MAIL + "raises(MailDelayedError, lambda: deliver(ask(book()).pk))",
            STAYS_MAIL_URL=f"smtp://127.0.0.1:{nobody.getsockname()[1]}",
        )


def test_a_recipient_that_is_refused_is_a_refusal(tmp_path: Path):
    run(
        tmp_path,
        MAIL
        + """
import smtplib
from unittest.mock import Mock
def answers(error):
    return Mock(send=Mock(side_effect=error))
never = smtplib.SMTPRecipientsRefused({"a@x.example": (550, b"no such user")})
later = smtplib.SMTPRecipientsRefused({"a@x.example": (450, b"busy")})
assert str(raises(MailRefusedError, lambda: send(answers(never)))).endswith("550 no such user")
raises(MailDelayedError, lambda: send(answers(later)))
raises(ZeroDivisionError, lambda: send(answers(ZeroDivisionError())))
""",
    )


def test_the_address_of_the_mail_server_is_read_or_refused_in_one_sentence(tmp_path: Path):
    run(
        tmp_path,
        """
from prodev.errors import CourseError
from prodev.stays.celery_settings import mail_settings
full = mail_settings("smtps://me%40x:se%2Fcret@mail.x.example")
assert full["EMAIL_USE_SSL"] and full["EMAIL_PORT"] == 465
assert (full["EMAIL_HOST_USER"], full["EMAIL_HOST_PASSWORD"]) == ("me@x", "se/cret")
assert mail_settings("smtp://127.0.0.1:2525")["EMAIL_PORT"] == 2525
assert mail_settings("")["EMAIL_BACKEND"].endswith("console.EmailBackend")
for wrong in ("http://x", "smtp://", "127.0.0.1:25", "smtp://x:99999", "file:///tmp"):
    assert "STAYS_MAIL_URL is no address" in str(raises(CourseError, lambda: mail_settings(wrong)))
""",
    )
