"""Does ``connected`` end what it opened: the connection, and the changes made on it?"""

from prodev.judge import Finding, Raise, same

# The decorated function has to use the connection where the answer runs. What it gets, and how it
# ends, is the judge's: `handed` and `ended` are its functions.
BOOK = """
from sqlite3 import OperationalError as _Locked, ProgrammingError as _Closed

def judge_told(value):
    return "the connection" if hasattr(value, "execute") else value

def make_book(handed, ended):
    def book(*args, **kwargs):
        connected = bool(args) and hasattr(args[0], "execute")
        handed(*map(judge_told, args), **{key: judge_told(value) for key, value in kwargs.items()})
        if connected:
            args[0].execute("INSERT INTO bookings (guest_id) VALUES (7)")
        return ended()
    return book

def name_of_decorated(function):
    return getattr(function, "__name__", None)

def judge_type_of(value):
    return type(value).__name__

def judge_result_of(value):
    return f"the exception itself, {value!r}" if isinstance(value, BaseException) else value
"""
CONNECTION = "the connection"
LOCKED = ("_Locked", "OperationalError: database is locked")
MISTAKE = ("ValueError", "ValueError: no such room")


class Connection:
    """A connection as those of ``sqlite3``: what is not committed is lost when it closes."""

    def __init__(self, answer, log, failing):
        self.log, self.failing = log, failing
        self.closed, self.changed, self.saved = False, 0, 0
        methods = {"execute": self._execute, "commit": self._commit, "rollback": self._roll_back}
        with_block = {"__enter__": lambda: self.given, "__exit__": self._exit}
        self.given = answer.object("connection", {**methods, "close": self._close, **with_block})

    def _execute(self, sql, parameters=()):  # noqa: ARG002 - as that of sqlite3
        word = sql.strip(" ;\n").split(" ")[0].upper()
        if word in ("COMMIT", "END"):
            return self._commit()
        if word == "ROLLBACK":
            return self._roll_back()
        return self._do("execute", self.changed + (word == "INSERT"), self.saved)

    def _commit(self):
        return self._do("commit", 0, self.saved + self.changed)

    def _roll_back(self):
        return self._do("rollback", 0, self.saved)

    def _close(self):
        self.log.append("close")
        self.closed, self.changed = True, 0

    def _exit(self, kind, error, trace):  # noqa: ARG002 - as those of Python
        done = self._commit() if kind is None else self._roll_back()
        if kind is None and done:
            self._roll_back()
        return done

    def _do(self, what, changed, saved):
        self.log.append(what)
        if self.closed:
            return Raise("_Closed", "Cannot operate on a closed database.")
        if what == self.failing:
            return Raise("_Locked", "database is locked")
        self.changed, self.saved = changed, saved
        return None


class Scene:
    """A decorated function, and what the judge saw of its last call."""

    def __init__(self, answer, *, failing=""):
        self.answer, self.failing = answer, failing
        self.connections, self.log, self.ending = [], [], None
        self.handed = answer.function("handed", lambda *args, **kwargs: None)  # noqa: ARG005
        connect = answer.function("connect", self._connect)
        ended = answer.function("ended", self._end)
        book = answer.call("make_book", self.handed, ended, keep=True)
        self.decorate = answer.call("connected", connect, keep=True)
        self.decorated = None
        if answer.callable(self.decorate):
            self.decorated = answer.call(self.decorate, book, keep=True)

    def _connect(self):
        self.log.append("connect")
        if self.failing == "connect":
            return Raise("_Locked", "database is locked")
        self.connections.append(Connection(self.answer, self.log, self.failing))
        return self.connections[-1].given

    def _end(self):
        raises = isinstance(self.ending, Raise)
        self.log.append("the function raises" if raises else "the function returns")
        return self.ending

    def play(self, ending, *args, **kwargs):
        """Call the decorated function once; it returns the ending, or raises it."""
        self.ending = ending
        self.connections.clear()
        self.log.clear()
        self.handed.calls.clear()
        outcome = self.answer.attempt(self.decorated, *args, keep=True, **kwargs)
        self.error = outcome.error
        self.got = None if self.error else self.answer.call("judge_result_of", outcome.value)
        return self

    def fail(self, name):
        return self.play(Raise(name, "database is locked" if name == "_Locked" else "no such room"))

    @property
    def heard(self):
        """What the caller got, for a person."""
        return str(self.error) if self.error else repr(self.got)

    @property
    def leaks(self):
        return any(not connection.closed for connection in self.connections)

    def found(self, code, **seen):
        return Finding(code, **seen, log=", ".join(self.log))


