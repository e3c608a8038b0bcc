"""The tasks, run in one process: what is published, tried again, given up, made up for."""

from __future__ import annotations

from pathlib import Path

import pytest

from prodev.services.mailbox import Mailbox
from stays_background import run

TASKS = """
from prodev.stays.confirmation import confirm
from prodev.stays.mail import MailDelayedError, MailRefusedError
from prodev.stays.tasks.mail import publish_waiting_mail, send_mail, wait_before
"""
QUICK = {"STAYS_RETRIES": "3", "STAYS_RETRY_SECONDS": "0", "STAYS_RETRY_MAX_SECONDS": "0"}


def test_a_confirmation_is_published_after_the_commit_and_never_without_one(tmp_path: Path):
    run(
        tmp_path,
        TASKS
        + """
first, second = book(), book()
with transaction.atomic():
    assert confirm(first.pk)
    assert published() == 0
assert published() == 1
try:
    with transaction.atomic():
        confirm(second.pk)
        raise KeyError
except KeyError:
    pass
second.refresh_from_db()
assert published() == 1 and second.status == "pending"
assert OutgoingMail.objects.get().booking == first
""",
    )


def test_only_a_pending_booking_is_confirmed_and_only_once(tmp_path: Path):
    run(
        tmp_path,
        TASKS
        + """
booking, gone = book(), book(status="cancelled")
assert [confirm(booking.pk), confirm(booking.pk), confirm(gone.pk), confirm(999)] == [
    True, False, False, False]
assert published() == 1 and OutgoingMail.objects.count() == 1
""",
    )


def test_a_message_is_json_for_the_mail_queue_and_holds_an_id_alone(tmp_path: Path):
    run(
        tmp_path,
        TASKS
        + """
import json
confirm(book().pk)
assert [published(name) for name in ("mail", "stays", "periodic")] == [1, 0, 0]
with app.connection_for_read() as broker:
    message = broker.default_channel.basic_get("mail")
assert message.content_type == "application/json"
assert json.loads(message.body)[:2] == [[OutgoingMail.objects.get().pk], {}]
""",
    )


def test_a_broker_that_is_down_loses_no_mail(tmp_path: Path):
    run(
        tmp_path,
        TASKS
        + """
import logging
from unittest.mock import patch
from kombu.exceptions import OperationalError
logged = []
logging.getLogger("django.db.backends.base").addHandler(
    type("Keep", (logging.Handler,), {"emit": lambda self, record: logged.append(record)})())
booking = book()
with patch.object(send_mail, "delay", side_effect=OperationalError("down")):
    assert confirm(booking.pk)
booking.refresh_from_db()
assert booking.status == "confirmed" and len(logged) == 1 and logged[0].exc_info
publish_waiting_mail()
assert published() == 0, "its moment has not come: its message may still be on the way"
OutgoingMail.objects.update(publish_again_at=timezone.now())
publish_waiting_mail()
publish_waiting_mail()
assert published() == 1
""",
    )


def test_mail_that_was_sent_or_has_failed_is_not_published_again(tmp_path: Path):
    run(
        tmp_path,
        TASKS
        + """
confirm(book().pk), confirm(book().pk)
first, second = OutgoingMail.objects.all()
OutgoingMail.objects.filter(pk=first.pk).update(sent_at=NOW, publish_again_at=NOW)
OutgoingMail.objects.filter(pk=second.pk).update(failed_at=NOW, publish_again_at=NOW)
publish_waiting_mail()
assert published() == 2
""",
    )


def test_a_mail_is_tried_again_up_to_the_limit_and_then_fails_loudly(tmp_path: Path):
    with Mailbox() as mailbox:
        mailbox.refuse_every(1)
        run(
            tmp_path,
            TASKS
            + """
confirm(book().pk)
row = OutgoingMail.objects.get()
done = send_mail.apply([row.pk])
assert done.state == "FAILURE" and isinstance(done.result, MailDelayedError)
row.refresh_from_db()
assert row.sent_at is None and row.failed_at and "451" in row.error
assert send_mail.apply([row.pk]).state == "SUCCESS", "a repeat of its message changes nothing"
""",
            STAYS_MAIL_URL=mailbox.url,
            **QUICK,
        )
    assert [attempt.outcome for attempt in mailbox.attempts] == ["refused"] * 4


def test_a_refusal_is_not_tried_again(tmp_path: Path):
    with Mailbox() as mailbox:
        mailbox.refuse_every(1, code=550)
        run(
            tmp_path,
            TASKS
            + """
confirm(book().pk)
row = OutgoingMail.objects.get()
assert isinstance(send_mail.apply([row.pk]).result, MailRefusedError)
row.refresh_from_db()
assert row.failed_at and "550" in row.error
""",
            STAYS_MAIL_URL=mailbox.url,
            **QUICK,
        )
    assert len(mailbox.attempts) == 1


