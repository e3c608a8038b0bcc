"""Answers that never end, or end their process."""

from hostile.record import DOUBLE, Hostile, body

_TIMEOUT, _EXITED, _RAISED = "timeout timeout", "error exited", "error raised"

ANSWERS = {
    "a loop without end": body("while True:\n    pass", _TIMEOUT),
    "a loop without end while it is loaded": Hostile("while True:\n    pass\n", _TIMEOUT),
    "a loop in C": body("sum(itertools.repeat(1))", _TIMEOUT, before="import itertools"),
    "a regular expression without end": body(
        "return re.match(r'(a+)+$', 'a' * 60 + '!')", _TIMEOUT, before="import re"
    ),
    "a power that takes years": body("return len(str(7 ** 10 ** 8))", _TIMEOUT),
    "every signal ignored": body(
        "for number in range(1, 65):\n"
        "    with contextlib.suppress(OSError, ValueError):\n"
        "        signal.signal(number, signal.SIG_IGN)\n"
        "while True:\n"
        "    pass",
        _TIMEOUT,
        before="import contextlib, signal",
    ),
    "every exception caught": body(
        "while True:\n    try:\n        while True:\n            pass\n"
        "    except BaseException:\n        pass",
        _TIMEOUT,
    ),
    "a real sleep": body("select.select([], [], [])", _TIMEOUT, before="import select"),
    "a virtual sleep for ever": body(
        "while True:\n    time.sleep(3600)", _TIMEOUT, before="import time"
    ),
    "a lock taken twice": body(
        "lock = threading.Lock()\nlock.acquire()\nlock.acquire()",
        _TIMEOUT,
        before="import threading",
    ),
    "a process that stops itself": body(
        "os.kill(os.getpid(), signal.SIGSTOP)\nreturn 2 * number",
        _TIMEOUT,
        before="import os, signal",
    ),
    "a destructor that hangs": body(
        "class Hanging:\n    def __del__(self):\n        while True:\n            pass\n"
        "Hanging()\nreturn 2 * number",
        _TIMEOUT,
    ),
    "a future that nobody sets": Hostile(
        "import asyncio\nasync def double(number):\n"
        "    await asyncio.get_running_loop().create_future()\n",
        _TIMEOUT,
    ),
    "an event loop that is blocked": Hostile(
        "async def double(number):\n    while True:\n        pass\n", _TIMEOUT
    ),
    "a task that goes round for ever": Hostile(
        "import asyncio\nasync def double(number):\n"
        "    while True:\n        await asyncio.sleep(1)\n",
        _TIMEOUT,
    ),
    "a task left running": Hostile(
        "import asyncio\n"
        "async def noise():\n    while True:\n        await asyncio.sleep(0.1)\n"
        "async def double(number):\n    asyncio.create_task(noise())\n    return 2 * number\n",
        "passed",
    ),
    "sys.exit": body("sys.exit(0)", _EXITED, before="import sys"),
    "quit while it is loaded": Hostile("raise SystemExit('passed')\n", _EXITED),
    "sys.exit behind an exit handler that hangs": body(
        "atexit.register(lambda: [None for _ in iter(int, 1)])\nsys.exit(0)",
        _EXITED,
        before="import atexit, sys",
    ),
    "os._exit(0)": body("os._exit(0)", _EXITED, before="import os"),
    "os._exit(0) while it is loaded": Hostile("import os\nos._exit(0)\n", _EXITED),
    "os.abort": body("os.abort()", _EXITED, before="import os"),
    "kill -9 of itself": body("os.kill(os.getpid(), 9)", _EXITED, before="import os"),
    "a segmentation fault": body("ctypes.string_at(0)", _EXITED, before="import ctypes"),
    "recursion without end": body("return double(number)", _RAISED),
    "KeyboardInterrupt": body("raise KeyboardInterrupt", _RAISED),
    "GeneratorExit": body("raise GeneratorExit", _RAISED),
    "StopIteration instead of a value": body("raise StopIteration(2 * number)", _RAISED),
    "too many brackets": Hostile("x = " + "(" * 5000 + ")" * 5000 + DOUBLE, _RAISED),
    "an expression that is too deep": Hostile(
        "x = " + "-" * 90_000 + "1\n" + DOUBLE, "error memory"
    ),
    "a null byte in the source": Hostile("x = '\0'\n" + DOUBLE, _RAISED),
    "half of a character in the source": Hostile("x = '\ud800'\n" + DOUBLE, _RAISED),
}
