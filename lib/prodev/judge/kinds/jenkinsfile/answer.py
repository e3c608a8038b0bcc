"""A Jenkinsfile as a check sees it: its parse tree's outline, and what rehearsals of it gave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from prodev.judge.endings import TimedOut
from prodev.judge.kinds.pipeline import QUIET, Pipelines

_TOO_LATE = "ABORTED"


@dataclass(frozen=True)
class Rehearsed:
    """What a rehearsal gave; nothing in it comes from Jenkins.

    Attributes:
        result: ``SUCCESS``, ``UNSTABLE``, ``FAILURE``, ``NOT_BUILT`` or ``ABORTED``.
        stages: of each its ``name``, ``result``, ``log`` (lines), ``reason`` and ``inside``.
        log: all lines.
        artifacts: the texts of what was archived, by path; the start of each.
        warnings: what Jenkins would warn of.
        notes: how the rehearsal differs from a run in Jenkins.
        label: ``rehearsal, not Jenkins``.
    """

    result: str
    stages: list[dict[str, Any]]
    log: list[str]
    artifacts: dict[str, str]
    warnings: list[str]
    notes: list[str]
    label: str

    def stage(self, name: str) -> dict[str, Any] | None:
        """Return the first stage with this name, whatever its case; None if there is none."""
        wanted = name.casefold()
        return next((s for s in self.stages if s["name"].casefold() == wanted), None)

    @property
    def last_error(self) -> str:
        """The last line of the log that says what went wrong; may be empty."""
        told = [line for line in self.log if line.startswith(("ERROR", "rehearsal:"))]
        return told[-1] if told else ""


class JenkinsfileAnswer:
    """One Jenkinsfile.

    Attributes:
        text: the file as it was written.
        outline: its parse tree as ``prodev.services.jenkins.outline`` tells it.
        random: draws the hidden cases; the same for the same seed.
    """

    def __init__(
        self, pipelines: Pipelines, random: Random, text: str, outline: dict[str, Any]
    ) -> None:
        """Hold what was read."""
        self._pipelines, self.random = pipelines, random
        self.text, self.outline = text, outline

    def rehearse(
        self,
        files: Mapping[str, str],
        *,
        credentials: Mapping[str, str | tuple[str, str]] | None = None,
        branch: str = "main",
    ) -> Rehearsed:
        """Run the steps in a workspace with these files; a rehearsal, not Jenkins.

        Each run has a session of its own and knows nothing of the others.

        Args:
            files: the repository: paths and texts.
            credentials: by their ids: a text is "Secret text", a pair "Username with password".
            branch: ``BRANCH_NAME``.
        """
        held = {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in (credentials or {}).items()
        }
        told = self._pipelines.ask(
            "rehearse",
            "the rehearsal",
            text=self.text,
            files=dict(files),
            credentials=held,
            branch=branch,
            env=QUIET,
        )
        if told["result"] == _TOO_LATE and not self._pipelines.left():
            raise TimedOut
        return Rehearsed(**{key: told[key] for key in Rehearsed.__dataclass_fields__})
