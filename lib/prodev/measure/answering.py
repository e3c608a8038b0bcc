"""The other end of ``ask_process``: one task, one answer, and no life without an owner."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable
from typing import Any


def answer_owner(work: Callable[[dict[str, Any]], Any]) -> None:
    """Do the task that stands in standard input, and answer with plain data.

    What the work prints goes to standard error, so that it cannot spoil the answer. Argument 1 of
    the program is the pipe that the owner holds open while it lives.
    """
    threading.Thread(target=_end_with_owner, args=[int(sys.argv[1])], daemon=True).start()
    answer = os.dup(1)
    os.dup2(2, 1)
    told = json.dumps(work(json.load(sys.stdin)))
    with os.fdopen(answer, "w", encoding="utf-8") as writing:
        writing.write(told)


def _end_with_owner(life: int) -> None:
    os.read(life, 1)
    os._exit(1)
