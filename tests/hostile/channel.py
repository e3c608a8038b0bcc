"""Answers that write into the judge's channel, flood it, or break it."""

from hostile.record import DOUBLE, Hostile, body

_CHANNEL, _EXITED, _TIMEOUT, _OUTPUT = (
    "error channel",
    "error exited",
    "timeout timeout",
    "error output",
)

FORGE = """
import json, os, socket, struct, sys, time

def write(frame):
    body = frame if type(frame) is bytes else json.dumps(frame).encode()
    os.write(3, struct.pack("!I", len(body)) + body)

def current():
    frame = sys._getframe()
    while frame.f_code.co_name != "serve":
        frame = frame.f_back
    return frame.f_locals["message"]["id"]
"""


def forged(*frames: str, verdict: str = _CHANNEL) -> Hostile:
    """An answer that sends frames, then goes on as if nothing were."""
    lines = "\n".join(f"write({frame})" for frame in frames)
    return body(f"{lines}\nreturn 2 * number", verdict, before=FORGE)


def said(held: str, verdict: str) -> Hostile:
    """An answer that sends this instead of its own result."""
    lines = f"write(b'{{\"id\": %d, {held}}}' % current())\nwhile True:\n    os.read(3, 1)"
    return body(lines, verdict, before=FORGE)


_FRAMES = {
    "a list": "[]",
    "a number": "1",
    "no JSON": "b'{'",
    "no text": "bytes(range(256))",
    "NaN": "b'{\"id\": NaN}'",
    "a number of too many digits": "b'{\"id\": ' + b'9' * 5000 + b'}'",
    "JSON a million deep": "b'[' * 1_000_000",
    "JSON that is deep and whole": "b'{\"sleep\": 1, \"id\": ' + b'[' * 900 + b']' * 900 + b'}'",
    "an empty frame": "b''",
    "no question": "{}",
    "a question to nobody": '{"ask": 999, "id": 1, "arguments": [], "named": {"d": []}}',
    "a question to a list": '{"ask": [1], "id": 1, "arguments": [], "named": {"d": []}}',
    "a question to a dict": '{"ask": {}, "id": 1, "arguments": [], "named": {"d": []}}',
    "a question without arguments": '{"ask": 1, "id": 1}',
    "a question without a number": '{"ask": 1, "arguments": [], "named": {"d": []}}',
    "an idle text": '{"idle": "x", "id": 1}',
    "an idle list": '{"idle": [], "id": 1}',
    "idle without a number": '{"idle": 1}',
    "idle for ever": 'b\'{"idle": 1e999, "id": 1}\'',
    "idle for a number too long": "b'{\"idle\": 1' + b'0' * 400 + b', \"id\": 1}'",
    "a dropped list": '{"drop": [1]}',
    "a dropped dict": '{"drop": {}}',
    "a sleep of nan": '{"sleep": {"f": "nan"}, "id": 1}',
    "a sleep without end": 'b\'{"sleep": 1e999, "id": 1}\'',
    "a sleep into the past": '{"sleep": -1, "id": 1}',
    "a sleep of 10**400": '{"sleep": 10**400, "id": 1}',
    "a sleep of True": '{"sleep": True, "id": 1}',
    "a sleep of a text": '{"sleep": "1", "id": 1}',
    "a sleep with a list for its number": '{"sleep": 1, "id": []}',
    "the result of the next question": '{"id": current() + 1, "ok": "cheat"}',
    "an operation": '{"op": "load", "id": 7, "source": "1/0"}',
    "a descriptor's number": '{"fork": {"seconds": 99}, "kill": True, "id": 1}',
}

