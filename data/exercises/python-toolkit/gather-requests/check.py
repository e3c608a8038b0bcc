"""Does ``fetch_all`` wait for many at a time, within its limit, in order, whatever fails?"""

import heapq
from collections import Counter

from prodev.judge import Finding, Raise, same

# Awaits the answer's coroutine as a page would: from a loop that runs. What cannot be sent to the
# judge, such as a coroutine in the result, is told in words.
AWAITED = """
async def judge_awaits(fetch, urls, limit, patience):
    import asyncio
    import inspect

    try:
        made = fetch_all(fetch, urls, limit)
    except RuntimeError as error:
        if "event loop" in str(error):
            return {"refused": f"RuntimeError: {error}"}
        raise
    if not inspect.isawaitable(made):
        return {"refused": f"it is of type {type(made).__name__}"}
    slept, sleep = 0, asyncio.sleep

    def counted(*args, **kwargs):
        nonlocal slept
        slept += 1
        return sleep(*args, **kwargs)

    asyncio.sleep = counted
    task = asyncio.ensure_future(made)
    done, _ = await asyncio.wait([task], timeout=patience)
    asyncio.sleep = sleep
    if not done:
        task.cancel()
        return {"stuck": True}
    result = task.result()
    held = result if type(result) is list else [result]
    waiting = [item for item in held if inspect.isawaitable(item)]
    errors = [item for item in held if isinstance(item, BaseException)]
    if waiting:
        return {"waiting": f"{len(waiting)} of type {type(waiting[0]).__name__}"}
    if errors:
        return {"error": repr(errors[0])}
    return {"result": result, "slept": slept}
"""
PATIENCE = 100  # virtual seconds; no run needs more, not even one by one
LATE = 0.5  # seconds; whoever asks now and then for a free place is not late
SLEEPS = 10  # for each url; a loop that asks for a place makes hundreds
GROUPS = ("ExceptionGroup", "BaseExceptionGroup")
TAKES = (9, 1, 4, 2, 7, 3, 5, 1, 2, 8, 3, 2, 6)  # seconds of each request, in the order of urls
LOST = {**dict.fromkeys((2, 5, 7), "ConnectionError"), 3: "ConnectionResetError"}


class Page:
    """One call of ``fetch_all``, and what the judge saw of it."""

    def __init__(self, answer, takes, limit, errors):
        numbers = answer.random.sample(range(1000, 10_000), len(takes))
        self.urls = [f"/bookings/{number}/payment" for number in numbers]
        self.takes, self.limit = dict(zip(self.urls, takes, strict=True)), limit
        self.errors = {url: errors[place] for place, url in enumerate(self.urls) if place in errors}
        self.bodies = {url: f"{answer.random.randrange(100, 99_999)} cents" for url in self.urls}
        if len(self.urls) > 1:
            self.bodies[self.urls[1]] = ""
        self.wanted = [None if url in self.errors else self.bodies[url] for url in self.urls]
        self.fetch = answer.coroutine("fetch", self._answer, seconds=self._seconds)
        self.start = answer.now
        outcome = answer.attempt("judge_awaits", self.fetch, self.urls, limit, PATIENCE)
        self.said, self.error = outcome.value, outcome.error
        if type(self.said) is not dict:
            self.said = {}
        self.took = answer.now - self.start
        self.result = self.said.get("result")
        self.seen = {"limit": limit, "urls": len(self.urls)}

    def _answer(self, url):
        if type(url) is not str or url not in self.bodies:
            return Raise("TypeError", f"fetch takes one url of the list, not {url!r}"[:200])
        if url in self.errors:
            known = self.errors[url] in LOST.values()
            return Raise(self.errors[url], "connection lost" if known else "not a lost connection")
        return self.bodies[url]

    def _seconds(self, url):
        return self.takes.get(url, 0) if type(url) is str else 0

    @property
    def calls(self):
        """The requests of urls of the list: the url, and the second at which it began."""
        made = [((*call.args, *call.kwargs.values()), call.at) for call in self.fetch.calls]
        fit = [(args[0], at - self.start) for args, at in made if len(args) == 1]
        return [(url, began) for url, began in fit if type(url) is str and url in self.takes]


def check(answer):
    answer.callable("fetch_all")  # says so where it is missing
    answer.prepare(AWAITED)
    for takes, limit, errors in (
        (TAKES, 3, {}),
        (TAKES[:4], 1, {}),
        (TAKES[:3], 8, {}),
        (TAKES[:5], 5, {}),
        (TAKES[:1], 2, {}),
        ((), 2, {}),
        (TAKES, 4, {}),
        (TAKES, 3, LOST),
        (TAKES[:6], 2, LOST),
        (TAKES[:3], 1, {0: "ConnectionError"}),
    ):
        if found := _look(Page(answer, takes, limit, errors)):
            return found
    return _other_errors(answer)


