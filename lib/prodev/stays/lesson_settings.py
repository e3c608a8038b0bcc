"""Django's settings in a notebook: those of the booking service, but open and in this process.

Lessons write views of their own, step by step, and what a lesson adds should be its own doing: so
nothing is closed, paged or reported by settings here. ``prodev.stays.web`` uses them.
"""

from __future__ import annotations

import os

from prodev.stays.settings import *  # noqa: F403 - settings build on settings in this way
from prodev.stays.settings import INSTALLED_APPS as _ALL

INSTALLED_APPS = [name for name in _ALL if name not in {"drf_spectacular", "strawberry_django"}]
ROOT_URLCONF = "prodev.stays.lesson_urls"
APPEND_SLASH = True

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ.get("PRODEV_STAYS_DATABASE", ":memory:"),
        "OPTIONS": {
            "timeout": 20,
            # The file dies with the process: waiting for the disk would protect nothing.
            "init_command": "PRAGMA synchronous = OFF",
        },
    }
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

REST_FRAMEWORK = {
    # Pages in a browser would need templates and sessions; the lessons read JSON.
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.BasicAuthentication"],
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
