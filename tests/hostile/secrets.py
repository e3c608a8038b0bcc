"""Answers that look for the solution, the check and the hidden cases."""

from hostile.record import DOUBLE, TRIED, Hostile, attempts

# The marker is put together, or the answer would find it in its own source.
_FIND = """
import gc, os, sys
mark = "".join(["SEC", "RET"])
def look(name, text):
    if mark in text and text != mark:
        print("LEAK", name, text[:300])
"""

ANSWERS = {
    "the exercise's files by their path": attempts(
        *(
            f"open('@EXERCISE@/{file}').read()"
            for file in ("solution.py", "check.py", "wrong/wrong-value.py", "exercise.toml")
        ),
        "os.listdir('@EXERCISE@')",
        "os.listdir('@DATA@')",
        "list(os.scandir('@DATA@'))",
        "os.open('@EXERCISE@/solution.py', os.O_RDWR)",
        before="import os",
    ),
    "the course's own files": attempts(
        "os.listdir('@COURSE@')",
        "os.listdir('@PACKAGE@')",
        "open('@COURSE@/modules.toml').read()",
        "open('@PACKAGE@/prodev/judge/referee.py').read()",
        "importlib.resources.files('prodev').joinpath('judge/referee.py').read_text()",
        before="import os, importlib.resources",
    ),
    "the modules of the judge's side": attempts(
        "importlib.import_module('prodev.judge.referee')",
        "importlib.import_module('prodev.catalog.exercises')",
        "importlib.import_module('prodev.judge.client')",
        before="import importlib",
    ),
    "every file below the root": Hostile(
        _FIND + "for folder, _, files in os.walk('/'):\n    for file in files:\n"
        "        if file in ('solution.py', 'check.py'):\n"
        "            print('LEAK', folder, file)\n" + DOUBLE,
        "passed",
    ),
    "every object in memory": Hostile(
        _FIND + "def double(number):\n    for thing in gc.get_objects():\n"
        "        if type(thing) in (dict, list, tuple):\n"
        "            for part in thing.values() if type(thing) is dict else thing:\n"
        "                if type(part) is str:\n                    look('object', part)\n"
        "    return 2 * number\n",
        "passed",
    ),
    "every frame and every module": Hostile(
        _FIND + "def double(number):\n    frame = sys._getframe()\n    while frame:\n"
        "        for name, value in frame.f_locals.items():\n"
        "            if name not in ('frame', 'source') and not name.startswith('_'):\n"
        "                look('frame ' + name, repr(value)[:100_000])\n"
        "        frame = frame.f_back\n"
        "    for module in list(sys.modules):\n"
        "        if module.startswith(('prodev.catalog', 'prodev.judge.referee')):\n"
        "            print('LEAK', module)\n"
        "    return 2 * number\n",
        "passed",
    ),
    "its own memory": Hostile(
        _FIND + TRIED + "def double(number):\n"
        "    tried('maps', lambda: open('/proc/self/maps').read())\n"
        "    tried('mem', lambda: open('/proc/self/mem', 'rb'))\n"
        "    tried('fd', lambda: os.listdir('/proc/self/fd'))\n"
        "    return 2 * number\n",
        "passed",
    ),
    "the environment and the command line": Hostile(
        _FIND + "look('environment', repr(os.environ))\nlook('arguments', repr(sys.argv))\n"
        "if set(os.environ) - {'PATH', 'HOME', 'TMPDIR', 'LANG', 'LC_CTYPE'}:\n"
        "    print('LEAK', sorted(os.environ))\n"
        "if sys.argv != ['answer']:\n    print('LEAK', sys.argv)\n"
        "import ctypes\n"
        "place = ctypes.c_void_p.in_dll(ctypes.CDLL(None), 'environ')\n"
        "words = ctypes.cast(place, ctypes.POINTER(ctypes.c_char_p))\n"
        "for number in range(100):\n"
        "    if words[number] is None:\n        break\n"
        "    look('environ', words[number].decode())\n" + DOUBLE,
        "passed",
    ),
    "what other answers left": attempts(
        "[name for name in os.listdir(os.path.dirname(os.environ['HOME']))]",
        "os.listdir('/tmp')",
        "os.listdir(os.path.expanduser('~root'))",
        "open('/etc/passwd').read()",
        "open('/etc/shadow').read()",
        before="import os",
    ),
    "the judge's memory": attempts(
        *(
            f"open('/proc/@JUDGE@/{file}', 'rb').read(10)"
            for file in ("mem", "environ", "cmdline", "maps", "stack", "auxv", "status")
        ),
        "os.listdir('/proc/@JUDGE@/fd')",
        "os.listdir('/proc/@JUDGE@/cwd/')",
        "open('/proc/@ASKER@/environ', 'rb').read(10)",
        "open('/proc/%d/environ' % os.getppid(), 'rb').read(10)",
        before="import os",
    ),
}
