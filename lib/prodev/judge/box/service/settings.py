"""Django's settings in the judge: those of Stays, with a database and a cache behind doors."""

from __future__ import annotations

from prodev.stays.settings import *  # noqa: F403 - settings build on settings in this way

SECRET_KEY = "of an answer that nobody else talks to"
ALLOWED_HOSTS = ["testserver"]
DATABASES = {
    "default": {
        "ENGINE": "prodev.judge.box.service.postgresql",
        "NAME": "answer",
        # A connection stays: a new one would cost, and a look whether it lives would count.
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": False,
    }
}
CACHES = {"default": {"BACKEND": "prodev.judge.box.service.cache.Cache", "LOCATION": "door"}}
