"""Answers that write where they must not, or more than they may."""

from hostile.record import DOUBLE, LIBC, Hostile, attempts, body

_RAISED = "error raised"

ANSWERS = {
    "files outside of its folder": attempts(
        "open('@OUTSIDE@/new', 'w')",
        "open('@OUTSIDE@/kept.txt', 'a').write('x')",
        "open('@OUTSIDE@/kept.txt').read()",
        "os.mkdir('@OUTSIDE@/folder')",
        "os.symlink('x', '@OUTSIDE@/link')",
        "os.unlink('@OUTSIDE@/kept.txt')",
        "os.rename('@OUTSIDE@/kept.txt', '@OUTSIDE@/other.txt')",
        "os.rename('@OUTSIDE@/kept.txt', 'mine.txt')",
        "os.link('@OUTSIDE@/kept.txt', 'mine.txt')",
        "os.truncate('@OUTSIDE@/kept.txt', 0)",
        "open('/tmp/@NEW@', 'w')",
        "open('/dev/shm/@NEW@', 'w')",
        "open('/var/tmp/@NEW@', 'w')",
        before="import os",
    ),
    "the rights and times of a file outside": attempts(
        "os.chmod('@OUTSIDE@/kept.txt', 0o777)",
        "os.chmod('@OUTSIDE@', 0)",
        "os.chmod(os.open('@OUTSIDE@/kept.txt', os.O_PATH), 0)",
        "os.chmod('/proc/self/fd/1', 0)",
        "os.chown('@OUTSIDE@/kept.txt', 65534, 65534)",
        "os.lchown('@OUTSIDE@/kept.txt', 65534, 65534)",
        "os.utime('@OUTSIDE@/kept.txt', (1, 1))",
        "os.utime('@OUTSIDE@/kept.txt')",
        "os.setxattr('@OUTSIDE@/kept.txt', 'user.x', b'1')",
        "os.chmod('kept.txt', 0, dir_fd=os.open('@OUTSIDE@', os.O_PATH))",
        "os.chmod(os.__file__, 0o600)",
        "os.fchmod(os.open(os.__file__, os.O_RDONLY), 0o600)",
        "syscall(452, -100, b'@OUTSIDE@/kept.txt', 0, 0)",
        before="import os" + LIBC,
    ),
    "links that lead outside": attempts(
        "open('link/kept.txt').read()",
        "open('link/new', 'w')",
        "open('file').read()",
        "os.listdir('link')",
        "open('../' * 20 + '@OUTSIDE@/kept.txt').read()",
        before="import os\nos.symlink('@OUTSIDE@', 'link')\n"
        "os.symlink('@OUTSIDE@/kept.txt', 'file')",
    ),
    "a link in the place of its folder": attempts(
        "os.rename(os.environ['HOME'], os.environ['HOME'] + 'x')",
        "os.rmdir(os.environ['HOME'])",
        "os.symlink('@OUTSIDE@', os.environ['HOME'] + 'y')",
        before="import os",
    ),
    "a full disk": body(
        "for name in 'abc':\n    with open(name, 'wb') as file:\n"
        "        file.write(bytes(15 << 20))\n"
        "return 2 * number",
        _RAISED,
        bare="passed",
    ),
    "one huge file": body("open('huge', 'wb').truncate(1 << 40)", _RAISED),
    "one large file": body(
        "with open('large', 'wb') as file:\n    while True:\n        file.write(bytes(1 << 20))",
        _RAISED,
    ),
    "a hundred thousand files": body(
        "for name in range(100_000):\n    open(str(name), 'w').close()",
        _RAISED,
        bare="timeout timeout",
    ),
    "ten thousand folders inside of each other": body(
        "import os\nfor _ in range(2000):\n    os.mkdir('d')\n    os.chdir('d')\nreturn 2 * number",
        _RAISED,
        bare="timeout timeout",
    ),
    "folders that are closed": Hostile(
        "import os\nos.makedirs('a/b/c')\nopen('a/b/c/file', 'w').close()\nos.umask(0o777)\n"
        "os.mkdir('closed')\nos.mkdir('a/b/closed')\n" + DOUBLE,
        "passed",
    ),
    "strange names": Hostile(
        "import os\nfor name in ('-rf', '$(touch x)', 'a\\nb', '\\udcff', '; rm x'):\n"
        "    os.mkdir(name)\n    open(name + '/f', 'w').close()\n" + DOUBLE,
        "passed",
    ),
    "a pipe that nobody opens": body("import os\nos.mkfifo('p')\nopen('p')", "timeout timeout"),
    "every descriptor": body(
        "import os\nwhile True:\n    os.open('/dev/null', os.O_RDONLY)", _RAISED
    ),
    "devices": attempts(
        "open('/dev/mem', 'rb')",
        "open('/dev/tty')",
        "open('/dev/kmsg')",
        "open('/dev/zero', 'wb')",
        "os.mknod('device', 0o20666, os.makedev(1, 1)) or open('device', 'rb')",
        before="import os",
    ),
    "programs of its own": attempts(
        "os.execv('./program', ['program'])",
        before="import os\nwith open('program', 'w') as file:\n    file.write('#!/bin/sh\\n')",
    ),
}
