"""The base image with Python: made once, and enough to build an application without network."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import pytest

from container_engines import engine_with_images, write_project
from prodev.services.containers import BASE, TINY, Containers
from prodev.services.containers.base import make_base_images

pytestmark = pytest.mark.slow

DOCKERFILE = f"""\
FROM {BASE}
RUN pip install --quiet django gunicorn "psycopg[binary]" redis
RUN useradd app
USER app
CMD ["python", "-c", "import django, gunicorn, psycopg, redis; print(django.__version__)"]
"""


def test_an_application_is_built_on_the_base_image_without_network(tmp_path: Path) -> None:
    with engine_with_images(BASE, TINY) as engine:
        project = write_project(tmp_path / "a", Dockerfile=DOCKERFILE)
        engine.build(project, "application", timeout=300)
        ran = engine.run(engine.base_image(), ["python", "-m", "venv", "/v"], network="none")
        assert ran.exit_status == 0
        assert engine.run("application").output == f"{version('django')}\n"
        assert engine.run("application", ["id", "-un"]).output == "app\n"
    with Containers().start(makes_images=True) as maker:
        assert make_base_images(maker) == []
