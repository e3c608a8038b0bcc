"""The workflow files of a repository, and which of them an event sets off.

Where a file must lie and how filters work: GitHub's documentation, "Workflow syntax for GitHub
Actions". act ignores the filters of branches and paths, so they are applied here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

PLACE = Path(".github") / "workflows"
_ENDINGS = (".yml", ".yaml")
_OF_A_BRANCH = {
    "push": ("a push", "pushes"),
    "pull_request": ("a pull request", "pull requests"),
    "pull_request_target": ("a pull request", "pull requests"),
}
_SKIPPED = {".git", ".venv", "node_modules", "__pycache__"}


@dataclass(frozen=True)
class Workflow:
    """One workflow file."""

    file: str
    """Relative to the repository."""
    content: dict[str, Any]
    """Its keys and values; empty where it cannot be read as YAML."""

    @property
    def events(self) -> dict[str, dict[str, Any]]:
        """The events that it waits for, with their filters."""
        # YAML 1.1 reads the key ``on`` as true.
        on = self.content.get("on", self.content.get(True))  # type: ignore[call-overload]
        if isinstance(on, str):
            return {on: {}}
        if isinstance(on, list):
            return {str(event): {} for event in on}
        if isinstance(on, dict):
            return {
                str(event): filters if isinstance(filters, dict) else {}
                for event, filters in on.items()
            }
        return {}

    @property
    def jobs(self) -> dict[str, dict[str, Any]]:
        """Its jobs by their keys."""
        jobs = self.content.get("jobs")
        if not isinstance(jobs, dict):
            return {}
        return {str(key): job for key, job in jobs.items() if isinstance(job, dict)}

    def silent_reason(self, event: str, branch: str, changed: Sequence[str] = ()) -> str:
        """Say why this event does not set it off; empty where it does.

        Args:
            event: such as ``push``.
            branch: the branch that is pushed, or that a pull request is to be merged into.
            changed: the files that differ; without them the filters of paths are not applied.
        """
        if not self.content:
            return ""  # whoever runs it says what is wrong with the file
        if event not in self.events:
            waits = ", ".join(self.events) or "nothing"
            return f"{self.file} waits for {waits}, not for {event}"
        filters = self.events[event]
        if event in _OF_A_BRANCH:
            return self._branch_reason(event, filters, branch) or self._path_reason(
                filters, changed
            )
        return ""

    def _branch_reason(self, event: str, filters: dict[str, Any], branch: str) -> str:
        what, many = _OF_A_BRANCH[event]
        wanted, unwanted = filters.get("branches"), filters.get("branches-ignore")
        if wanted is not None and not _matches(wanted, branch):
            shown = ", ".join(map(str, _several(wanted)))
            return f"{self.file} waits for {what} to {shown}, not to {branch}"
        if unwanted is not None and _matches(unwanted, branch):
            return f"{self.file} ignores {many} to {branch}"
        only_tags = event == "push" and "tags" in filters
        if only_tags and wanted is None and unwanted is None:
            return f"{self.file} waits for tags, not for branches"
        if event != "push" and "opened" not in _several(filters.get("types", "opened")):
            shown = ", ".join(map(str, _several(filters["types"])))
            return f"{self.file} waits for {what} that is {shown}, not for one that is opened"
        return ""

    def _path_reason(self, filters: dict[str, Any], changed: Sequence[str]) -> str:
        wanted, unwanted = filters.get("paths"), filters.get("paths-ignore")
        shown = ", ".join(changed)
        if wanted is not None and changed and not any(_matches(wanted, file) for file in changed):
            only = ", ".join(map(str, _several(wanted)))
            return f"{self.file} waits for changes of {only}, not of {shown}"
        if unwanted is not None and changed and all(_matches(unwanted, file) for file in changed):
            return f"{self.file} ignores changes of {shown}"
        return ""


def workflows_of(folder: Path) -> list[Workflow]:
    """Return the workflow files that lie where GitHub looks for them, sorted by name."""
    place = folder / PLACE
    files = sorted(path for path in place.glob("*") if path.suffix in _ENDINGS and path.is_file())
    return [Workflow(path.relative_to(folder).as_posix(), _read(path)) for path in files]


def misplaced(folder: Path) -> list[Workflow]:
    """Return the files that read like workflows but lie where GitHub does not look."""
    found = []
    for path in _yaml_files(folder):
        if path.parent == folder / PLACE:
            continue
        workflow = Workflow(path.relative_to(folder).as_posix(), _read(path))
        if workflow.jobs and workflow.events:
            found.append(workflow)
    return found


def where_it_must_lie(strays: list[Workflow]) -> str:
    """Say in one sentence why nothing fires, and where a workflow must lie."""
    must = f"a workflow must lie in {PLACE.as_posix()}/ and end in .yml or .yaml"
    if not strays:
        return f"No workflow fires for this event: {must}."
    files = ", ".join(stray.file for stray in strays)
    return f"No workflow fires for this event: {files} lies in the wrong folder; {must}."


def _yaml_files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not path.is_symlink() and path.name not in _SKIPPED:
            yield from _yaml_files(path)
        elif path.suffix in _ENDINGS and path.is_file():
            yield path


def _read(path: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _several(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _matches(patterns: object, name: str) -> bool:
    """Whether a name passes a filter; the last pattern that fits decides, ``!`` takes back."""
    result = False
    for pattern in map(str, _several(patterns)):
        if pattern.startswith("!"):
            result = result and not _pattern(pattern[1:]).fullmatch(name)
        elif _pattern(pattern).fullmatch(name):
            result = True
    return result


def _pattern(text: str) -> re.Pattern[str]:
    """Return GitHub's filter pattern as a regular expression: ``*`` stops at a ``/``."""
    parts = re.split(r"(\*\*|\*|\?|\+|\[[^\]]*\])", text)
    signs = {"**": ".*", "*": "[^/]*"}
    return re.compile(
        "".join(
            signs.get(part, part if index % 2 else re.escape(part))
            for index, part in enumerate(parts)
        )
    )
