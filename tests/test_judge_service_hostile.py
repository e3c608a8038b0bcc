"""Hostile answers of the kind ``service`` reach nothing outside of their database and Redis."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from judge_services import Services
from prodev.judge.endings import Forged, Gone, Raised, TimedOut
from prodev.judge.kinds.service import systems

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the tests need the walls of Linux"),
]


@pytest.fixture(scope="module")
def services(postgresql: object) -> Iterator[Services]:
    with Services() as services:
        yield services
    systems.stop()


REFUSED = {
    "a-socket": "import socket; socket.socket()",
    "a-unix-socket": "import socket; socket.socket(socket.AF_UNIX)",
    "a-datagram-pair": "import socket; socket.socketpair(type=socket.SOCK_DGRAM)",
    "a-new-connection": """
        import psycopg
        from django.db import connection
        psycopg.connect(**connection.get_connection_params())""",
    "a-program": "import subprocess; subprocess.run(['/bin/true'])",
    "a-fork": "import os; os.fork()",
    "the-course": "import pathlib, prodev; pathlib.Path(prodev.__file__).read_text()",
    "the-solution": """
        import pathlib, prodev
        root = pathlib.Path(prodev.__file__).parents[2]
        print((root / 'data/modules.toml').read_text())""",
    "the-judges-memory": "import os; open(f'/proc/{os.getppid()}/environ', 'rb').read()",
    "a-signal": "import os; os.kill(1, 9)",
    "a-program-of-the-database": """
        from django.db import connection
        connection.cursor().execute("COPY users TO PROGRAM 'touch /tmp/hostile-service'")""",
    "a-file-of-the-database": """
        from django.db import connection
        connection.cursor().execute("SELECT pg_read_file('/etc/passwd')")""",
    "the-superuser": """
        from django.db import connection
        connection.cursor().execute("SET ROLE postgres")""",
    "the-server": """
        from django.db import connection
        connection.cursor().execute("ALTER SYSTEM SET work_mem = '1GB'")""",
    "an-advisory-lock": """
        from django.db import connection
        connection.cursor().execute("SELECT pg_advisory_lock(1)")""",
    "files-of-redis": """
        from django.core.cache import cache
        cache._cache.get_client().config_set("dir", "/tmp")""",
    "the-end-of-redis": """
        from django.core.cache import cache
        cache._cache.get_client().shutdown()""",
    "users-of-redis": """
        from django.core.cache import cache
        cache._cache.get_client().acl_setuser("other", enabled=True, nopass=True)""",
    "other-clients-of-redis": """
        from django.core.cache import cache
        cache._cache.get_client().execute_command("CLIENT", "KILL", "TYPE", "normal")""",
}


@pytest.mark.parametrize("code", REFUSED.values(), ids=REFUSED)
def test_a_hostile_view_gets_an_error(services: Services, code: str) -> None:
    answer = services.view(f"{code}\nreturn Response('in')".replace("\n        ", "\n"), redis=True)
    with pytest.raises(Raised) as raised:
        answer.get("/x")
    assert raised.value.name in {
        "PermissionError",
        "FileNotFoundError",
        "OperationalError",
        "InsufficientPrivilege",
        "ProgrammingError",
        "NoPermissionError",
    }
    assert answer.get("/healthz").status == 200, "and the service goes on"


FORGED = {
    "a-text": "b'\\x00\\x00\\x00\\x05hello'",
    "a-list": "b'\\x00\\x00\\x00\\x02[]'",
    "too-long": "b'\\xff\\xff\\xff\\xff'",
    "another-status": """frame({"id": number, "ok": ["200", [], {"b": ""}, None]})""",
    "another-body": """frame({"id": number, "ok": [200, [], "text", None]})""",
    "another-shape": """frame({"id": number, "ok": 7})""",
    "another-error": """frame({"id": number, "ok": [200, [], {"b": ""}, "error"]})""",
}


@pytest.mark.parametrize("letter", FORGED.values(), ids=FORGED)
def test_a_forged_frame_ends_the_answer(services: Services, letter: str) -> None:
    answer = services.view(
        f"""
        import json, os, struct
        def frame(said):
            text = json.dumps(said).encode()
            return struct.pack("!I", len(text)) + text
        number = int(request.query_params["number"])
        os.write(3, {letter})
        return Response(1)
        """
    )
    # load, mount, and this one
    with pytest.raises(Forged):
        answer.get("/x?number=3")


def test_a_door_full_of_nonsense_keeps_nobody_out(services: Services) -> None:
    answer = services.view(
        """
        import os, socket
        from django.core.cache import cache
        door = socket.socket(fileno=os.dup(4))
        for number in range(200):
            ours, theirs = socket.socketpair()
            try:
                socket.send_fds(door, [b"?"], [theirs.fileno()])
            except OSError:
                pass  # so many on their way that the kernel takes no more
            theirs.close()
            ours.close()
        read, write = os.pipe()
        while True:
            try:
                socket.send_fds(door, [b"r"], [write])
                break
            except OSError:
                pass
        door.send(b"no descriptor")
        return Response(cache.get_or_set("a", 1, 60))
        """,
        redis=True,
    )
    assert answer.get("/x").json == 1
    assert answer.get("/x").json == 1


def test_a_script_that_never_ends_is_gone_with_its_server(services: Services) -> None:
    answer = services.view(
        """
        from django.core.cache import cache
        cache._cache.get_client().eval("while true do end", 0)
        """,
        redis=True,
    )
    with pytest.raises(Raised, match="TimeoutError"):
        answer.get("/x")
    answer = services.view(
        "from django.core.cache import cache\nreturn Response(cache.get('a'))", redis=True
    )
    assert answer.get("/x").json is None


def test_an_answer_that_ends_its_process_gives_no_response(services: Services) -> None:
    answer = services.view("import os\nos._exit(0)")
    with pytest.raises(Gone):
        answer.get("/x")
    answer = services.view("raise SystemExit")
    with pytest.raises(Raised, match="SystemExit"):
        answer.get("/x")
    services.make("while True: pass", seconds=0.5)
    with pytest.raises(TimedOut):
        services.last.start("")
