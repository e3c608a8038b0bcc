"""Read the part of Groovy that Jenkinsfiles are written in, and work out its expressions.

Groovy's grammar: its documentation, "Syntax" and "Operators" (Groovy 2.4, which Jenkins runs).
"""

from __future__ import annotations

from prodev.services.jenkins.groovy.nodes import GroovySyntaxError
from prodev.services.jenkins.groovy.statements import read_groovy

__all__ = ["GroovySyntaxError", "read_groovy"]
