"""JupyterLab on the learner's own copy of the course."""

from prodev.lab.start import START, lab_command, lab_environment, prepare

__all__ = ["START", "lab_command", "lab_environment", "prepare"]
