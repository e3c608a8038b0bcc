"""How well answers are kept apart here, as a row of ``prodev doctor``."""

from __future__ import annotations

import platform
import sys

from prodev.judge.box.layers import LAYERS
from prodev.judge.client import Judge

_HOW = {
    "seccomp": "use Linux on x86_64 or aarch64, where seccomp filters system calls",
    "landlock": "use a Linux kernel of 5.13 or newer with Landlock, which guards files",
    "namespaces": "allow user namespaces (sysctl kernel.unprivileged_userns_clone=1)",
    "disk": "allow mounts in user namespaces, which give each answer a small disk of its own",
}


def isolation_row() -> dict[str, str]:
    """Return ``system``, ``state``, ``provider``, ``version`` and ``how`` of the judge's isolation.

    ``state`` is ``real`` where the system guards files and processes of others, ``missing`` where
    limits alone hold an answer, or where no answer may run.

    Raises:
        CourseError: the judge does not start.
    """
    with Judge() as judge:
        found = judge.isolation()
    layers = found["layers"]
    absent = [layer for layer in LAYERS if layer not in layers]
    guarded = "landlock" in layers and {"seccomp", "namespaces"} & set(layers)
    if found["refused"]:
        provider, how = "none: no answer may run here", found["refused"]
    else:
        provider = ", ".join(["limits", *layers]) + f"; as {found['account']}"
        if found["account"] == "root":
            provider += " without root's powers"
        how = "; ".join(_HOW[layer] for layer in absent)
    if sys.platform != "linux":
        how = "answers run with limits only here; a Linux machine or container guards better"
    return {
        "system": "judge isolation",
        "state": "real" if guarded and not found["refused"] else "missing",
        "provider": provider,
        "version": f"{platform.system()} {platform.release()}",
        "how": how,
    }
