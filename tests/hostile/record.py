"""One hostile answer."""

from __future__ import annotations

from dataclasses import dataclass

TRIED = '''
def tried(name, attempt):
    """LEAK stands for everything that an answer must not get or do."""
    try:
        got = attempt()
    except BaseException as error:
        print("refused", name, type(error).__name__)
    else:
        print("LEAK", name, repr(got)[:200])
'''
DOUBLE = """
def double(number):
    return 2 * number
"""
LIBC = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def syscall(*numbers):
    got = libc.syscall(*[ctypes.c_long(n) if type(n) is int else n for n in numbers])
    if got < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return got
"""


@dataclass(frozen=True)
class Hostile:
    """A source and the verdict that it must get.

    Attributes:
        source: the answer; names between @ signs are filled in by the test.
        verdict: status and code.
        bare: the verdict where the layers "namespaces" and "disk" are left out, if it is another.
        exercise: which of the test's exercises it answers.
    """

    source: str
    verdict: str
    bare: str = ""
    exercise: str = "double"


def attempts(*lines: str, before: str = "", verdict: str = "passed") -> Hostile:
    """An answer that tries what must be refused, and is right otherwise."""
    calls = "".join(f"tried({line!r}, lambda: {line})\n" for line in lines)
    return Hostile(TRIED + before + "\n" + calls + DOUBLE, verdict)


def body(lines: str, verdict: str, bare: str = "", before: str = "") -> Hostile:
    """An answer whose function has this body."""
    inner = "".join(f"    {line}\n" for line in lines.strip("\n").splitlines())
    return Hostile(f"{before}\ndef double(number):\n{inner}", verdict, bare)
