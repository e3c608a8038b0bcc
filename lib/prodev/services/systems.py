"""The twelve systems of the program, by their slug in ``data/topics/systems.csv``."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from difflib import get_close_matches
from importlib import import_module

from prodev.errors import CourseError
from prodev.services.package import Package, PythonService
from prodev.services.service import Description, Service, Wanted

_SYSTEMS: dict[str, Callable[[], Service]] = {}


def register(system: str, make: Callable[[], Service]) -> None:
    """Make a system known; ``make`` is called where it is asked for."""
    _SYSTEMS[system] = make


def systems() -> list[str]:
    """Return the slugs, in the order of the program."""
    return list(_SYSTEMS)


def service(system: str) -> Service:
    """Return the system with this slug.

    Raises:
        CourseError: there is none; the sentence has the nearest name.
    """
    if system not in _SYSTEMS:
        near = get_close_matches(system, _SYSTEMS, n=1)
        advice = f"did you mean '{near[0]}'?" if near else f"there are {', '.join(_SYSTEMS)}."
        raise CourseError(f"There is no system '{system}'; {advice}")
    return _SYSTEMS[system]()


def describe_systems(wanted: Wanted = "auto") -> list[Description]:
    """Return how each system would run here, in the order of the program; starts nothing."""
    # Most of the time goes into asking programs for their version.
    with ThreadPoolExecutor(max_workers=8) as pool:
        return list(pool.map(lambda system: service(system).describe(wanted), systems()))


def _at(module: str, name: str) -> Callable[[], Service]:
    def make() -> Service:
        made: Service = getattr(import_module(module), name)()
        return made

    return make


register("python", PythonService)
register("django", lambda: Package("django", "Django", "django", "Django"))
register("drf", lambda: Package("drf", "DRF", "djangorestframework", "Django REST Framework"))
register("graphql", lambda: Package("graphql", "GraphQL", "strawberry-graphql", "Strawberry"))
register("docker", _at("prodev.services.containers", "Containers"))
register("redis", _at("prodev.services.redis", "Redis"))
register("celery", _at("prodev.services.celery", "Celery"))
register("rabbitmq", _at("prodev.services.rabbitmq", "RabbitMQ"))
register("github-actions", _at("prodev.services.actions", "GitHubActions"))
register("jenkins", _at("prodev.services.jenkins", "Jenkins"))
register("postgresql", _at("prodev.services.postgresql", "PostgreSQL"))
register("mysql", _at("prodev.services.mysql", "MySQL"))