def check(answer):
    answer.prepare(BOOK)
    for step in (_success, _errors, _failing_end, _failing_start, _second_call, _name):
        if found := step(answer):
            return found
    return None


def _success(answer):
    scene = Scene(answer)
    if "connect" in scene.log:
        return scene.found("opens-when-decorating", calls=0)
    for of, made in (("connected(...)", scene.decorate), ("connected(...)(book)", scene.decorated)):
        if not answer.callable(made):
            return Finding("returns-no-function", of=of, type=answer.call("judge_type_of", made))
    draw = answer.random.randrange
    for args, kwargs in (((), {}), ((draw(100), "Rome"), {"nights": draw(1, 9)})):
        number = draw(1_000, 10_000)
        if found := _works(scene, number, args, kwargs):
            return found
    for nothing in (None, 0, "", []):
        found = _works(scene, nothing)
        if found and found.code == "never-commits":
            return scene.found("commits-for-a-result-only", other=number, returned=repr(nothing))
        if found:
            return found
    return None


def _works(scene, result=1, args=(), kwargs=None):
    """The function returns: what reached it, what the caller gets, what became of its change."""
    scene.play(result, *args, **(kwargs or {}))
    if found := _arguments(scene, args, kwargs or {}):
        return found
    if scene.error:
        if scene.error.name == "ProgrammingError":
            return scene.found("closes-too-early", got=scene.heard)
        raise scene.error
    if not same(scene.got, result):
        return scene.found("loses-the-result", returned=repr(result), got=scene.heard)
    if not sum(connection.saved for connection in scene.connections):
        return scene.found("never-commits", saved=0)
    if scene.leaks:
        return scene.found("never-closes", ending="returned a result")
    return None


def _arguments(scene, args, kwargs):
    wanted = _written((CONNECTION, *args), kwargs)
    for call in scene.handed.calls:
        if not same((call.args, call.kwargs), ((CONNECTION, *args), kwargs)):
            got = _written(call.args, call.kwargs)
            return scene.found("loses-the-arguments", expected=wanted, got=got)
    if not scene.handed.calls:
        if scene.error and (not kwargs or scene.error.name != "TypeError"):
            raise scene.error
        got = f"no call; the caller got {scene.heard}"
        return scene.found("loses-the-arguments", expected=wanted, got=got)
    return None


def _errors(answer):
    """The function raises: an error of the database, then one of its own."""
    rolled_back = False
    for name, error in (LOCKED, MISTAKE):
        scene = Scene(answer).fail(name)
        if found := _heard(scene, error):
            return found
        if scene.leaks:
            return scene.found("M3-leaks-the-connection", error=error)
        if "commit" in scene.log:
            return scene.found("commits-after-an-error", error=error)
        if "rollback" not in scene.log:
            code = "only-database-errors" if rolled_back else "no-rollback"
            return scene.found(code, error=error)
        rolled_back = True
    return None


def _heard(scene, error):
    if scene.error is None:
        return scene.found("M3-swallows-the-error", error=error, got=scene.heard)
    if scene.heard != error:
        return scene.found("raises-another-error", error=error, got=scene.heard)
    return None


def _failing_end(answer):
    """Commit or rollback fails; the connection closes all the same."""
    scene = Scene(answer, failing="commit").play("booked")
    if found := _heard(scene, LOCKED[1]):
        return found
    if scene.leaks:
        return scene.found("leaks-after-a-failed-commit", failed="commit")
    scene = Scene(answer, failing="rollback").fail("ValueError")
    if scene.error is None:
        return scene.found("M3-swallows-the-error", error=MISTAKE[1], got=scene.heard)
    if scene.leaks:
        return scene.found("leaks-after-a-failed-commit", failed="rollback")
    return None


def _failing_start(answer):
    scene = Scene(answer, failing="connect").play("booked")
    if scene.heard != LOCKED[1]:
        return scene.found("trips-over-no-connection", error=LOCKED[1], got=scene.heard)
    return None


def _second_call(answer):
    """The same function again, after a success and after an error."""
    scene = Scene(answer)
    for _ in range(2):
        if found := _works(scene) or _works(scene) or _heard(scene.fail("ValueError"), MISTAKE[1]):
            return found
    return None


def _name(answer):
    name = answer.call("name_of_decorated", Scene(answer).decorated)
    return None if name == "book" else Finding("loses-the-name", expected="book", got=name)


def _written(args, kwargs):
    parts = [*map(repr, args), *(f"{key}={value!r}" for key, value in kwargs.items())]
    return f"book({', '.join(parts)})".replace(repr(CONNECTION), "connection")
