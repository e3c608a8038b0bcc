"""The warm forker: started by exec, it has never opened an exercise, and forks a child per answer.

``python -m prodev.judge.box.forker CONTROL FOLDER [WITHOUT]``: CONTROL is the descriptor of a
socket to the judge, FOLDER is where answers get a folder each, WITHOUT names layers to leave out.
It has a single thread, no secrets, and one answer at a time. When the judge is gone it ends, and
nothing that it started stays.
"""

from __future__ import annotations

import gc
import os
import select
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Set
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from prodev.judge.box import warm  # noqa: F401 - what answers commonly import
from prodev.judge.box.folders import removal
from prodev.judge.box.layers import Isolation, probe
from prodev.judge.box.start import start_answer
from prodev.judge.frames import Closed, receive, send
from prodev.judge.sandbox import crowd, system


class Forker:
    """Forks children, reaps them, and leaves nothing of them behind."""

    def __init__(self, control: socket.socket, folder: Path, isolation: Isolation) -> None:
        """Hold the control socket; ``folder`` is removed at the end."""
        self.control, self.folder, self.isolation = control, folder, isolation
        self.pid = 0
        self.place = ""
        self.group: Path | None = None
        self.cleaners: set[int] = set()
        self.woken, self.waker = os.pipe()
        os.set_blocking(self.woken, False)
        os.set_blocking(self.waker, False)

    def run(self) -> None:
        """Serve the judge until it is gone."""
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self.waker, warn_on_full_buffer=False)
        send(self.control, {"ready": self.isolation.describe()})
        while True:
            sources: list[Any] = [self.control, self.woken]
            ready = select.select(sources, [], [])[0]
            if self.woken in ready:
                with suppress(BlockingIOError):
                    os.read(self.woken, 4096)
                self.reap()
            if self.control in ready:
                message, descriptors = receive(self.control)
                if "fork" in message:
                    self.fork(message["fork"], descriptors)
                elif "kill" in message:
                    self.kill()
                elif message.get("warm") == "service":
                    import_module("prodev.judge.box.service.start")

    def fork(self, wanted: dict[str, Any], descriptors: list[int]) -> None:
        """Fork a child for one answer; tell the judge its number."""
        start = start_answer
        if "programs" in wanted:
            # Most answers need nothing of this, and it stays warm once it was needed.
            from prodev.judge.box.program import start_program

            start = start_program
            if os.geteuid() == 0 and not self.isolation.account:
                self.group = crowd.make_group()
            wanted["group"] = str(self.group or "")
        elif "service" in wanted:
            from prodev.judge.box.service.start import start_service

            start = start_service
        self.place = tempfile.mkdtemp(prefix="answer-", dir=self.folder)
        if self.isolation.account:
            os.chown(self.place, *self.isolation.account)
        self.pid = os.fork()
        if self.pid == 0:
            start(self.isolation, self.place, wanted, descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
        send(self.control, {"pid": self.pid})

    def kill(self) -> None:
        """Kill the child and its group; the signal of its death does the rest."""
        if self.pid:
            with suppress(OSError):
                os.killpg(self.pid, signal.SIGKILL)
            with suppress(OSError):
                os.kill(self.pid, signal.SIGKILL)

    def reap(self) -> None:
        """Take the dead; when the child is among them, sweep up what it left and tell the judge."""
        while True:
            try:
                pid, status, used = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            self.cleaners.discard(pid)
            if pid == self.pid:
                sweep(self.cleaners)
                self.clean()
                self.pid = 0
                cpu = used.ru_utime + used.ru_stime
                code = os.waitstatus_to_exitcode(status)
                send(self.control, {"ended": {"exit": code, "cpu_s": round(cpu, 4)}})

    def clean(self) -> None:
        """Remove the answer's folder; if there is much in it, while the next answer runs."""
        if self.group:
            crowd.remove_group(self.group)
            self.group = None
        try:
            Path(self.place).rmdir()
        except OSError:
            self.cleaners.add(removal(self.place))

    def end(self) -> None:
        """Leave nothing: no child, no folder."""
        self.kill()
        sweep()
        if self.group:
            crowd.remove_group(self.group)
        with suppress(ChildProcessError):
            os.waitpid(removal(str(self.folder)), 0)


def sweep(spared: Set[int] = frozenset()) -> None:
    """Kill every descendant but some; orphans come to this process, which adopts them."""
    for _ in range(500):
        children = set(_children(os.getpid())) - spared
        if not children:
            return
        for child in children:
            with suppress(OSError):
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, os.WNOHANG)
        time.sleep(0.002)


def _children(pid: int) -> list[int]:
    try:
        return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()]
    except OSError:
        return []


def main() -> None:
    """Run the forker; the descriptor and the folder are given on the command line."""
    control = socket.socket(fileno=int(sys.argv[1]))
    control.set_inheritable(False)
    without = tuple(sys.argv[3].split(",")) if len(sys.argv) > 3 else ()
    system.hide_memory()
    system.adopt_orphans()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    forker = Forker(control, Path(sys.argv[2]), probe(without))
    # What was loaded until now is shared with every child; the collector need not touch it again.
    gc.collect()
    gc.freeze()
    try:
        forker.run()
    except Closed:
        forker.end()


if __name__ == "__main__":
    main()
