"""Users who send requests at the same time: every request is counted, and waiting is not hidden."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter

import pytest

from http_servers import Asked, ok, serving
from prodev.errors import CourseError
from prodev.measure import Request, load, load_async

pytestmark = pytest.mark.slow


def test_exactly_the_requests_are_sent_shared_among_the_users_in_order():
    with serving(lambda _: ok()) as server:
        found = load(lambda n: f"{server.url}{n}", users=3, requests=20)
        sent = [int(asked.path[1:]) for asked in server.asked]
    assert sorted(sent) == list(range(20))
    assert (found.sent, found.statuses, found.failed) == (20, {200: 20}, 0)
    assert found.by_user == (7, 7, 6)
    for user in range(3):
        mine = [number for number in sent if number % 3 == user]
        assert mine == sorted(mine), "each user waits for an answer before the next request"


def test_a_latency_is_never_shorter_than_the_servers_delay():
    def late(_: Asked) -> bytes:
        time.sleep(0.02)
        return ok()

    with serving(late) as server:
        found = load(server.url, users=4, requests=40)
    assert found.latencies.n == 40
    assert found.latencies.least >= 20
    assert found.latencies.values == found.service.values
    assert found.model == "closed"


def test_users_send_at_the_same_time_and_never_more_than_there_are():
    gate, now, most = threading.Barrier(5), [0], [0]
    lock = threading.Lock()

    def together(_: Asked) -> bytes:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        gate.wait(10)  # opens only when five requests are here at once
        with lock:
            now[0] -= 1
        return ok()

    with serving(together) as server:
        found = load(server.url, users=5, requests=50)
    assert (found.statuses, most[0]) == ({200: 50}, 5)


def test_a_connection_stays_open_where_the_server_allows_it():
    with serving(lambda _: ok()) as server:
        load(server.url, users=3, requests=30)
        assert server.connections == 3
    with serving(lambda _: ok(b"ok", b"200 OK", b"Connection: close")) as server:
        found = load(server.url, users=3, requests=30)
        assert (server.connections, found.statuses) == (30, {200: 30})


def test_an_open_model_counts_from_when_a_request_was_due():
    """A server that stands still for a while makes waiting that a closed model never sees."""
    first = threading.Lock()

    def stalls_once(_: Asked) -> bytes:
        if first.acquire(blocking=False):
            time.sleep(0.5)
        return ok()

    with serving(stalls_once) as server:
        found = load(server.url, users=1, requests=50, rate=100)
    assert (found.sent, found.model) == (50, "open")
    late = sum(value >= 100 for value in found.latencies.values)
    slow = sum(value >= 100 for value in found.service.values)
    assert slow >= 1
    assert late >= 30, "those that were due during the stall waited as well"
    assert late > slow
    assert [r.due for r in found.requests] == pytest.approx([n / 100 for n in range(50)])


def test_statuses_and_errors_are_counted_and_only_good_answers_have_a_latency():
    def mixed(asked: Asked) -> bytes:
        return {
            "/good": ok(),
            "/moved": ok(b"", b"302 Found"),
            "/missing": ok(b"", b"404 Not Found"),
            "/broken": ok(b"", b"500 Internal Server Error"),
            "/gone": b"",
            "/nonsense": b"SSH-2.0-OpenSSH\r\n\r\n",
        }[asked.path]

    paths = ("good", "moved", "missing", "broken", "gone", "nonsense")
    with serving(mixed) as server:
        found = load([server.url + path for path in paths], users=1, requests=12)
    assert found.statuses == {200: 2, 302: 2, 404: 2, 500: 2}
    assert found.errors == {"broken answer": 4}
    assert (found.failed, found.latencies.n) == (8, 4)
    assert "2 × 500" in str(found)


def test_a_server_that_is_not_there_is_counted_as_refused():
    with serving(lambda _: ok()) as server:
        url = server.url
    found = load(url, users=2, requests=4)
    assert found.errors == {"refused": 4}
    with pytest.raises(CourseError, match=r"None of the 4 requests .* \(4 × refused\)"):
        _ = found.latencies
    assert "4 × refused" in str(found)


def test_an_answer_that_does_not_come_is_given_up():
    waiting = threading.Event()

    def never(_: Asked) -> bytes:
        waiting.wait(30)
        return b""

    with serving(never) as server:
        found = load(server.url, users=2, requests=2, timeout=0.2)
        waiting.set()
    assert found.errors == {"timeout": 2}


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n0\r\nT: 1\r\n\r\n",
        b"HTTP/1.1 204 No Content\r\n\r\n",
        b"HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n",
        b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nuntil the end",
        b"HTTP/1.0 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx",
    ],
)
def test_answers_end_where_the_standard_says(answer: bytes):
    with serving(lambda _: answer) as server:
        found = load(server.url, users=1, requests=3)
    assert list(found.statuses.values()) == [3]
    assert found.errors == {}


def test_a_request_is_sent_as_it_was_written():
    with serving(lambda _: ok()) as server:
        request = Request(
            url=server.url + "bookings/?page=2",
            method="POST",
            headers={"Authorization": "Bearer x", "Content-Type": "application/json"},
            body='{"name": "Zoë"}',
        )
        load(request, users=1, requests=1)
        (asked,) = server.asked
    assert asked.path == "/bookings/?page=2"
    assert asked.body == '{"name": "Zoë"}'.encode()
    assert asked.head.startswith(b"POST /bookings/?page=2 HTTP/1.1\r\nHost: 127.0.0.1:")
    assert b"Authorization: Bearer x\r\n" in asked.head


def test_seconds_end_a_load():
    with serving(lambda _: ok()) as server:
        found = load(server.url, users=2, seconds=0.3)
        assert len(server.asked) == found.sent > 2
    assert all(r.start < 0.3 for r in found.requests)


def test_several_addresses_are_asked_in_turn():
    with serving(lambda _: ok()) as server:
        load([server.url + "a", server.url + "b"], users=1, requests=5)
        assert Counter(asked.path for asked in server.asked) == {"/a": 3, "/b": 2}


def test_a_unix_socket_is_reached(tmp_path):
    async def run() -> dict[int, int]:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(ok(b"ok", b"200 OK", b"Connection: close"))
            writer.close()

        path = str(tmp_path / "s")
        server = await asyncio.start_unix_server(answer, path)
        async with server:
            request = Request(url="http://stays/", socket=path)
            return (await load_async(request, users=2, requests=6)).statuses

    assert asyncio.run(run()) == {200: 6}


def test_the_table_has_a_row_for_each_request():
    with serving(lambda _: ok()) as server:
        table = load(server.url, users=2, requests=6).table()
    assert list(table.columns) == ["user", "due (s)", "latency (ms)", "came"]
    assert len(table) == 6


@pytest.mark.parametrize(
    ("target", "more", "told"),
    [
        ("http://x/", {"users": 0, "requests": 1}, "one user or more"),
        ("http://x/", {"users": 1}, "either requests= or seconds="),
        ("http://x/", {"users": 1, "requests": 1, "seconds": 1}, "either requests= or seconds="),
        ("http://x/", {"users": 1, "requests": 0}, "above 0"),
        ("http://x/", {"users": 1, "requests": 9, "rate": -1}, "above 0"),
        ("https://x/", {"users": 1, "requests": 1}, "is no address such as http://"),
        ("http://x/a b", {"users": 1, "requests": 1}, "must be quoted"),
        ([], {"users": 1, "requests": 1}, "at least one address"),
        (lambda _: "http://x/", {"users": 1, "seconds": 1}, "needs requests="),
    ],
)
def test_a_load_that_cannot_be_is_one_sentence(target, more, told):
    with pytest.raises(CourseError, match=told) as caught:
        load(target, **more)
    assert "\n" not in str(caught.value)


def test_a_header_cannot_smuggle_a_second_request():
    with pytest.raises(ValueError, match="line break"):
        Request(url="http://x/", headers={"A": "b\r\nC: d"})
