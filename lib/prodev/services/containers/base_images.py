"""The names of the course's base images."""

from __future__ import annotations

BASE = "prodev-base:1"
"""Debian with Python, pip, venv and busybox, and a folder of wheels that pip installs from."""
TINY = "prodev-tiny:1"
"""Busybox alone, for what needs no Python."""
