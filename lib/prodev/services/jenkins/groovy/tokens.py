"""Split a Groovy text into words, numbers, texts and signs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

from prodev.services.jenkins.groovy.nodes import GroovySyntaxError

Kind = Literal["name", "number", "text", "gstring", "sign", "newline", "end"]

_SPACE = re.compile(r"(?:[ \t\r\f]|\\\r?\n|//[^\n]*|\A#![^\n]*)+")
_NAME = re.compile(r"[^\W\d][\w$]*|\$(?!/)[\w$]*")
_NUMBER = re.compile(r"(\d[\d_]*)(\.\d[\d_]*)?([lLiIgGfFdD]?)")
_SIGN = re.compile(
    r"<=>|==~|===|!==|\*\*=|\.\.<|\?\.|\*\.|\.\.|->|\+\+|--|\+=|-=|\*=|/=|%=|\*\*|=~|==|!=|<=|>="
    r"|<<|>>|&&|\|\||\?:|[-+*/%=<>!?:.,;(){}\[\]&|^~@]"
)
_PATH = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "s": " "}
_CLOSING = {"(": ")", "[": "]", "{": "}"}
LONGEST = 200_000  # signs
_DEEPEST = 60  # brackets and variables in texts within each other


@dataclass(frozen=True)
class Token:
    """One piece of the text.

    ``value`` is the word, the number, the text, the sign, or for a text with variables its parts:
    texts, and tuples of tokens.
    """

    kind: Kind
    value: Any
    line: int
    spaced: bool = False
    """Whether there is a space before it."""


def tokens_of(text: str) -> list[Token]:
    """Return the tokens of a text, the last one of kind ``end``.

    Line ends inside of round and square brackets are left out: they end nothing there.

    Raises:
        GroovySyntaxError: a text, a comment or a bracket does not end, or a sign is unknown.
    """
    if len(text) > LONGEST:
        raise GroovySyntaxError(1, f"the file is longer than {LONGEST:,} signs")
    return _Splitter(text).all()


class _Splitter:
    def __init__(self, text: str) -> None:
        self.text, self.at, self.line = text, 0, 1
        self.depth = 0

    def all(self) -> list[Token]:
        tokens = self.until("")
        tokens.append(Token("end", "", self.line))
        return tokens

    def until(self, close: str) -> list[Token]:
        """Read up to a closing curly bracket, or to the end of the text."""
        tokens: list[Token] = []
        open_: list[tuple[str, int]] = []
        self.deeper()
        while True:
            spaced = self.skip_space()
            if self.at >= len(self.text):
                if open_ or close:
                    sign, line = open_[-1] if open_ else ("{", self.line)
                    raise GroovySyntaxError(line, f"this '{sign}' has no '{_CLOSING[sign]}'")
                break
            line, sign = self.line, self.text[self.at]
            if sign == "\n":
                self.at, self.line = self.at + 1, line + 1
                if not open_ or open_[-1][0] == "{":
                    tokens.append(Token("newline", "\n", line))
                continue
            if sign == "}" and close and not open_:
                self.at += 1
                break
            token = self.one(tokens, spaced)
            self.bracket(token, open_)
            tokens.append(token)
        self.depth -= 1
        return tokens

    def bracket(self, token: Token, open_: list[tuple[str, int]]) -> None:
        if token.kind != "sign":
            return
        if token.value in _CLOSING:
            open_.append((token.value, token.line))
            if len(open_) > _DEEPEST:
                raise GroovySyntaxError(token.line, "the brackets are nested too deeply")
        elif token.value in _CLOSING.values():
            if not open_:
                raise GroovySyntaxError(token.line, f"there is a '{token.value}' too much")
            opened, line = open_.pop()
            if _CLOSING[opened] != token.value:
                raise GroovySyntaxError(
                    token.line,
                    f"'{token.value}' does not close the '{opened}' of line {line}",
                )

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise GroovySyntaxError(self.line, "the text is nested too deeply")

    def skip_space(self) -> bool:
        start = self.at
        while True:
            if found := _SPACE.match(self.text, self.at):
                self.line += found.group().count("\n")
                self.at = found.end()
            elif self.text.startswith("/*", self.at):
                end = self.text.find("*/", self.at + 2)
                if end < 0:
                    raise GroovySyntaxError(self.line, "this comment has no '*/'")
                self.line += self.text.count("\n", self.at, end)
                self.at = end + 2
            else:
                return self.at > start

    def one(self, before: list[Token], spaced: bool) -> Token:
        line, text = self.line, self.text
        for quote in ("'''", '"""', "'", '"'):
            if text.startswith(quote, self.at):
                self.at += len(quote)
                return self.quoted(quote, line, spaced)
        if text.startswith("$/", self.at):
            raise GroovySyntaxError(line, "texts in $/ ... /$ are not read here; use quotes")
        if text[self.at] == "/" and _starts_pattern(before):
            self.at += 1
            return self.quoted("/", line, spaced)
        if found := _NUMBER.match(text, self.at):
            self.at = found.end()
            whole, rest, _ = found.groups()
            digits = (whole + (rest or "")).replace("_", "")
            return Token("number", float(digits) if rest else int(digits), line, spaced)
        if found := _NAME.match(text, self.at):
            self.at = found.end()
            return Token("name", found.group(), line, spaced)
        if found := _SIGN.match(text, self.at):
            self.at = found.end()
            return Token("sign", found.group(), line, spaced)
        raise GroovySyntaxError(line, f"'{text[self.at]}' does not belong here")

    def quoted(self, quote: str, line: int, spaced: bool) -> Token:
        """Read a text up to its closing quote; variables in it only where Groovy sees them."""
        parts: list[Any] = []
        piece: list[str] = []
        variables = quote not in ("'", "'''")
        while not self.text.startswith(quote, self.at):
            sign = self.text[self.at : self.at + 1]
            if not sign or (sign == "\n" and quote in ("'", '"')):
                raise GroovySyntaxError(line, f"this text has no {quote} at its end")
            if sign == "\\":
                piece.append(self.escape(quote))
            elif sign == "$" and variables and (inner := self.variable()) is not None:
                parts += ["".join(piece), tuple(inner)]
                piece = []
            else:
                piece.append(sign)
                self.line += sign == "\n"
                self.at += 1
        self.at += len(quote)
        if parts:
            return Token("gstring", (*parts, "".join(piece)), line, spaced)
        return Token("text", "".join(piece), line, spaced)

    def variable(self) -> list[Token] | None:
        if self.text.startswith("${", self.at):
            self.at += 2
            return self.until("}")
        found = _PATH.match(self.text, self.at + 1)
        if not found:
            return None
        self.at = found.end()
        tokens: list[Token] = []
        for name in found.group().split("."):
            if tokens:
                tokens.append(Token("sign", ".", self.line))
            tokens.append(Token("name", name, self.line))
        return tokens

    def escape(self, quote: str) -> str:
        sign = self.text[self.at + 1 : self.at + 2]
        if quote == "/":
            self.at += 2 if sign == "/" else 1
            return "/" if sign == "/" else "\\"
        self.at += 2
        if sign == "u":
            digits = self.text[self.at : self.at + 4]
            if not re.fullmatch(r"[0-9a-fA-F]{4}", digits):
                raise GroovySyntaxError(self.line, "\\u must be followed by four hex digits")
            self.at += 4
            return chr(int(digits, 16))
        if sign == "\n":
            self.line += 1
            return ""
        if sign in ("\\", "'", '"', "$"):
            return sign
        if sign in _ESCAPES:
            return _ESCAPES[sign]
        raise GroovySyntaxError(
            self.line, f"'\\{sign}' is no escape in Groovy; write '\\\\{sign}' for a backslash"
        )


def _starts_pattern(before: list[Token]) -> bool:
    """Whether a slash here begins a text such as ``/release-.+/``, and does not divide."""
    last = next((token for token in reversed(before) if token.kind != "newline"), None)
    if last is None:
        return True
    if last.kind == "sign":
        return last.value not in (")", "]", "}")
    return last.kind == "name" and last.value in ("return", "in")
