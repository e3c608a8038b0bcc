"""Django in process: each test has a Python process or a kernel of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

START = """
from prodev.stays.dataset import make_stays
from prodev.stays import web
stays = make_stays()
web.start(stays)
from prodev.stays.models import User, Property, Booking, Payment, Review, Message
"""


def run(tmp_path: Path, code: str, *, start: str = START) -> str:
    """Run code in a fresh Python where every warning is an error; return what it printed."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DJANGO_", "PRODEV_"))
    }
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", start + code],
        capture_output=True,
        text=True,
        env=environment | {"TMPDIR": str(tmp_path)},
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def test_models_hold_the_rows_of_the_dataset_and_know_their_relatives(tmp_path: Path):
    run(
        tmp_path,
        """
from django.db import connection
models = (User, Property, Booking, Payment, Review, Message)
for model, frame in zip(models, stays.frames().values()):
    assert model.objects.count() == len(frame), model
first, row = Booking.objects.get(pk=1), stays.bookings.iloc[0]
assert first.check_in == row.check_in.date()
assert first.created_at == row.created_at.tz_localize("UTC")
assert (first.property_id, first.guest_id) == (row.property_id, row.guest_id)
assert first.guest.bookings.filter(pk=1).exists() and first.property.bookings.filter(pk=1).exists()
assert first.property.host.properties.filter(pk=first.property_id).exists()
assert first.payments.count() == (stays.payments.booking_id == 1).sum()
review = Review.objects.first()
assert review.booking.review == review
message = Message.objects.first()
assert message.booking.messages.filter(pk=message.pk).exists()
assert message.sender.role in ("guest", "host")
admin = User.objects.filter(role="admin").first()
assert admin.is_staff and not admin.has_usable_password() and not admin.check_password("!")
cursor = connection.cursor()
assert cursor.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
assert cursor.execute("PRAGMA foreign_key_check").fetchall() == []
""",
    )


def test_the_models_and_the_migration_agree(tmp_path: Path):
    run(
        tmp_path,
        """
from django.core.management import call_command
call_command("makemigrations", "stays", check=True, dry_run=True, verbosity=0)
call_command("check", fail_level="WARNING", verbosity=0)
""",
    )


def test_constraints_refuse_what_cannot_be(tmp_path: Path):
    run(
        tmp_path,
        """
from django.db import IntegrityError, transaction
from django.db.models import F
for rows, change in (
    (Booking.objects.filter(pk=1), {"check_out": F("check_in")}),
    (Booking.objects.filter(pk=1), {"total_cents": -1}),
    (Booking.objects.filter(pk=1), {"status": "maybe"}),
    (Review.objects.filter(pk=1), {"rating": 0}),
    (Review.objects.filter(pk=1), {"rating": 6}),
    (Payment.objects.filter(status="paid"), {"paid_at": None}),
    (User.objects.filter(pk=1), {"role": "owner"}),
):
    try:
        with transaction.atomic():
            rows.update(**change)
    except IntegrityError:
        continue
    raise AssertionError(change)
""",
    )


def test_queries_of_a_known_loop_are_counted_exactly(tmp_path: Path):
    run(
        tmp_path,
        """
with web.count_queries() as seen:
    for booking in Booking.objects.order_by("id")[:10]:
        booking.property.city
    assert seen.count == 11
Booking.objects.count()
assert seen.count == len(seen.sql) == 11 and repr(seen) == "11 queries"
assert seen.sql[0].startswith("SELECT") and 'FROM "bookings"' in seen.sql[0]
assert sum('FROM "properties"' in statement for statement in seen.sql) == 10
with web.count_queries() as seen:
    for booking in Booking.objects.select_related("property").order_by("id")[:10]:
        booking.property.city
assert seen.count == 1 and repr(seen) == "1 query"
with web.count_queries() as seen:
    pass
assert seen.count == 0
""",
    )


def test_counting_nests_survives_requests_and_goes_beyond_djangos_own_limit(tmp_path: Path):
    run(
        tmp_path,
        """
from django.core.signals import request_started
from django.db import connection
with web.count_queries() as outer:
    Booking.objects.first()
    with web.count_queries() as inner:
        User.objects.first()
    request_started.send(sender=None)
    Booking.objects.first()
assert (outer.count, inner.count) == (3, 1)
with web.count_queries() as seen:
    for _ in range(9_100):
        connection.cursor().execute("SELECT 1")
assert seen.count == 9_100
assert len(connection.queries_log) == 0
request_started.send(sender=None)
try:
    with web.count_queries() as seen:
        User.objects.first()
        raise KeyError
except KeyError:
    assert seen.count == 1
""",
    )


