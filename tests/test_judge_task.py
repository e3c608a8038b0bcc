"""The judge of tasks: a real worker on a broker of its own, killed on purpose, and kept in."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from judge_exercises import make_exercise
from judge_processes import alive, children, folder_of, pid_of, tree, wait_until
from prodev.catalog.exercise import Exercise
from prodev.judge import Judge, Verdict
from prodev.services.rabbitmq import RabbitMQ

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the tests read /proc"),
]

MARK = f"SECRET{secrets.token_hex(8)}"
HEAD = "from box import Down, app, tell\n\n"
CHECK = """
from prodev.judge import Finding, Raise
hidden = "{mark}"

def check(answer):
    told = []

    def tell(text, *, number=0):
        told.append(text)
        if text == "down":
            return Raise("Down", "for now")
        if text == "kill process" and told.count(text) == 1:
            answer.kill_process()
        if text == "kill worker" and told.count(text) == 1:
            answer.kill_worker()
        if text == "restart" and told.count(text) == 1:
            answer.restart_broker()
        return len(told)

    answer.load("box", {{"tell": tell}}, {{"Down": "ConnectionError"}})
{lines}
    ends = [run.end and (run.end.error or run.end.value) for run in answer.runs]
    return Finding("told", told=repr(told), ends=repr(ends), broker=answer.broker,
                   waits=repr([message.wait for message in answer.published]),
                   redelivered=answer.redelivered)
"""
ONE_JOB = """
    answer.start_worker({pool})
    job = answer.publish("work")
    answer.follow(job, most=4)
"""
KILLED = """
    answer.start_worker("prefork")
    answer.publish("work")
    answer.wait(lambda: answer.idle() or not answer.works)
    if not answer.works:
        answer.start_worker("prefork")
    answer.wait(answer.idle)
