"""Which container engine is found, and what is said where there is none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from prodev.services.containers import Containers
from prodev.services.containers.built import read_steps, reason
from prodev.services.containers.podman_parts import Lacking, find_podman
from prodev.services.service import MissingError

SERVER = {"Version": "28.2.2", "Components": [{"Name": "Engine"}]}


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that holds the only programs; the administrator's folders are not looked at."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    monkeypatch.setattr("prodev.services.containers.podman_parts._PATH", str(folder))
    monkeypatch.setattr("prodev.services.containers.podman_parts._HELPERS", [])
    return folder


def write_program(folder: Path, name: str, says: str, status: int = 0) -> None:
    program = folder / name
    program.write_text(f"#!/bin/sh\n/bin/cat <<'END'\n{says}\nEND\nexit {status}\n", "utf-8")
    program.chmod(0o755)


def write_podman(folder: Path, *others: str, version: str = "4.3.1") -> None:
    write_program(folder, "podman", f"podman version {version}")
    for name in others:
        write_program(folder, name, "")


def test_nothing_at_all_names_the_packages_and_docker(programs: Path) -> None:
    with pytest.raises(MissingError, match=r"apt-get install podman crun .* or install Docker"):
        Containers().find()


def test_a_docker_that_answers_comes_first(programs: Path) -> None:
    write_program(programs, "docker", json.dumps(SERVER))
    write_podman(programs, "netavark", "aardvark-dns", "crun", "unshare", "newuidmap")
    found = Containers().find()
    assert (found.state, found.provider, found.version) == ("real", "Docker 28.2", "28.2.2")


@pytest.mark.parametrize(("says", "status"), [("null", 1), ("null", 0), ("no engine", 0)])
def test_a_docker_program_without_an_engine_does_not_count(
    programs: Path, says: str, status: int
) -> None:
    write_program(programs, "docker", says, status)
    with pytest.raises(MissingError, match="no engine on this machine"):
        Containers().find()


def test_podman_behind_the_docker_program_is_called_podman(programs: Path) -> None:
    server = {"Version": "4.3.1", "Components": [{"Name": "Podman Engine"}]}
    write_program(programs, "docker", json.dumps(server))
    assert Containers().find(address="unix:///run/x.sock").provider == "Podman 4.3"


def test_an_address_that_does_not_answer_is_named(
    programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_program(programs, "docker", "", status=1)
    monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:9")
    with pytest.raises(MissingError, match=r"tcp://127.0.0.1:9 does not answer.*unset DOCKER_HOST"):
        Containers().find()


def test_an_address_needs_the_docker_program(programs: Path) -> None:
    with pytest.raises(MissingError, match="docker-cli"):
        Containers().find(address="tcp://127.0.0.1:9")


def test_no_package_of_python_carries_an_engine(programs: Path) -> None:
    write_program(programs, "docker", json.dumps(SERVER))
    with pytest.raises(MissingError, match="no package of Python"):
        Containers().find("embedded")


@pytest.mark.parametrize(
    ("version", "others", "missing"),
    [
        ("3.4.4", ["netavark", "aardvark-dns", "crun"], "older than version 4"),
        ("4.3.1", ["aardvark-dns", "crun"], "lacks netavark"),
        ("4.3.1", ["netavark", "crun"], "lacks aardvark-dns"),
        ("4.3.1", ["netavark", "aardvark-dns"], "lacks a runtime"),
    ],
)
def test_what_podman_lacks_is_named(
    programs: Path, version: str, others: list[str], missing: str
) -> None:
    write_podman(programs, *others, version=version)
    with pytest.raises(MissingError, match=missing):
        Containers().find()


def test_an_ordinary_account_needs_a_range_of_user_numbers(
    programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_podman(programs, "netavark", "aardvark-dns", "crun", "unshare", "newuidmap")
    monkeypatch.setattr("os.geteuid", lambda: 1)  # Debian's account daemon, which has none
    found = find_podman()
    assert isinstance(found, Lacking)
    assert "/etc/subuid" in found.why
    assert "usermod --add-subuids" in found.how


def test_namespaces_that_are_forbidden_are_named(programs: Path) -> None:
    write_podman(programs, "netavark", "aardvark-dns", "crun")
    unshare = programs / "unshare"
    unshare.write_text("#!/bin/sh\necho 'unshare failed: not permitted' >&2\nexit 1\n", "utf-8")
    unshare.chmod(0o755)
    found = find_podman()
    assert isinstance(found, Lacking)
    assert "not permitted" in found.why or "/etc/subuid" in found.why


PODMAN = """\
STEP 1/3: FROM base
STEP 2/3: COPY a /a
--> Using cache 1f2e
--> 1f2e
STEP 3/3: RUN x
--> 77aa
"""
CLASSIC = """\
Step 1/3 : FROM base
 ---> 0011
Step 2/3 : COPY a /a
 ---> Using cache
Step 3/3 : RUN x
 ---> Running in 1234
"""
BUILDKIT = """\
#1 [internal] load build definition from Dockerfile
#5 [1/3] FROM base
#6 [2/3] COPY a /a
#7 [3/3] RUN x
#6 CACHED
#7 0.2 output
#7 [3/3] RUN x
"""


@pytest.mark.parametrize("log", [PODMAN, CLASSIC, BUILDKIT], ids=["podman", "classic", "buildkit"])
def test_steps_are_read_from_the_log_of_each_builder(log: str) -> None:
    steps = read_steps(log)
    assert [(step.instruction, step.cached) for step in steps] == [
        ("FROM base", False),
        ("COPY a /a", True),
        ("RUN x", False),
    ]


@pytest.mark.parametrize(
    ("log", "why"),
    [
        (
            'pip: no such package\nError: building at STEP "RUN a": exit status 1\n',
            "pip: no such package",
        ),
        ('Error: building at STEP "COPY "x: y" /": no such file\n', "no such file"),
        ("boom\nThe command '/bin/sh -c x' returned a non-zero code: 1\n", "boom"),
        ("", "it said nothing."),
    ],
)
def test_the_reason_of_a_failed_build_is_what_the_command_said(log: str, why: str) -> None:
    assert reason(log) == why
