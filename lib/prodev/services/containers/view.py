"""What a room sees of the machine: its programs, and nothing that belongs to a person.

The room gets a root of its own in memory. The machine's programs lie in it as overlays without an
upper layer: such a file system is read-only as a whole, so that not even a container that is
given one of these folders can write to it. Of the devices there are the harmless ones.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from prodev.services.containers.layout import DOOR, IMAGES, PLACE
from prodev.services.containers.mounts import (
    BIND,
    READ_ONLY,
    RECURSIVE,
    REMOUNT,
    change_root,
    hide,
    mount,
    show,
    unmount,
)

_PROGRAMS = ("bin", "etc", "lib", "lib32", "lib64", "libx32", "nix", "opt", "sbin", "usr")
_OWN = ("dev/shm", "dev/pts", "home", "proc", "root", "run", "sys", "var/lib", "var/cache")
_DEVICES = ("null", "zero", "full", "random", "urandom", "tty", "fuse", "net/tun")
_LINKS = {"fd": "/proc/self/fd", "stdin": "fd/0", "stdout": "fd/1", "stderr": "fd/2"}
_WORK = "work"
_HYBRID = "sys/fs/cgroup/unified"


def make_view(*, place: Path, door: Path, images: Path, makes_images: bool) -> None:
    """Go to a root of the room's own, with the engine's folders.

    The engine's ``work`` folder is also shown at its own path, so that a project there has one
    path inside and outside.

    Raises:
        OSError: the system refuses a mount.
    """
    work = place / _WORK
    work.mkdir(exist_ok=True)
    opened = {path: os.open(path, os.O_PATH) for path in (place, door, images, work)}
    programs = {name: os.open(f"/{name}", os.O_PATH) for name in _PROGRAMS if _is_folder(name)}
    links = {name: path.readlink() for name in _PROGRAMS if (path := Path("/", name)).is_symlink()}
    root = Path("/tmp")  # any folder will do: it is only where the new root begins
    hide(root)
    for name in (*_OWN, "tmp", "empty"):
        (root / name).mkdir(parents=True, exist_ok=True)
    (root / "tmp").chmod(0o1777)
    for name, descriptor in programs.items():
        (root / name).mkdir()
        layers = f"lowerdir=/proc/self/fd/{descriptor}:{root}/empty"
        mount("overlay", root / name, "overlay", READ_ONLY, layers)
    for name, target in links.items():
        (root / name).symlink_to(target)
    _make_devices(root / "dev")
    mount("/sys", root / "sys", flags=BIND | RECURSIVE)
    if (root / _HYBRID).is_dir():
        # crun works with either kind of control groups, but not with a machine that has both.
        hide(root / _HYBRID)
    show(opened[place], _in(root, PLACE))
    show(opened[door], _in(root, DOOR))
    show(opened[images], _in(root, IMAGES))
    show(opened[work], _in(root, work))
    if not makes_images:
        with contextlib.suppress(OSError):  # an ordinary user may lack the right, and the need
            mount("", _in(root, IMAGES), flags=REMOUNT | BIND | READ_ONLY)
    for descriptor in (*opened.values(), *programs.values()):
        os.close(descriptor)
    mount("proc", root / "proc", "proc")
    change_root(root)


def overlay_works(folder: Path) -> bool:
    """Whether the kernel's own overlay works on this folder's file system for this account."""
    with tempfile.TemporaryDirectory(dir=folder) as name:
        top = Path(name)
        for part in ("lower", "upper", "work", "merged"):
            (top / part).mkdir()
        options = f"lowerdir={top}/lower,upperdir={top}/upper,workdir={top}/work"
        merged = top / "merged"
        try:
            mount("overlay", merged, "overlay", 0, options)
        except OSError:
            return False
        unmount(merged)
        return True


def _make_devices(folder: Path) -> None:
    for name in _DEVICES:
        if Path("/dev", name).exists():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).touch()
            mount(f"/dev/{name}", folder / name, flags=BIND)
    for name, target in _LINKS.items():
        (folder / name).symlink_to(target)
    hide(folder / "shm", mode="1777")
    mount("devpts", folder / "pts", "devpts", 0, "newinstance,ptmxmode=0666,mode=0620")
    (folder / "ptmx").symlink_to("pts/ptmx")


def _in(root: Path, path: Path) -> Path:
    return root / path.relative_to("/")


def _is_folder(name: str) -> bool:
    path = Path("/", name)
    return path.is_dir() and not path.is_symlink()
