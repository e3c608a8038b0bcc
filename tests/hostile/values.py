"""Answers that return, raise or yield what no check expects."""

from hostile.record import Hostile, body

_WRONG, _IMPURE, _RAISED, _TIMEOUT = (
    "failed wrong-value",
    "error not-plain",
    "error raised",
    "timeout timeout",
)


def _returns(value: str, verdict: str, before: str = "") -> Hostile:
    return body(f"return {value}", verdict, before=before)


def _yields(source: str, verdict: str) -> Hostile:
    return Hostile(source, verdict, exercise="numbers")


_LIAR = """
class Meta(type):
    def __eq__(cls, other): return True
    def __hash__(cls): return hash(int)
    def __instancecheck__(cls, other): return True
    __name__ = property(lambda cls: 1 / 0)
class Liar(metaclass=Meta):
    __class__ = property(lambda self: int)
    def __eq__(self, other): return True
    def __hash__(self): return 0
    def __index__(self): return 1
    def __int__(self): return 1
"""
_RUDE = """
class Rude:
    def hang(self, *_):
        while True: pass
    def fail(self, *_): raise SystemExit("passed")
    __repr__ = __str__ = __len__ = __iter__ = __bool__ = fail
    __eq__ = __hash__ = __getattribute__ = hang
"""

