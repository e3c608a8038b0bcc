"""The answer's side of the kind ``task``: a Celery application, and workers that run its tasks."""

from __future__ import annotations

from prodev.judge.box.tasks.operations import (
    do_load_tasks,
    do_open_door,
    do_pause,
    do_start_worker,
)

__all__ = ["do_load_tasks", "do_open_door", "do_pause", "do_start_worker"]
