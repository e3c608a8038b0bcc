"""A RabbitMQ whose first port is taken between choosing and binding."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from prodev.services.ports import free_port
from prodev.services.rabbitmq.server import RabbitMQServer


class UnluckyRabbitMQ(RabbitMQServer):
    """Begins with the port in its options for one purpose; the next ones are free."""

    def __init__(self, folder: Path, options: dict[str, Any]) -> None:
        super().__init__(folder, options)
        names = ("amqp", "distribution", "mapper", "management")
        self._ports = {**{name: free_port() for name in names}, options["which"]: options["first"]}
