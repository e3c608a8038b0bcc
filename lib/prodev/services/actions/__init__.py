"""GitHub Actions: workflows really run by act on this machine, and read by three linters."""

from __future__ import annotations

from prodev.services.actions.lint import Problem, lint_workflow
from prodev.services.actions.results import JobRun, StepRun, WorkflowRun
from prodev.services.actions.service import GitHubActions

__all__ = ["GitHubActions", "JobRun", "Problem", "StepRun", "WorkflowRun", "lint_workflow"]
