"""What a notebook holds: ``prodev.begin()``, the lesson that it returns, and ``%%exercise``."""

from __future__ import annotations

from prodev.lesson.lesson import Lesson
from prodev.lesson.start import begin

__all__ = ["Lesson", "begin"]
