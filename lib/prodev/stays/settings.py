"""Django's settings of the booking service; what differs from place to place is in the environment.

- ``STAYS_DATABASE_URL``: the database; without it an SQLite database in memory;
- ``STAYS_CACHE_URL``: a Redis or Valkey for the cache; without it nothing is cached;
- ``STAYS_SECRET_KEY``: signs what Django signs; without it a new one for each process;
- ``STAYS_DEBUG``: 1 shows errors in full, and GraphQL's explorer; never where others can reach it;
- ``STAYS_ALLOWED_HOSTS``: the names that requests may ask for, with commas;
- ``STAYS_FAULTS``: faults to switch on, with commas, see ``prodev.stays.faults``;
- background work has its own: ``prodev.stays.celery_settings``.
"""

from __future__ import annotations

from django.core.management.utils import get_random_secret_key

from prodev.stays.cache_settings import cache_settings
from prodev.stays.database_settings import database_settings
from prodev.stays.environment import flag, text, words

SECRET_KEY = text("STAYS_SECRET_KEY") or get_random_secret_key()
DEBUG = flag("STAYS_DEBUG")
ALLOWED_HOSTS = words("STAYS_ALLOWED_HOSTS", "localhost,127.0.0.1,testserver")
STAYS_FAULTS = tuple(words("STAYS_FAULTS"))

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "rest_framework",
    "drf_spectacular",
    "strawberry_django",
    "prodev.stays",
]
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
ROOT_URLCONF = "prodev.stays.urls"
WSGI_APPLICATION = "prodev.stays.wsgi.application"
APPEND_SLASH = False  # a redirect would lose the body of a POST
AUTH_USER_MODEL = "stays.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
TOKEN_DAYS = 30

DATABASES = {"default": database_settings(text("STAYS_DATABASE_URL"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": cache_settings(text("STAYS_CACHE_URL"))}

LANGUAGE_CODE = "en-us"
USE_TZ = True
TIME_ZONE = "UTC"

REST_FRAMEWORK = {
    # Who calls must say so, unless a view opens itself: a forgotten line then locks, not leaks.
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["prodev.stays.api.authentication.TokenAuthentication"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "prodev.stays.api.pages.Pages",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "prodev.stays.api.errors.answer",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Stays",
    "DESCRIPTION": "Properties to stay in, their bookings, payments, reviews and messages.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "COMPONENT_SPLIT_REQUEST": True,
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
