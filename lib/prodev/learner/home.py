"""The one place where everything about a learner is kept."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_data_path


def home() -> Path:
    """Return the learner's home: ``PRODEV_HOME``, or the user's data folder of the platform.

    The folder need not exist yet.
    """
    chosen = os.environ.get("PRODEV_HOME")
    return Path(chosen) if chosen else user_data_path("prodev", appauthor=False)
