"""Celery as a system: its broker is found, a worker is started, killed and stopped."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from prodev.services.celery import Celery, run_beat
from prodev.services.rabbitmq import RabbitMQ
from prodev.services.redis import Redis, RunningRedis
from prodev.services.service import MissingError, ServiceError
from service_processes import alive, eventually, owner

APP = """
import os, time
from celery import Celery

app = Celery("shop", broker="amqp://nobody:wrong@127.0.0.1:1//")
app.conf.beat_schedule = {"tick": {"task": "write", "schedule": 0.2, "args": ["ticked"]}}

@app.task(name="write")
def write(text):
    with open(os.environ["NOTES"], "a") as notes:
        notes.write(text + "\\n")
"""


@pytest.fixture
def shop(tmp_path: Path) -> dict[str, str]:
    """The environment of an application in a folder with a space and an umlaut."""
    folder = tmp_path / "my läden"
    folder.mkdir()
    (folder / "shop.py").write_text(APP, "utf-8")
    return {"PYTHONPATH": str(folder), "NOTES": str(folder / "notes")}


@pytest.fixture
def redis() -> Iterator[RunningRedis]:
    with Redis().start() as server:
        yield server


def group(leader: int) -> list[int]:
    """The processes of a group that run."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            pid, fields = int(stat.parent.name), stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == leader and fields[0] != "Z":
            found.append(pid)
    return found


def send(broker_url: str, text: str) -> None:
    import celery
    from kombu import Connection

    with Connection(broker_url) as connection:
        celery.Celery().send_task("write", [text], connection=connection, ignore_result=True)


def without_rabbitmq(monkeypatch: pytest.MonkeyPatch) -> None:
    def find(self: RabbitMQ, *_: object, **__: object) -> None:
        raise MissingError("RabbitMQ", "sudo apt-get install rabbitmq-server")

    monkeypatch.setattr(RabbitMQ, "find", find)


def test_it_runs_on_rabbitmq_where_that_is():
    RabbitMQ().find()
    row = Celery().describe()
    assert (row.system, row.state) == ("Celery", "real")
    assert row.provider.startswith("Celery 5.")
    assert " on RabbitMQ " in row.provider
    assert row.how == ""


def test_without_rabbitmq_it_runs_on_valkey_and_says_how_to_improve(
    monkeypatch: pytest.MonkeyPatch,
):
    without_rabbitmq(monkeypatch)
    row = Celery().describe()
    assert row.state == "embedded"
    assert " on Valkey " in row.provider
    assert row.how == "for RabbitMQ: sudo apt-get install rabbitmq-server"


def test_what_has_no_wheel_does_not_count_where_embedded_is_wanted():
    assert " on Valkey " in Celery().describe("embedded").provider


def test_without_any_broker_it_is_missing_with_both_ways(monkeypatch: pytest.MonkeyPatch):
    def find(self: Redis, *_: object, **__: object) -> None:
        raise MissingError("Redis", "sudo apt-get install redis-server")

    without_rabbitmq(monkeypatch)
    monkeypatch.setattr(Redis, "find", find)
    row = Celery().describe()
    assert row.state == "missing"
    assert "install rabbitmq-server, or sudo apt-get install redis-server" in row.how


@pytest.mark.parametrize("url", ["memory://", "sqs://", "nonsense", "filesystem://"])
def test_a_broker_that_no_other_process_reaches_is_refused_in_one_sentence(url: str):
    with pytest.raises(ServiceError, match="needs a broker that other processes reach"):
        Celery().find(address=url)


@pytest.mark.parametrize("url", ["amqp://me:secret@127.0.0.1:1//", "redis://:secret@127.0.0.1:1/0"])
def test_an_address_that_does_not_answer_is_told_without_its_password(url: str):
    with pytest.raises(MissingError, match="start that broker, or unset PRODEV_CELERY") as caught:
        Celery().find(address=url)
    assert "secret" not in str(caught.value)


