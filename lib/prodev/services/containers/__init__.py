"""Container engines: Docker where an engine answers, else Podman in a room of its own."""

from __future__ import annotations

from prodev.services.containers.base_images import BASE, TINY
from prodev.services.containers.built import BuildError, Built, Step
from prodev.services.containers.compose import Compose, ComposeError, ServiceState
from prodev.services.containers.container import Container, Ran
from prodev.services.containers.engine import Engine, Image
from prodev.services.containers.service import Containers

__all__ = [
    "BASE",
    "TINY",
    "BuildError",
    "Built",
    "Compose",
    "ComposeError",
    "Container",
    "Containers",
    "Engine",
    "Image",
    "Ran",
    "ServiceState",
    "Step",
]
