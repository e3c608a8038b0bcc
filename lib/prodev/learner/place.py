"""Where a learner's store lies."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from pathlib import Path

from prodev.learner.home import home

_LONGEST = 40


def store_path(learner: str) -> Path:
    """Return the path of the store's file; neither it nor its folder need exist.

    The folder's name begins with what file systems and people can read of the learner's name, and
    ends with a part of its hash, so that no two names share one, in no alphabet and on no file
    system that ignores case.
    """
    known = unicodedata.normalize("NFKD", learner).encode("ascii", "ignore").decode().lower()
    readable = re.sub(r"[^a-z0-9]+", "-", known)[:_LONGEST].strip("-")
    digest = hashlib.sha256(learner.encode("utf-8")).hexdigest()[:16]
    return home() / "learners" / f"{readable or 'learner'}-{digest}" / "store.sqlite"