def test_the_same_rows_change_nothing_and_other_rows_replace_all(tmp_path: Path):
    run(
        tmp_path,
        """
from django.db import connection
Message.objects.all().delete()
connection.cursor().execute("CREATE TABLE mine (id INTEGER)")
web.start(stays)
web.start(make_stays(1, "small"))
assert Message.objects.count() == 0 and "mine" in connection.introspection.table_names()
other = make_stays(2)
web.start(other)
assert Message.objects.count() == len(other.messages)
assert Booking.objects.get(pk=1).total_cents == other.bookings.total_cents[0]
assert "mine" not in connection.introspection.table_names()
assert User.objects.create_user("ada", "ada@example.com").pk == len(other.users) + 1
""",
    )


def test_the_database_is_private_and_gone_afterwards(tmp_path: Path):
    printed = run(
        tmp_path,
        """
import os
from django.db import connection
path = connection.settings_dict["NAME"]
print(path, oct(os.stat(os.path.dirname(path)).st_mode & 0o777))
child = os.fork()
if child == 0:
    import sys
    sys.exit(0)
os.waitpid(child, 0)
assert os.path.exists(path), "a fork that ends must not remove its parent's database"
""",
    )
    path, mode = printed.split()
    assert Path(path).is_relative_to(tmp_path)
    assert mode == "0o700"
    assert list(tmp_path.iterdir()) == []


def test_the_secret_key_is_another_in_each_process(tmp_path: Path):
    code = "from django.conf import settings; print(settings.SECRET_KEY)"
    assert run(tmp_path, code) != run(tmp_path, code)


def test_a_process_that_uses_django_otherwise_is_told_so_in_one_sentence(tmp_path: Path):
    run(
        tmp_path,
        """
from prodev.errors import CourseError
try:
    web.start(make_stays())
except CourseError as error:
    assert str(error).startswith("This process already uses Django with other settings; restart")
else:
    raise AssertionError
""",
        start="""
from django.conf import settings
settings.configure(USE_TZ=True)
from prodev.stays.dataset import make_stays
from prodev.stays import web
""",
    )


KERNEL_CELLS = [
    START + "Booking.objects.filter(status='pending').count() > 0",
    """
with web.count_queries() as seen:
    cities = [booking.property.city for booking in Booking.objects.order_by("id")[:5]]
seen.count
""",
    """
import types
from django.test import override_settings
from django.urls import path
from rest_framework import generics, permissions, serializers
from rest_framework.test import APIClient

class BookingSerializer(serializers.ModelSerializer):
    class Meta:
        model = Booking
        fields = ["id", "check_in", "total_cents"]

class MyBookings(generics.ListAPIView):
    serializer_class = BookingSerializer
    permission_classes = [permissions.IsAuthenticated]
    def get_queryset(self):
        return self.request.user.bookings.order_by("id")

lesson_urls = types.ModuleType("lesson_urls")
lesson_urls.urlpatterns = [path("bookings/", MyBookings.as_view())]
guest = Booking.objects.get(pk=1).guest
with override_settings(ROOT_URLCONF=lesson_urls), web.count_queries() as seen:
    client = APIClient()
    stranger = client.get("/bookings/")
    client.force_authenticate(guest)
    answer = client.get("/bookings/")
(stranger.status_code, answer.status_code, len(answer.json()) == guest.bookings.count(), seen.count)
""",
    "(await Booking.objects.aget(pk=2)).pk",
]


def test_a_notebook_calls_models_and_api_clients_from_its_cells(tmp_path: Path):
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in KERNEL_CELLS],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    files = tmp_path / "files"
    files.mkdir()
    NotebookClient(notebook, timeout=120).execute(env=os.environ | {"TMPDIR": str(files)})
    texts = []
    for cell in notebook.cells:
        assert [output["output_type"] for output in cell.outputs] == ["execute_result"]
        texts.append(cell.outputs[0]["data"]["text/plain"])
    assert texts == ["True", "6", "(401, 200, True, 1)", "2"]
    assert not list(files.glob("prodev-stays-*"))
