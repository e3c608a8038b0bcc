"""Go through a row of tokens."""

from __future__ import annotations

from collections.abc import Sequence

from prodev.services.jenkins.groovy.nodes import GroovySyntaxError
from prodev.services.jenkins.groovy.tokens import Token


class Cursor:
    """A place in a row of tokens."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        """Take tokens; the last one is of kind ``end``."""
        self._tokens, self._at = tokens, 0

    @property
    def token(self) -> Token:
        """The token that is read next."""
        return self._tokens[self._at]

    def ahead(self, count: int = 1) -> Token:
        """Return a token behind the next one."""
        return self._tokens[min(self._at + count, len(self._tokens) - 1)]

    def take(self) -> Token:
        """Return the next token and go on."""
        token = self.token
        if token.kind != "end":
            self._at += 1
        return token

    def sees(self, *signs: str) -> bool:
        """Whether one of these signs or words comes next."""
        return self.token.kind in ("sign", "name") and self.token.value in signs

    def sees_behind(self, sign: str, count: int = 1) -> bool:
        """Whether this sign stands behind the next token."""
        token = self.ahead(count)
        return token.kind == "sign" and token.value == sign

    def takes(self, *signs: str) -> bool:
        """Take the next token if it is one of these."""
        if self.sees(*signs):
            self._at += 1
            return True
        return False

    def need(self, sign: str) -> Token:
        """Take this sign.

        Raises:
            GroovySyntaxError: something else comes.
        """
        if not self.sees(sign):
            raise GroovySyntaxError(self.token.line, f"here should be '{sign}', not {self.shown()}")
        return self.take()

    def shown(self) -> str:
        """Return the next token as a person would call it."""
        return {"newline": "the end of the line", "end": "the end of the file"}.get(
            self.token.kind, f"'{self.token.value}'"
        )

    def skip_lines(self) -> None:
        """Go behind line ends."""
        while self.token.kind == "newline":
            self._at += 1
