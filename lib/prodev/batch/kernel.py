"""Watch a stock kernel: how far it came, and how its process ended."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jupyter_client.manager import AsyncKernelManager
from traitlets.config import Config

from prodev.batch.processes import peak_memory_mb


class LeftByItself(Exception):  # noqa: N818
    """A cell asked the kernel to exit."""


class Watch:
    """What nbclient's hooks and the kernel manager saw of a run.

    Attributes:
        cell: index of the cell that runs, or in which the run stopped; None between cells.
        began: whether any cell has begun.
        problem: status and reason, once a cell has raised or left.
        exit_code: of the kernel's process, once it has ended by itself; negative for a signal.
        stopped: whether the batch asked to stop.
    """

    def __init__(self) -> None:
        self.cell: int | None = None
        self.began = False
        self.problem: tuple[str, str] | None = None
        self.exit_code: int | None = None
        self.kernel_pid: int | None = None
        self.peak_mb: float | None = None
        self.stopped = False

    def on_cell_execute(self, cell: Any, cell_index: int) -> None:  # noqa: ARG002
        """Note that a code cell begins."""
        self.cell, self.began = cell_index, True

    def on_cell_executed(self, cell: Any, cell_index: int, execute_reply: Any) -> None:  # noqa: ARG002
        """Note how a code cell ended.

        Raises:
            LeftByItself: it called ``exit()`` or ``quit()``, which end the kernel a moment later.
        """
        if self.kernel_pid is not None:
            self.peak_mb = peak_memory_mb(self.kernel_pid) or self.peak_mb
        reply = execute_reply["content"]
        if any(part.get("source") == "ask_exit" for part in reply.get("payload") or ()):
            raise LeftByItself("left the notebook by exit()")
        if reply["status"] == "ok" or "raises-exception" in cell.metadata.get("tags", []):
            self.cell = None
        elif reply["status"] == "aborted":
            self.problem = ("failed", "the kernel refused to run it")
        elif reply["ename"] == "SystemExit":
            self.problem = ("exited_early", f"left the notebook by sys.exit({reply['evalue']})")
        else:
            evalue = str(reply["evalue"]).strip()
            self.problem = ("failed", reply["ename"] + (f": {evalue}" if evalue else ""))


def kernel_manager(folder: Path, watch: Watch) -> type[AsyncKernelManager]:
    """Return a class for nbclient whose kernels talk over sockets in a private folder.

    TCP ports are chosen before they are bound, so kernels that start together race for them; and
    the kernel warns at the terminal that TCP is not encrypted.
    """

    class WatchedKernelManager(AsyncKernelManager):
        def __init__(self, **options: Any) -> None:
            config = Config(
                KernelManager={"transport": "ipc", "connection_file": str(folder / "kernel.json")}
            )
            config.merge(options.pop("config", None) or {})
            super().__init__(config=config, **options)
            self._process: Any = None

        async def _async_launch_kernel(self, kernel_cmd: list[str], **options: Any) -> None:
            await super()._async_launch_kernel(kernel_cmd, **options)
            self._process = getattr(self.provisioner, "process", None)
            watch.kernel_pid = getattr(self.provisioner, "pid", None)

        async def _async_is_alive(self) -> bool:
            alive = bool(await super()._async_is_alive())
            if not alive and self._process is not None:
                watch.exit_code = self._process.returncode
            return alive

        is_alive = _async_is_alive

    return WatchedKernelManager
