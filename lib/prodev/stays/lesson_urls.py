"""The addresses in a notebook: none, until a lesson writes its own."""

from __future__ import annotations

from typing import Any

urlpatterns: list[Any] = []
