"""Shell scripts that a pipeline must not get away with: each prints LEAK where it does.

Names between @ signs are filled in by the tests.
"""

from __future__ import annotations

import os
import socket
import subprocess
from pathlib import Path
from textwrap import indent

SECRET = "HOSTILE_SECRET"
"""A variable in the environment of the judge, and of who asks it."""

_PYTHON = """python3 - <<'END'
import ctypes, os, socket
libc = ctypes.CDLL(None, use_errno=True)
def syscall(*numbers):
    got = libc.syscall(*[ctypes.c_long(n) if type(n) is int else n for n in numbers])
    if got < 0:
        raise OSError(ctypes.get_errno(), "refused")
def tried(name, attempt):
    try:
        attempt()
    except BaseException as error:
        print("refused", name, type(error).__name__)
    else:
        print("LEAK", name)
{lines}
END
"""


def _python(*calls: str) -> str:
    lines = [f"tried({call!r}, lambda: {call})" for call in calls]
    return _PYTHON.format(lines="\n".join(lines))


def _each(*commands: str) -> str:
    lines = [f"({each}) 2>/dev/null && echo LEAK in {n}" for n, each in enumerate(commands)]
    return "\n".join([*lines, "true", ""])


SURVIVED: dict[str, str] = {
    "the environment of others": _each(
        f"cat /proc/*/environ | tr '\\0' '\\n' | grep ^{SECRET}=",
        f"env | grep ^{SECRET}=",
        f"tr '\\0' '\\n' < /proc/@JUDGE@/environ | grep ^{SECRET}=",
        f"cat /proc/$PPID/environ /proc/1/environ | tr '\\0' '\\n' | grep ^{SECRET}=",
    ),
    "the check and the solution": _each(
        "cat '@EXERCISE@/check.py'",
        "ls '@EXERCISE@'",
        "cp -r '@DATA@' copy",
        "cat '@PACKAGE@/prodev/judge/referee.py'",
    ),
    "files of the user": _each(
        "cat '@OUTSIDE@/kept.txt'",
        "ls '@OUTSIDE@'",
        "cat /etc/shadow",
        "ls /root /home/* ",
        "cat ~root/.bashrc",
    ),
    "writing outside": _each(
        "echo x > '@OUTSIDE@/new'",
        "echo x >> '@OUTSIDE@/kept.txt'",
        "rm '@OUTSIDE@/kept.txt'",
        "mv '@OUTSIDE@/kept.txt' .",
        "chmod 777 '@OUTSIDE@/kept.txt'",
        "touch '@OUTSIDE@/kept.txt'",
        "chown 1 '@OUTSIDE@/kept.txt'",
        "ln '@OUTSIDE@/kept.txt' linked && cat linked",
        "ln -s '@OUTSIDE@' link && echo x > link/new",
        "echo x > /tmp/@NEW@",
        "echo x > /var/tmp/@NEW@",
        "echo x > /dev/shm/@NEW@",
        "mkdir '@OUTSIDE@/folder'",
    ),
    "the network": _each(
        "exec 3<>/dev/tcp/127.0.0.1/@TCP@",
        "bash -c 'exec 3<>/dev/tcp/127.0.0.1/@TCP@'",
        "bash -c 'echo x > /dev/udp/127.0.0.1/@UDP@'",
    )
    + _python(
        "socket.create_connection(('127.0.0.1', @TCP@), 1)",
        "socket.create_server(('127.0.0.1', 0))",
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', @UDP@))",
        "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)",
    ),
    "sockets of engines and others": _python(
        "socket.socket(socket.AF_UNIX).connect('@SOCKET@')",
        "socket.socket(socket.AF_UNIX).connect('\\0@ABSTRACT@')",
        "socket.socket(socket.AF_UNIX).connect('/run/podman/podman.sock')",
        "socket.socket(socket.AF_UNIX).connect('/var/run/docker.sock')",
        "socket.socket(socket.AF_UNIX).bind('mine')",
    ),
    "other processes": _each(
        "kill -9 @VICTIM@",
        "kill -STOP @VICTIM@",
        "kill -9 @JUDGE@",
        "kill -9 @ASKER@",
        "renice -n 19 -p @VICTIM@",
        "ls -l /proc/@JUDGE@/fd | grep socket",
        "taskset -p 1 @VICTIM@",
    ),
    "root's powers": _each(
        "unshare -Ur id",
        "unshare -n true",
        "mount -t tmpfs none .",
        "chroot / true",
        "mknod disk b 254 0",
        "mknod memory c 1 1 && head -c 1 memory",
        "su -c id",
        "echo x > /proc/sys/kernel/core_pattern",
        "echo x > /proc/sysrq-trigger",
        "head -c 1 /dev/kmsg",
        "head -c 1 /dev/mem",
        "head -c 1 /proc/kcore",
        "grep -v 0000000000000000 /proc/self/status | grep CapEff",
    )
    + _python("syscall(272, 0x10000000)", "syscall(165, b'x', b'.', b'tmpfs', 0, 0)"),
    "the process that answers the judge": _each(
        *(f"readlink /proc/{n}/fd/*" for n in (1, 2)),
        *(f"cat /proc/{n}/environ | grep ." for n in (1, 2)),
        *(f"head -c 1 /proc/{n}/maps | grep ." for n in (1, 2)),
        *(f"head -c 1 /proc/{n}/mem" for n in (1, 2)),
        *(f"echo x > /proc/{n}/fd/3" for n in (1, 2)),
    )
    + """
for p in /proc/[0-9]*; do
  case "$(readlink $p/fd/3 2>/dev/null)" in socket:*) echo LEAK the channel of $p;; esac
done
"""
    + _python("syscall(101, 16, os.getppid(), 0, 0)", "syscall(101, 16, 1, 0, 0)"),
    "a daemon that stays": """
setsid sleep @STAYS@ > /dev/null 2>&1 &
nohup sleep @STAYS@ > /dev/null 2>&1 &
python3 -c "
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.environ.clear()
        os.closerange(0, 100)
        os.execv('/bin/sleep', ['sleep', '@STAYS@'])
    os._exit(0)
"
sleep 0.2
""",
    "settings of the runner": """
for place in . "$HOME" "$HOME/.config/act" ..; do
  mkdir -p "$place"
  echo '--bind --privileged --container-daemon-socket unix:///var/run/docker.sock' > "$place/.actrc"
  echo 'ACT=changed' > "$place/.env"
done
true
""",
    "a folder that is hard to remove": """
mkdir -p deep && cd deep
for n in $(seq 300); do mkdir d && cd d; done
touch "$(printf 'a\\nb')" -- -rf; chmod 000 . 2>/dev/null
true
""",
}
"""After these the run goes on, and nothing outside has changed."""