ANSWERS = {
    "an object equal to everything": _returns("Liar()", _IMPURE, _LIAR),
    "a class equal to everything": _returns("Liar", _IMPURE, _LIAR),
    "a dict of such objects": _returns("{Liar(): Liar()}", _IMPURE, _LIAR),
    "an object that hangs when it is looked at": _returns("Rude()", _TIMEOUT, _RUDE),
    "a list of such objects": _returns("[1, [Rude()]]", _IMPURE, _RUDE),
    "an int of another class": body(
        "class Int(int):\n    def __eq__(self, _): return True\nreturn Int()", _IMPURE
    ),
    "a str of another class": body(
        "class Str(str):\n    def __eq__(self, _): return True\nreturn Str()", _IMPURE
    ),
    "a dict of another class": body(
        "class Dict(dict):\n    def items(self): return iter(int, 1)\nreturn Dict()", _IMPURE
    ),
    "a float for an int": _returns("2.0 * number", _WRONG),
    "True for 1": _returns("True", _WRONG),
    "nan": _returns("float('nan')", _WRONG),
    "a Decimal that raises when it is compared": _returns(
        "decimal.Decimal('sNaN')", _IMPURE, "import decimal"
    ),
    "a Decimal without measure": _returns(
        "decimal.Decimal('1E+999999999')", _WRONG, "import decimal"
    ),
    "an int of a million digits": _returns("10 ** 1_000_000", _IMPURE),
    "an int of a thousand digits": _returns("10 ** 1_000", _WRONG),
    "a hundred thousand keys that collide": _returns(
        "{n * (2**61 - 1): 0 for n in range(1, 1001)} | dict.fromkeys(range(10**5))", _IMPURE
    ),
    "many sets of keys that collide": _returns(
        "[{n * (2**61 - 1) for n in range(1, 801)} for _ in range(100)]", _IMPURE
    ),
    "a list that holds itself": body("rows = []\nrows.append(rows)\nreturn rows", _IMPURE),
    "a list ten thousand deep": body(
        "rows = []\nfor _ in range(10_000):\n    rows = [rows]\nreturn rows", _IMPURE
    ),
    "a list of a million": _returns("[0] * 10**6", _IMPURE),
    "a list of two hundred thousand": _returns("[0] * 199_000", _WRONG),
    "a generator": Hostile("def double(number):\n    yield 1\n", _IMPURE),
    "itself": _returns("double", _IMPURE),
    "its module": _returns("__import__('answer')", _IMPURE),
    "half of a character": _returns("'\\ud800'", _IMPURE),
    "a time zone that hangs": _returns(
        "datetime.datetime(2026, 1, 1, tzinfo=Zone())",
        _TIMEOUT,
        "import datetime\nclass Zone(datetime.tzinfo):\n    def utcoffset(self, _):\n"
        "        while True: pass\n",
    ),
    "an exception whose text hangs": body(
        "class Hanging(Exception):\n    def __str__(self):\n        while True: pass\n"
        "raise Hanging",
        _TIMEOUT,
    ),
    "an exception whose text raises": body(
        "class Failing(Exception):\n    def __str__(self): raise SystemExit\nraise Failing",
        _RAISED,
    ),
    "an exception whose text is no text": body(
        "class Failing(Exception):\n    def __str__(self): return 5\nraise Failing", _RAISED
    ),
    "an exception whose type lies": body(
        "class Lying(Exception, metaclass=Meta): pass\nraise Lying", "error exited", before=_LIAR
    ),
    "an exception with half of a character": body("raise ValueError('\\ud800 \\udcff')", _RAISED),
    "an exception without an end": body(
        "class Long(Exception):\n    @property\n    def __traceback__(self): return self\n"
        "    tb_frame = tb_lineno = property(lambda self: self)\n"
        "    tb_next = f_code = co_filename = co_name = property(lambda self: self)\n"
        "raise Long",
        _RAISED,
    ),
    "an exception of a thousand others": body(
        "error = ValueError(0)\nfor _ in range(5000):\n"
        "    error = ExceptionGroup('g', [error])\nraise error",
        _RAISED,
    ),
    "a SyntaxError on a line of its own": body(
        "raise SyntaxError('x', ('<answer>', 10**30, 1, 'text'))", _RAISED
    ),
    "a SyntaxError on no line": body(
        "raise SyntaxError('x', ('<answer>', 'many', 1, 'text'))", _RAISED
    ),
    "an exception that claims to be the judge's": body(
        "from prodev.judge.wire import NotPlain\nraise NotPlain('nothing at all')", _IMPURE
    ),
    "a function that is none": Hostile("double = 5\n", _RAISED),
    "a function that is not there": Hostile("def other(): pass\n", _RAISED),
    "a function that is called as it is looked up": Hostile(
        "class Names(dict):\n    pass\ndouble = property(lambda self: 1)\n", _RAISED
    ),
    "a generator that never ends": _yields(
        "def numbers():\n    n = 0\n    while True:\n        yield n\n        n += 1\n", "passed"
    ),
    "an iterator that hangs": _yields(
        "class numbers:\n    def __iter__(self): return self\n    def __next__(self):\n"
        "        while True: pass\n",
        _TIMEOUT,
    ),
    "an iterator that hangs when it is closed": _yields(
        "def numbers():\n    try:\n        yield from range(10)\n    finally:\n"
        "        while True: pass\n",
        _TIMEOUT,
    ),
    "a generator that goes on when it is closed": _yields(
        "def numbers():\n    n = 0\n    while True:\n        try:\n            yield n\n"
        "        except GeneratorExit:\n            pass\n        n += 1\n",
        _RAISED,
    ),
    "an iterator that is none": _yields("def numbers():\n    return 5\n", _RAISED),
    "an iterator that ends before it begins": _yields(
        "def numbers():\n    return iter(())\n", _WRONG
    ),
    "an __iter__ that gives something else": _yields(
        "class numbers:\n    def __iter__(self): return 5\n", _RAISED
    ),
    "a value where the judge expects an iterator": _yields(
        "from prodev.judge.box.peer import Peer\nPeer.keep = lambda self, _: 5\n"
        "def numbers():\n    yield 1\n",
        "error channel",
    ),
    "a handle that is a list": _yields(
        "from prodev.judge.box.peer import Peer\nPeer.keep = lambda self, _: [{'h': 1}]\n"
        "def numbers():\n    yield 1\n",
        "error channel",
    ),
}
