"""A RabbitMQ whose first port is taken between choosing and binding."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from prodev.services.ports import free_port
from prodev.services.rabbitmq.server import RabbitMQServer


class UnluckyRabbitMQ(RabbitMQServer):
    """Begins with the port in its options; the next ones are free."""

    def __init__(self, folder: Path, options: dict[str, Any]) -> None:
        super().__init__(folder, options)
        names = ("distribution", "mapper", "management")
        self._ports = {"amqp": options["first"], **{name: free_port() for name in names}}
