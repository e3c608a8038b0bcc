"""Answers that misuse what the judge gives to them."""

from hostile.channel import FORGE
from hostile.record import Hostile

_RAISED, _CHANNEL, _TIMEOUT = "error raised", "error channel", "timeout timeout"


def _use(lines: str, verdict: str, before: str = "", word: str = "def") -> Hostile:
    inner = "".join(f"    {line}\n" for line in lines.splitlines())
    return Hostile(
        f"{before}\n{word} use(charge, fetch, rows, connection):\n{inner}", verdict, exercise="use"
    )


def _coroutine(lines: str, verdict: str, before: str = "") -> Hostile:
    return _use(lines, verdict, f"import asyncio\n{before}", "async def")


_ASK = (
    "for frame in (sys._getframe(1), sys._getframe(2), sys._getframe(3)):\n"
    "    peer = frame.f_locals.get('self') or frame.f_locals.get('peer')\n"
    "numbers = sorted(peer.proxies)\n"
)

ANSWERS = {
    "a text where the judge adds numbers": _use("charge('x')", _RAISED),
    "nothing where the judge adds numbers": _use("charge(None)", _RAISED),
    "an object of its own for the judge": _use("charge(object())", _RAISED),
    "a class of its own for the judge": _use("charge(type('Evil', (), {}))", _RAISED),
    "a number without end for the judge": _use("charge(10 ** 1200)", "passed"),
    "infinity for the judge": _use("charge(float('inf'))\nreturn 5", "passed"),
    "a sleep of a billion years": _use("time.sleep(1e300)", _RAISED, "import time"),
    "a sleep of nan": _use("time.sleep(float('nan'))", _RAISED, "import time"),
    "a sleep of a text": _use("time.sleep('1')", _RAISED, "import time"),
    "a sleep of a Decimal": _use(
        "time.sleep(Decimal(1))", _RAISED, "import time\nfrom decimal import Decimal"
    ),
    "a sleep of True": _use("time.sleep(True)", "passed", "import time"),
    "too many arguments": _use("charge(1, 2, 3)", _RAISED),
    "arguments without a name": _use("charge(**{'': 1})", _RAISED),
    "an address that the judge does not know": _coroutine("await fetch('nowhere')", _RAISED),
    "an address that is no address": _coroutine("await fetch([])", _RAISED),
    "a method that is not there": _use("connection.drop()", _RAISED),
    "a method of every object": _use("connection.__class__.__del__(connection)", _RAISED),
    "calls without end": _use("while True:\n    charge(1)", _TIMEOUT),
    "a hundred thousand open calls": _coroutine(
        "await asyncio.gather(*(fetch('a') for _ in range(10**6)))", _TIMEOUT
    ),
    "an argument as long as the frame": _use("charge('x' * (4 << 20))", _RAISED),
    "an argument longer than the frame": _use("charge(*['x' * (4 << 20)] * 3)", _RAISED),
    "an exception that the judge compares": _use(
        "with connection:\n    raise type('E', (Exception,), {'__str__': lambda s: 1 / 0})",
        _RAISED,
    ),
    "a coroutine that takes no time": _use(
        _ASK + "write({'ask': fetch.__closure__[0].cell_contents, 'id': 1, 'arguments': ['a'],"
        " 'named': {'d': []}})",
        _CHANNEL,
        FORGE,
    ),
    "a function that takes time": _use(
        "write({'ask': charge.__closure__[0].cell_contents, 'id': 1, 'arguments': [1],"
        " 'named': {'d': []}, 'later': True})",
        _CHANNEL,
        FORGE,
    ),
    "a method of the judge's own object": _use(
        "write({'ask': 3, 'id': 1, 'method': '__init__', 'arguments': [], 'named': {'d': []}})\n"
        "write({'ask': 4, 'id': 1, 'method': '__init__', 'arguments': [], 'named': {'d': []}})",
        _CHANNEL,
        FORGE,
    ),
    "names that are no texts": _use(
        "number = charge.__closure__[0].cell_contents\n"
        "write({'ask': number, 'id': 1, 'arguments': [1], 'named': {'d': [[1, 1]]}})",
        _CHANNEL,
        FORGE,
    ),
    "arguments that are no list": _use(
        "number = charge.__closure__[0].cell_contents\n"
        "write({'ask': number, 'id': 1, 'arguments': 5, 'named': {'d': []}})",
        _CHANNEL,
        FORGE,
    ),
    "a call of the judge within its own call": _use(
        "charge(1)\nconnection.execute(charge(2))", "passed"
    ),
}
