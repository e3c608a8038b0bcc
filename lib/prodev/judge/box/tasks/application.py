"""The Celery application of an answer: a real one, whose broker is behind the door."""

from __future__ import annotations

import logging
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from prodev.judge.box.explain import explain
from prodev.judge.box.tasks.door import BROKER, Door
from prodev.judge.wire import NotPlain, encode

if TYPE_CHECKING:
    from celery import Celery

WORK, SEEN, JOBS = "work", "seen", "jobs"
"""What the worker reads; where the judge reads what is published; the exchange for all of it."""

_LONGEST, _TICK_S = 200, 0.02


def make_application(door: Door, url: str) -> Celery:
    """Return an application; nothing is connected yet."""
    from celery import Celery, signals
    from kombu import Exchange, Queue

    class Application(Celery):
        """Notes on each message how long it shall wait, as it was asked for."""

        def send_task(self, name: Any, *arguments: Any, **options: Any) -> Any:
            countdown = options.get("countdown")
            # A retry would take it over, and pass for a message of the judge's.
            options.pop("origin", None)
            headers = {**(options.pop("headers", None) or {}), "judge_countdown": countdown}
            return super().send_task(name, *arguments, **{**options, "headers": headers})

    _connect_through(door)
    app = Application("answer", broker=url, set_as_current=True)
    app.conf.update(
        # All of it is there already: the judge declares it.
        task_queues=[
            Queue(WORK, Exchange(WORK, no_declare=True), WORK, no_declare=True),
            Queue(SEEN, Exchange(JOBS, no_declare=True), JOBS, no_declare=True),
        ],
        task_default_queue=SEEN,
        # When a task has ended, what it published has arrived.
        broker_transport_options={"confirm_publish": True, "polling_interval": 0.02},
        broker_connection_retry_on_startup=True,
        broker_heartbeat=0,
        worker_enable_remote_control=False,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        worker_prefetch_multiplier=4,
        worker_concurrency=1,
    )
    _report(door)
    # Celery's own lines would stand among what the answer prints; it sets levels of its own, unless
    # somebody else says that logging is set up.
    signals.setup_logging.connect(lambda **_: None, weak=False)
    for name in ("celery", "kombu", "amqp", "multiprocessing"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    return app


def _connect_through(door: Door) -> None:
    """Have the clients of both brokers come through the door instead of opening a socket."""
    from amqp import transport
    from redis.connection import UnixDomainSocketConnection

    def connect_amqp(self: Any, host: str, port: int, timeout: float) -> None:  # noqa: ARG001
        self.sock = door.connect(BROKER)

    def connect_redis(self: Any) -> Any:
        way = door.connect(BROKER)
        way.settimeout(self.socket_timeout)
        return way

    over_tcp: Any = transport.TCPTransport
    over_tcp._connect = connect_amqp
    # The options of TCP mean nothing here.
    over_tcp._set_socket_options = lambda self, settings: None  # noqa: ARG005
    over_socket: Any = UnixDomainSocketConnection
    over_socket._connect = connect_redis


def _report(door: Door) -> None:
    """Tell the judge when a worker is ready, when a task begins and how it ends."""
    from celery import signals
    from kombu.asynchronous import get_event_loop

    def ready(**_: Any) -> None:
        # An acknowledgement may wait for whatever wakes the loop up next, a second long.
        if (loop := get_event_loop()) is not None:
            loop.call_repeatedly(_TICK_S, lambda: None)
        door.ask({"ready": True})

    def begins(task_id: str, task: Any, **_: Any) -> None:
        request = task.request
        door.ask({"begins": task_id, "retries": request.retries})

    def ends(task_id: str, state: Any = "", retval: Any = None, **_: Any) -> None:
        said: dict[str, Any] = {"ends": task_id, "state": str(state)[:_LONGEST]}
        if isinstance(retval, BaseException):
            said["error"] = explain(retval)
        else:
            try:
                said["value"] = encode(retval)
            except NotPlain as error:
                said["odd"] = str(error)[:_LONGEST]
        door.ask(said)

    signals.worker_ready.connect(ready, weak=False)
    signals.task_prerun.connect(begins, weak=False)
    signals.task_postrun.connect(ends, weak=False)


def install_sleep(door: Door) -> None:
    """Let a task's ``time.sleep`` pass at once, and the judge hear of it."""
    from celery import current_task

    really = time.sleep

    def sleep(seconds: float, /) -> None:
        """Let time pass; in a task the judge's."""
        if not current_task:
            really(seconds)
            return
        if not seconds >= 0:
            really(seconds)  # raises what Python raises
        with suppress(NotPlain):
            door.ask({"sleeps": encode(float(seconds))})

    standard: Any = time
    standard.sleep = sleep
