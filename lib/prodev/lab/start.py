"""Prepare the learner's folder and start JupyterLab on the start page."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import nbformat
from nbformat.sign import NotebookNotary

from prodev.catalog import course_folder
from prodev.learner.coursework import Delivery, deliver

START = "00_start.ipynb"
_SETTINGS = Path(__file__).with_name("settings")


def prepare(folder: Path) -> Delivery:
    """Copy the notebooks to the learner's folder and trust what was copied.

    A trusted notebook shows its widgets before any cell has run. Only the course's own
    notebooks are trusted here, never a learner's changes.

    Raises:
        CourseError: the folder cannot be written.
    """
    delivery = deliver(course_folder("notebooks"), folder)
    notary = NotebookNotary()
    for name in (*delivery.new, *delivery.updated):
        notary.sign(nbformat.read(folder / name, as_version=4))
    return delivery


def lab_command(folder: Path, *, port: int | None = None, browser: bool = True) -> list[str]:
    """Return the command that starts JupyterLab on the start page of a learner's folder."""
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={folder.resolve()}",
        f"--LabApp.default_url=/lab/tree/{START}",
        # The course needs no extension, and the list of extensions would need the network.
        "--LabApp.extension_manager=readonly",
    ]
    if port is not None:
        command.append(f"--ServerApp.port={port}")
    if not browser:
        command.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        # Jupyter refuses root until it is told that this is meant, as it is in a container. The
        # server listens on loopback only and asks for a token.
        command.append("--allow-root")
    return command


def lab_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment with the course's JupyterLab settings (no news) put last in line.

    The learner's own settings come before ours.
    """
    known = [path for path in environment.get("JUPYTER_CONFIG_PATH", "").split(os.pathsep) if path]
    return {**environment, "JUPYTER_CONFIG_PATH": os.pathsep.join([*known, str(_SETTINGS)])}
