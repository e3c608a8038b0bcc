"""The addresses of the lessons' application: none, until a lesson writes its own."""

from __future__ import annotations

from typing import Any

urlpatterns: list[Any] = []
