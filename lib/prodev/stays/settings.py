"""Django's settings for the lessons: one process, one private SQLite file, nothing to deploy."""

from __future__ import annotations

import os

from django.core.management.utils import get_random_secret_key

SECRET_KEY = get_random_secret_key()  # for this process alone; nothing signed outlives it
DEBUG = False
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "rest_framework",
    "prodev.stays",
]
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
ROOT_URLCONF = "prodev.stays.urls"
AUTH_USER_MODEL = "stays.User"

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        # prodev.stays.web names a private file; without one, each process has its own in memory.
        "NAME": os.environ.get("PRODEV_STAYS_DATABASE", ":memory:"),
        "OPTIONS": {
            "timeout": 20,
            # The file dies with the process: waiting for the disk would protect nothing.
            "init_command": "PRAGMA synchronous = OFF",
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

LANGUAGE_CODE = "en-us"
USE_TZ = True
TIME_ZONE = "UTC"

REST_FRAMEWORK = {
    # Pages in a browser would need templates and sessions; the lessons read JSON.
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.BasicAuthentication"],
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}

from prodev.stays.celery_settings import (  # noqa: E402, F401
    CELERY_ACCEPT_CONTENT,
    CELERY_BEAT_SCHEDULE,
    CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP,
    CELERY_BROKER_CONNECTION_TIMEOUT,
    CELERY_BROKER_TRANSPORT_OPTIONS,
    CELERY_BROKER_URL,
    CELERY_RESULT_BACKEND,
    CELERY_RESULT_SERIALIZER,
    CELERY_TASK_ACKS_LATE,
    CELERY_TASK_CREATE_MISSING_QUEUES,
    CELERY_TASK_DEFAULT_QUEUE,
    CELERY_TASK_IGNORE_RESULT,
    CELERY_TASK_PUBLISH_RETRY_POLICY,
    CELERY_TASK_QUEUES,
    CELERY_TASK_REJECT_ON_WORKER_LOST,
    CELERY_TASK_ROUTES,
    CELERY_TASK_SERIALIZER,
    CELERY_TASK_SOFT_TIME_LIMIT,
    CELERY_TASK_TIME_LIMIT,
    CELERY_TIMEZONE,
    CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS,
    CELERY_WORKER_PREFETCH_MULTIPLIER,
    DEFAULT_FROM_EMAIL,
    EMAIL_BACKEND,
    EMAIL_HOST,
    EMAIL_HOST_PASSWORD,
    EMAIL_HOST_USER,
    EMAIL_PORT,
    EMAIL_TIMEOUT,
    EMAIL_USE_SSL,
    MAIL_HOLD_SECONDS,
    MAIL_PUBLISH_AGAIN_SECONDS,
    MAIL_RETRIES,
    MAIL_RETRY_MAX_SECONDS,
    MAIL_RETRY_SECONDS,
    PAYMENT_WEBHOOK_SECRET,
    TASK_SECONDS,
    VISIBLE_AFTER,
)
