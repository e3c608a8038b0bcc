"""RabbitMQ: a private node from an installed program, or a broker at an address."""

from __future__ import annotations

from prodev.services.rabbitmq.service import RabbitMQ, RunningRabbitMQ

__all__ = ["RabbitMQ", "RunningRabbitMQ"]
