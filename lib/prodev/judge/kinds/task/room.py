"""A room: the part of a broker that one answer has for itself."""

from __future__ import annotations

import socket
from abc import ABC, abstractmethod

from prodev.judge.kinds.task.amqp import Tally
from prodev.judge.kinds.task.message import Message
from prodev.services.rabbitmq import RabbitMQ
from prodev.services.service import MissingError, wanted_here


class Room(ABC):
    """Queues of one answer, seen from the judge.

    What the judge publishes goes to the queue that the worker reads. What anybody else publishes
    goes to a queue that the judge reads: so no second passes where a task shall wait.

    Attributes:
        broker: the program and its version, as people say it.
        takes_back: whether the broker by itself takes back what a dead worker held.
        tally: what the worker took and gave back.
    """

    broker: str
    takes_back = False

    def __init__(self) -> None:
        """Count from nothing."""
        self.tally = Tally()
        self.published = 0

    @property
    @abstractmethod
    def url(self) -> str:
        """The broker's address for the worker, whatever the way to it."""

    @abstractmethod
    def dial(self) -> socket.socket:
        """Return a new connection to the broker."""

    @abstractmethod
    def publish(self, message: Message) -> None:
        """Hand a message to the worker's queue."""

    @abstractmethod
    def take(self) -> Message | None:
        """Return the next message that was published by somebody else."""

    @abstractmethod
    def idle(self, begun: int) -> bool:
        """Say whether nothing waits, nothing is with a worker and nothing comes back.

        Args:
            begun: how often a task has begun.
        """

    @abstractmethod
    def worker_died(self) -> None:
        """Have the broker take back what a dead worker held."""

    @abstractmethod
    def restart(self) -> None:
        """Stop the broker and start it again, with the messages that it keeps.

        Raises:
            Unavailable: this one keeps none.
        """

    @abstractmethod
    def close(self) -> None:
        """Remove it."""


def rabbitmq_missing() -> str:
    """Say why RabbitMQ is not the broker of these rooms, and how to get it."""
    try:
        RabbitMQ().find(wanted_here())
    except MissingError as error:
        return str(error)
    return "The judge needs a RabbitMQ of its own, and PRODEV_RABBITMQ names yours; unset it."