ANSWERS = {
    **{f"a forged frame: {name}": forged(frame) for name, frame in _FRAMES.items()},
    # Its own result comes second, and nobody has asked for it.
    "the result said twice": forged('{"id": current(), "ok": 2 * number}'),
    "a wrong result before the right one": forged(
        '{"id": current(), "ok": "cheat"}', verdict="failed wrong-value"
    ),
    "the next result said too early, by the judge's own hand": Hostile(
        FORGE + "from prodev.judge.box.peer import Peer\nsend = Peer.send\n"
        "def twice(self, message):\n    send(self, message)\n"
        "    send(self, {'id': message['id'] + 1, 'ok': 'cheat'})\n"
        "Peer.send = twice\n" + DOUBLE,
        "failed wrong-value",
    ),
    "a result with keys twice": said('"id": 0, "ok": 1, "ok": "cheat"', _CHANNEL),
    "a result of infinity": said('"ok": 1e999', "failed wrong-value"),
    "a result without a value": said('"nothing": 1', "failed wrong-value"),
    "an end where a value belongs": said('"stop": true', "failed wrong-value"),
    "a tag that nobody knows": said('"ok": {"evil": 1}', "error not-plain"),
    "a tag with two keys": said('"ok": {"t": [], "s": []}', "error not-plain"),
    "an identifier that is a number": said('"ok": {"u": 5}', "error not-plain"),
    "an int that is no int": said('"ok": {"i": "zz"}', "error not-plain"),
    "a Decimal of lists": said('"ok": {"D": [[[]]]}', "error not-plain"),
    "a timedelta beyond all limits": said('"ok": {"td": [1e300, 1, 1]}', "error not-plain"),
    "a list as key": said('"ok": {"d": [[[], 1]]}', "error not-plain"),
    "a handle that is a text": said('"ok": {"h": "x"}', "error not-plain"),
    "a handle of nothing": said('"ok": {"h": 999}', "failed wrong-value"),
    "an error without a name": said('"raise": 5', _CHANNEL),
    "an error on a line without end": said(
        '"raise": {"name": "E", "message": "", "bases": [], "lines": [[1e999, "f"]]}', _CHANNEL
    ),
    "an error on line -1": said(
        '"raise": {"name": "E", "message": "m", "bases": [], "lines": [[-1, "f"]]}', "error raised"
    ),
    "an error of a kind of the judge's own": said(
        '"raise": {"name": "Abandoned", "message": "judge_failed", "bases": [], "lines": []}',
        "error raised",
    ),
    "a frame longer than any": body(
        "os.write(3, b'\\xff' * 4)\nreturn 2 * number", _CHANNEL, before=FORGE
    ),
    "half a frame, then silence": body(
        "os.write(3, struct.pack('!I', 100) + b'{')\nwhile True:\n    pass", _TIMEOUT, before=FORGE
    ),
    "half a frame, then the end": body(
        "os.write(3, struct.pack('!I', 100) + b'{')\nos._exit(0)", _EXITED, before=FORGE
    ),
    "a flood in the channel": body(
        "while True:\n    os.write(3, b'x' * 65536)", _CHANNEL, before=FORGE
    ),
    "a flood of questions without reading the replies": body(
        "while True:\n    write({'sleep': 0, 'id': 1})", _TIMEOUT, before=FORGE
    ),
    "a thread that writes between the frames": Hostile(
        FORGE + "import threading\n"
        "def noise():\n    while True:\n        write({'id': 0, 'ok': 0})\n"
        "threading.Thread(target=noise, daemon=True).start()\n"
        "def double(number):\n    time.monotonic()\n    import select\n"
        "    select.select([], [], [], 0.05)\n    return 2 * number\n",
        _CHANNEL,
    ),
    "the judge's questions read away": body(
        "while True:\n    os.read(3, 65536)", _TIMEOUT, before=FORGE
    ),
    "all descriptors closed": body(
        "os.closerange(0, 64)\nreturn 2 * number", _EXITED, before=FORGE
    ),
    "something else in the channel's place": body(
        "os.dup2(0, 3)\nreturn 2 * number", _EXITED, before=FORGE
    ),
    "the channel shut down": body(
        "socket.socket(fileno=3).shutdown(2)\nreturn 2 * number", _EXITED, before=FORGE
    ),
    "descriptors sent through the channel": body(
        "frame = json.dumps({'id': current(), 'ok': 2 * number}).encode()\n"
        "frame = struct.pack('!I', len(frame)) + frame\n"
        "channel = socket.socket(fileno=os.dup(3))\n"
        "socket.send_fds(channel, [frame], [0, 1, 2, 3])\n"
        "frames = sys._getframe().f_back\n"
        "while frames.f_code.co_name != 'serve':\n    frames = frames.f_back\n"
        "frames.f_locals['self'].send = lambda message: None\n"
        "return None",
        "passed",
        before=FORGE,
    ),
    "an urgent byte in the channel": body(
        "channel = socket.socket(fileno=os.dup(3))\nchannel.send(b'!', socket.MSG_OOB)\n"
        "while True:\n    pass",
        _TIMEOUT,
        before=FORGE,
    ),
    "a flood of print": body("while True:\n    print('x' * 1000)", _OUTPUT),
    "a flood of print while it is loaded": Hostile("while True:\n    print('x' * 1000)\n", _OUTPUT),
    "a flood on stdout's own descriptor": body(
        "import os\nwhile True:\n    os.write(1, b'\\xff' * 65536)", _OUTPUT
    ),
    "a flood on stderr's own descriptor": body(
        "import os\nwhile True:\n    os.write(2, bytes(65536))", _OUTPUT
    ),
    "a closed stdout": Hostile("import os\nos.close(1)\nos.close(2)\n" + DOUBLE, "passed"),
    "a stdout that hangs": body(
        "import sys\nclass Out:\n    def write(self, _): pass\n    def flush(self):\n"
        "        while True: pass\nsys.stdout = Out()\nreturn 2 * number",
        _TIMEOUT,
    ),
    "a stdout that raises": body(
        "import sys\nclass Out:\n    def flush(self): raise KeyboardInterrupt\n"
        "sys.stdout = Out()\nreturn 2 * number",
        _EXITED,
    ),
}
