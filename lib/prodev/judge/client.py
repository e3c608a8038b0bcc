"""The judge, seen from who asks: starts the judge process at the first answer, and asks it."""

from __future__ import annotations

import atexit
import os
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from typing import Any

from prodev.catalog.exercise import Exercise
from prodev.errors import CourseError
from prodev.judge import verdicts
from prodev.judge.forkers import package_path
from prodev.judge.frames import Closed, receive, send
from prodev.judge.kinds import kind_of
from prodev.judge.verdict import Verdict

_START_S = 60.0
_MARGIN_S = 30.0
_LONGEST_ANSWER = 1 << 20


class Judge:
    """Judges answers in a process of its own; use it as a context manager, or call ``close``.

    The process starts with the first answer, and again after it has died. A forked process gets a
    judge of its own.
    """

    def __init__(self, *, hash_seed: int | None = None, without: tuple[str, ...] = ()) -> None:
        """Make a judge; nothing is started yet.

        Args:
            hash_seed: ``PYTHONHASHSEED`` of every answer; random by default.
            without: layers of isolation to leave out: some of ``seccomp``, ``landlock``,
                ``namespaces`` and ``disk``.
        """
        self._arguments = ["" if hash_seed is None else str(hash_seed), ",".join(without)]
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._described: dict[str, Any] = {}
        atexit.register(self.close)

    def __enter__(self) -> Judge:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def judge(
        self, exercise: Exercise, source: str, *, seed: int = 1, seconds: float | None = None
    ) -> Verdict:
        """Judge one answer.

        Args:
            exercise: the exercise.
            source: the answer's text.
            seed: draws the hidden cases, the same ones for the same seed.
            seconds: wall time for the answer, instead of the exercise's own limit.

        Raises:
            CourseError: the exercise's files are wrong.
        """
        if len(source) > _LONGEST_ANSWER:
            raise CourseError(f"The answer has {len(source):,} characters; keep it below 1 MB.")
        kind = kind_of(exercise.kind)
        if not kind.attempted(source, exercise.starter):
            return Verdict(
                exercise=exercise.slug,
                status="not_attempted",
                message="Write your answer in the cell, then run it.",
            )
        if missing := kind.missing():
            return Verdict(exercise=exercise.slug, status="unavailable", message=missing)
        request = {
            "exercise": exercise.model_dump(mode="json"),
            "source": source,
            "seed": seed,
            "seconds": seconds,
        }
        with self._lock:
            return self._judge(exercise, request)

    def isolation(self) -> dict[str, Any]:
        """Return ``layers``, ``account`` and ``refused``, as the warm forker found them here."""
        with self._lock:
            self._start()
            return self._described

    def close(self) -> None:
        """End the judge process and everything below it."""
        if self._process is None:
            return
        if self._socket is not None:
            self._socket.close()
        if self._owner == os.getpid():
            try:
                self._process.wait(_MARGIN_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._process = self._socket = None

    def _judge(self, exercise: Exercise, request: dict[str, Any]) -> Verdict:
        for _ in range(2):
            try:
                self._start()
                assert self._socket is not None
                self._socket.settimeout((request["seconds"] or exercise.limits.seconds) + _MARGIN_S)
                send(self._socket, request)
                reply, _ = receive(self._socket)
            except Closed:
                self.close()
                continue
            except TimeoutError:
                self._kill()
                return verdicts.judge_failed(
                    exercise.slug, "The judge gave no verdict in time; your answer was not counted."
                )
            except BaseException:
                # Ctrl-C: what the judge says later would be taken for the next answer's verdict.
                self._kill()
                raise
            if "error" in reply:
                raise CourseError(reply["error"])
            return Verdict(**reply["verdict"])
        return verdicts.judge_failed(
            exercise.slug, "The judge's process died; run the cell again, your answer is not lost."
        )

    def _kill(self) -> None:
        if self._process is not None and self._owner == os.getpid():
            # Its forker and the answer notice, and end too.
            with suppress(OSError):
                self._process.kill()
        self.close()

    def _start(self) -> None:
        if self._process is not None and self._owner == os.getpid():
            return
        self.close()
        ours, theirs = socket.socketpair()
        command = [sys.executable, "-P", "-m", "prodev.judge.process", str(theirs.fileno())]
        self._process = subprocess.Popen(
            [*command, *self._arguments],
            env={**os.environ, "PYTHONPATH": package_path()},
            stdin=subprocess.DEVNULL,
            pass_fds=(theirs.fileno(),),
            start_new_session=True,
        )
        theirs.close()
        self._socket, self._owner = ours, os.getpid()
        ours.settimeout(_START_S)
        try:
            reply = receive(ours)[0]
        except (Closed, TimeoutError):
            reply = {}
        if "ready" not in reply:
            self._kill()
            why = f" ({reply['failed']})" if reply.get("failed") else ""
            raise CourseError(
                f"The judge's process does not start{why}; free some memory, then run it again."
            )
        self._described = reply["ready"]
