"""Read Groovy's expressions from tokens."""

from __future__ import annotations

from prodev.services.jenkins.groovy.cursor import Cursor
from prodev.services.jenkins.groovy.nodes import (
    Binary,
    Call,
    Choice,
    Closure,
    GroovySyntaxError,
    GString,
    Index,
    ListNode,
    Literal,
    MapNode,
    Name,
    Node,
    Property,
    Unary,
)
from prodev.services.jenkins.groovy.tokens import Token

_BINARY: tuple[tuple[str, ...], ...] = (
    ("||",),
    ("&&",),
    ("|",),
    ("^",),
    ("&",),
    ("==", "!=", "<=>", "=~", "==~", "===", "!=="),
    ("<", "<=", ">", ">=", "in", "instanceof", "as"),
    ("<<", ">>", "..", "..<"),
    ("+", "-"),
    ("*", "/", "%"),
    ("**",),
)
"""Operators, from the one that binds least."""

_WORDS = {"in", "instanceof", "as"}
_CONSTANTS = {"true": True, "false": False, "null": None}
NOT_NAMES = {"if", "else", "for", "while", "try", "catch", "finally", "return", "def", "switch",
             "class", "import", "throw", "new", "break", "continue", "assert", "case"}  # fmt: skip


class ExpressionReader(Cursor):
    """Reads expressions from a row of tokens."""

    def expression(self) -> Node:
        """Read an expression, with ``a ? b : c`` and ``a ?: b``."""
        test = self._binary(0)
        if self._goes_on("?:"):
            self.take()
            self.skip_lines()
            return Choice(test.line, test, None, self.expression())
        if self._goes_on("?"):
            self.take()
            self.skip_lines()
            yes = self.expression()
            self.skip_lines()
            self.need(":")
            self.skip_lines()
            return Choice(test.line, test, yes, self.expression())
        return test

    def arguments(self, end: str) -> tuple[list[Node], list[tuple[str, Node]]]:
        """Read arguments up to a closing bracket, or to the end of the line where it is empty."""
        plain: list[Node] = []
        named: list[tuple[str, Node]] = []
        while not (end and self.sees(end)):
            first = self.token
            if first.kind in ("name", "text") and self.sees_behind(":"):
                self.take()
                self.take()
                self.skip_lines()
                named.append((str(first.value), self.expression()))
            else:
                plain.append(self.expression())
            if not self.takes(","):
                break
            self.skip_lines()
        if end:
            self.need(end)
        return plain, named

    def starts_argument(self) -> bool:
        """Whether the next token can be the first argument of a step without brackets."""
        token = self.token
        if token.kind in ("text", "gstring", "number"):
            return True
        if token.kind == "name":
            return token.value not in _WORDS and token.value not in NOT_NAMES - {"new"}
        return token.value == "[" and token.spaced and self.ahead().kind != "number"

    def closure(self) -> Closure:
        """Read ``{ a, b -> ... }``."""
        line = self.need("{").line
        parameters = self._closure_parameters()
        body = self.statements("}")
        self.need("}")
        return Closure(line, parameters, body)

    def statements(self, end: str) -> tuple[Node, ...]:
        """Read statements up to a closing bracket; a child does it."""
        raise NotImplementedError

    def _goes_on(self, *signs: str) -> bool:
        """Whether an operator comes next; some may also begin the next line."""
        if self.token.kind != "newline":
            return self.sees(*signs)
        place = self._at
        self.skip_lines()
        if self.sees(*signs) and self.token.value in (".", "?.", "?", "?:", "&&", "||"):
            return True
        self._at = place
        return False

    def _binary(self, level: int) -> Node:
        if level == len(_BINARY):
            return self._unary()
        left = self._binary(level + 1)
        while self._goes_on(*_BINARY[level]):
            sign = self.take().value
            self.skip_lines()
            left = Binary(left.line, sign, left, self._binary(level + 1))
        return left

    def _unary(self) -> Node:
        token = self.token
        if self.takes("!", "-", "+", "++", "--"):
            return Unary(token.line, token.value, self._unary())
        return self._postfix(self._primary())

    def _postfix(self, node: Node) -> Node:
        while True:
            token = self.token
            if self._goes_on(".", "?."):
                safe = self.take().value == "?."
                name = self.take()
                if name.kind not in ("name", "text"):
                    raise GroovySyntaxError(name.line, "a name should follow the point")
                node = Property(node.line, node, str(name.value), safe)
            elif self.sees("(") and isinstance(node, Name | Property | Call):
                self.take()
                plain, named = self.arguments(")")
                node = _called(node, plain, named)
            elif self.sees("[") and not (token.spaced and isinstance(node, Call)):
                self.take()
                key = self.expression()
                self.need("]")
                node = Index(node.line, node, key)
            elif self.sees("{") and isinstance(node, Name | Property | Call):
                if isinstance(node, Call):
                    closure = self.closure()
                    node = Call(node.line, node.of, node.name, (*node.arguments, closure),
                                node.named, node.safe)  # fmt: skip
                else:
                    node = _called(node, [self.closure()], [])
            elif self.sees("++", "--"):
                sign = self.take().value
                node = Unary(node.line, f"post{sign}", node)
            else:
                return node

    def _primary(self) -> Node:
        token = self.take()
        if token.kind in ("text", "number"):
            return Literal(token.line, token.value)
        if token.kind == "gstring":
            return GString(token.line, tuple(self._part(part) for part in token.value))
        if token.kind == "name":
            return self._word(token)
        if token.value == "(":
            node = self.expression()
            self.need(")")
            return node
        if token.value == "[":
            return self._list_or_map(token.line)
        if token.value == "{":
            self._at -= 1
            return self.closure()
        self._at -= token.kind != "end"
        raise GroovySyntaxError(token.line, f"a value should be here, not {self.shown()}")

    def _word(self, token: Token) -> Node:
        if token.value in _CONSTANTS:
            return Literal(token.line, _CONSTANTS[token.value])
        if token.value == "new":
            kind = self.take()
            while self.takes("."):
                kind = self.take()
            self.need("(")
            plain, named = self.arguments(")")
            return Call(token.line, None, f"new {kind.value}", tuple(plain), tuple(named))
        if token.value in NOT_NAMES:
            raise GroovySyntaxError(token.line, f"'{token.value}' is not read in this place")
        return Name(token.line, token.value)

    def _part(self, part: str | tuple[Token, ...]) -> str | Node:
        if isinstance(part, str):
            return part
        line = part[0].line if part else self.token.line
        if all(token.kind == "newline" for token in part):
            raise GroovySyntaxError(line, "there is nothing in '${}'")
        reader = type(self)([*part, Token("end", "", line)])
        reader.skip_lines()
        node = reader.expression()
        reader.skip_lines()
        if reader.token.kind != "end":
            raise GroovySyntaxError(line, f"{reader.shown()} does not belong into '${{...}}'")
        return node

    def _list_or_map(self, line: int) -> Node:
        if self.takes(":"):
            self.need("]")
            return MapNode(line, ())
        items: list[Node] = []
        pairs: list[tuple[Node, Node]] = []
        while not self.sees("]"):
            key = self.token
            if key.kind == "name" and self.sees_behind(":"):
                self.take()
                node: Node = Literal(key.line, key.value)
            else:
                node = self.expression()
            if self.takes(":"):
                pairs.append((node, self.expression()))
            else:
                items.append(node)
            if not self.takes(","):
                break
        self.need("]")
        if items and pairs:
            raise GroovySyntaxError(line, "a list and a map cannot be mixed")
        return MapNode(line, tuple(pairs)) if pairs else ListNode(line, tuple(items))

    def _closure_parameters(self) -> tuple[str, ...] | None:
        place = self._at
        self.skip_lines()
        names: list[str] = []
        while self.token.kind == "name":
            name = self.take().value
            if self.token.kind == "name":  # a type, then the name
                name = self.take().value
            names.append(name)
            if not self.takes(","):
                break
            self.skip_lines()
        if self.takes("->"):
            return tuple(names)
        self._at = place
        return None


def _called(node: Node, plain: list[Node], named: list[tuple[str, Node]]) -> Call:
    if isinstance(node, Name):
        return Call(node.line, None, node.name, tuple(plain), tuple(named))
    if isinstance(node, Property):
        return Call(node.line, node.of, node.name, tuple(plain), tuple(named), node.safe)
    return Call(node.line, node, "call", tuple(plain), tuple(named))
