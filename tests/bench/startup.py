"""How long the package takes to import, and the course's data to load, beside a known yardstick.

Each pair is measured in turn, in the same run; the ratio is what to compare between machines.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

ROUNDS = 15

LOAD = """
import time
import pandas, pydantic
from prodev.catalog.load import load_catalog
started = time.perf_counter()
catalog = load_catalog()
frames = [catalog.topics, catalog.technologies, catalog.concepts, catalog.challenges,
          catalog.takeaways, catalog.systems, catalog.modules, catalog.glossary]
print(time.perf_counter() - started)
"""
PANDAS = "import time; t = time.perf_counter(); import pandas; print(time.perf_counter() - t)"


def whole(code: str) -> float:
    """Seconds of a whole process."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - started


def inside(code: str) -> float:
    """Seconds that the process itself measured and printed."""
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return float(done.stdout)


def report(name: str, ours: list[float], yardstick: str, theirs: list[float], target: str) -> None:
    ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
    print(
        f"{name:34} {statistics.median(ours) * 1000:8.1f} ms   "
        f"{yardstick:22} {statistics.median(theirs) * 1000:8.1f} ms   "
        f"ratio {ratio:6.2f}   target {target}"
    )


def main() -> None:
    print(f"Medians of {ROUNDS} rounds, measured in turn; Python {sys.version.split()[0]}.")
    rounds = [(whole("import prodev"), whole("pass")) for _ in range(ROUNDS)]
    started, bare = [a for a, _ in rounds], [b for _, b in rounds]
    report("python -c 'import prodev'", started, "python -c pass", bare, "150 ms")
    rounds = [(inside(LOAD), inside(PANDAS)) for _ in range(ROUNDS)]
    loaded, pandas = [a for a, _ in rounds], [b for _, b in rounds]
    report("load all data, after imports", loaded, "import pandas", pandas, "50 ms")


if __name__ == "__main__":
    main()