"""


@contextmanager
def judging(services: str) -> Iterator[Judge]:
    with Judge() as judge:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PRODEV_SERVICES", services)
            patch.setenv("HOSTILE_SECRET", MARK)
            # It starts now, with this environment.
            if not judge.isolation()["programs"]:
                pytest.skip("the judge starts no programs here: allow user namespaces")
        yield judge
        everything = tree(pid_of(judge))
        (folder,) = (folder_of(pid) for pid in everything if _is_forker(pid))
    wait_until(lambda: not any(map(alive, everything)), 30)
    assert not folder.exists()


@pytest.fixture(scope="module")
def valkey() -> Iterator[Judge]:
    with judging("embedded") as judge:
        yield judge


@pytest.fixture(scope="module")
def rabbitmq() -> Iterator[Judge]:
    RabbitMQ().find()  # where it is missing, the test says so
    with judging("auto") as judge:
        yield judge


@pytest.fixture(params=["valkey", "rabbitmq"])
def judge(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(request.param)


def exercise_of(folder: Path, lines: str) -> Exercise:
    return make_exercise(
        folder,
        CHECK.format(lines=lines, mark=MARK),
        kind="task",
        starter="# nothing\n",
        solution=f"{HEAD}# {MARK}\n",
        wrong={"told": ("This is told.", HEAD)},
        limits={"seconds": 20, "memory_mb": 512},
    )


def judged(
    judge: Judge, folder: Path, source: str, lines: str = ONE_JOB, *, pool: str = '"solo"'
) -> Verdict:
    exercise = exercise_of(folder, lines.format(pool=pool) if "{pool}" in lines else lines)
    return judge.judge(exercise, HEAD + dedent(source))


def seen(judge: Judge, folder: Path, source: str, lines: str = ONE_JOB, **more: str) -> Any:
    verdict = judged(judge, folder, source, lines, **more)
    assert verdict.code == "told", verdict
    return verdict.evidence


@pytest.mark.parametrize("pool", ['"solo"', '"prefork"'])
def test_a_job_runs_in_a_worker_and_its_calls_are_answered(
    pool: str, judge: Judge, tmp_path: Path
) -> None:
    source = """
    @app.task
    def work():
        return [tell("first"), tell(text="second", number=2)]
    """
    found = seen(judge, tmp_path, source, pool=pool)
    assert (found["told"], found["ends"]) == ("['first', 'second']", "[[1, 2]]")


def test_the_verdict_says_on_which_broker_it_was_judged(
    valkey: Judge, rabbitmq: Judge, tmp_path: Path
) -> None:
    source = "@app.task\ndef work():\n    pass\n"
    for name, judge in (("Valkey", valkey), ("RabbitMQ", rabbitmq)):
        assert seen(judge, tmp_path / name, source)["broker"].startswith(name)


def test_a_retry_tells_its_wait_and_comes_at_once(judge: Judge, tmp_path: Path) -> None:
    source = """
    @app.task(bind=True, max_retries=2)
    def work(self):
        try:
            tell("down")
        except Down as error:
            raise self.retry(exc=error, countdown=3600 * (self.request.retries + 1))
    """
    found = seen(judge, tmp_path, source)
    assert found["told"] == "['down', 'down', 'down']"
    assert found["ends"] == "['Retry', 'Retry', 'Down']"
    assert found["waits"] == "[3600.0, 7200.0]"


def test_a_sleep_passes_at_once_in_a_task_only(judge: Judge, tmp_path: Path) -> None:
    source = """
    import time
    time.sleep(0.01)

    @app.task
    def work():
        time.sleep(86_400)
        tell("awake")
    """
    found = seen(judge, tmp_path, source)
    assert found["told"] == "['awake']"


def test_what_is_not_plain_data_is_a_type_error_of_the_answer(judge: Judge, tmp_path: Path) -> None:
    source = "@app.task\ndef work():\n    tell(object())\n"
    assert seen(judge, tmp_path, source)["ends"] == "['TypeError']"


@pytest.mark.parametrize("what", ["kill worker", "kill process"])
@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("", 1),
        ("acks_late=True", {"kill worker": 2, "kill process": 1}),
        ("acks_late=True, reject_on_worker_lost=True", 2),
    ],
)
def test_a_job_comes_again_only_where_it_was_not_acknowledged(
    options: str, told: Any, what: str, rabbitmq: Judge, tmp_path: Path
) -> None:
    source = f"""
    @app.task({options})
    def work():
        tell("{what}")
    """
    found = seen(rabbitmq, tmp_path, source, KILLED)
    times = told[what] if isinstance(told, dict) else told
    assert found["told"] == repr([what] * times)
    assert found["redelivered"] == times - 1


@pytest.mark.parametrize(("late", "times"), [(True, 2), (False, 1)])
def test_a_job_outlives_its_broker_where_it_was_not_acknowledged(
    late: bool, times: int, rabbitmq: Judge, tmp_path: Path
) -> None:
    source = f"""
    @app.task(acks_late={late})
    def work():
        tell("restart")
    """
    lines = """
    answer.start_worker("prefork")
    answer.publish("work")
    answer.wait(answer.idle)
    answer.publish("work")
    answer.wait(answer.idle)
"""
    assert seen(rabbitmq, tmp_path, source, lines)["told"] == repr(["restart"] * (times + 1))


def test_what_only_rabbitmq_can_show_is_unavailable_without_it(
    valkey: Judge, tmp_path: Path
) -> None:
    verdict = judged(valkey, tmp_path, "x = 1\n", "    answer.needs_rabbitmq()\n")
    assert verdict.status == "unavailable"
    assert "apt-get install rabbitmq-server" in verdict.message


def test_a_name_that_is_no_task_is_told_from_one(judge: Judge, tmp_path: Path) -> None:
    lines = '    told.append(answer.is_task("work"))\n    told.append(answer.is_task("plain"))\n'
    source = """
    from celery import shared_task

    @shared_task
    def work():
        pass

    def plain():
        pass
    """
    assert seen(judge, tmp_path, source, lines)["told"] == "[True, False]"


TRIED = """
import os, signal, socket

def tried(name, attempt):
    try:
        attempt()
    except BaseException as error:
        tell(f"refused {{name}}")
    else:
        tell(f"LEAK {{name}}")

