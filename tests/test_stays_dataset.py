"""The generated data: the same for the same pair, and shaped like a real booking service."""

from __future__ import annotations

import hashlib
import subprocess
import sys

import pandas as pd
import pytest

from prodev.errors import ParameterError
from prodev.stays.columns import Part
from prodev.stays.dataset import ROWS, Stays, make_stays
from prodev.stays.frames import frame_of
from prodev.stays.tables import make_tables

AS_OF = pd.Timestamp("2025-09-01")
SMALL_SEED_1 = "4d8c6353abdae651dbb4a7a0dee473c4cd7c0199f35a7d8b5c863e1c49a8badd"
MEDIUM_SEED_3 = "a552faf885475cc8ae0e98866813ec3b9a9a14cf73167a806035f95870d79047"


@pytest.fixture(scope="module")
def stays() -> Stays:
    return make_stays()


@pytest.fixture(scope="module")
def medium() -> Stays:
    return make_stays(seed=3, scale="medium")


def csv_checksum(stays: Stays) -> str:
    texts = [frame.to_csv(index=False, lineterminator="\n") for frame in stays.frames().values()]
    return hashlib.sha256("".join(texts).encode()).hexdigest()


def test_seed_1_small_is_the_same_on_every_machine(stays: Stays):
    assert csv_checksum(stays) == SMALL_SEED_1


def test_seed_3_medium_is_the_same_on_every_machine(medium: Stays):
    assert csv_checksum(medium) == MEDIUM_SEED_3


def test_rows_that_waited_on_disk_are_those_that_waited_in_memory(medium: Stays):
    tables: dict[str, list[Part]] = {}
    for table, part in make_tables(3, "medium", on_disk=True):
        tables.setdefault(table, []).append(part)
    assert list(tables) == list(medium.frames())
    for table, frame in medium.frames().items():
        pd.testing.assert_frame_equal(frame_of(tables[table]), frame)


def test_the_same_pair_gives_the_same_rows_and_another_seed_gives_others():
    assert csv_checksum(make_stays(7, "small")) == csv_checksum(make_stays(7, "small"))
    assert csv_checksum(make_stays(7, "small")) != csv_checksum(make_stays(8, "small"))


def test_each_scale_has_as_many_bookings_as_it_says(stays: Stays, medium: Stays):
    assert len(stays.bookings) == ROWS["small"] == 2_000
    assert len(medium.bookings) == ROWS["medium"] == 200_000
    assert ROWS["large"] == 2_000_000


def test_columns_and_dtypes_are_as_documented(stays: Stays):
    dtypes = {
        "users": "id int64, name str, email str, role str, country str, joined_on datetime64[s]",
        "properties": "id int64, host_id int64, name str, city str, country str, kind str, "
        "price_cents int64, max_guests int64, listed_on datetime64[s]",
        "bookings": "id int64, property_id int64, guest_id int64, check_in datetime64[s], "
        "check_out datetime64[s], nights int64, guests int64, total_cents int64, status str, "
        "created_at datetime64[s]",
        "payments": "id int64, booking_id int64, amount_cents int64, method str, status str, "
        "paid_at datetime64[s]",
        "reviews": "id int64, booking_id int64, rating int64, comment str, "
        "created_at datetime64[s]",
        "messages": "id int64, booking_id int64, sender_id int64, body str, sent_at datetime64[s]",
    }
    found = {
        table: ", ".join(f"{name} {dtype}" for name, dtype in frame.dtypes.items())
        for table, frame in stays.frames().items()
    }
    assert found == dtypes


@pytest.mark.parametrize("seed", [-1, 1.0, "1", True, None])
def test_a_seed_that_is_no_whole_number_is_refused_in_one_sentence(seed: object):
    with pytest.raises(
        ParameterError, match=r"^make_stays: 'seed' is .*; give a whole number.*\.$"
    ):
        make_stays(seed)  # type: ignore[arg-type]


@pytest.mark.parametrize("scale", ["huge", "", 3, None, ["small"]])
def test_an_unknown_scale_is_refused_in_one_sentence(scale: object):
    with pytest.raises(ParameterError, match=r"'scale' is .*; it may be small, medium or large\.$"):
        make_stays(1, scale)  # type: ignore[arg-type]


