"""Settings of background work and mail, as Django and Celery read them.

The environment decides what differs from place to place:

- ``STAYS_BROKER_URL`` (or Celery's own ``CELERY_BROKER_URL``): the broker; without it
  ``memory://``, which lives in one process;
- ``STAYS_RESULT_URL``: where results are kept; without it nowhere, since no task has one;
- ``STAYS_MAIL_URL``: ``smtp://host:port`` or ``smtps://user:password@host:port``, ``console:``
  (the default) or ``locmem:``;
- ``STAYS_TASK_SECONDS``: a task may run so long (60);
- ``STAYS_RETRY_SECONDS``, ``STAYS_RETRY_MAX_SECONDS``, ``STAYS_RETRIES``: the first wait before a
  mail is tried again (2), the longest (60), and how many more tries there are (5);
- ``STAYS_WEBHOOK_SECRET``: what the payment provider signs its events with; without it every event
  is refused.
"""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import unquote, urlsplit

from celery.schedules import crontab
from kombu import Queue

from prodev.errors import CourseError


def number(name: str, default: float, *, least: float = 0.0) -> float:
    """Return a number from the environment.

    Raises:
        CourseError: it is no number, or less than ``least``.
    """
    value = os.environ.get(name, "")
    try:
        found = float(value) if value else default
    except ValueError:
        found = float("nan")
    if not least <= found < float("inf"):
        raise CourseError(
            f"The environment variable {name} is '{value}'; write a number, at least {least:g}."
        )
    return found


def mail_settings(url: str) -> dict[str, Any]:
    """Return Django's EMAIL_ settings for an address of mail.

    Raises:
        CourseError: it is no such address.
    """
    backends = "django.core.mail.backends"
    parts = urlsplit(url or "console:")
    if parts.scheme in ("console", "locmem"):
        return {"EMAIL_BACKEND": f"{backends}.{parts.scheme}.EmailBackend"}
    try:
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if parts.scheme not in ("smtp", "smtps") or not host:
        raise CourseError(
            "The environment variable STAYS_MAIL_URL is no address of mail; write smtp://host:port,"
            " smtps://user:password@host:port, console: or locmem:."
        )
    safe = parts.scheme == "smtps"
    return {
        "EMAIL_BACKEND": f"{backends}.smtp.EmailBackend",
        "EMAIL_HOST": host,
        "EMAIL_PORT": port or (465 if safe else 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": safe,
    }


def transport_options(url: str, visible_after: float) -> dict[str, Any]:
    """Return what the broker at this address needs beside its defaults."""
    kind = urlsplit(url).scheme.partition("+")[0]
    if kind == "memory":
        return {"polling_interval": 0.02}  # it polls once a second otherwise
    if kind in ("redis", "rediss"):
        return {
            "visibility_timeout": visible_after,
            # By default kombu looks for such messages only every 10 x 10 seconds.
            "unacked_restore_interval": 1,
            "unacked_restore_throttle": 1,
        }
    if kind in ("amqp", "amqps", "pyamqp"):
        return {"confirm_publish": True}  # without it a message that the broker never got is lost
    return {}


TASK_SECONDS = number("STAYS_TASK_SECONDS", 60, least=1)
MAIL_RETRIES = int(number("STAYS_RETRIES", 5))
MAIL_RETRY_SECONDS = number("STAYS_RETRY_SECONDS", 2)
MAIL_RETRY_MAX_SECONDS = number("STAYS_RETRY_MAX_SECONDS", 60)
# A worker that sends a mail holds it so long: past its time limit it can't be sending any more.
MAIL_HOLD_SECONDS = TASK_SECONDS + 2
# After so long every try of a message is over: what is still not sent has lost its message.
MAIL_PUBLISH_AGAIN_SECONDS = (MAIL_RETRIES + 1) * (MAIL_RETRY_MAX_SECONDS + MAIL_HOLD_SECONDS)
PAYMENT_WEBHOOK_SECRET = os.environ.get("STAYS_WEBHOOK_SECRET", "")

# Redis hands a message out again that nobody acknowledged for so long, even if its worker lives and
# only waits for the moment of the next try. So: the longest wait, the longest run, and a margin.
VISIBLE_AFTER = max(MAIL_RETRY_MAX_SECONDS, MAIL_HOLD_SECONDS) + TASK_SECONDS + 2

_BROKERS = (os.environ.get(name) for name in ("STAYS_BROKER_URL", "CELERY_BROKER_URL"))
CELERY_BROKER_URL = next(filter(None, _BROKERS), "memory://")
CELERY_BROKER_TRANSPORT_OPTIONS = transport_options(CELERY_BROKER_URL, VISIBLE_AFTER)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A request that publishes waits this long for a broker, not for ever.
CELERY_BROKER_CONNECTION_TIMEOUT = 2.0
CELERY_TASK_PUBLISH_RETRY_POLICY = {
    "max_retries": 2,
    "interval_start": 0.1,
    "interval_step": 0.2,
    "interval_max": 0.5,
}

CELERY_RESULT_BACKEND = os.environ.get("STAYS_RESULT_URL", "") or None
CELERY_TASK_IGNORE_RESULT = CELERY_RESULT_BACKEND is None

CELERY_ACCEPT_CONTENT = ["json"]  # a pickle can run anything
CELERY_TASK_SERIALIZER = "json"
CELERY_RESULT_SERIALIZER = "json"
CELERY_TIMEZONE = "UTC"

# A message is acknowledged when its task has ended: what a dead worker held is handed out again, so
# every task must be safe to run twice.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_TASK_TIME_LIMIT = TASK_SECONDS
CELERY_TASK_SOFT_TIME_LIMIT = TASK_SECONDS * 0.8

# Mail waits for other people's servers; the periodic work must not wait behind it. Each queue has a
# routing key of its own: with the default one, a message to the exchange would reach all of them.
CELERY_TASK_DEFAULT_QUEUE = "stays"
CELERY_TASK_QUEUES = [Queue(name, routing_key=name) for name in ("stays", "mail", "periodic")]
CELERY_TASK_CREATE_MISSING_QUEUES = False  # a typo would make a queue that nobody reads
CELERY_TASK_ROUTES = {
    "stays.send_mail": {"queue": "mail"},
    "stays.publish_waiting_mail": {"queue": "periodic"},
    "stays.clean_up": {"queue": "periodic"},
    "stays.count_hours": {"queue": "periodic"},
}
# `expires`: after a long stop, the runs that were missed are not all made up for.
CELERY_BEAT_SCHEDULE = {
    "publish-waiting-mail": {
        "task": "stays.publish_waiting_mail",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "count-hours": {
        "task": "stays.count_hours",
        "schedule": crontab(minute="5"),
        "options": {"expires": 3000},
    },
    "clean-up": {
        "task": "stays.clean_up",
        "schedule": crontab(hour="3", minute="15"),
        "options": {"expires": 20 * 3600},
    },
}

EMAIL = mail_settings(os.environ.get("STAYS_MAIL_URL", ""))
EMAIL_BACKEND = EMAIL["EMAIL_BACKEND"]
EMAIL_HOST = EMAIL.get("EMAIL_HOST", "localhost")
EMAIL_PORT = EMAIL.get("EMAIL_PORT", 25)
EMAIL_HOST_USER = EMAIL.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = EMAIL.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_SSL = EMAIL.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = min(10.0, TASK_SECONDS / 4)  # Django's default waits for ever
DEFAULT_FROM_EMAIL = "Stays <bookings@stays.example>"
