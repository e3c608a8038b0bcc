"""What the client asked, and how far the server's answer has come.

One command is answered before the next one is passed on, so there is at most one. This costs
nothing to a client that waits for its answers, and it leaves no doubt what is a command and what is
a file that the client sends.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from enum import Enum, auto

from pymysql.constants import COMMAND, SERVER_STATUS

from prodev.services.proxy.hub import Hub
from prodev.services.proxy.mysql.packets import Reader
from prodev.services.proxy.mysql.parameters import Types, read_execute
from prodev.services.proxy.refused import RefusedError
from prodev.services.proxy.statement import Connection, Kind, Parameters, Statement

_MOST_PREPARED = 64_000_000  # bytes of text and values of one connection
_LATEST = 0xFFFFFFFF  # MariaDB's name for the statement that was prepared last
_BULK = 0xFA  # MariaDB: one statement with many rows of values
_RESET_CONNECTION = 0x1F


class Stage(Enum):
    """What the server's next packet is."""

    NOTHING = auto()
    """No answer is awaited."""
    RESULT = auto()
    """The first packet of a result."""
    COLUMNS = auto()
    ROWS = auto()
    PREPARED = auto()
    """The first packet after a prepare command."""
    COUNTED = auto()
    """One of a known number of packets."""


_ANSWERS = {
    COMMAND.COM_QUIT: Stage.NOTHING,
    COMMAND.COM_INIT_DB: Stage.RESULT,
    COMMAND.COM_QUERY: Stage.RESULT,
    COMMAND.COM_FIELD_LIST: Stage.ROWS,
    COMMAND.COM_CREATE_DB: Stage.RESULT,
    COMMAND.COM_DROP_DB: Stage.RESULT,
    COMMAND.COM_REFRESH: Stage.RESULT,
    COMMAND.COM_SHUTDOWN: Stage.RESULT,
    COMMAND.COM_STATISTICS: Stage.COUNTED,
    COMMAND.COM_PROCESS_INFO: Stage.RESULT,
    COMMAND.COM_PROCESS_KILL: Stage.RESULT,
    COMMAND.COM_DEBUG: Stage.RESULT,
    COMMAND.COM_PING: Stage.RESULT,
    COMMAND.COM_STMT_PREPARE: Stage.PREPARED,
    COMMAND.COM_STMT_EXECUTE: Stage.RESULT,
    COMMAND.COM_STMT_SEND_LONG_DATA: Stage.NOTHING,
    COMMAND.COM_STMT_CLOSE: Stage.NOTHING,
    COMMAND.COM_STMT_RESET: Stage.RESULT,
    COMMAND.COM_SET_OPTION: Stage.RESULT,
    COMMAND.COM_STMT_FETCH: Stage.ROWS,
    _RESET_CONNECTION: Stage.RESULT,
    _BULK: Stage.RESULT,
}


@dataclass
class Prepared:
    """A statement that the client has prepared."""

    sql: str
    size: int
    parameters: int
    types: Types = ()
    apart: dict[int, bytearray] = field(default_factory=dict)
    """Values by their place that came in packets of their own, for the next run."""


_UNKNOWN = Prepared("", 0, 0)