@pytest.mark.parametrize("data", ["stays", "medium"])
def test_every_reference_leads_to_a_row_of_the_right_kind(
    data: str, request: pytest.FixtureRequest
):
    stays: Stays = request.getfixturevalue(data)
    for frame in stays.frames().values():
        assert frame["id"].tolist() == list(range(1, len(frame) + 1))
    role = stays.users.set_index("id")["role"]
    assert (stays.properties["host_id"].map(role) == "host").all()
    assert (stays.bookings["guest_id"].map(role) == "guest").all()
    assert stays.bookings["property_id"].isin(stays.properties["id"]).all()
    for frame in (stays.payments, stays.reviews, stays.messages):
        assert frame["booking_id"].isin(stays.bookings["id"]).all()
    assert stays.reviews["booking_id"].is_unique
    assert stays.users["email"].is_unique
    assert stays.users["email"].str.fullmatch(r"[a-z]+\.[a-z]+\.\d+@example\.com").all()
    talk = stays.messages.merge(stays.bookings, left_on="booking_id", right_on="id")
    talk = talk.merge(stays.properties, left_on="property_id", right_on="id")
    assert (talk["sender_id"].eq(talk["guest_id"]) | talk["sender_id"].eq(talk["host_id"])).all()


@pytest.mark.parametrize("data", ["stays", "medium"])
def test_nothing_happens_before_its_cause_or_after_today(data: str, request: pytest.FixtureRequest):
    stays: Stays = request.getfixturevalue(data)
    bookings = stays.bookings.merge(
        stays.users.rename(columns={"id": "guest_id"})[["guest_id", "joined_on"]], on="guest_id"
    ).merge(
        stays.properties.rename(columns={"id": "property_id"})[
            ["property_id", "listed_on", "host_id", "max_guests", "price_cents"]
        ],
        on="property_id",
    )
    assert (bookings["joined_on"] <= bookings["created_at"]).all()
    assert (bookings["listed_on"] < bookings["created_at"]).all()
    assert (bookings["created_at"] < bookings["check_in"]).all()
    assert stays.bookings["created_at"].is_monotonic_increasing
    assert (bookings["created_at"] < AS_OF).all()
    assert bookings["guests"].between(1, bookings["max_guests"]).all()
    assert (bookings["total_cents"] == bookings["nights"] * bookings["price_cents"]).all()
    joined = stays.users.set_index("id")["joined_on"]
    assert (stays.properties["host_id"].map(joined) <= stays.properties["listed_on"]).all()

    stay = stays.bookings.set_index("id")
    for frame, moment in ((stays.reviews, "created_at"), (stays.messages, "sent_at")):
        of = frame["booking_id"]
        assert (of.map(stay["status"]) == "confirmed").all()
        assert (of.map(stay["check_out"]) <= AS_OF).all()
        assert (frame[moment] < AS_OF).all()
        assert (frame[moment] >= of.map(stay["created_at"])).all()
    assert (stays.reviews["created_at"] > stays.reviews["booking_id"].map(stay["check_out"])).all()
    paid = stays.payments.dropna(subset="paid_at")
    assert (paid["paid_at"] < AS_OF).all()
    assert (paid["paid_at"] >= paid["booking_id"].map(stay["created_at"])).all()
    assert stay.query("status == 'pending'")["check_in"].ge(AS_OF).all()


def test_confirmed_bookings_are_paid_in_full_and_failed_payments_have_no_moment(stays: Stays):
    paid = stays.payments.query("status == 'paid'").groupby("booking_id")["amount_cents"].sum()
    confirmed = stays.bookings.query("status == 'confirmed'").set_index("id")["total_cents"]
    assert paid.sort_index().equals(
        confirmed.sort_index().rename_axis("booking_id").rename("amount_cents")
    )
    assert stays.payments["paid_at"].isna().equals(stays.payments["status"] == "failed")
    assert (stays.payments["amount_cents"] > 0).all()


def test_some_comments_are_missing_and_some_guests_never_booked(stays: Stays):
    assert 0.15 < stays.reviews["comment"].isna().mean() < 0.35
    guests = stays.users.query("role == 'guest'")["id"]
    assert 0.03 < (~guests.isin(stays.bookings["guest_id"])).mean() < 0.15


def test_importing_the_room_brings_neither_pandas_nor_django_and_the_dataset_no_django():
    code = (
        "import sys, prodev.stays; assert not {'pandas', 'django'} & sys.modules.keys();"
        "import prodev.stays.dataset; assert 'django' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
