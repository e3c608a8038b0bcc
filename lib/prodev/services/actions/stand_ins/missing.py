"""Fail with one sentence, in the place of an action that the course has no stand-in for."""

from __future__ import annotations

import os
import sys

if __name__ == "__main__":
    print(
        f"{os.environ['STAND_IN_ACTION']} is not on this machine, and a run here uses no network. "
        f"There are stand-ins for {os.environ['STAND_IN_KNOWN']}."
    )
    sys.exit(1)