def _look(page):
    steps = (_came_back, _kept_the_limit, _fetched_each_once, _waited_together)
    for step in (*steps, _results, _no_empty_place, _slept_little):
        if found := step(page):
            return found
    return None


def _came_back(page):
    if "refused" in page.said:
        return Finding("not-a-coroutine", got=page.said["refused"])
    if "stuck" in page.said:
        return _stuck(page)
    if page.error:
        lost = {*page.errors.values(), *GROUPS}
        if not page.errors or page.error.name not in lost:
            raise page.error
        return _lost_all(page, str(page.error))
    if "waiting" in page.said:
        return Finding("forgets-to-await", urls=len(page.urls), waiting=page.said["waiting"])
    if page.errors and "result" in page.said and (page.result is None or same(page.result, [])):
        return _lost_all(page, repr(page.result))
    return None


def _stuck(page):
    begun, failed = len(page.calls), sum(url in page.errors for url, _ in page.calls)
    return Finding("keeps-the-place", **page.seen, begun=begun, failed=failed)


def _lost_all(page, got):
    raised = next(iter(page.errors.values()))
    seen = {"urls": len(page.urls), "failing": len(page.errors), "raised": raised}
    return Finding("one-error-loses-all", **seen, got=got)


def _kept_the_limit(page):
    if page.fetch.most_open > page.limit:
        return Finding("ignores-the-limit", **page.seen, most_open=page.fetch.most_open)
    return None


def _fetched_each_once(page):
    times = Counter(url for url, _ in page.calls)
    for url in page.urls:
        if times[url] > 1:
            seen = {"urls": len(page.urls), "calls": len(page.fetch.calls)}
            return Finding("asks-again", **seen, url=url, times=times[url])
    left_out = [place for place, url in enumerate(page.urls, 1) if not times[url]]
    if left_out:
        seen = {"left_out": len(left_out), "first": left_out[0]}
        if page.errors:
            failed = sum(url in page.errors for url in times)
            return Finding("stops-after-a-failure", **page.seen, failed=failed, **seen)
        return Finding("leaves-urls-out", **page.seen, **seen)
    return None


def _waited_together(page):
    if page.fetch.most_open == 1 < min(page.limit, len(page.urls)):
        return Finding("awaits-one-by-one", **page.seen, most_open=1, took=round(page.took, 1))
    return None


def _results(page):
    got, wanted = page.result, page.wanted
    if "error" in page.said:
        return Finding("returns-the-error", error=page.said["error"])
    if same(got, wanted):
        return None
    if page.errors and same(got, [body for body in wanted if body is not None]):
        seen = {"urls": len(wanted), "failed": len(page.errors), "results": len(got)}
        return Finding("drops-the-failed-url", **seen)
    if type(got) is list and _shuffled(got, wanted):
        place = _first_difference(got, wanted)
        there = wanted.index(got[place]) + 1
        return Finding("order-of-arrival", place=place + 1, url_there=there)
    if type(got) is not list or len(got) != len(wanted):
        told = {"expected": f"a list of {len(wanted)} answers", "got": _told(got)}
        return Finding("wrong-result", **page.seen, where="the result", **told)
    place = _first_difference(got, wanted)
    told = {"expected": _told(wanted[place]), "got": _told(got[place])}
    return Finding("wrong-result", **page.seen, where=f"place {place + 1} of the result", **told)


def _first_difference(got, wanted):
    pairs = enumerate(zip(got, wanted, strict=True))
    return next(place for place, (one, other) in pairs if not same(one, other))


def _told(value):
    text = repr(value)
    return text if len(text) <= 90 else f"{text[:89]}…"


def _shuffled(got, wanted):
    kinds = all(item is None or type(item) is str for item in got)
    return kinds and Counter(got) == Counter(wanted)


def _no_empty_place(page):
    """Each request begins as soon as a place is free, in whatever order they were begun."""
    ends = []
    for number, (url, began) in enumerate(page.calls, 1):
        free = 0.0 if len(ends) < page.limit else heapq.heappop(ends)
        if began > free + LATE:
            seen = {"request": number, "began": round(began, 2), "free": round(free, 2)}
            return Finding("waits-for-the-batch", **page.seen, **seen)
        heapq.heappush(ends, began + page.takes[url])
    return None


def _slept_little(page):
    """Whoever sleeps now and then does no harm."""
    slept = page.said.get("slept")
    if type(slept) is int and slept > SLEEPS * len(page.urls):
        return Finding("asks-for-a-place", **page.seen, slept=slept)
    return None


def _other_errors(answer):
    for name in ("ValueError", "TimeoutError", "KeyError"):
        page = Page(answer, TAKES[:6], 2, {1: name, 3: "ConnectionError"})
        if "stuck" in page.said:
            return _stuck(page)
        if page.error is None:
            got = page.said.get("error") or repr(page.result)
            return Finding("hides-every-error", raised=name, got=got)
        if page.error.name not in (name, *GROUPS):
            return Finding("hides-every-error", raised=name, got=str(page.error))
    return None