class Books:
    """The statements of one connection."""

    def __init__(self, hub: Hub, connection: Connection) -> None:
        """Take where statements are written down, and whose they are."""
        self._hub, self._connection = hub, connection
        self._prepared: dict[int, Prepared] = {}
        self._latest = 0
        self._size = 0  # bytes of what is prepared
        self._preparing = Prepared("", 0, 0)
        self._statement: Statement | None = None
        self._left = 0  # columns or packets to come
        self.stage = Stage.NOTHING
        self.untouched = False
        """The answer has not begun."""
        self.file = False
        """The client is asked for a file: what it sends is no command until an empty packet."""
        self.leaving = self.fatal = False

    @property
    def busy(self) -> bool:
        """Whether an answer is awaited."""
        return self.stage is not Stage.NOTHING

    def command(self, body: bytes) -> None:
        """Note what the client asks.

        Raises:
            RefusedError: it is not passed on.
        """
        code = body[0] if body else -1
        stage = _ANSWERS.get(code)
        if stage is None:
            raise RefusedError(
                "not supported", f"This proxy does not pass the command {code:#x} on."
            )
        self._statement = None
        self.leaving = code == COMMAND.COM_QUIT
        if code == COMMAND.COM_QUERY:
            self._statement = self._sent("query", _text(body[1:]), len(body))
        elif code == COMMAND.COM_STMT_PREPARE:
            self._preparing = Prepared(_text(body[1:]), len(body), 0)
            self._remember(len(body))
        elif code in (COMMAND.COM_STMT_EXECUTE, _BULK):
            self._execute(code, body)
        elif code == COMMAND.COM_STMT_FETCH:
            prepared = self._named(body)
            self._statement = self._sent("fetch", prepared.sql, len(prepared.sql))
        elif code == COMMAND.COM_STMT_SEND_LONG_DATA and len(body) >= 7:
            if known := self._prepared.get(self._number(body)):
                (place,) = struct.unpack_from("<H", body, 5)
                known.apart.setdefault(place, bytearray()).extend(body[7:])
                self._remember(len(body) - 7)
        elif code == COMMAND.COM_STMT_CLOSE:
            self._forget_apart(self._named(body))
            self._remember(-self._prepared.pop(self._number(body), _UNKNOWN).size)
        elif code == COMMAND.COM_STMT_RESET:
            self._forget_apart(self._named(body))
        elif code == _RESET_CONNECTION:
            self._prepared.clear()
            self._size = 0
        self.stage, self.untouched = stage, stage is not Stage.NOTHING
        self._left = 1

    def answer(self, body: bytes) -> None:
        """Take a whole packet of the server; rows do not come here."""
        self.untouched = False
        first, stage = body[:1], self.stage
        if first == b"\xff":
            self._failed(body)
        elif stage is Stage.RESULT:
            self._result(first, body)
        elif stage is Stage.COLUMNS:
            self._left -= 1
            if self._left < 0:  # the packet that ends the columns
                cursor = _status(body) & SERVER_STATUS.SERVER_STATUS_CURSOR_EXISTS
                self.stage = Stage.ROWS
                if cursor:
                    self._done(0)
        elif stage is Stage.ROWS:
            self._done(_status(body))
        elif stage is Stage.PREPARED:
            self._is_prepared(body)
        elif stage is Stage.COUNTED:
            self._left -= 1
            if self._left <= 0:
                self._done(0)

    def add_rows(self, number: int) -> None:
        """Note rows of the answer."""
        self.untouched = False
        if self._statement and number:
            self._statement.add_rows(number)

    def lost(self) -> None:
        """The connection is gone."""
        if self._statement and self.busy:
            self._statement.finish("lost")
        self.stage = Stage.NOTHING

    def _result(self, first: bytes, body: bytes) -> None:
        if first == b"\0":
            read = Reader(body, 1)
            changed = read.number()
            read.number()
            if self._statement:
                self._statement.add_rows(changed)
            self._done(read.unpack("<H"))
        elif first == b"\xfb":
            self.file = True
        elif first == b"\xfe" and len(body) < 9:
            self._done(_status(body))
        else:
            self._left = Reader(body).number()
            self.stage = Stage.COLUMNS

    def _is_prepared(self, body: bytes) -> None:
        number, columns, parameters = struct.unpack_from("<IHH", body, 1)
        self._latest = number
        self._preparing.parameters = parameters
        self._prepared[number] = self._preparing
        self._left = sum(group + 1 for group in (columns, parameters) if group)
        self.stage = Stage.COUNTED
        if not self._left:
            self._done(0)

    def _done(self, status: int) -> None:
        """An answer is complete; another one may follow for the same command."""
        if status & SERVER_STATUS.SERVER_MORE_RESULTS_EXISTS:
            self.stage = Stage.RESULT
            return
        self.stage, self.file = Stage.NOTHING, False
        if self._statement:
            self._statement.finish("done")
            self._statement = None

    def _failed(self, body: bytes) -> None:
        (number,) = struct.unpack_from("<H", body, 1)
        words = body[9:] if body[3:4] == b"#" else body[3:]
        if self.stage is Stage.NOTHING:  # the server closes the connection, and says why
            self.fatal = True
            return
        if self.stage is Stage.PREPARED:
            sql, size = self._preparing.sql, self._preparing.size
            self._remember(-size)
            self._statement = self._sent("prepare", sql, size)
        if self._statement:
            self._statement.fail(str(number), _text(words))
        self._done(0)

    def _execute(self, code: int, body: bytes) -> None:
        prepared = self._named(body)
        values: Parameters | None = None
        if code == COMMAND.COM_STMT_EXECUTE:
            values, prepared.types = read_execute(
                body, prepared.parameters, prepared.types, prepared.apart
            )
        size = prepared.size + len(body) + sum(map(len, prepared.apart.values()))
        self._forget_apart(prepared)
        self._statement = self._sent("execute", prepared.sql, size, values)

    def _number(self, body: bytes) -> int:
        number = int(struct.unpack_from("<I", body, 1)[0]) if len(body) >= 5 else 0
        return self._latest if number == _LATEST else number

    def _named(self, body: bytes) -> Prepared:
        """Return the statement that a command means; an empty one where there is none."""
        return self._prepared.get(self._number(body)) or Prepared("", 0, 0)

    def _forget_apart(self, prepared: Prepared) -> None:
        self._remember(-sum(map(len, prepared.apart.values())))
        prepared.apart.clear()

    def _remember(self, size: int) -> None:
        self._size += size
        if self._size > _MOST_PREPARED:
            raise RefusedError("too long", "This connection prepared more than the proxy keeps.")

    def _sent(self, kind: Kind, sql: str, size: int, values: Parameters | None = None) -> Statement:
        return self._hub.sent(self._connection, kind, sql, values, size=size)


def _status(body: bytes) -> int:
    """Return the status of the packet that ends columns or rows."""
    return int(struct.unpack_from("<H", body, 3)[0]) if len(body) >= 5 else 0


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")
