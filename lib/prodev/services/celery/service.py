"""Find a broker for Celery, and start a worker on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from urllib.parse import urlsplit

from prodev.services.celery.worker import RunningCelery, connection_to, run_beat, run_worker
from prodev.services.rabbitmq import RabbitMQ
from prodev.services.redis import Redis
from prodev.services.service import (
    Found,
    MissingError,
    Running,
    Service,
    ServiceError,
    Wanted,
)

_BROKERS = {
    "amqp": "RabbitMQ",
    "amqps": "RabbitMQ",
    "pyamqp": "RabbitMQ",
    "redis": "Redis",
    "rediss": "Redis",
}


class Celery(Service):
    """Celery with its broker: an address, else RabbitMQ, else Valkey."""

    system = "celery"
    title = "Celery"
    variable = "PRODEV_CELERY"

    def find(self, wanted: Wanted = "auto", *, address: str = "") -> Found:
        """Say on which broker a worker would run; ``address`` is one that the user gave.

        Raises:
            MissingError: there is no broker, or the address does not answer.
            ServiceError: the address is of no broker that a worker can use.
        """
        if asked := self.asked(wanted, address):
            return _at(asked, self.variable)
        try:
            return _on(RabbitMQ().find(wanted), how="")
        except MissingError as no_rabbit:
            try:
                return _on(Redis().find(wanted), how=f"for RabbitMQ: {no_rabbit.how}")
            except MissingError as no_redis:
                raise MissingError(
                    self.title,
                    f"{no_rabbit.how}, or {no_redis.how}",
                    why="has no broker on this machine",
                ) from None

    def start(  # noqa: PLR0913 - what a worker is made of
        self,
        wanted: Wanted = "auto",
        *,
        app: str,
        broker_url: str = "",
        queues: Sequence[str] = (),
        concurrency: int = 2,
        beat: bool = False,
        environment: Mapping[str, str] | None = None,
    ) -> RunningCelery:
        """Start a worker, and return when it answers.

        Args:
            wanted: see ``find``.
            app: module and name, such as ``prodev.stays.celery:app``.
            broker_url: a broker that runs; without it see ``find``, and one of our own is started.
            queues: what the worker reads; all of the application's queues where empty.
            concurrency: how many tasks it runs at the same time.
            beat: also start the process that fires the schedule.
            environment: added to a small plain one. The broker's address goes by CELERY_BROKER_URL,
                which Celery prefers to what an application is configured with. PYTHONPATH names the
                folder of an application that is not installed.

        Raises:
            MissingError: there is no broker.
            ServiceError: the worker does not start; the sentence has its last words.
        """
        found = self.find(wanted, address=broker_url)
        more = environment or {}
        broker, url = _broker(found, wanted)
        started: list[Running] = [broker] if broker else []
        try:
            node, worker = run_worker(
                app, broker_url=url, queues=queues, concurrency=concurrency, environment=more
            )
            started.append(worker)
            clock = run_beat(app, broker_url=url, environment=more) if beat else None
        except BaseException:
            for running in reversed(started):
                running.stop()
            raise
        return RunningCelery(found, url, node, worker, clock, broker)


def _at(address: str, variable: str) -> Found:
    name = _BROKERS.get(urlsplit(address).scheme.partition("+")[0])
    if name is None:
        raise ServiceError(
            "Celery needs a broker that other processes reach, at an address such as "
            "amqp://user:password@127.0.0.1:5672// or redis://127.0.0.1:6379/0."
        )
    try:
        with connection_to(address) as connection:
            connection.ensure_connection(max_retries=1, timeout=3)
    except Exception as error:  # each transport has errors of its own
        raise MissingError(
            "Celery",
            f"start that broker, or unset {variable}",
            why=f"does not reach {name} at the address it was given ({error})",
        ) from None
    return Found("real", f"{_name()} on {name}", version("celery"), address=address)


def _on(broker: Found, *, how: str) -> Found:
    return Found(broker.state, f"{_name()} on {broker.provider}", version("celery"), how=how)


def _broker(found: Found, wanted: Wanted) -> tuple[Running | None, str]:
    """Return a broker that was started for this worker, if any, and its address."""
    if found.address:
        return None, found.address
    if "RabbitMQ" in found.provider:
        rabbitmq = RabbitMQ().start(wanted)
        return rabbitmq, rabbitmq.url
    redis = Redis().start(wanted)
    return redis, redis.broker_url


def _name() -> str:
    return "Celery " + ".".join(version("celery").split(".")[:2])
