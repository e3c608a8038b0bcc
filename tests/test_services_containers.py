"""Images and containers on a real engine."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from container_engines import engine_with_images, is_root, write_project
from prodev.services.containers import TINY, BuildError, Engine
from prodev.services.service import MissingError, ServiceError

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with engine_with_images() as engine:
        yield engine


def test_a_second_build_takes_all_layers_from_the_cache(engine: Engine, tmp_path: Path) -> None:
    project = write_project(tmp_path / "a", first="cache\n")
    first, second = engine.build(project, "cached"), engine.build(project, "cached")
    assert (first.layers_cached, second.layers_cached) == (0, 3)
    assert first.image == second.image
    assert [step.instruction.split()[0] for step in first.steps] == ["FROM", "COPY", "RUN", "COPY"]


def test_no_cache_builds_each_layer_again(engine: Engine, tmp_path: Path) -> None:
    project = write_project(tmp_path / "a", first="no cache\n")
    engine.build(project, "fresh")
    assert engine.build(project, "fresh", no_cache=True).layers_cached == 0


def test_a_changed_file_rebuilds_the_layers_from_it_on(engine: Engine, tmp_path: Path) -> None:
    project = write_project(tmp_path / "a", first="change\n")
    engine.build(project, "changed")
    (project / "second").write_text("three\n", "utf-8")
    steps = engine.build(project, "changed").steps
    assert [step.cached for step in steps[1:]] == [True, True, False]
    assert engine.run("changed", ["cat", "/copy", "/second"]).output == "change\nthree\n"


def test_a_project_may_lie_in_a_path_with_spaces_and_letters(
    engine: Engine, tmp_path: Path
) -> None:
    project = write_project(tmp_path / "café au lait, naïve: one", first="é\n")
    engine.build(project, "letters")
    assert engine.run("letters", ["cat", "/copy"]).output == "é\n"


def test_a_failing_step_is_named_with_its_last_words(engine: Engine, tmp_path: Path) -> None:
    file = f"FROM {TINY}\nRUN true\nRUN echo the reason && exit 7\nRUN true\n"
    with pytest.raises(
        BuildError, match=r"at step 3, RUN echo the reason .*: the reason$"
    ) as caught:
        engine.build(write_project(tmp_path / "a", Dockerfile=file), "fails")
    assert "the reason" in caught.value.log
    assert len(caught.value.steps) == 3


def test_a_folder_without_a_dockerfile_is_named(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="There is no Dockerfile in"):
        engine.build(tmp_path, "none")


def test_a_build_that_takes_too_long_is_stopped(engine: Engine, tmp_path: Path) -> None:
    file = f"FROM {TINY}\nRUN sleep 60\n"
    with pytest.raises(BuildError, match="took longer than 3 seconds"):
        engine.build(write_project(tmp_path / "a", Dockerfile=file), "slow", timeout=3)


def test_a_step_of_a_build_sees_no_network_and_no_process_but_its_own(
    engine: Engine, tmp_path: Path
) -> None:
    file = f"FROM {TINY}\nRUN ps > /processes; cat /proc/net/dev > /network\n"
    other = engine.run_in_background(TINY, ["sleep", "4242"])
    engine.build(write_project(tmp_path / "a", Dockerfile=file), "looks", no_cache=True)
    seen = engine.run("looks", ["cat", "/processes", "/network"]).output
    assert "4242" not in seen
    assert [line.split(":")[0].strip() for line in seen.splitlines() if ":" in line][-1] == "lo"
    assert "eth0" not in seen
    other.remove()


@pytest.mark.parametrize("status", [0, 3, 137])
def test_the_exit_status_is_that_of_the_command(engine: Engine, status: int) -> None:
    ran = engine.run(TINY, ["sh", "-c", f"echo said; exit {status}"])
    assert (ran.exit_status, ran.output, ran.timed_out) == (status, "said\n", False)


def test_a_container_runs_as_the_user_that_is_asked_for(engine: Engine) -> None:
    assert engine.run(TINY, ["id", "-u"], user="1234").output == "1234\n"


def test_a_container_gets_variables_and_standard_input(engine: Engine) -> None:
    ran = engine.run(TINY, ["sh", "-c", 'cat; echo "$WORD"'], env={"WORD": "é b"}, given="a\n")
    assert ran.output == "a\né b\n"


def test_a_run_that_takes_too_long_is_killed_and_gone(engine: Engine) -> None:
    before = len(engine.containers())
    ran = engine.run(TINY, ["sleep", "60"], timeout=2)
    assert (ran.exit_status, ran.timed_out) == (137, True)
    assert len(engine.containers()) == before


def test_an_image_that_is_not_there_is_named(engine: Engine) -> None:
    with pytest.raises(ServiceError, match="cannot run the image no-such-image"):
        engine.run("no-such-image")


def test_more_memory_than_the_limit_kills_the_container(engine: Engine) -> None:
    fill = ["sh", "-c", "dd if=/dev/zero of=/dev/shm/full bs=1M count=60 2>/dev/null"]
    if engine.client.no_limits:
        with pytest.raises(ServiceError, match="cannot limit memory"):
            engine.run(TINY, fill, memory="20m")
        assert not is_root()
        return
    assert engine.run(TINY, fill, memory="20m").exit_status == 137
    assert engine.run(TINY, fill, memory="200m").exit_status == 0


def test_health_goes_from_starting_to_unhealthy_to_healthy(engine: Engine) -> None:
    check = ["--health-cmd=test -f /ready", "--health-interval=1s", "--health-retries=2"]
    container = engine.run_in_background(TINY, ["sleep", "600"], options=check)
    container.wait_for_health("starting")
    container.wait_for_health("unhealthy")
    assert container.exec(["touch", "/ready"]).exit_status == 0
    container.wait_for_health("healthy")
    container.remove()


def test_a_container_without_a_check_has_no_health(engine: Engine) -> None:
    container = engine.run_in_background(TINY, ["sleep", "600"])
    assert container.health() == ""
    with pytest.raises(ServiceError, match="it has none"):
        container.wait_for_health(seconds=0.2)
    container.remove()


def test_a_port_of_a_container_can_be_reached(engine: Engine) -> None:
    serve = ["sh", "-c", "mkdir /www; echo hello > /www/page; exec httpd -f -p 8000 -h /www"]
    container = engine.run_in_background(TINY, serve, ports=[8000])
    while container.exec(["test", "-f", "/www/page"]).exit_status:
        assert container.running
    assert container.address(8000)[0] == "127.0.0.1"
    assert _page(container.address(8000)) == "hello\n"
    container.remove()


def test_a_container_without_network_cannot_be_reached(engine: Engine) -> None:
    container = engine.run_in_background(TINY, ["sleep", "600"], network="none")
    with pytest.raises(ServiceError, match=r"cannot be reached|is not published"):
        container.address(80)
    container.remove()


def test_containers_of_one_network_find_each_other_by_name(engine: Engine) -> None:
    network, other = engine.add_network("one"), engine.add_network("other")
    serve = ["sh", "-c", "echo found > /page; exec httpd -f -p 80 -h /"]
    web = engine.run_in_background(TINY, serve, name="web", network=network)
    ask = [
        "sh",
        "-c",
        "for i in 1 2 3 4 5 6 7 8; do wget -qO- http://web/page && break; sleep 1; done",
    ]
    assert engine.run(TINY, ask, network=network).output.endswith("found\n")
    assert (
        "found" not in engine.run(TINY, ["wget", "-qO-", "http://web/page"], network=other).output
    )
    web.remove()


def test_a_container_that_listens_to_sigterm_stops_sooner_than_one_that_does_not(
    engine: Engine,
) -> None:
    deaf = engine.run_in_background(TINY, ["sleep", "600"])  # process 1 has no handler
    listens = engine.run_in_background(TINY, ["sh", "-c", "trap 'exit 5' TERM; sleep 600 & wait"])
    listens.exec(["true"])
    assert listens.stop(20) < 20
    deaf.stop(1)
    codes = [one.inspect()["State"]["ExitCode"] for one in (deaf, listens)]
    assert codes == [137, 5]
    for container in (deaf, listens):
        container.remove()


def test_logs_and_exit_status_stay_until_the_container_is_removed(engine: Engine) -> None:
    container = engine.run_in_background(TINY, ["sh", "-c", "echo last words; exit 9"])
    assert container.wait() == 9
    assert container.logs() == "last words\n"
    assert not container.running
    container.remove()
    with pytest.raises(ServiceError):
        container.inspect()


def test_images_lists_what_was_built_with_its_size(engine: Engine, tmp_path: Path) -> None:
    built = engine.build(write_project(tmp_path / "a", first="listed\n"), "listed:2")
    listed = {tag: image for image in engine.images() for tag in image.tags}
    assert listed["listed:2"].size_bytes == built.size_bytes > 500_000
    assert listed["listed:2"].image in built.image


def test_an_image_that_was_never_made_says_how_to_make_it(engine: Engine) -> None:
    with pytest.raises(MissingError, match="make services"):
        engine.base_image("prodev-base:99")


def _page(address: tuple[str, int]) -> str:
    host, port = address
    with urllib.request.urlopen(f"http://{host}:{port}/page", timeout=10) as answer:
        return str(answer.read().decode())
