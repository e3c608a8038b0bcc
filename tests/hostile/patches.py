"""Answers that rewrite Python, the standard library or the judge's own files in their process."""

from hostile.record import DOUBLE, Hostile

_PASSED, _EXITED, _WRONG = "passed", "error exited", "failed wrong-value"


def _patch(source: str, verdict: str) -> Hostile:
    return Hostile(source + DOUBLE, verdict)


ANSWERS = {
    "a len that lies": _patch("import builtins\nbuiltins.len = lambda _: 0\n", "error channel"),
    "an isinstance that lies": _patch(
        "import builtins\nbuiltins.isinstance = lambda *_: True\n", _EXITED
    ),
    "a type that lies": _patch("import builtins\nbuiltins.type = lambda *_: int\n", _EXITED),
    "a print that raises": _patch("import builtins\nbuiltins.print = None\n", _PASSED),
    "an __import__ that raises": _patch(
        "import builtins\nbuiltins.__import__ = None\n", "error raised"
    ),
    "no builtins at all": _patch("import builtins\nvars(builtins).clear()\n", _EXITED),
    "a json that writes another answer": _patch(
        "import json\ndumps = json.dumps\n"
        "json.dumps = lambda message, **o: dumps({**message, 'ok': 'cheat'}, **o)\n",
        _WRONG,
    ),
    "a json that raises": _patch("import json\njson.dumps = json.loads = None\n", _EXITED),
    "a socket that raises": _patch("import socket\nsocket.socket.sendall = None\n", _EXITED),
    "a Peer.send that does nothing": _patch(
        "from prodev.judge.box.peer import Peer\nPeer.send = lambda *_: None\n", "timeout timeout"
    ),
    "a Peer.send that says what passes": _patch(
        "from prodev.judge.box.peer import Peer\nsend = Peer.send\n"
        "Peer.send = lambda self, m: send(self, {**m, 'ok': None, 'status': 'passed'})\n",
        _WRONG,
    ),
    "an encode that lies": _patch(
        "from prodev.judge.box import peer\npeer.encode = lambda *_: 'cheat'\n", _WRONG
    ),
    "a same that is always true": _patch(
        "from prodev.judge import wire\nwire.same = lambda *_: True\n"
        "double = None\ndef hidden(number):\n    return 0\n",
        _PASSED,
    ),
    "a finding of its own": Hostile(
        "from prodev.judge.finding import Finding\n"
        "def double(number):\n    return Finding('passed')\n",
        "error raised",
    ),
    "no modules at all": _patch("import sys\nsys.modules.clear()\n", "error raised"),
    "an import hook": _patch(
        "import sys\nclass Hook:\n    def find_spec(self, *_):\n        raise SystemExit\n"
        "sys.meta_path.insert(0, Hook())\n",
        _PASSED,
    ),
    "a trace of the judge's own lines": _patch(
        "import sys\ndef trace(frame, event, _):\n    if frame.f_code.co_name == 'send':\n"
        "        raise ZeroDivisionError\nsys.setprofile(trace)\n",
        _EXITED,
    ),
    "a signal handler that raises in the judge's own lines": _patch(
        "import signal, os\nfrom prodev.judge.box.peer import Peer\nsend = Peer.send\n"
        "def handler(*_):\n    raise ZeroDivisionError\n"
        "signal.signal(signal.SIGUSR1, handler)\n"
        "Peer.send = lambda *a: (os.kill(os.getpid(), signal.SIGUSR1), send(*a))\n",
        _EXITED,
    ),
    "a module that is not there any more": _patch(
        "import sys\ndel sys.modules['answer']\nglobals()['__builtins__'] = None\n", _PASSED
    ),
    "a recursion limit of almost nothing": _patch(
        "import sys\nsys.setrecursionlimit(20)\n", _PASSED
    ),
    "an excepthook and an audit hook": _patch(
        "import sys\nsys.excepthook = None\n"
        "def audit(event, _):\n    if event.startswith('import'):\n        raise SystemExit\n"
        "sys.addaudithook(audit)\n",
        _PASSED,
    ),
    "a clock that is taken apart": _patch(
        "import time\nfor name in list(vars(time)):\n    setattr(time, name, None)\n", _PASSED
    ),
    "a garbage collector with a grudge": _patch(
        "import gc\ndef angry(*_):\n    raise SystemExit\ngc.callbacks.append(angry)\n"
        "gc.collect()\ngc.set_threshold(1)\n",
        _PASSED,
    ),
}