@pytest.mark.slow
def test_an_address_comes_before_all_others(redis: RunningRedis, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PRODEV_CELERY", redis.broker_url)
    found = Celery().find()
    assert (found.state, found.address) == ("real", redis.broker_url)
    assert found.provider.endswith(" on Redis")
    assert Celery().find("embedded").address == ""


@pytest.mark.slow
def test_a_worker_runs_the_tasks_of_an_application_whatever_broker_that_one_names(
    shop: dict[str, str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("CELERY_BROKER_URL", "amqp://nobody:wrong@127.0.0.1:1//")
    with Celery().start("embedded", app="shop:app", environment=shop, concurrency=1) as celery:
        assert celery.answers()
        send(celery.broker_url, "hello")
        notes = Path(shop["NOTES"])
        assert eventually(lambda: notes.exists() and notes.read_text() == "hello\n")
        celery.check()
        socket = celery.broker_url.partition("@")[2].partition("?")[0]
        pid, processes = celery.pid, group(celery.pid)
        assert len(processes) == 2, "a main process, and one that runs tasks"
        assert not any(
            "redis+socket" in Path(f"/proc/{process}/cmdline").read_text() for process in processes
        ), "the broker's password is in no command line"
    assert group(pid) == []
    assert not Path(socket).exists()
    celery.stop()


@pytest.mark.slow
def test_a_worker_reads_only_the_queues_it_is_given(shop: dict[str, str], redis: RunningRedis):
    with Celery().start(
        app="shop:app", broker_url=redis.broker_url, queues=("slow", "other"), environment=shop
    ) as celery:
        assert ".> slow" in celery.log()
        assert ".> other" in celery.log()
        assert ".> celery" not in celery.log()


@pytest.mark.slow
def test_a_killed_worker_leaves_no_process_and_says_so_and_its_broker_goes_on(
    shop: dict[str, str],
):
    with Celery().start("embedded", app="shop:app", environment=shop) as first:
        first.kill()
        assert eventually(lambda: group(first.pid) == [])

        def noticed() -> bool:
            try:
                first.check()
            except ServiceError as error:
                return "The Celery worker" in str(error) and "SIGKILL" in str(error)
            return False

        assert eventually(noticed)
        send(first.broker_url, "left behind")
        with Celery().start(app="shop:app", broker_url=first.broker_url, environment=shop):
            notes = Path(shop["NOTES"])
            assert eventually(lambda: notes.exists() and notes.read_text() == "left behind\n")


@pytest.mark.slow
def test_two_beats_fire_the_schedule_twice(shop: dict[str, str], redis: RunningRedis):
    with Celery().start(
        app="shop:app", broker_url=redis.broker_url, environment=shop, beat=True
    ) as celery:
        notes = Path(shop["NOTES"])
        assert eventually(lambda: notes.exists() and notes.read_text().count("ticked") > 3)
        assert celery.beat is not None
        with run_beat("shop:app", broker_url=redis.broker_url, environment=shop) as second:
            assert eventually(lambda: "Sending due task tick" in second.log())
        pids = [celery.beat.pid, second.pid]
    assert not any(alive(pid) for pid in pids)
    assert sorted(path.name for path in Path(shop["PYTHONPATH"]).iterdir()) in (
        ["__pycache__", "notes", "shop.py"],
        ["notes", "shop.py"],
    ), "beat leaves no file beside the application"


@pytest.mark.slow
def test_an_application_that_does_not_exist_is_one_sentence_and_leaves_no_broker(
    monkeypatch: pytest.MonkeyPatch,
):
    started: list[RunningRedis] = []
    start = Redis.start

    def keep(self: Redis, *arguments: object) -> RunningRedis:
        started.append(start(self, *arguments))  # type: ignore[arg-type]
        return started[0]

    monkeypatch.setattr(Redis, "start", keep)
    with pytest.raises(ServiceError) as caught:
        Celery().start("embedded", app="no.such:app")
    assert str(caught.value) == (
        "The Celery worker does not start. Its last words: ModuleNotFoundError: No module named "
        "'no'"
    )
    assert not alive(started[0].details["pid"])


@pytest.mark.slow
def test_a_worker_ends_with_its_owner_even_if_that_one_is_killed(shop: dict[str, str]):
    code = """
import os, sys
from prodev.services.celery import Celery
names = ("PYTHONPATH", "NOTES")
celery = Celery().start("embedded", app="shop:app", beat=True,
                        environment={name: os.environ[name] for name in names})
print(celery.pid, celery.beat.pid, celery.broker.details["pid"], flush=True)
sys.stdin.read()
"""
    with owner(code, **shop) as process:
        assert process.stdout is not None
        pids = [int(word) for word in process.stdout.readline().split()]
        workers = group(pids[0])
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert len(pids) == 3
    assert eventually(lambda: not any(alive(pid) for pid in [*pids, *workers]))
    assert os.getpid() not in pids
