"""Texts: what JSON can carry and databases cannot keep."""

from __future__ import annotations


def can_be_kept(text: str) -> bool:
    r"""Return whether every database takes a text.

    PostgreSQL keeps no NUL; none of them keeps half of a pair such as ``\ud83d`` alone, which UTF-8
    cannot write.
    """
    return "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)
