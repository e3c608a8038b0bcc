"""Celery: a worker, and beat, as processes of their own, on RabbitMQ or on Valkey."""

from __future__ import annotations

from prodev.services.celery.service import Celery
from prodev.services.celery.worker import RunningCelery, run_beat

__all__ = ["Celery", "RunningCelery", "run_beat"]
