"""The version of the course, in one place."""

__version__ = "0.1.0"