def test_a_mail_server_that_comes_back_gets_the_mail_once(tmp_path: Path):
    with Mailbox() as mailbox:
        mailbox.refuse_every(2)
        run(
            tmp_path,
            TASKS
            + """
for _ in range(4):
    confirm(book().pk)
for row in OutgoingMail.objects.all():
    assert send_mail.apply([row.pk]).state == "SUCCESS"
assert not OutgoingMail.objects.filter(sent_at=None).exists()
""",
            STAYS_MAIL_URL=mailbox.url,
            **QUICK,
        )
    assert len(mailbox.attempts) == 7
    assert len({mail.id for mail in mailbox.mails}) == len(mailbox.mails) == 4


def test_waits_double_up_to_a_limit_and_are_spread(tmp_path: Path):
    run(
        tmp_path,
        TASKS
        + """
for retry, longest in enumerate((3, 6, 12, 20, 20, 20)):
    waits = [wait_before(retry) for _ in range(200)]
    assert longest / 2 <= min(waits) < longest * 0.6 and longest * 0.9 < max(waits) <= longest
""",
        STAYS_RETRY_SECONDS="3",
        STAYS_RETRY_MAX_SECONDS="20",
    )


def test_every_setting_of_background_work_reaches_django_and_celery(tmp_path: Path):
    run(
        tmp_path,
        """
from django.conf import settings
from prodev.stays import celery_settings
app.loader.import_default_modules()
for name, value in vars(celery_settings).items():
    if name.isupper() and name != "EMAIL" and not name.startswith("_"):
        assert getattr(settings, name, "missing") == value, name
    if name.startswith("CELERY_"):
        assert getattr(app.conf, name.removeprefix("CELERY_").lower()) == value, name
assert app.conf.task_acks_late and app.conf.broker_connection_retry_on_startup
assert app.conf.accept_content == ["json"] and app.conf.result_backend is None
assert 0 < app.conf.task_soft_time_limit < app.conf.task_time_limit
assert 0 < settings.EMAIL_TIMEOUT < app.conf.task_soft_time_limit
for entry in app.conf.beat_schedule.values():
    assert entry["task"] in app.tasks and entry["options"]["expires"]
for name in app.conf.task_routes:
    assert name in app.tasks
""",
    )


def test_each_queue_gets_its_own_messages_only(tmp_path: Path):
    run(
        tmp_path,
        """
import prodev.stays.tasks
from prodev.stays.tasks import clean_up
clean_up.delay()
assert [published(name) for name in ("mail", "stays", "periodic")] == [0, 0, 1]
@app.task
def other():
    pass
other.delay()
other.apply_async(exchange="stays", routing_key="mail")
assert [published(name) for name in ("mail", "stays", "periodic")] == [1, 1, 1]
from celery.exceptions import QueueNotFound
raises(QueueNotFound, lambda: other.apply_async(queue="mails"))
""",
    )


@pytest.mark.parametrize(
    ("broker", "option"),
    [
        ("memory://", {"polling_interval": 0.02}),
        ("amqp://me:secret@127.0.0.1//", {"confirm_publish": True}),
    ],
)
def test_each_broker_gets_the_options_it_needs(tmp_path: Path, broker: str, option: object):
    run(
        tmp_path,
        f"assert app.conf.broker_transport_options == {option!r}",
        start="from prodev.stays.celery import app\n",
        STAYS_BROKER_URL=broker,
    )


@pytest.mark.parametrize(
    "seconds", [{}, {"STAYS_TASK_SECONDS": "600"}, {"STAYS_RETRY_MAX_SECONDS": "7200"}]
)
def test_redis_hands_out_again_only_what_must_be_lost(tmp_path: Path, seconds: dict[str, str]):
    """The longest wait for a retry and the longest run together are shorter."""
    for broker in ("redis://127.0.0.1/0", "redis+socket://:secret@/run/redis.sock"):
        run(
            tmp_path,
            """
from django.conf import settings
options = app.conf.broker_transport_options
assert options["visibility_timeout"] > max(
    settings.MAIL_RETRY_MAX_SECONDS, settings.MAIL_HOLD_SECONDS) + app.conf.task_time_limit
assert options["unacked_restore_interval"] * options["unacked_restore_throttle"] <= 1
assert settings.MAIL_PUBLISH_AGAIN_SECONDS > (settings.MAIL_RETRIES + 1) * app.conf.task_time_limit
""",
            start="from prodev.stays.celery import app\n",
            STAYS_BROKER_URL=broker,
            **seconds,
        )


@pytest.mark.parametrize("value", ["soon", "-1", "nan", "inf", "0.5"])
def test_a_setting_that_is_no_number_is_refused_in_one_sentence(tmp_path: Path, value: str):
    printed = run(
        tmp_path,
        """
from prodev.errors import CourseError
try:
    import prodev.stays.celery_settings
except CourseError as error:
    print(error)
""",
        start="",
        STAYS_TASK_SECONDS=value,
    )
    assert printed == (
        f"The environment variable STAYS_TASK_SECONDS is '{value}'; write a number, at least 1.\n"
    )