ENDED: dict[str, tuple[str, str]] = {
    "killing all that it sees": ("kill -9 -1; sleep 60", ""),
    "a fork bomb": ("bomb() { bomb | bomb & }; bomb; sleep 60", "error raised"),
    "many processes": (
        "for n in $(seq 2000); do sleep 600 & done; sleep 60",
        "error raised",
    ),
    "an endless job": ("while true; do :; done", "timeout timeout"),
    "a job that sleeps and ignores signals": (
        "trap '' TERM INT HUP; while true; do sleep 600; done",
        "timeout timeout",
    ),
    "a memory bomb": (
        "for n in 1 2 3 4; do python3 -c 'import time; b = b\"x\" * (300 << 20); time.sleep(60)' & "
        "done; wait",
        "error memory",
    ),
}
"""These are ended, with this status and code; empty: any but passed."""


class World:
    """What stands around a judge, and must not change."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.outside = folder / "outside"
        self.outside.mkdir()
        (self.outside / "kept.txt").write_text("kept\n")
        self.before = self._files()
        self.tcp = socket.create_server(("127.0.0.1", 0))
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", 0))
        self.path = Path(os.path.relpath(folder / "socket"))
        self.named, self.abstract = socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)
        self.named.bind(str(self.path))
        self.abstract.bind(f"\0{self.new}")
        self.victim = subprocess.Popen(["/bin/sleep", "1000"])
        self.sockets = (self.tcp, self.udp, self.named, self.abstract)
        for one in self.sockets:
            one.setblocking(False)
        for one in (self.named, self.abstract):
            one.listen()

    @property
    def new(self) -> str:
        return f"hostile-pipeline-{os.getpid()}"

    @property
    def stays(self) -> str:
        """What a daemon sleeps, and is known by."""
        return f"9{os.getpid()}"

    def fill(self, text: str, **more: object) -> str:
        names = {
            "OUTSIDE": self.outside,
            "NEW": self.new,
            "TCP": self.tcp.getsockname()[1],
            "UDP": self.udp.getsockname()[1],
            "SOCKET": self.path.resolve(),
            "ABSTRACT": self.new,
            "VICTIM": self.victim.pid,
            "ASKER": os.getpid(),
            "STAYS": self.stays,
            **more,
        }
        for name, value in names.items():
            text = text.replace(f"@{name}@", str(value))
        return text

    def assert_same(self) -> None:
        """Nothing outside has changed, nobody has called, and no daemon is left."""
        assert self._files() == self.before
        for listening in (self.tcp, self.named, self.abstract):
            assert _refused(listening.accept)
        assert _refused(lambda: self.udp.recv(1))
        assert (
            Path(f"/proc/{self.victim.pid}/stat").read_text().rpartition(")")[2].split()[0] == "S"
        )
        assert os.getpriority(os.PRIO_PROCESS, self.victim.pid) == os.getpriority(
            os.PRIO_PROCESS, os.getpid()
        )
        assert os.sched_getaffinity(self.victim.pid) == os.sched_getaffinity(0)
        for place in ("/tmp", "/var/tmp", "/dev/shm"):
            assert not Path(place, self.new).exists()
        assert not Path(self.folder, "escape.yml").exists()

    def daemons(self) -> list[str]:
        """The processes that sleep what only a daemon of an answer sleeps."""
        found = []
        for place in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                words = place.read_bytes().split(b"\0")
            except OSError:
                continue
            if self.stays.encode() in words and b"sleep" in words[0]:
                found.append(place.parent.name)
        return found

    def close(self) -> None:
        self.victim.kill()
        self.victim.wait()
        for one in self.sockets:
            one.close()
        self.path.unlink()

    def _files(self) -> list[tuple[object, ...]]:
        paths = [self.outside, *sorted(self.outside.rglob("*"))]
        facts = [(path, path.lstat()) for path in paths]
        return [
            (path.name, s.st_mode, s.st_uid, s.st_gid, s.st_size, s.st_mtime_ns, s.st_ctime_ns)
            for path, s in facts
        ] + [(path.read_bytes(),) for path in paths if path.is_file()]


def _refused(call: object) -> bool:
    try:
        call()  # type: ignore[operator]
    except BlockingIOError:
        return True
    return False


def workflow(script: str, *, more: str = "") -> str:
    """Return a workflow whose job runs a script in bash."""
    return (
        "# file: .github/workflows/test.yml\non: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n"
        f"{more}    steps:\n      - uses: actions/checkout@v5\n      - shell: bash {{0}}\n"
        f"        run: |\n{indent(script.strip(), ' ' * 10)}\n"
    )


def jenkinsfile(script: str) -> str:
    """Return a pipeline with one stage that runs a script in bash."""
    held = script.strip().replace("\\", "\\\\").replace("'", "\\'")
    return (
        "pipeline {\n agent any\n stages {\n  stage('Test') {\n   steps {\n"
        f"    sh '''#!/bin/bash\n{held}\n'''\n   }}\n  }}\n }}\n}}\n"
    )
