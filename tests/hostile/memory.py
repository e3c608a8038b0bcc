"""Answers that want more memory than there is."""

from hostile.record import body

_MEMORY, _RAISED = "error memory", "error raised"

ANSWERS = {
    "a list that grows for ever": body(
        "rows = []\nwhile True:\n    rows.append(bytearray(1 << 20))", _MEMORY
    ),
    "a gigabyte at once": body("return bytearray(1 << 30)", _MEMORY),
    "a text that doubles for ever": body("text = 'x'\nwhile True:\n    text += text", _MEMORY),
    "small objects until nothing is left": body(
        "global rows\nrows = []\nwhile True:\n    rows.append([rows])", _MEMORY
    ),
    "a swallowed MemoryError": body(
        "try:\n    while True:\n        kept.append(bytearray(1 << 20))\n"
        "except MemoryError:\n    kept.clear()\nreturn 2 * number",
        "passed",
        before="kept = []",
    ),
    "memory maps": body(
        "import mmap\nmaps = []\nwhile True:\n    maps.append(mmap.mmap(-1, 16 << 20))", _RAISED
    ),
    "a file in memory": body("import os\nos.memfd_create('hidden')", _RAISED),
    "a raised limit": body(
        "import resource\n"
        "resource.setrlimit(resource.RLIMIT_AS, (1 << 40, 1 << 40))\nreturn bytearray(1 << 30)",
        _RAISED,
    ),
    "an exception as large as the memory": body("raise ValueError('x' * (80 << 20))", _RAISED),
    "a text that is too long to send": body("return 'x' * (5 << 20)", "error not-plain"),
    "texts that are too long together": body("return ['x' * (4 << 20)] * 3", "error not-plain"),
}
