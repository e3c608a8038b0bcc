"""The scripts of the widgets: what they share, and then each one's own."""

from __future__ import annotations

from pathlib import Path


def script(name: str) -> str:
    """Return a widget's script; what all of them share stands before it, so nothing is imported."""
    files = (Path(__file__).parent / f"{part}.js" for part in ("page", name))
    return "".join(file.read_text(encoding="utf-8") for file in files)
