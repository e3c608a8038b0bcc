"""What a workflow may not ask of the judge: containers, and actions from outside of the project."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def refusals(content: Any) -> list[str]:
    """Return why a workflow is not run here, a part of a sentence each; nothing where it is."""
    jobs = content.get("jobs") if isinstance(content, dict) else None
    found: list[str] = []
    for name, job in jobs.items() if isinstance(jobs, dict) else ():
        if isinstance(job, dict):
            found += [f"the job '{_short(name)}' {why}" for why in _of_job(job)]
    return found


def _of_job(job: dict[Any, Any]) -> Iterator[str]:
    if job.get("container"):
        yield "asks for a container, and no container is started here"
    if job.get("services"):
        yield "asks for services, which are containers, and no container is started here"
    if job.get("uses"):
        yield f"calls another workflow ({_short(job['uses'])}), and the project has none"
    steps = job.get("steps")
    for step in steps if isinstance(steps, list) else ():
        if isinstance(step, dict) and (uses := step.get("uses")):
            yield from _of_action(str(uses))


def _of_action(uses: str) -> Iterator[str]:
    if uses.lower().startswith("docker:"):
        yield f"uses {_short(uses)}, and no container is started here"
    elif uses.startswith((".", "/", "~")) or ".." in uses.split("/"):
        yield f"uses {_short(uses)}, and the project has no action of its own"


def _short(text: object) -> str:
    return str(text)[:80]
