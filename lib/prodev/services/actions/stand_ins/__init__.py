"""Stand-ins for actions of GitHub's, which do their work on this machine without a network."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

import yaml

_USES = re.compile(r"""\buses:\s*["']?([\w.-]+/[\w.-]+(?:/[\w./-]+)?)@([^\s"'#,}\]]+)""")

STAND_INS = {
    "actions/checkout": ("checkout.py", ("path", "repository")),
    "actions/setup-python": ("setup_python.py", ("python-version",)),
    "actions/upload-artifact": ("upload_artifact.py", ("name", "path", "if-no-files-found")),
}
"""The actions with a stand-in: its program, and the inputs that it knows."""

NOTES = {
    "actions/checkout": "checkout copies the repository's folder",
    "actions/setup-python": "setup-python takes the Python that the course runs on",
    "actions/upload-artifact": "upload-artifact copies into a folder of the run",
}


def used_actions(files: Iterable[Path]) -> set[tuple[str, str]]:
    """Return the actions of other repositories that these files use, as (name, ref)."""
    found = set()
    for file in files:
        found |= set(_USES.findall(file.read_text("utf-8", "replace")))
    return found


def make_stand_ins(
    actions: set[tuple[str, str]], place: Path, environment: dict[str, str]
) -> list[str]:
    """Write a stand-in for each action into a folder; return act's arguments that name them.

    Args:
        actions: as ``used_actions`` returns them.
        place: an empty folder.
        environment: what the stand-ins' programs are told.
    """
    arguments: list[str] = []
    repositories: set[str] = set()
    for name, ref in sorted(actions):
        owner, repository, *inside = name.split("/")
        key = f"{owner}/{repository}@{ref}"
        folder = place / key.replace("/", "-")
        target = folder.joinpath(*inside)
        target.mkdir(parents=True, exist_ok=True)
        program, inputs = STAND_INS.get(name, ("missing.py", ()))
        shutil.copyfile(Path(__file__).with_name(program), target / "main.py")
        (target / "action.yml").write_text(_action(name, ref, inputs, environment), "utf-8")
        if key not in repositories:
            repositories.add(key)
            arguments += ["--local-repository", f"{key}={folder}"]
    return arguments


def _action(name: str, ref: str, inputs: tuple[str, ...], environment: dict[str, str]) -> str:
    told = {
        f"STAND_IN_{key.upper().replace('-', '_')}": f"${{{{ inputs.{key} }}}}" for key in inputs
    }
    return yaml.safe_dump(
        {
            "name": f"stand-in for {name}",
            "description": "Does the action's work on this machine.",
            "inputs": {key: {"required": False} for key in inputs},
            "outputs": {
                key: {"value": f"${{{{ steps.work.outputs.{key} }}}}"}
                for key in ("python-version", "python-path")
                if name == "actions/setup-python"
            },
            "runs": {
                "using": "composite",
                "steps": [
                    {
                        "id": "work",
                        "shell": "sh",
                        "run": '"$STAND_IN_PYTHON" -I "$GITHUB_ACTION_PATH/main.py"',
                        "env": {
                            "STAND_IN_PYTHON": sys.executable,
                            "STAND_IN_ACTION": f"{name}@{ref}",
                            **environment,
                            **told,
                        },
                    }
                ],
            },
        },
        sort_keys=False,
        allow_unicode=True,
    )
