"""The booking service's tasks in real workers, on every broker that is here."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from prodev.services.celery import Celery, RunningCelery
from prodev.services.mailbox import Mailbox
from prodev.services.rabbitmq import RabbitMQ
from prodev.services.redis import Redis
from service_processes import eventually
from stays_background import START, environment, prepare, run

APP = "prodev.stays.celery:app"
# A worker that dies with a mail in its hands holds it for 6 seconds more; Redis waits for 12.
QUICK = {
    "STAYS_TASK_SECONDS": "4",
    "STAYS_RETRY_SECONDS": "0.2",
    "STAYS_RETRY_MAX_SECONDS": "1",
    "STAYS_RETRIES": "9",
}
PUBLISH = """
from prodev.stays.confirmation import confirm
for _ in range(100):
    assert confirm(book().pk)
"""
ALL_SENT = """
import time
end = time.monotonic() + 30
while OutgoingMail.objects.filter(sent_at=None).exists():
    assert time.monotonic() < end, list(OutgoingMail.objects.filter(sent_at=None).values())
    time.sleep(0.05)
assert OutgoingMail.objects.count() == Booking.objects.filter(status="confirmed").count() == 100
"""
READ = START.partition("host = user")[0]

pytestmark = pytest.mark.slow


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as opened:
        yield opened


@pytest.fixture(params=["rabbitmq", "redis"])
def broker_url(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == "rabbitmq":
        with RabbitMQ().start() as rabbitmq:
            yield rabbitmq.url
    else:
        with Redis().start() as redis:
            yield redis.broker_url


def settings(folder: Path, mailbox: Mailbox) -> dict[str, str]:
    names = environment(folder, STAYS_MAIL_URL=mailbox.url, **QUICK)
    return {name: value for name, value in names.items() if name.startswith(("DJ", "STAYS", "PRO"))}


def worker(broker_url: str, folder: Path, mailbox: Mailbox, **more: int) -> RunningCelery:
    prepare(folder)
    return Celery().start(
        app=APP, broker_url=broker_url, environment=settings(folder, mailbox), **more
    )


def ids(mailbox: Mailbox) -> list[str]:
    return sorted(mail.id for mail in mailbox.mails)


def test_a_hundred_confirmations_are_sent_once_each(
    broker_url: str, tmp_path: Path, mailbox: Mailbox
):
    with worker(broker_url, tmp_path, mailbox):
        run(tmp_path, PUBLISH, STAYS_BROKER_URL=broker_url)
        mailbox.wait_until(lambda box: len(box.mails) >= 100)
        run(tmp_path, ALL_SENT, start=READ, STAYS_BROKER_URL=broker_url)
    assert ids(mailbox) == sorted(f"<confirmation.{n}@stays.example>" for n in range(1, 101))


def test_a_worker_killed_in_the_middle_loses_no_mail_and_sends_none_twice(
    broker_url: str, tmp_path: Path, mailbox: Mailbox
):
    with worker(broker_url, tmp_path, mailbox) as first:
        mailbox.be_slow(1.0)  # or all could be sent before the last one is published
        run(tmp_path, PUBLISH, STAYS_BROKER_URL=broker_url)
        mailbox.be_up()
        mailbox.wait_until(lambda box: len(box.mails) >= 30)
        mailbox.be_slow(float("inf"))
        # Both processes wait for the server's answer: no mail is taken and not yet marked.
        mailbox.wait_until(lambda box: box.waiting == 2)
        first.kill()
        mailbox.wait_until(lambda box: box.waiting == 0)
        taken = len(mailbox.mails)
        assert taken < 100
        mailbox.be_up()
        with worker(broker_url, tmp_path, mailbox):
            mailbox.wait_until(lambda box: len(box.mails) >= 100, seconds=60)
            run(tmp_path, ALL_SENT, start=READ, STAYS_BROKER_URL=broker_url)
    assert "given up" in [attempt.outcome for attempt in mailbox.attempts]
    assert len(set(ids(mailbox))) == len(mailbox.mails) == 100


def test_a_mail_server_that_fails_half_of_the_time_gets_every_mail_once(
    broker_url: str, tmp_path: Path, mailbox: Mailbox
):
    mailbox.refuse_every(2)
    with worker(broker_url, tmp_path, mailbox, concurrency=4):
        run(tmp_path, PUBLISH, STAYS_BROKER_URL=broker_url)
        mailbox.wait_until(lambda box: len(box.mails) >= 100, seconds=60)
        run(tmp_path, ALL_SENT, start=READ, STAYS_BROKER_URL=broker_url)
    assert len(set(ids(mailbox))) == len(mailbox.mails) == 100
    assert len(mailbox.attempts) > 150


def test_a_clean_up_that_fires_twice_is_done_once(
    broker_url: str, tmp_path: Path, mailbox: Mailbox
):
    with worker(broker_url, tmp_path, mailbox) as celery:
        run(
            tmp_path,
            """
from prodev.stays.tasks import clean_up
for _ in range(3):
    clean_up.delay()
""",
            STAYS_BROKER_URL=broker_url,
        )
        # Three were received, and three have ended.
        assert eventually(lambda: celery.log().count("stays.clean_up[") == 6)
        assert celery.log().count("done already in the period") == 2


def test_without_a_broker_tasks_run_in_a_thread_of_the_same_process(
    tmp_path: Path, mailbox: Mailbox
):
    """``memory://`` reaches no other process; a worker in a thread has no time limits."""
    prepare(tmp_path)
    code = (
        """
from celery.contrib.testing.worker import start_worker
import prodev.stays.tasks
with start_worker(app, pool="solo", perform_ping_check=False):
"""
        + "\n".join(f"    {line}" for line in (PUBLISH + ALL_SENT).splitlines())
        + "\n    connection.close()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", START + code],
        capture_output=True,
        text=True,
        env=environment(tmp_path, STAYS_MAIL_URL=mailbox.url, **QUICK),
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert len(set(ids(mailbox))) == len(mailbox.mails) == 100
