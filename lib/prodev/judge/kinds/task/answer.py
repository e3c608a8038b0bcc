"""Celery tasks as a check sees them: publish jobs, run a worker, kill it, look at the broker."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from prodev.judge.conversation import Conversation
from prodev.judge.endings import Forged, Gone, Missing, Unavailable
from prodev.judge.finding import Raise
from prodev.judge.kinds.task.message import Message, new_message
from prodev.judge.kinds.task.processes import children_of, is_alive, is_below, kill
from prodev.judge.kinds.task.room import Room, rabbitmq_missing
from prodev.judge.kinds.task.runs import Run, end_of
from prodev.judge.kinds.task.switchboard import Caller, Switchboard
from prodev.judge.session import Session
from prodev.judge.wire import NotPlain, decode, encode

_LOOK_EVERY_S = 0.1
_TURN_S = 0.02
_ACKNOWLEDGED_S = 2.0


class TaskAnswer:
    """The tasks of one answer, on a broker of their own.

    Attributes:
        random: draws the hidden cases; the same for the same seed.
        broker: the program and its version, as people say it.
        runs: every run of a task so far, in order.
        published: what the tasks published, in order: retries, and other jobs.
    """

    def __init__(self, session: Session, room: Room, source: str, random: Random) -> None:
        """Open the door; nothing of the answer has run yet."""
        self.random, self.broker = random, room.broker
        self.runs: list[Run] = []
        self.published: list[Message] = []
        self._session, self._room, self._source = session, room, source
        self._talk = Conversation(session)
        self._functions: Mapping[str, Callable[..., Any]] = {}
        self._tasks: dict[str, dict[str, Any]] = {}
        self._running: dict[Caller, Run] = {}
        self._caller: Caller | None = None
        self._ready = self._begun = self._started = 0
        self._works = False
        self._looked = 0.0
        self._board = Switchboard(self._open_door(), room)

    # The answer

    def load(
        self, module: str, functions: Mapping[str, Callable[..., Any]], errors: Mapping[str, str]
    ) -> None:
        """Run the answer's source.

        Args:
            module: the name of the module that it imports; it has ``app``, Celery's application.
            functions: what else the module has: each call is a call of the check's function, with
                the arguments by name. It returns plain data or a ``Raise``.
            errors: exception types of the module, each with a builtin type below it.
        """
        self._functions = functions
        self._tasks = self._talk.operate(
            "load_tasks",
            "",
            source=self._source,
            broker=self._room.url,
            module=module,
            functions={name: _parameters(function) for name, function in functions.items()},
            errors=dict(errors),
        )

    def is_task(self, name: str) -> bool:
        """Say whether a name of the answer is a task of its application.

        Raises:
            Missing: it does not define the name, or it cannot be called.
        """
        if name not in self._tasks:
            raise Missing(name)
        return bool(self._tasks[name])

    # Jobs and workers

    def publish(self, task: str, *arguments: Any) -> str:
        """Publish a job; return its id."""
        message = new_message(self._tasks[task]["name"], arguments)
        self._room.publish(message)
        return message.id

    def hand_over(self, message: Message) -> None:
        """Let the time pass that a message shall wait, and hand it to the worker."""
        self._room.publish(message.due_now())

    def follow(self, job: str, *, most: int = 12) -> list[Message]:
        """Let a job come to its end, with all its retries; return their messages, in order.

        Args:
            job: its id.
            most: stop after so many runs, whether the job has ended or not.
        """
        followed: list[Message] = []
        while True:
            known = len(self.published)
            self.wait(lambda: self.idle() or len(self.runs_of(job)) > most)
            new = [message for message in self.published[known:] if message.id == job]
            followed += new
            if not new or len(self.runs_of(job)) >= most:
                return followed
            for message in new:
                self.hand_over(message)

    def start_worker(self, pool: str = "solo") -> None:
        """Start a worker, and return when it is ready.

        Args:
            pool: ``prefork`` runs tasks in a process below the worker's own, as Celery does by
                itself; ``solo`` in the worker's, which is sooner ready.
        """
        ready = self._ready
        self._talk.operate("start_worker", "", pool=pool)
        self._started += 1
        self._works = True
        self.wait(lambda: self._ready > ready)

    def wait(self, until: Callable[[], bool], seconds: float | None = None) -> bool:
        """Let the worker work until something holds; the given functions are called meanwhile.

        Returns:
            whether it holds; False only after ``seconds``. Without them the answer's own time ends
            it.

        Raises:
            Gone: the worker ended by itself.
            TimedOut: the answer's time is over.
        """
        end = None if seconds is None else time.monotonic() + seconds
        while not until():
            if end is not None and time.monotonic() > end:
                return False
            if time.monotonic() - self._looked > _LOOK_EVERY_S:
                self._look()
            self._board.turn(_TURN_S)
            self._session.take_output()
            while self._board.calls:
                self._answer(*self._board.calls.popleft())
            self._forget_the_dead()
        return True

    def idle(self) -> bool:
        """Say whether no job waits, runs, or comes back."""
        self._take()
        return self._room.idle(self._begun) and not self._running

    @property
    def works(self) -> bool:
        """Whether a worker was started and not killed since."""
        return self._works

    def needs_rabbitmq(self) -> None:
        """Go on only where RabbitMQ is the broker: no other one takes back what a worker held.

        Raises:
            Unavailable: it is not here, or it is not the judge's own.
        """
        if not self._room.takes_back:
            raise Unavailable(rabbitmq_missing())

    @property
    def redelivered(self) -> int:
        """How many messages were delivered again."""
        return self._room.tally.redelivered

    def runs_of(self, job: str) -> list[Run]:
        """Return the runs of a job, in order."""
        return [run for run in self.runs if run.job == job]

    # Accidents

    def kill_process(self) -> None:
        """Kill the process whose call is being answered, as a lack of memory would.

        With the pool ``prefork`` the worker goes on, with a new process for its tasks.
        """
        assert self._caller is not None, "only while a given function is called"
        self._kill([self._caller.pid])

    def kill_worker(self) -> None:
        """Kill the worker and what is below it, as a power cut would; the broker goes on."""
        self._let_it_acknowledge()
        mains = [pid for pid in self._board.lives if is_alive(pid)]
        self._kill([*mains, *(child for main in mains for child in children_of(main))])
        self._works = False
        self.wait(lambda: not self._board.connected)
        self._room.worker_died()

    def _let_it_acknowledge(self) -> None:
        """An early acknowledgement is on its way while the task begins: let it arrive."""
        if not all(task["late"] for task in self._tasks.values() if task):
            self.wait(lambda: self._room.tally.acknowledged >= self._begun, _ACKNOWLEDGED_S)

    def restart_broker(self) -> None:
        """Stop the broker and start it again with its messages; the worker comes back by itself.

        It takes seconds of the answer's time.
        """
        self._room.restart()

    def close(self) -> None:
        """Close every connection, and remove the room."""
        self._board.close()
        self._room.close()

    def _kill(self, pids: list[int]) -> None:
        for pid in pids:
            if not is_below(pid, self._session.pid):
                raise Forged
        kill(pids)

    # What comes through the door

    def _open_door(self) -> Any:
        from prodev.judge.kinds.task.opening import open_door

        return open_door(self._session, self._talk)

    def _look(self) -> None:
        """See that the answer lives, and that somebody waits for it."""
        self._talk.operate("pause", "")
        self._looked = time.monotonic()
        lives = self._board.lives
        if self._works and len(lives) == self._started and not is_alive(lives[-1]):
            raise Gone

    def _forget_the_dead(self) -> None:
        for caller in [caller for caller in self._running if caller not in self._board.callers]:
            del self._running[caller]

    def _take(self) -> None:
        """Take what the tasks have published."""
        while (message := self._room.take()) is not None:
            runs = self.runs_of(message.id) or self.runs
            message.begun = runs[-1].begun if runs else message.seen
            self.published.append(message)

    def _answer(self, caller: Caller, message: dict[str, Any]) -> None:
        run = self._running.get(caller)
        reply: dict[str, Any] = {}
        if "ready" in message:
            self._ready += 1
        elif "begins" in message:
            run = self._running[caller] = Run(str(message["begins"])[:80])
            self.runs.append(run)
            self._begun += 1
        elif "ends" in message:
            if run is not None:
                run.end = end_of(message)
                del self._running[caller]
        elif "sleeps" in message:
            if run is not None and type(message["sleeps"]) is float:
                run.slept.append(message["sleeps"])
        else:
            reply = self._call(caller, run, message)
        caller.reply(reply)

    def _call(self, caller: Caller, run: Run | None, message: dict[str, Any]) -> dict[str, Any]:
        name = str(message.get("call"))
        try:
            arguments = decode(message.get("arguments"))
        except NotPlain:
            raise Forged from None
        if name not in self._functions or type(arguments) is not dict:
            raise Forged
        if run is not None:
            run.calls.append((name, arguments))
        self._caller = caller
        try:
            value = self._functions[name](**arguments)
        finally:
            self._caller = None
        if isinstance(value, Raise):
            return {"raise": [value.name, str(value.args[0]) if value.args else ""]}
        return {"ok": encode(value)}


def _parameters(function: Callable[..., Any]) -> list[str]:
    """Return the parameters as they stand between the brackets, without annotations."""
    signature = inspect.signature(function)
    return [
        name if parameter.default is parameter.empty else f"{name}={parameter.default!r}"
        for name, parameter in signature.parameters.items()
    ]
