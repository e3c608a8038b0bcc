"""What a client asked for and does not get."""

from __future__ import annotations


class RefusedError(Exception):
    """Carries a code, which each protocol has its own number for, and a sentence."""

    def __init__(self, code: str, sentence: str) -> None:
        """Take both."""
        super().__init__(sentence)
        self.code, self.sentence = code, sentence
