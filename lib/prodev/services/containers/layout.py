"""Where things lie inside a room, and the settings that Podman gets there.

The paths are short and plain whatever the learner's own folders are called: overlay's options may
hold neither a comma nor a colon, and a socket's path no more than 108 bytes.
"""

from __future__ import annotations

import json
import os
import resource
from pathlib import Path

ROOM = Path("/run/prodev")
PLACE = ROOM / "place"  # the engine's own folder on the disk
IMAGES = ROOM / "images"  # images that all engines of this account share
DOOR = ROOM / "door"  # the keeper's folder, with the sockets
HOME = ROOM / "home"
SETTINGS = ROOM / "settings"

CONTROL, INTERFACE = "control", "engine"  # sockets in the keeper's folder
READY = "room.json"

_SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# Podman's own list for containers. Its builds would add MKNOD, but nothing here may make a device
# of the machine's disk.
_CAPABILITIES = [
    f"CAP_{name}"
    for name in (
        *("CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "NET_BIND_SERVICE", "SETFCAP"),
        *("SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"),
    )
]
_FILES, _PROCESSES = 4096, 4096  # limits of a container's process and account


def environment() -> dict[str, str]:
    """Return the environment of every command in the room."""
    return {
        "PATH": _SYSTEM_PATH,
        "HOME": str(HOME),
        "TMPDIR": str(PLACE / "tmp"),
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "CONTAINERS_CONF": str(SETTINGS / "containers.conf"),
        "CONTAINERS_STORAGE_CONF": str(SETTINGS / "storage.conf"),
        "CONTAINERS_REGISTRIES_CONF": str(SETTINGS / "registries.conf"),
        # Its other ways need rights that an ordinary user's room has not.
        "BUILDAH_ISOLATION": "chroot",
        # Nor is there a systemd: the room itself runs the health checks.
        "DISABLE_HC_SYSTEMD": "true",
    }


def write_settings(*, runtime: str, limits: bool, fuse: str, makes_images: bool) -> None:
    """Write Podman's settings.

    Args:
        runtime: the OCI runtime's path.
        limits: whether control groups may be used.
        fuse: the path of fuse-overlayfs where the kernel's own overlay cannot be used.
        makes_images: whether what is built goes to the shared images.
    """
    SETTINGS.mkdir(parents=True, exist_ok=True)
    storage = IMAGES if makes_images else PLACE / "storage"
    shared = [] if makes_images or not (IMAGES / "overlay-images").exists() else [str(IMAGES)]
    (SETTINGS / "storage.conf").write_text(
        "[storage]\n"
        'driver = "overlay"\n'
        f'runroot = "{ROOM / "run"}"\n'
        f'graphroot = "{storage}"\n'
        "[storage.options]\n"
        f"additionalimagestores = {json.dumps(shared)}\n"
        + (f'[storage.options.overlay]\nmount_program = "{fuse}"\n' if fuse else "")
    )
    (SETTINGS / "registries.conf").write_text('short-name-mode = "permissive"\n')
    ulimits = [
        _limit("nofile", resource.RLIMIT_NOFILE, _FILES),
        _limit("nproc", resource.RLIMIT_NPROC, _PROCESSES),
    ]
    (SETTINGS / "containers.conf").write_text(
        "[containers]\n"
        f"default_ulimits = {json.dumps(ulimits)}\n"
        'cgroupns = "host"\n' + ("" if limits else 'cgroups = "disabled"\n') + 'netns = "bridge"\n'
        f"default_capabilities = {json.dumps(_CAPABILITIES)}\n"
        "base_hosts_file = 'none'\n"
        "[engine]\n"
        f'runtime = "{Path(runtime).name}"\n'
        'cgroup_manager = "cgroupfs"\n'
        'events_logger = "file"\n'
        f'tmp_dir = "{ROOM / "libpod"}"\n'
        f'volume_path = "{PLACE / "volumes"}"\n'
        "[engine.runtimes]\n"
        f"{Path(runtime).name} = {json.dumps([runtime])}\n"
        "[network]\n"
        'network_backend = "netavark"\n'
        f'network_config_dir = "{PLACE / "networks"}"\n'
    )
    for folder in (HOME, PLACE / "tmp", PLACE / "networks", PLACE / "storage"):
        folder.mkdir(parents=True, exist_ok=True)
    # Some of Podman's parts write there whatever TMPDIR says; on the disk, not in memory.
    Path("/var/tmp").symlink_to(PLACE / "tmp")
    os.environ.clear()
    os.environ.update(environment())


def _limit(name: str, kind: int, wanted: int) -> str:
    # Podman asks for more than the hard limit where it is root, which not every root may.
    hard = resource.getrlimit(kind)[1]
    value = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
    return f"{name}={value}:{value}"
