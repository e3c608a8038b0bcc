"""An answer lives on virtual time: nothing waits, and the clock moves when every task does."""

from __future__ import annotations

import time

import pytest

from judge_answers import Answers
from prodev.judge import Raise
from prodev.judge.endings import TimedOut

SECONDS = {"a": 3, "b": 1, "c": 5, "d": 2, "e": 4}


@pytest.fixture(scope="module")
def answers():
    with Answers() as opened:
        yield opened


@pytest.fixture(autouse=True)
def no_real_waiting():
    """Hours of virtual time pass in moments."""
    started = time.monotonic()
    yield
    assert time.monotonic() - started < 20


def fetching(answer, **other):
    """Give a coroutine that takes SECONDS for each url."""
    return answer.coroutine("fetch", lambda url: other.get(url, url.upper()), SECONDS.__getitem__)


def test_a_sleep_takes_no_time_and_is_noted(answers):
    answer = answers.load("import time\ndef f(*pauses):\n    for s in pauses: time.sleep(s)")
    answer.call("f", 1, 0.5, 0, 86_400)

    assert answer.slept == [1, 0.5, 0, 86_400]
    assert answer.now == 86_401.5


def test_a_sleep_that_was_imported_by_name_is_virtual_too(answers):
    answer = answers.load("from time import sleep\ndef f(): sleep(3_600)")
    answer.call("f")

    assert answer.slept == [3_600]


@pytest.mark.parametrize(
    ("pause", "error"),
    [("-1", "ValueError"), ("'1'", "TypeError"), ("None", "TypeError"), ("float('nan')", "Value")],
)
def test_a_sleep_refuses_what_python_s_own_refuses(answers, pause, error):
    answer = answers.load(f"import time\ndef f(): time.sleep({pause})")

    assert answer.attempt("f").error.name.startswith(error)
    assert (answer.slept, answer.now) == ([], 0)


@pytest.mark.parametrize("clock", ["time", "monotonic", "perf_counter"])
def test_every_clock_moves_with_the_sleeps(answers, clock):
    answer = answers.load(
        f"import time\n"
        f"def f():\n"
        f"    start, start_ns = time.{clock}(), time.{clock}_ns()\n"
        f"    time.sleep(100)\n"
        f"    return [time.{clock}() - start, (time.{clock}_ns() - start_ns) / 1e9]\n"
    )

    assert answer.call("f") == pytest.approx([100, 100], abs=0.001)


def test_time_passes_between_two_calls(answers):
    answer = answers.load("import time\ndef f(): return time.monotonic()")
    before = answer.call("f")
    answer.advance(61)

    assert answer.call("f") - before == pytest.approx(61, abs=0.001)
    assert answer.now == 61
    assert answer.slept == []


def test_a_call_says_at_what_time_it_came(answers):
    answer = answers.load("import time\ndef f(g):\n    g()\n    time.sleep(2)\n    g()")
    given = answer.function("g", lambda: None)
    answer.advance(10)
    answer.call("f", given)

    assert [call.at for call in given.calls] == [10, 12]


def test_a_loop_that_watches_the_clock_comes_to_its_end(answers):
    answer = answers.load(
        "import time\n"
        "def f():\n"
        "    end = time.monotonic() + 0.1\n"
        "    while time.monotonic() < end: pass\n"
        "    return 'done'\n"
    )

    assert answer.call("f") == "done"


# asyncio


@pytest.mark.parametrize(
    ("body", "seconds"),
    [
        ("await asyncio.sleep(3_600)", 3_600),
        ("await asyncio.sleep(0)", 0),
        ("await asyncio.gather(asyncio.sleep(2), asyncio.sleep(7), asyncio.sleep(1))", 7),
        ("asyncio.get_running_loop().call_later(4, event.set)\n    await event.wait()", 4),
    ],
)
def test_the_timers_of_the_event_loop_are_virtual(answers, body, seconds):
    answer = answers.load(f"import asyncio\nevent = asyncio.Event()\nasync def f():\n    {body}")
    answer.call("f")

    assert answer.now == pytest.approx(seconds, abs=0.001)


