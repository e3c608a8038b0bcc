"""The steps that a rehearsal runs; each file of this folder adds its own to ``STEPS``."""

from __future__ import annotations

from prodev.services.jenkins.steps import branches, control, files, others, running, secrets
from prodev.services.jenkins.steps.registry import STEPS, StepCall

__all__ = ["STEPS", "StepCall", "branches", "control", "files", "others", "running", "secrets"]
