"""Make the base images, once for each account: ``python -m prodev.services.containers.base``.

``prodev-tiny`` is busybox alone. ``prodev-base`` is this machine's Debian or Ubuntu with Python,
and wheels of the versions that the course itself runs on. Making them needs Debian's packages and
pip's index; what is built from them later needs no network.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

from prodev.errors import CourseError
from prodev.services.containers.base_images import BASE, TINY
from prodev.services.containers.engine import Engine
from prodev.services.containers.podman_server import images_folder
from prodev.services.containers.service import Containers
from prodev.services.service import MissingError

_PACKAGES = "python3,python3-pip,python3-venv,busybox,ca-certificates"
_SYSTEM = "prodev-system:1"
_WHEELS = (
    "celery",
    "dj-database-url",
    "django",
    "djangorestframework",
    "gunicorn",
    "psycopg",
    "psycopg-binary",
    "pymysql",
    "redis",
)
# Needed by some of them on some versions of Python; pip decides that by its own Python, not by the
# image's.
_SOMETIMES = ("async-timeout", "typing-extensions", "tzdata")
_TINY_FILE = """\
FROM scratch
COPY busybox /bin/busybox
RUN ["/bin/busybox", "--install", "-s", "/bin"]
RUN mkdir -p /tmp /etc && chmod 1777 /tmp && echo root:x:0:0::/:/bin/sh > /etc/passwd
CMD ["sh"]
"""
_BASE_FILE = f"""\
FROM {_SYSTEM}
COPY wheels /wheels
RUN ln -sf python3 /usr/bin/python && rm -f /usr/lib/python3*/EXTERNALLY-MANAGED
ENV PIP_NO_INDEX=1 PIP_FIND_LINKS=/wheels PIP_DISABLE_PIP_VERSION_CHECK=1 \\
    PIP_ROOT_USER_ACTION=ignore PYTHONUNBUFFERED=1 LANG=C.UTF-8
RUN pip install --dry-run --quiet {" ".join(_WHEELS)}
CMD ["python3"]
"""
_SECONDS = 900.0


def make_base_images(engine: Engine, *names: str) -> list[str]:
    """Make these images, or all, where the engine does not have them; return those made.

    Raises:
        MissingError: a program that makes them is not here.
        CourseError: Debian's packages or the wheels cannot be had, or a build fails.
    """
    made = []
    with (
        _alone(),
        tempfile.TemporaryDirectory(prefix="prodev-base-") as name,
    ):
        have = {tag for image in engine.images(all_of_them=True) for tag in image.tags}
        folder = Path(name)
        for image, make in ((TINY, _make_tiny), (BASE, _make_base)):
            if image not in have and (not names or image in names):
                make(engine, folder)
                made.append(image)
    return made


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Wait until nobody else makes images for this account."""
    lock = os.open(images_folder(), os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _make_tiny(engine: Engine, folder: Path) -> None:
    busybox = shutil.which("busybox", path="/usr/bin:/bin:/usr/local/bin")
    if not busybox:
        raise MissingError("The program busybox", "sudo apt-get install busybox-static")
    context = folder / "tiny"
    context.mkdir()
    shutil.copy2(busybox, context / "busybox")
    (context / "Dockerfile").write_text(_TINY_FILE, "utf-8")
    engine.build(context, TINY)


def _make_base(engine: Engine, folder: Path) -> None:
    if not shutil.which("mmdebstrap"):
        raise MissingError(
            "The program mmdebstrap",
            "sudo apt-get install mmdebstrap; where there is no apt but an image registry: "
            f"docker pull python:3.13-slim && docker tag python:3.13-slim {BASE}",
        )
    system = folder / "system.tar"
    mode = "root" if os.geteuid() == 0 else "unshare"
    _run(
        [
            *("mmdebstrap", f"--mode={mode}", "--variant=minbase", f"--include={_PACKAGES}"),
            *("--dpkgopt=path-exclude=/usr/share/doc/*", "--dpkgopt=path-exclude=/usr/share/man/*"),
            *("--dpkgopt=path-exclude=/usr/share/locale/*", "--quiet"),
            *(_suite(), str(system), *_sources()),
        ],
        "Debian's packages could not be put together",
    )
    engine.load_files(system, _SYSTEM)
    ran = engine.run(
        _SYSTEM, ["python3", "-c", "import sys; print(*sys.version_info[:2], sep='.')"]
    )
    context = folder / "base"
    (context / "wheels").mkdir(parents=True)
    _download(context / "wheels", ran.output.strip())
    (context / "Dockerfile").write_text(_BASE_FILE, "utf-8")
    engine.build(context, BASE)


def _download(wheels: Path, python: str) -> None:
    """Download the wheels for the image's Python, in the versions of this environment."""
    machine = platform.machine()
    _run(
        [
            *(sys.executable, "-m", "pip", "download", "--quiet", "--dest", str(wheels)),
            *("--only-binary=:all:", "--implementation=cp", f"--python-version={python}"),
            *(f"--platform=manylinux_2_{minor}_{machine}" for minor in (28, 17)),
            *(f"--platform=manylinux2014_{machine}", f"--platform=linux_{machine}"),
            *(f"{name}=={version(name)}" for name in _WHEELS),
            *_SOMETIMES,
        ],
        "The wheels for the base image could not be downloaded",
    )


def _run(command: Sequence[str], what: str) -> None:
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=_SECONDS,
    )
    if done.returncode:
        words = [line.strip() for line in done.stdout.splitlines() if line.strip()][-1:]
        raise CourseError(f"{what}: {' '.join(words)}")


def _suite() -> str:
    return platform.freedesktop_os_release().get("VERSION_CODENAME", "stable")


def _sources() -> list[str]:
    """Return where this machine takes its own packages from."""
    names = ("sources.list", "sources.list.d/debian.sources", "sources.list.d/ubuntu.sources")
    files = [Path("/etc/apt") / name for name in names]
    return [str(file) for file in files if file.is_file() and file.stat().st_size]


def main() -> None:
    """Make the images that are missing, and say what was done."""
    try:
        with Containers().start(makes_images=True) as engine:
            print(f"Base images for {engine.found.provider}: this takes about two minutes once.")
            made = make_base_images(engine)
    except MissingError as missing:
        print(f"No base images were made. {missing}")
        return
    except CourseError as error:
        sys.exit(str(error))
    print(f"Made {', '.join(made)}." if made else "They are here already.")


if __name__ == "__main__":
    main()
