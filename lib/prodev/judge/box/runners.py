"""What the judge may ask of a session that starts programs: ``do_<operation>(place, message)``.

Everything that these functions need is imported here, before the walls stand: behind them only a
part of the package can be read.
"""

from __future__ import annotations

from prodev.judge.box.pipelines import (
    do_lint_workflow,
    do_read_jenkinsfile,
    do_rehearse,
    do_run_workflow,
)
from prodev.judge.box.tasks import do_load_tasks, do_open_door, do_pause, do_start_worker

__all__ = [
    "do_lint_workflow",
    "do_load_tasks",
    "do_open_door",
    "do_pause",
    "do_read_jenkinsfile",
    "do_rehearse",
    "do_run_workflow",
    "do_start_worker",
]
