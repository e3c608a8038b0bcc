"""The keeper's side of a program of the course's own."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prodev.services.server import Server, how_it_ended, last_line

if TYPE_CHECKING:
    from prodev.services.keeper import Keeper


class ProgramServer(Server):
    """Any command; it counts as started at once."""

    def __init__(self, folder: Path, options: dict[str, Any]) -> None:
        """Take the command and what belongs to it, see ``run_program``."""
        super().__init__(folder, options)
        self.title = options["name"]  # type: ignore[misc]
        self.stop_signal = signal.Signals(options["stop_signal"])  # type: ignore[misc]
        self.stop_seconds = options["stop_seconds"]  # type: ignore[misc]

    def start(self, keeper: Keeper) -> dict[str, Any]:
        """Start the command; its owner asks it whether it is ready."""
        process = keeper.spawn(
            self.options["command"],
            env=self.options["env"],
            cwd=self.options["cwd"] or str(self.folder),
        )
        return {"pid": process.pid, "log": str(keeper.log_path), "folder": str(self.folder)}

    def explain(self, log: str, status: int) -> str:
        """Say how it ended, with its last words."""
        return f"{self.title} {how_it_ended(status)}. {last_line(log)}".strip()