def test_the_loop_s_clock_is_the_virtual_one(answers):
    answer = answers.load(
        "import asyncio\n"
        "async def f():\n"
        "    loop = asyncio.get_running_loop()\n"
        "    before = loop.time()\n"
        "    await asyncio.sleep(90)\n"
        "    return loop.time() - before\n"
    )

    assert answer.call("f") == pytest.approx(90, abs=0.001)


AT_ONCE = """
    import asyncio
    async def one_by_one(fetch, urls):
        return [await fetch(url) for url in urls]
    async def at_once(fetch, urls):
        return await asyncio.gather(*map(fetch, urls))
    async def grouped(fetch, urls):
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(fetch(url)) for url in urls]
        return [task.result() for task in tasks]
    async def limited(fetch, urls, limit=2):
        free = asyncio.Semaphore(limit)
        async def one(url):
            async with free:
                return await fetch(url)
        return await asyncio.gather(*map(one, urls))
    async def by_arrival(fetch, urls):
        return [await done for done in asyncio.as_completed(map(fetch, urls))]
    async def workers(fetch, urls):
        queue, found = asyncio.Queue(), {}
        for url in urls:
            queue.put_nowait(url)
        async def work():
            while not queue.empty():
                url = queue.get_nowait()
                found[url] = await fetch(url)
        await asyncio.gather(work(), work())
        return [found[url] for url in urls]
    def runs_its_own(fetch, urls):
        return asyncio.run(at_once(fetch, urls))
    """
IN_ORDER = ["A", "B", "C", "D", "E"]


@pytest.mark.parametrize(
    ("name", "got", "now", "most_open"),
    [
        ("one_by_one", IN_ORDER, 15, 1),
        ("at_once", IN_ORDER, 5, 5),
        ("grouped", IN_ORDER, 5, 5),
        ("limited", IN_ORDER, 9, 2),
        ("by_arrival", ["B", "D", "A", "E", "C"], 5, 5),
        ("workers", IN_ORDER, 9, 2),
        ("runs_its_own", IN_ORDER, 5, 5),
    ],
)
def test_calls_that_wait_together_take_as_long_as_the_longest(answers, name, got, now, most_open):
    answer = answers.load(AT_ONCE)
    fetch = fetching(answer)

    assert answer.call(name, fetch, list(SECONDS)) == got
    assert answer.now == pytest.approx(now, abs=0.001)
    assert fetch.most_open == most_open
    assert sorted(call.args for call in fetch.calls) == [(url,) for url in SECONDS]


def test_calls_of_the_same_length_end_in_the_order_in_which_they_began(answers):
    answer = answers.load(
        """
        import asyncio
        async def f(fetch, urls):
            ended = []
            async def one(url):
                ended.append(await fetch(url))
            await asyncio.gather(*map(one, urls))
            return ended
        """
    )
    fetch = answer.coroutine("fetch", lambda url: url, seconds=1)

    assert answer.call("f", fetch, list("fbcade")) == list("fbcade")


@pytest.mark.parametrize("name", ["at_once", "grouped", "runs_its_own"])
def test_the_next_call_begins_with_nothing_open(answers, name):
    answer = answers.load(AT_ONCE)
    fetch = fetching(answer, b=Raise("ConnectionError", "lost"))
    error = answer.attempt(name, fetch, list(SECONDS)).error
    assert answer.now == 1
    assert error.name == ("ExceptionGroup" if name == "grouped" else "ConnectionError")

    before = answer.now
    assert answer.call("limited", fetch, ["a", "d"]) == ["A", "D"]
    assert answer.now - before >= 3
    if name != "at_once":  # asyncio.gather leaves the others running
        assert answer.now - before == pytest.approx(3, abs=0.001)
        assert fetch.open == 0


