"""Read Groovy's statements from tokens."""

from __future__ import annotations

from prodev.services.jenkins.groovy.expressions import NOT_NAMES, ExpressionReader
from prodev.services.jenkins.groovy.nodes import (
    Annotation,
    Assign,
    Call,
    Declare,
    For,
    Function,
    GroovySyntaxError,
    If,
    Index,
    Leave,
    Literal,
    Loop,
    Name,
    Node,
    Property,
    Return,
    Throw,
    Try,
    While,
)
from prodev.services.jenkins.groovy.tokens import tokens_of

_MODIFIERS = ("def", "final", "static", "private", "public")
_ASSIGN = ("=", "+=", "-=", "*=", "/=", "%=", "**=")
_NOT_READ = {"class", "switch", "interface", "enum", "trait", "assert", "synchronized", "do"}


def read_groovy(text: str) -> tuple[Node, ...]:
    """Return the statements of a Groovy text.

    Raises:
        GroovySyntaxError: it is no Groovy, or Groovy that is not read here; with its line.
    """
    reader = StatementReader(tokens_of(text))
    try:
        return reader.statements("")
    except RecursionError:
        raise GroovySyntaxError(reader.token.line, "the text is nested too deeply") from None


class StatementReader(ExpressionReader):
    """Reads statements, and the expressions in them."""

    def statements(self, end: str) -> tuple[Node, ...]:
        """Read statements up to a closing bracket, or to the end of the text."""
        found: list[Node] = []
        while True:
            while self.token.kind == "newline" or self.sees(";"):
                self.take()
            if self.token.kind == "end" or (end and self.sees(end)):
                return tuple(found)
            found.append(self.statement())
            if not (self.token.kind in ("newline", "end") or self.sees(";", "}")):
                self._surprise()

    def statement(self) -> Node:
        """Read one statement."""
        token = self.token
        if self.sees("@"):
            return self._annotation()
        if token.kind == "name":
            if token.value == "switch" or (
                token.value in _NOT_READ and self.ahead().kind == "name"
            ):
                raise GroovySyntaxError(token.line, f"'{token.value}' is not read here")
            read = getattr(self, f"_read_{token.value}", None)
            if read and not (token.value in ("import", "package") and self.sees_behind("(")):
                node: Node = read()
                return node
            if token.value in _MODIFIERS:
                return self._declaration()
            if self._is_typed():
                self.take()
                self._skip_type_arguments()
                return self._named_declaration()
        return self._expression_statement()

    def block(self) -> tuple[Node, ...]:
        """Read ``{ ... }``, or one statement."""
        self.skip_lines()
        if not self.takes("{"):
            return (self.statement(),)
        body = self.statements("}")
        self.need("}")
        return body

    def _expression_statement(self) -> Node:
        node = self.expression()
        if isinstance(node, Name | Property) and self.starts_argument():
            plain, named = self.arguments("")
            of, name = (None, node.name) if isinstance(node, Name) else (node.of, node.name)
            node = Call(node.line, of, name, tuple(plain), tuple(named))
        if self.sees(*_ASSIGN):
            if not isinstance(node, Name | Property | Index):
                raise GroovySyntaxError(node.line, "only a variable can get a value by '='")
            sign = self.take().value[:-1]
            self.skip_lines()
            return Assign(node.line, node, self._value(), sign)
        return node

    def _value(self) -> Node:
        """Read a value; it may be a step without brackets, such as ``sh script: 'ls'``."""
        node = self.expression()
        if isinstance(node, Name) and self.starts_argument():
            plain, named = self.arguments("")
            return Call(node.line, None, node.name, tuple(plain), tuple(named))
        return node

    def _surprise(self) -> None:
        more = "; begin a new line for it" if self.token.kind == "name" else ""
        raise GroovySyntaxError(self.token.line, f"{self.shown()} does not belong here{more}")

    def _is_typed(self) -> bool:
        """Whether ``String name =`` or ``void name(...) {`` begins here, not a step."""
        first, second = self.token, self.ahead()
        if first.value in NOT_NAMES:
            return False
        if self.sees_behind("<") and str(first.value)[:1].isupper():
            return True
        if second.kind != "name":
            return False
        if self.sees_behind("=", 2):
            return True
        return self.sees_behind("(", 2) and (
            str(first.value)[:1].isupper() or first.value == "void"
        )

    def _skip_type_arguments(self) -> None:
        if not self.sees("<"):
            return
        depth = 0
        while True:
            if self.token.kind in ("newline", "end"):
                self._surprise()
            sign = self.take()
            depth += {"<": 1, ">": -1, ">>": -2}.get(sign.value if sign.kind == "sign" else "", 0)
            if depth <= 0:
                return

    def _declaration(self) -> Node:
        while self.sees(*_MODIFIERS):
            self.take()
        if self.sees("("):
            raise GroovySyntaxError(self.token.line, "several variables at once are not read here")
        if self.ahead().kind == "name" or self.sees_behind("<"):
            self.take()  # the type
            self._skip_type_arguments()
        return self._named_declaration()

    def _named_declaration(self) -> Node:
        name = self.take()
        if name.kind not in ("name", "text"):
            raise GroovySyntaxError(name.line, "here should be the name of a variable")
        if self.sees("("):
            return self._function(str(name.value), name.line)
        value: Node = Literal(name.line, None)
        if self.takes("="):
            self.skip_lines()
            value = self._value()
        return Declare(name.line, str(name.value), value)

    def _function(self, name: str, line: int) -> Node:
        self.need("(")
        names: list[str] = []
        while not self.sees(")"):
            parameter = self.take()
            while self.token.kind == "name" or self.sees("<"):
                self._skip_type_arguments()
                parameter = self.take()
            names.append(str(parameter.value))
            if self.takes("="):
                self.expression()
            if not self.takes(","):
                break
        self.need(")")
        return Function(line, name, tuple(names), self.block())

    def _annotation(self) -> Node:
        line = self.take().line
        name = str(self.take().value)
        if self.takes("("):
            self.arguments(")")
        if name == "Library":
            self.takes("_")
        elif self.token.kind == "name":
            return self.statement()  # what it belongs to
        return Annotation(line, name)

    def _read_import(self) -> Node:
        line = self.take().line
        while self.token.kind not in ("newline", "end"):
            self.take()
        return Annotation(line, "import")

    _read_package = _read_import

    def _read_if(self) -> Node:
        line = self.take().line
        self.need("(")
        test = self.expression()
        self.need(")")
        yes = self.block()
        place = self._at
        while self.token.kind == "newline" or self.sees(";"):
            self.take()
        if self.takes("else"):
            return If(line, test, yes, self.block())
        self._at = place
        return If(line, test, yes, ())

    def _read_for(self) -> Node:
        line = self.take().line
        self.need("(")
        if name := self._loop_variable():
            values = self.expression()
            self.need(")")
            return For(line, name, values, self.block())
        start = None if self.sees(";") else self.statement()
        self.need(";")
        test = Literal(line, True) if self.sees(";") else self.expression()
        self.need(";")
        step = None if self.sees(")") else self.statement()
        self.need(")")
        return Loop(line, start, test, step, self.block())

    def _loop_variable(self) -> str:
        """Go behind ``def name in``; return the name, or nothing where no such words come."""
        place, name = self._at, ""
        while self.token.kind == "name" and not self.sees("in"):
            name = self.take().value
        if name and self.takes("in", ":"):
            return name
        self._at = place
        return ""

    def _read_while(self) -> Node:
        line = self.take().line
        self.need("(")
        test = self.expression()
        self.need(")")
        return While(line, test, self.block())

    def _read_try(self) -> Node:
        line = self.take().line
        body = self.block()
        name = ""
        handler: tuple[Node, ...] = ()
        final: tuple[Node, ...] = ()
        self._before("catch", "finally")
        if self.takes("catch"):
            self.need("(")
            while not self.sees(")"):
                if self.token.kind in ("newline", "end"):
                    self._surprise()
                name = str(self.take().value)
            self.need(")")
            handler = self.block()
            self._before("finally")
        if self.takes("finally"):
            final = self.block()
        return Try(line, body, name, handler, final)

    def _before(self, *words: str) -> None:
        """Go behind line ends if one of these words follows them."""
        place = self._at
        self.skip_lines()
        if not self.sees(*words):
            self._at = place

    def _read_return(self) -> Node:
        line = self.take().line
        if self.token.kind in ("newline", "end") or self.sees(";", "}"):
            return Return(line, Literal(line, None))
        return Return(line, self._value())

    def _read_throw(self) -> Node:
        line = self.take().line
        return Throw(line, self.expression())

    def _read_break(self) -> Node:
        return Leave(self.token.line, self.take().value)

    _read_continue = _read_break
