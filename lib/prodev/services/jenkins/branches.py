"""Run branches side by side; with fail-fast the first that fails ends the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

from prodev.services.jenkins.context import Interrupt, InterruptedRunError


def run_branches(branches: Mapping[str, Callable[[Interrupt], None]], *, fail_fast: bool) -> None:
    """Run each branch in a thread of its own, and wait for all.

    Args:
        branches: what to run; it gets an interrupt that ends all of the branches.
        fail_fast: whether the first that fails ends the others.

    Raises:
        Exception: the first failure; one that was not caused by the interrupt comes first.
    """
    stop = Interrupt()
    failures: list[BaseException] = []
    with ThreadPoolExecutor(max_workers=max(len(branches), 1)) as pool:
        names = {pool.submit(branch, stop): name for name, branch in branches.items()}
        waiting = set(names)
        try:
            while waiting:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for future in done:
                    if error := future.exception():
                        failures.append(error)
                        if fail_fast and not stop.is_over:
                            stop.hit(f"Failed in branch {names[future]}")
        except BaseException:  # such as a KeyboardInterrupt: the threads have to end, too
            stop.hit("The rehearsal was interrupted")
            raise
    failures.sort(key=lambda error: isinstance(error, InterruptedRunError))
    if failures:
        raise failures[0]
