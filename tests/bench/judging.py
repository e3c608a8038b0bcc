"""How long a learner waits: from running the cell to the card, and how much of it is the judge's.

Two small exercises: a simple one with 8 calls of the answer, and one with 200. In each round the
cell runs on a warm stock kernel, the same answer is judged without a notebook, and a cell that only
prints shows what the kernel itself takes.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from shutil import copytree

from jupyter_client.manager import start_new_kernel

ROUNDS = 40
REPOSITORY = Path(__file__).resolve().parents[2]
CHECK = """
from prodev.judge import Finding, same


def check(answer):
    for _ in range({calls}):
        number = answer.random.randrange(1000)
        if not same(answer.call("double", number), 2 * number):
            return Finding("not-twice")
    return None
"""
ANSWER = "def double(number):\n    return number + number\n"
PLAIN = "print('a card')"


def make_course(folder: Path) -> None:
    """Make a course of two exercises; this process and the kernel read it."""
    copytree(REPOSITORY / "data", folder / "data", ignore=lambda *_: {"exercises"})
    os.environ.update(PRODEV_COURSE=str(folder), PRODEV_HOME=str(folder / "home"))
    from prodev.judge.scaffold import new_exercise

    for calls in (8, 200):
        made = new_exercise("python-toolkit", f"calls-{calls}", "python")
        (made / "check.py").write_text(CHECK.format(calls=calls), "utf-8")


def until_output(client, code: str) -> float:
    """Seconds from sending a cell to its first output."""
    seen: list[float] = []

    def hook(message) -> None:
        if message["msg_type"] in ("display_data", "stream"):
            seen.append(time.perf_counter())

    started = time.perf_counter()
    client.execute_interactive(code, output_hook=hook, timeout=60)
    return seen[0] - started


def report(name: str, seconds: list[float], target: str) -> None:
    """Print median and 95th percentile."""
    print(
        f"{name:44} median {statistics.median(seconds) * 1000:6.1f} ms   "
        f"p95 {statistics.quantiles(seconds, n=20)[-1] * 1000:6.1f} ms   target {target}"
    )


def main() -> None:
    """Measure both exercises."""
    with tempfile.TemporaryDirectory() as folder:
        make_course(Path(folder))
        from prodev.catalog.exercises import find_exercise
        from prodev.judge import Judge

        manager, client = start_new_kernel()
        try:
            client.execute_interactive("import prodev; prodev.begin('python-toolkit')")
            print(f"{ROUNDS} rounds, measured in turn; Python {sys.version.split()[0]}.")
            with Judge() as judge:
                for calls in (8, 200):
                    exercise = find_exercise(f"python-toolkit/calls-{calls}")
                    cell = f"%%exercise {exercise.slug}\n{ANSWER}"
                    shown, judged, plain = [], [], []
                    for number in range(ROUNDS + 2):
                        shown.append(until_output(client, cell))
                        started = time.perf_counter()
                        assert judge.judge(exercise, ANSWER, seed=number).status == "passed"
                        judged.append(time.perf_counter() - started)
                        plain.append(until_output(client, PLAIN))
                    # The first two rounds warm up.
                    report(f"{calls} calls, cell to card", shown[2:], "300 ms")
                    report(f"{calls} calls, the judge's share", judged[2:], "50 ms")
                    report(f"{calls} calls, a cell that only prints", plain[2:], "-")
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)


if __name__ == "__main__":
    main()
