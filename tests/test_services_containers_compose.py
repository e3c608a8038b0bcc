"""Docker Compose's own program on the engine that is here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from container_engines import engine_with_images, write_project
from prodev.services.containers import TINY, ComposeError, Engine

pytestmark = pytest.mark.slow

HEALTH = {"test": ["CMD", "test", "-f", "/ready"], "interval": "500ms", "retries": 40}


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with engine_with_images() as engine:
        engine.compose({"services": {"a": {"image": TINY}}})  # skips where Compose is missing
        yield engine


def two_services(**condition: Any) -> dict[str, Any]:
    """``web`` says whether ``db``, which is ready after two seconds, was ready when it started."""
    start = "test -f /shared/ready && echo it was ready || echo it was not; exec sleep 600"
    return {
        "services": {
            "db": {
                "image": TINY,
                "command": ["sh", "-c", "sleep 2; touch /ready /shared/ready; exec sleep 600"],
                "volumes": ["shared:/shared"],
                "healthcheck": HEALTH,
            },
            "web": {
                "image": TINY,
                "command": ["sh", "-c", start],
                "volumes": ["shared:/shared"],
                "depends_on": {"db": condition},
            },
        },
        "volumes": {"shared": {}},
    }


def test_a_service_waits_for_the_health_of_what_it_depends_on(engine: Engine) -> None:
    with engine.compose(two_services(condition="service_healthy"), name="waits") as project:
        project.up()
        assert "it was ready" in project.logs("web")
        states = {state.service: (state.state, state.health) for state in project.services()}
        assert states == {"db": ("running", "healthy"), "web": ("running", "")}


def test_a_service_that_only_waits_for_the_start_comes_too_early(engine: Engine) -> None:
    with engine.compose(two_services(condition="service_started"), name="early") as project:
        project.up()
        assert "it was not" in project.logs("web")


def test_down_removes_containers_networks_and_volumes(engine: Engine) -> None:
    before = (len(engine.containers()), _networks(engine), _volumes(engine))
    with engine.compose(two_services(condition="service_started"), name="gone") as project:
        project.up(wait=False)
        assert _volumes(engine) > before[2]
    assert (len(engine.containers()), _networks(engine), _volumes(engine)) == before


def test_a_service_that_never_gets_healthy_is_told_with_the_log(engine: Engine) -> None:
    never = {"test": ["CMD", "false"], "interval": "300ms", "retries": 2}
    data = two_services(condition="service_healthy")
    data["services"]["db"]["healthcheck"] = never
    with (
        engine.compose(data, name="never") as project,
        pytest.raises(ComposeError, match="unhealthy") as caught,
    ):
        project.up()
    assert "db" in caught.value.log


def test_a_file_that_is_not_valid_says_where(engine: Engine) -> None:
    project = engine.compose({"services": {"web": {"imagee": TINY}}}, name="invalid")
    with pytest.raises(ComposeError, match="imagee"):
        project.up()


def test_services_find_each_other_and_are_reached_from_outside(engine: Engine) -> None:
    serve = ["sh", "-c", "echo hello > /page; exec httpd -f -p 80 -h /"]
    data = {
        "services": {
            "web": {"image": TINY, "command": serve, "ports": ["80"]},
            "client": {"image": TINY, "command": ["sleep", "600"], "depends_on": ["web"]},
        }
    }
    with engine.compose(data, name="finds") as project:
        project.up()
        ask = "for i in 1 2 3 4 5 6; do wget -qO- http://web/page && break; sleep 1; done"
        assert project.container("client").exec(["sh", "-c", ask]).output.endswith("hello\n")
        assert project.container("web").address(80)[0] == "127.0.0.1"


def test_a_folder_with_a_build_and_a_mounted_file_comes_up(engine: Engine, tmp_path: Path) -> None:
    file = (
        "services:\n  app:\n    build: .\n    command: [cat, /copy, /mounted]\n"
        "    volumes: ['./second:/mounted:ro']\n"
    )
    folder = write_project(tmp_path / "un café", **{"compose.yaml": file, "first": "built\n"})
    with engine.compose(folder, name="builds") as project:
        project.up(wait=False)
        assert project.container("app").wait() == 0
        assert project.container("app").logs() == "built\ntwo\n"
        assert project.configuration()["services"]["app"]["command"] == ["cat", "/copy", "/mounted"]


def _networks(engine: Engine) -> int:
    return len(engine.client.ask("network", "ls", "--quiet").split())


def _volumes(engine: Engine) -> int:
    return len(engine.client.ask("volume", "ls", "--quiet").split())
