"""Statements of MariaDB's clients are counted as they were sent, and pass unchanged."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import pymysql
import pytest

from prodev.services.mysql import MySQL, RunningMySQL
from prodev.services.proxy import CountingProxy, counting_proxy
from service_processes import eventually
from service_proxy import texts

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server() -> Iterator[RunningMySQL]:
    with MySQL().start() as server:
        yield server


@pytest.fixture
def proxy(server: RunningMySQL) -> Iterator[CountingProxy]:
    with server.database() as database, counting_proxy(database.address, tcp=True) as proxy:
        yield proxy


def connected(proxy: CountingProxy, **options: Any) -> Any:
    return pymysql.connect(**{**proxy.address.arguments(), "autocommit": True, **options})


def ask(connection: Any, query: str, *values: object) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query, values or None)
        return cursor.fetchall()


def test_text_and_number_are_those_that_the_client_sent(proxy: CountingProxy):
    with connected(proxy) as connection:
        proxy.clear()
        before = int(ask(connection, "SHOW SESSION STATUS LIKE 'Questions'")[0][1])
        ask(connection, "CREATE TABLE stays (id int PRIMARY KEY, name text)")
        for number in range(10):
            ask(connection, "INSERT INTO stays VALUES (%s, %s)", number, "Håme 🛖")
        assert ask(connection, "-- a comment\nSELECT count(*) FROM stays") == ((10,),)
        connection.begin()
        connection.rollback()
        after = int(ask(connection, "SHOW SESSION STATUS LIKE 'Questions'")[0][1])
    assert proxy.count == after - before + 1 == 16
    assert texts(proxy.statements)[2] == "INSERT INTO stays VALUES (0, 'Håme 🛖')"
    assert len(proxy.queries) == 14
    assert [one.rows for one in proxy.statements][1:4] == [0, 1, 1]


def test_a_failed_statement_has_the_servers_number_and_words(proxy: CountingProxy):
    with connected(proxy) as connection:
        ask(connection, "CREATE TABLE stays (id int PRIMARY KEY)")
        proxy.clear()
        for query in ("SELCT 1", "INSERT INTO stays VALUES (1), (1)", "SELECT * FROM nothing"):
            with pytest.raises(pymysql.Error):
                ask(connection, query)
        assert ask(connection, "SELECT 1") == ((1,),)
    assert [one.error for one in proxy.statements] == ["1064", "1062", "1146", ""]
    assert [one.status for one in proxy.statements] == ["failed"] * 3 + ["done"]
    assert "Duplicate entry" in proxy.statements[1].message


def test_statements_and_answers_of_twenty_megabytes_pass(proxy: CountingProxy):
    text = "x" * 20_000_000  # more than one packet of MySQL's protocol
    with connected(proxy, max_allowed_packet=64_000_000) as connection:
        allowed = int(ask(connection, "SELECT @@max_allowed_packet")[0][0])
        size = min(len(text), allowed - 1000)
        proxy.clear()
        found = ask(connection, f"SELECT length('{text[:size]}'), repeat('y', 1000000)")
    assert found == ((size, "y" * 1_000_000),)
    assert proxy.count == 1


def test_several_statements_in_one_text_count_once_with_all_their_rows(proxy: CountingProxy):
    several = pymysql.constants.CLIENT.MULTI_STATEMENTS
    with connected(proxy, client_flag=several) as connection:
        proxy.clear()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1; SELECT 2 UNION SELECT 3")
            assert cursor.nextset()
            assert cursor.fetchall() == ((2,), (3,))
        assert ask(connection, "SELECT 4") == ((4,),)
    assert proxy.count == 2


DJANGO = """
import sys
from prodev.stays.database_settings import database_settings
from django.conf import settings
settings.configure(
    DATABASES={"default": database_settings(sys.argv[1])},
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth"],
    USE_TZ=True,
)
import django
django.setup()
from django.core.management import call_command
from django.db import connection, transaction
call_command("migrate", verbosity=0)
from django.contrib.auth.models import Group, User
connection.force_debug_cursor = True
with transaction.atomic():
    user = User.objects.create(username="ama")
    user.groups.set([Group.objects.create(name=n) for n in ("hosts", "guests")])
connection.queries_log.clear()
print(sorted(g.name for u in User.objects.prefetch_related("groups") for g in u.groups.all()))
print(*(query["sql"] for query in connection.queries), sep="\\n")
"""


def test_djangos_orm_is_counted(proxy: CountingProxy):
    done = subprocess.run(
        [sys.executable, "-c", DJANGO, proxy.address.url],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    names, *queries = done.stdout.splitlines()
    assert names == "['guests', 'hosts']"
    assert len(queries) == 2
    assert texts(proxy.statements)[-2:] == queries


def test_the_command_line_client_passes_by_the_port_with_the_proxys_password(
    proxy: CountingProxy,
):
    client = shutil.which("mariadb") or shutil.which("mysql")
    if client is None:
        pytest.skip("MariaDB's client is not here: sudo apt-get install mariadb-client")
    address = proxy.tcp_address
    command = [
        *(client, "--no-defaults", f"--host={address.host}", f"--port={address.port}"),
        *(f"--user={address.user}", "--skip-column-names", address.database),
    ]
    for password, code, told in ((address.password, 0, b"42\n"), ("wrong", 1, b"")):
        done = subprocess.run(
            [*command, f"--password={password}", "--execute=SELECT 6 * 7"],
            capture_output=True,
            check=False,
            timeout=60,
        )
        assert (done.returncode, done.stdout) == (code, told), done.stderr
    assert b"one of its own" in done.stderr
    assert "SELECT 6 * 7" in texts(proxy.statements)


def test_a_delay_is_added_to_each_statement(proxy: CountingProxy):
    with connected(proxy) as connection:
        began = time.perf_counter()
        ask(connection, "SELECT 1")
        near = time.perf_counter() - began
        proxy.delay = 0.3
        began = time.perf_counter()
        ask(connection, "SELECT 1")
        assert time.perf_counter() - began >= 0.3 > near


def test_connections_at_once_and_one_that_is_dropped_leave_the_others_alone(
    proxy: CountingProxy,
):
    with connected(proxy) as steady:
        proxy.clear()

        def work(number: int) -> None:
            with connected(proxy) as connection:
                if number % 5 == 0:
                    connection._force_close()
                else:
                    ask(connection, "SELECT %s", number)

        threads = [threading.Thread(target=work, args=(n,)) for n in range(50)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert ask(steady, "SELECT 'steady'") == (("steady",),)
    asked = [
        one.sql for one in proxy.queries if one.sql.startswith("SELECT ") and "@" not in one.sql
    ]
    assert len(asked) == 41
    assert eventually(lambda: not any(one.open for one in proxy.connections))


def test_a_client_hears_that_the_database_went_away(proxy: CountingProxy):
    with connected(proxy) as connection:
        other = connected(proxy)
        ask(connection, "KILL %s", other.thread_id())
        with pytest.raises(pymysql.Error, match=r"went away|gone away|Lost connection|killed"):
            ask(other, "SELECT 1")
        proxy.cut()
        with pytest.raises(pymysql.Error):
            ask(connection, "SELECT 1")
    with connected(proxy) as connection:
        assert ask(connection, "SELECT 1") == ((1,),)
