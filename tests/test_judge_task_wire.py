"""What the judge of tasks reads off a worker's connections, and off Celery's messages."""

from __future__ import annotations

import struct
import time
from datetime import UTC, datetime, timedelta

import pytest

from prodev.judge.kinds.task.amqp import Reader, Tally
from prodev.judge.kinds.task.message import ORIGIN, Message, new_message

GREETING = b"AMQP\x00\x00\x09\x01"


def frame(method: tuple[int, int], body: bytes, *, channel: int = 1, kind: int = 1) -> bytes:
    content = struct.pack(">HH", *method) + body
    return struct.pack(">BHI", kind, channel, len(content)) + content + b"\xce"


def deliver(tag: int, *, again: bool = False, channel: int = 1) -> bytes:
    body = b"\x04None" + struct.pack(">QB", tag, again) + b"\x00\x04work"
    return frame((60, 60), body, channel=channel)


def ack(tag: int, *, multiple: bool = False) -> bytes:
    return frame((60, 80), struct.pack(">QB", tag, multiple))


def nack(tag: int, bits: int) -> bytes:
    return frame((60, 120), struct.pack(">QB", tag, bits))


def reject(tag: int, *, requeue: bool) -> bytes:
    return frame((60, 90), struct.pack(">QB", tag, requeue))


def told(tally: Tally) -> dict[str, int]:
    return {name: value for name, value in vars(tally).items() if value}


@pytest.fixture
def tally() -> Tally:
    return Tally()


@pytest.fixture
def reader(tally: Tally) -> Reader:
    reader = Reader(tally)
    reader.from_worker(GREETING)
    return reader


def test_a_message_is_held_until_it_is_acknowledged(reader: Reader, tally: Tally) -> None:
    reader.from_broker(deliver(1) + deliver(2))
    assert told(tally) == {"fresh": 2, "held": 2}
    reader.from_worker(ack(2))
    assert told(tally) == {"fresh": 2, "held": 1, "acknowledged": 1}


def test_frames_may_come_in_any_pieces(reader: Reader, tally: Tally) -> None:
    for byte in deliver(1) + deliver(2, again=True):
        reader.from_broker(bytes([byte]))
    for byte in ack(1):
        reader.from_worker(bytes([byte]))
    assert told(tally) == {"fresh": 1, "redelivered": 1, "held": 1, "acknowledged": 1}


def test_the_greeting_is_no_frame(tally: Tally) -> None:
    reader = Reader(tally)
    reader.from_broker(deliver(1))
    reader.from_worker(GREETING[:3])
    reader.from_worker(GREETING[3:] + ack(1))
    assert told(tally) == {"fresh": 1, "acknowledged": 1}


def test_one_acknowledgement_may_stand_for_all_before_it(reader: Reader, tally: Tally) -> None:
    reader.from_broker(b"".join(deliver(tag) for tag in (1, 2, 3)))
    reader.from_worker(ack(2, multiple=True))
    assert tally.held == 1


@pytest.mark.parametrize(
    ("answer", "returned"),
    [
        (reject(1, requeue=True), 1),
        (reject(1, requeue=False), 0),
        (nack(1, 2), 1),
        (nack(1, 0), 0),
    ],
)
def test_a_refused_message_goes_back_only_where_that_is_asked(
    answer: bytes, returned: int, reader: Reader, tally: Tally
) -> None:
    reader.from_broker(deliver(1))
    reader.from_worker(answer)
    assert (tally.held, tally.returned, tally.acknowledged) == (0, returned, 0)


def test_what_a_dead_worker_held_goes_back(reader: Reader, tally: Tally) -> None:
    reader.from_broker(deliver(1) + deliver(2) + deliver(1, channel=2))
    reader.from_worker(ack(1))
    reader.close()
    reader.close()
    assert (tally.held, tally.returned) == (0, 2)


def test_content_that_looks_like_a_method_is_none(reader: Reader, tally: Tally) -> None:
    body = ack(1)
    reader.from_broker(deliver(1))
    reader.from_worker(struct.pack(">BHI", 3, 1, len(body)) + body + b"\xce")
    assert tally.held == 1


def message(**headers: object) -> Message:
    return Message({"id": "job", "task": "mails.send", **headers}, b"[]", {})


def test_the_wait_is_the_one_that_was_asked_for() -> None:
    late = (datetime.now(UTC) + timedelta(seconds=19.9)).isoformat()
    asked = message(judge_countdown=20, eta=late)
    assert asked.wait == 20
    assert asked.waits_for(20)
    assert not asked.waits_for(19.9)


def test_a_moment_that_the_answer_wrote_may_be_a_bit_off() -> None:
    now = time.time()
    written = message(eta=datetime.fromtimestamp(now + 10, UTC).isoformat())
    written.begun, written.seen = now - 0.3, now + 0.3
    assert written.waits_for(10)
    assert not written.waits_for(9)
    assert not written.waits_for(11)


def test_a_message_without_a_moment_does_not_wait() -> None:
    assert message(eta=None).wait == 0
    assert message(eta="tomorrow").wait == 0
    assert message(eta=None).waits_for(0)


def test_a_message_that_is_due_now_is_the_judges() -> None:
    due = message(eta="2031-05-01T00:00:00+00:00", judge_countdown=20).due_now()
    assert due.headers["eta"] is None
    assert due.headers["origin"] == ORIGIN
    assert (due.id, due.task, due.body) == ("job", "mails.send", b"[]")


def test_every_job_has_an_id_of_its_own() -> None:
    first, second = (new_message("mails.send", (7,)) for _ in range(2))
    assert first.id != second.id
    assert first.body == second.body
    assert first.headers["task"] == "mails.send"
