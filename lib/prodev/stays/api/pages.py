"""Pages by keyset: each one costs the same, and none skips or repeats rows that come meanwhile."""

from __future__ import annotations

from rest_framework.pagination import CursorPagination


class Pages(CursorPagination):
    """Newest first; ``next`` and ``previous`` are the addresses of the neighbours, or null."""

    ordering = "-id"
    page_size = 20
    page_size_query_param = "page_size"
    max_page_size = 100  # more is cut to this: one caller can't ask for the whole table
