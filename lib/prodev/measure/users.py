"""A load of users who send HTTP requests at the same time, from a process of their own."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from pydantic import ValidationError

from prodev.errors import CourseError
from prodev.measure.condition import Conditions
from prodev.measure.condition import conditions as conditions_now
from prodev.measure.process import ask_process
from prodev.measure.request import Request
from prodev.measure.sample import Samples, samples
from prodev.measure.words import amount

if TYPE_CHECKING:
    import pandas as pd

TIMEOUT = 10.0
BUSY = 0.7
"""Part of one processor; a client that needs more of it measures itself as well."""

Sent = str | Request
Target = Sent | Sequence[Sent] | Callable[[int], Sent]


class Answered(NamedTuple):
    """One request: its user, seconds from the beginning, and what came (a status or an error)."""

    user: int
    due: float
    start: float
    end: float
    came: int | str


@dataclass(frozen=True, repr=False)
class Load:
    """What happened to each request.

    Attributes:
        name: of the load.
        model: ``closed``: each user sends the next request when the answer came. ``open``: the
            requests come at a fixed rate, whether answers come or not.
        users: how many may send at the same time.
        rate: requests a second of an open model.
        requests: in the order of their ends.
        client: part of one processor that the users themselves needed.
        conditions: under which it ran.
    """

    name: str
    model: Literal["closed", "open"]
    users: int
    rate: float | None
    requests: tuple[Answered, ...]
    client: float
    conditions: Conditions

    @property
    def sent(self) -> int:
        """How many requests were sent."""
        return len(self.requests)

    @property
    def statuses(self) -> dict[int, int]:
        """How many answers had each status."""
        counts = Counter(r.came for r in self.requests if isinstance(r.came, int))
        return dict(sorted(counts.items()))

    @property
    def errors(self) -> dict[str, int]:
        """How many requests had no answer, by reason: ``timeout``, ``refused``, …."""
        counts = Counter(r.came for r in self.requests if isinstance(r.came, str))
        return dict(sorted(counts.items()))

    @property
    def failed(self) -> int:
        """Requests without an answer, and answers with a status from 400 up."""
        return sum(isinstance(r.came, str) or r.came >= 400 for r in self.requests)

    @property
    def by_user(self) -> tuple[int, ...]:
        """How many requests each user sent."""
        sent = Counter(r.user for r in self.requests)
        return tuple(sent[user] for user in range(self.users))

    @property
    def seconds(self) -> float:
        """From the first request to the last end."""
        return max(r.end for r in self.requests) - min(r.start for r in self.requests)

    @property
    def throughput(self) -> float:
        """Answers below status 400, for each second."""
        return (self.sent - self.failed) / self.seconds

    @property
    def latencies(self) -> Samples:
        """Milliseconds from when a request was due until its answer was read, in order of ends.

        Only answers below status 400 count: a quick failure is not a quick answer. The latencies
        of one load depend on each other, so do not compare two loads by their samples: compare
        rounds of loads, ``compare(…, value=lambda load: load.latencies.at(0.95))``.

        Raises:
            CourseError: no request succeeded.
        """
        return self._samples([r.end - r.due for r in self._good()])

    @property
    def service(self) -> Samples:
        """Milliseconds from when a request was really sent; what waited for its turn is not seen.

        Raises:
            CourseError: no request succeeded.
        """
        return self._samples([r.end - r.start for r in self._good()])

    def table(self) -> pd.DataFrame:
        """Return one row for each request: ``user, due (s), latency (ms), came``."""
        import pandas as pd

        rows = [(r.user, r.due, 1000 * (r.end - r.due), r.came) for r in self.requests]
        return pd.DataFrame(rows, columns=["user", "due (s)", "latency (ms)", "came"])

    def lines(self) -> list[str]:
        """Return all of it as text."""
        pace = "each sends after an answer" if self.rate is None else f"{self.rate:g} requests/s"
        told = [
            f"{self.name}: {self.users} users, {pace}; {self.sent:,} requests in "
            f"{amount(self.seconds)} s ({self._came()})"
        ]
        if self.failed < self.sent:
            percentiles = [f"{p.name} {amount(p.value)} ms" for p in self.latencies.percentiles]
            told.append(f"{', '.join([*percentiles, f'{amount(self.throughput)} answers/s'])}")
        if self.client > BUSY:
            told.append(
                f"The users themselves needed {self.client:.0%} of a processor, so the latencies "
                "are too long; take fewer users."
            )
        return told

    def __repr__(self) -> str:
        return "\n".join(self.lines())

    __str__ = __repr__

    def _came(self) -> str:
        told = [f"{n:,} × {status}" for status, n in self.statuses.items()]
        return ", ".join([*told, *(f"{n:,} × {error}" for error, n in self.errors.items())])

    def _good(self) -> list[Answered]:
        return [r for r in self.requests if isinstance(r.came, int) and r.came < 400]

    def _samples(self, seconds: list[float]) -> Samples:
        if not seconds:
            raise CourseError(
                f"None of the {self.sent:,} requests of '{self.name}' succeeded "
                f"({self._came()}), so there is no "
                "latency; look at the server first."
            )
        ms = [1000 * s for s in seconds]
        return samples(self.name, ms, unit="ms", conditions=self.conditions)


def load(  # noqa: PLR0913 - all but the target are named by the caller
    target: Target,
    *,
    users: int,
    requests: int | None = None,
    seconds: float | None = None,
    rate: float | None = None,
    timeout: float = TIMEOUT,
    name: str = "load",
    conditions: Conditions | None = None,
) -> Load:
    """Send requests as many users do, and return what happened to each.

    The users live in a process of their own, so that their work takes no turn from a server that
    runs in this one. A server that runs in the event loop of this thread can't answer meanwhile:
    use ``load_async`` then. Connections stay open between requests where the server allows it.
    Redirects are not followed.

    Args:
        target: an address, a ``Request``, several of them (sent in turn), or a function that
            makes request 0, 1, 2 …; it is called ``requests`` times before the first one is sent.
        users: how many send at the same time. Of N users, user k sends requests k, k + N, ….
        requests: how many to send in all; or give ``seconds``.
        seconds: no request begins after so long.
        rate: requests a second, due at equal distances, whatever the server does; ``users`` is
            then how many may wait for answers at once. Without it, a user sends the next request
            when the answer came.
        timeout: seconds until a request is given up.
        name: of the load.
        conditions: those of now where they are left out.

    Raises:
        CourseError: an argument can't be, or the process of the users failed.
    """
    if users < 1 or (requests is None) == (seconds is None):
        raise CourseError("A load needs one user or more, and either requests= or seconds=.")
    if any(value is not None and not value > 0 for value in (requests, seconds, rate, timeout)):
        raise CourseError("requests, seconds, rate and timeout of a load must be above 0.")
    found = conditions or conditions_now()
    longest = _longest(users, requests, seconds, rate, timeout)
    told = ask_process(
        "prodev.measure.users_process",
        {
            "requests": [
                (request.place, request.encoded().decode("latin-1"))
                for request in _requests(target, requests)
            ],
            "users": users,
            "total": requests,
            "seconds": seconds or 0.0,
            "rate": rate,
            "timeout": timeout,
        },
        what=f"The process that sends the requests of '{name}'",
        seconds=longest,
    )
    return _loaded(told, name=name, users=users, rate=rate, conditions=found)


async def load_async(target: Target, **more: Any) -> Load:
    """Send requests as ``load`` does, while the event loop of this notebook goes on."""
    return await asyncio.to_thread(load, target, **more)


def _requests(target: Target, requests: int | None) -> list[Request]:
    if callable(target):
        if requests is None:
            raise CourseError("A function that makes requests needs requests=, not seconds=.")
        made: Sequence[Sent] = [target(number) for number in range(requests)]
    else:
        made = [target] if isinstance(target, str | Request) else target
    if not made:
        raise CourseError("A load needs at least one address to send requests to.")
    try:
        return [Request(url=one) if isinstance(one, str) else one for one in made]
    except ValidationError as error:
        raise CourseError(f"A request can't be sent: {error.errors()[0]['msg']}.") from None


def _longest(
    users: int, requests: int | None, seconds: float | None, rate: float | None, timeout: float
) -> float:
    """Return the seconds after which even a server that never answers has let every user go."""
    if requests is None and rate is None:
        return (seconds or 0) + timeout + 30
    total = requests if requests is not None else int((rate or 0) * (seconds or 0))
    due = total / rate if rate else 0.0
    return due + (total // users + 1) * (timeout + 0.1) + 30


def _loaded(
    told: dict[str, Any], *, name: str, users: int, rate: float | None, conditions: Conditions
) -> Load:
    done = [Answered(*note) for note in told["notes"]]
    if not done:
        raise CourseError(f"No request of '{name}' was due in the time given; give it longer.")
    whole = max(r.end for r in done) - min(r.start for r in done)
    return Load(
        name=name,
        model="closed" if rate is None else "open",
        users=users,
        rate=rate,
        requests=tuple(done),
        client=told["cpu"] / whole if whole else 1.0,
        conditions=conditions,
    )