@app.task
def work():
{attempts}
"""
ATTEMPTS = {
    "a socket": "socket.socket()",
    "a connection": "socket.create_connection(('127.0.0.1', 5672), 1)",
    "the check": "open({check!r}).read()",
    "the secret": "open('/proc/{judge}/environ', 'rb').read()",
    "a file outside": "open({outside!r}, 'w')",
    "the judge's life": "os.kill({judge}, signal.SIGKILL)",
    "a program": "os.execv('/usr/bin/unshare', ['unshare', '-r', 'true'])",
}


def test_a_task_reaches_nothing_but_its_broker(judge: Judge, tmp_path: Path) -> None:
    exercise = exercise_of(tmp_path, ONE_JOB.format(pool='"solo"'))
    outside = tmp_path / "outside.txt"
    filled = {
        "judge": pid_of(judge),
        "check": str(exercise.folder / "check.py"),
        "outside": str(outside),
    }
    names = [name for name in ATTEMPTS if name != "a program"]
    attempts = "\n".join(
        f"    tried({name!r}, lambda: {ATTEMPTS[name].format(**filled)})" for name in names
    )
    verdict = judge.judge(exercise, HEAD + TRIED.format(attempts=attempts))
    assert verdict.code == "told", verdict
    assert "LEAK" not in verdict.model_dump_json()
    assert verdict.evidence["told"].count("refused") == len(names)
    assert MARK not in verdict.model_dump_json()
    assert not outside.exists()


def test_a_task_sees_no_other_part_of_rabbitmq(rabbitmq: Judge, tmp_path: Path) -> None:
    source = """
    from kombu import Connection

    @app.task
    def work():
        url = app.conf.broker_url or app.conf.broker_read_url
        own, _, name = url.rpartition("/")
        for place in (name, "%2F", "answer-0"):
            try:
                with Connection(f"{own}/{place}") as connection:
                    connection.connect()
            except Exception as error:
                tell(f"refused {place}")
            else:
                tell("own" if place == name else "LEAK")
    """
    assert seen(rabbitmq, tmp_path, source)["told"] == "['own', 'refused %2F', 'refused answer-0']"


def test_a_task_cannot_administer_valkey(valkey: Judge, tmp_path: Path) -> None:
    source = """
    @app.task
    def work():
        with app.connection_for_write() as connection:
            client = connection.default_channel.client
            for command in ("CONFIG GET *", "FLUSHALL", "KEYS *", "ACL LIST", "SHUTDOWN"):
                try:
                    client.execute_command(*command.split())
                except Exception as error:
                    tell(f"refused {command}")
                else:
                    tell(f"LEAK {command}")
    """
    found = seen(valkey, tmp_path, source)["told"]
    assert "LEAK" not in found
    assert found.count("refused") == 5


def test_a_flood_of_messages_is_cut_off(judge: Judge, tmp_path: Path) -> None:
    lines = """
    answer.start_worker()
    answer.publish("work")
    answer.wait(lambda: bool(told))
"""
    flood = """
    @app.task
    def work(text=""):
        sent = 0
        try:
            for sent in range(150):
                work.apply_async(("x" * 500_000,), retry=False)
        except Exception:
            tell("cut off" if sent < 80 else "late")
        else:
            tell("all of it")
    """
    assert seen(judge, tmp_path / "flood", flood, lines)["told"] == "['cut off']"
    calm = "@app.task\ndef work():\n    tell('calm')\n"
    assert seen(judge, tmp_path / "calm", calm)["told"] == "['calm']"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("os._exit(0)", {"error exited"}),
        # The check may be done with the job that is lost before it needs the session again.
        ("os.kill(os.getppid(), 9)", {"error exited", "failed told"}),
        ("while True: pass", {"timeout timeout"}),
        ("while True: print('x' * 10_000)", {"error output"}),
    ],
)
def test_a_worker_that_does_not_go_on_is_no_fault_of_the_judge(
    line: str, expected: set[str], valkey: Judge, tmp_path: Path
) -> None:
    source = f"import os\n\n@app.task\ndef work():\n    {line}\n"
    exercise = exercise_of(tmp_path, ONE_JOB.format(pool='"solo"'))
    verdict = valkey.judge(exercise, HEAD + source, seconds=5)
    assert f"{verdict.status} {verdict.code}" in expected, verdict


def test_nothing_of_an_answer_is_left(judge: Judge, tmp_path: Path) -> None:
    source = """
    import os, time

    @app.task
    def work():
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                while True:
                    pass
            os._exit(0)
        tell("forked")
    """
    assert "forked" in seen(judge, tmp_path, source)["told"]
    (forker, *_) = (child for child in children(pid_of(judge)) if _is_forker(child))
    wait_until(lambda: not children(forker) and not list(folder_of(forker).iterdir()), 10)


def _is_forker(pid: int) -> bool:
    return b"prodev.judge.box.forker" in Path(f"/proc/{pid}/cmdline").read_bytes()
