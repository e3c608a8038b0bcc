"""Folders, engines and other accounts for the tests of containers."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from prodev.services.containers import TINY, Containers, Engine
from prodev.services.containers.base import make_base_images

DOCKERFILE = f"FROM {TINY}\nCOPY first /first\nRUN cat /first > /copy\nCOPY second /second\n"


@contextmanager
def engine_with_images(*names: str) -> Iterator[Engine]:
    """An engine; the images are made where no test before has made them."""
    with Containers().start(makes_images=True) as maker:
        make_base_images(maker, *(names or (TINY,)))
    with Containers().start() as engine:
        yield engine


def write_project(folder: Path, **files: str) -> Path:
    """Write files; ``Dockerfile`` has three layers unless it is given."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {"Dockerfile": DOCKERFILE, "first": "one\n", "second": "two\n", **files}
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")
    return folder


def traces(details: dict[str, str]) -> list[str]:
    """Return what is left of an engine: processes, mounts, folders, control groups."""
    place = details["place"]
    name = Path(place).name
    left = [path for path in (place, details["door"]) if Path(path).exists()]
    left += [str(path) for path in Path("/sys/fs/cgroup").glob(f"**/prodev-{name}")]
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if name.encode() in (entry / "cmdline").read_bytes():
                left.append(f"process {entry.name}")
        except OSError:
            continue
    if name in Path("/proc/self/mounts").read_text("utf-8"):
        left.append("mount")
    return left


def is_root() -> bool:
    """Whether the tests run as root."""
    return os.geteuid() == 0