TIMEOUTS = """
    import asyncio
    async def waited(fetch):
        try:
            return await asyncio.wait_for(fetch("c"), 2)
        except TimeoutError:
            return "late"
    async def within(fetch):
        try:
            async with asyncio.timeout(2):
                return await fetch("c")
        except TimeoutError:
            return "late"
    async def first(fetch):
        tasks = [asyncio.ensure_future(fetch(url)) for url in "acd"]
        done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)
        return [task.result() for task in done][0]
    """


@pytest.mark.parametrize(("name", "got"), [("waited", "late"), ("within", "late"), ("first", "D")])
def test_a_call_that_is_cancelled_is_no_longer_open(answers, name, got):
    answer = answers.load(TIMEOUTS)
    fetch = fetching(answer)

    assert answer.call(name, fetch) == got
    assert answer.now == pytest.approx(2, abs=0.001)
    assert fetch.open == 0


def test_a_call_in_time_is_not_cut_off(answers):
    answer = answers.load(TIMEOUTS.replace(", 2)", ", 6)").replace("timeout(2)", "timeout(6)"))
    fetch = fetching(answer)

    assert (answer.call("waited", fetch), answer.call("within", fetch)) == ("C", "C")
    assert answer.now == pytest.approx(10, abs=0.001)


def test_a_sleep_that_blocks_holds_up_every_other_task(answers):
    answer = answers.load(
        "import asyncio, time\n"
        "async def blocks():\n    time.sleep(10)\n"
        "async def f(fetch):\n"
        "    results = await asyncio.gather(fetch('b'), blocks(), fetch('d'))\n"
        "    return results[0] + results[2]\n"
    )
    fetch = fetching(answer)

    assert answer.call("f", fetch) == "BD"
    assert answer.slept == [10]
    assert answer.now >= 10


def test_a_task_that_nobody_wakes_ends_with_the_time_limit(answers):
    answer = answers.load(
        "import asyncio\nasync def f(): await asyncio.Event().wait()", seconds=0.5
    )

    with pytest.raises(TimedOut):
        answer.call("f")


def test_a_thread_can_ask_the_judge_while_the_loop_goes_on(answers):
    answer = answers.load(
        "import asyncio, time\n"
        "def blocking(charge, n):\n    time.sleep(1)\n    return charge(n)\n"
        "async def f(charge, fetch):\n"
        "    work = [asyncio.to_thread(blocking, charge, n) for n in range(3)]\n"
        "    return await asyncio.gather(fetch('a'), *work)\n"
    )
    charge = answer.function("charge", lambda n: n * 10)

    assert answer.call("f", charge, fetching(answer)) == ["A", 0, 10, 20]
    assert len(charge.calls) == 3
    assert answer.slept == [1, 1, 1]


def test_threads_of_a_pool_take_turns(answers):
    answer = answers.load(
        "from concurrent.futures import ThreadPoolExecutor\n"
        "def f(charge):\n"
        "    with ThreadPoolExecutor(4) as pool:\n"
        "        return list(pool.map(charge, range(50)))\n"
    )

    assert answer.call("f", answer.function("charge", lambda n: -n)) == [-n for n in range(50)]


def test_a_task_left_behind_goes_on_in_the_next_call(answers):
    answer = answers.load(
        "import asyncio\n"
        "seen = []\n"
        "async def later():\n    await asyncio.sleep(5)\n    seen.append('done')\n"
        "async def start():\n    global task\n    task = asyncio.ensure_future(later())\n"
        "async def wait(n):\n    await asyncio.sleep(n)\n    return seen\n"
    )
    answer.call("start")

    assert answer.call("wait", 1) == []
    assert answer.call("wait", 10) == ["done"]


def test_a_task_that_asks_again_and_again_lets_time_pass_too(answers):
    answer = answers.load(
        "import asyncio\n"
        "async def f(fetch):\n"
        "    task = asyncio.ensure_future(fetch('a'))\n"
        "    while not task.done():\n"
        "        await asyncio.sleep(0)\n"
        "    return task.result()\n"
    )

    assert answer.call("f", fetching(answer)) == "A"
    assert answer.now == 3
