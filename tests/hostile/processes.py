"""Answers that start processes and threads."""

from hostile.record import DOUBLE, LIBC, TRIED, Hostile, attempts, body

_RAISED = "error raised"

ANSWERS = {
    "a fork": body("import os\nos.fork()\nreturn 2 * number", _RAISED),
    "a fork bomb": body("import os\nwhile True:\n    os.fork()", _RAISED),
    "a fork bomb that catches errors": body(
        "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass",
        "timeout timeout",
    ),
    "a daemon": body(
        "import os\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n"
        "        while True:\n            pass\nreturn 2 * number",
        _RAISED,
    ),
    "posix_spawn": attempts("os.posix_spawn('/bin/sh', ['sh'], {})", before="import os"),
    "subprocess": attempts(
        "subprocess.run(['/bin/true'])",
        "subprocess.run('true', shell=True)",
        "os.system('true') and 1 / 0",
        before="import os, subprocess\nos.system = lambda _: subprocess.run(['/bin/sh'])",
    ),
    "another program in its own place": attempts(
        "os.execv('/bin/true', ['true'])",
        "os.execve(sys.executable, ['python'], {})",
        before="import os, sys",
    ),
    "multiprocessing": body(
        "import multiprocessing\n"
        "worker = multiprocessing.get_context('fork').Process(target=print)\nworker.start()",
        _RAISED,
    ),
    "a pool of processes": body(
        "from concurrent.futures import ProcessPoolExecutor\n"
        "with ProcessPoolExecutor() as pool:\n    return pool.submit(int).result()",
        _RAISED,
    ),
    "the system's own calls for a fork": attempts(
        "syscall(57)",
        "syscall(58)",
        "syscall(56, 17, 0, 0, 0, 0)",
        "syscall(435, ctypes.c_char_p(bytes(88)), 88)",
        "syscall(0x40000000 + 57)",
        before=LIBC,
    ),
    "the calls of an older processor": Hostile(
        # int 0x80 with the number of fork for 32 bits; the filter kills for that.
        "# not a syscall() of 64 bits\nimport ctypes, mmap\n"
        "code = mmap.mmap(-1, 4096, prot=7)\n"
        "code.write(bytes.fromhex('b802000000cd80c3'))\n"
        "run = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))\n"
        "def double(number):\n    run()\n    return 2 * number\n",
        "error exited",
    ),
    "threads that never end": Hostile(
        "import threading\ndef spin():\n    while True:\n        pass\n"
        "for _ in range(8):\n    threading.Thread(target=spin).start()\n" + DOUBLE,
        "passed",
    ),
    "ten thousand threads": Hostile(
        "import threading, time\nblock = threading.Event()\n"
        "for _ in range(10_000):\n    threading.Thread(target=block.wait).start()\n" + DOUBLE,
        _RAISED,
    ),
    "a thread that writes when the result is out": Hostile(
        "import os, threading\n"
        "def noise():\n    while True:\n        os.write(1, b'noise\\n')\n"
        "threading.Thread(target=noise, daemon=True).start()\n"
        "def double(number):\n    return 2 * number\n",
        "passed",
    ),
    "an escape from the session": attempts(
        "libc.prctl(1, 0, 0, 0, 0) and 1 / 0",
        before=LIBC + "import os\nos.setsid()",
    ),
    "a subreaper of its own": Hostile(
        TRIED + LIBC + "libc.prctl(36, 1, 0, 0, 0)\ntried('fork', lambda: syscall(57))\n" + DOUBLE,
        "passed",
    ),
}
