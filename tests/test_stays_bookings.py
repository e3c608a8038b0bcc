"""When people stay: no overlaps, hot properties, seasons, cancellations."""

from __future__ import annotations

import numpy as np
import pytest

from prodev.stays.bookings import settle
from prodev.stays.dataset import Stays, make_stays
from prodev.stays.season import LAST_ARRIVAL


@pytest.fixture(scope="module", params=[(1, "small"), (2, "small"), (1, "medium")], ids=str)
def stays(request: pytest.FixtureRequest) -> Stays:
    return make_stays(*request.param)


def test_bookings_that_are_not_cancelled_never_overlap(stays: Stays):
    held = stays.bookings.query("status != 'cancelled'").sort_values(["property_id", "check_in"])
    previous = held.groupby("property_id")["check_out"].shift()
    assert not (held["check_in"] < previous).any()
    assert (held["check_in"] == previous).any()  # one may begin on the day another ends
    gone = stays.bookings["check_out"] - stays.bookings["check_in"]
    assert (gone.dt.days == stays.bookings["nights"]).all()
    assert stays.bookings["nights"].between(1, 14).all()


def test_a_tenth_of_the_properties_holds_about_half_of_the_bookings(stays: Stays):
    counts = stays.bookings["property_id"].value_counts()
    top = counts.head(len(stays.properties) // 10).sum() / len(stays.bookings)
    assert 0.45 < top < 0.58
    hottest = stays.properties["id"].isin(counts.head(5).index)
    assert stays.properties.loc[hottest, "id"].max() > 5  # a hot property may have any id


def test_about_fifteen_in_a_hundred_are_cancelled_and_a_few_are_pending(stays: Stays):
    share = stays.bookings["status"].value_counts(normalize=True)
    assert set(share.index) == {"confirmed", "cancelled", "pending"}
    assert 0.13 < share["cancelled"] < 0.17
    assert 0.002 < share["pending"] < 0.03


def test_summer_and_december_are_busy_and_february_is_quiet(stays: Stays):
    year = stays.bookings[stays.bookings["check_in"].dt.year == 2024]
    months = year["check_in"].dt.month.value_counts()
    assert set(months.nlargest(2).index) == {7, 8}
    assert months[12] > 1.3 * months[11]
    assert months[8] > 2 * months[2]


def test_most_book_late_and_some_months_ahead(stays: Stays):
    ahead = (stays.bookings["check_in"] - stays.bookings["created_at"].dt.normalize()).dt.days
    assert ahead.min() >= 1
    assert ahead.max() <= 180
    assert ahead.median() < 45
    assert (ahead > 120).mean() > 0.05


def test_settling_moves_a_booking_to_the_day_the_one_before_it_leaves():
    first = LAST_ARRIVAL - 20
    place = np.array([0, 0, 0, 0, 1])
    wished = np.array([first, first + 1, first + 9, first + 1, first + 1])
    nights = np.array([3, 2, 1, 5, 4])
    free = np.zeros(5, dtype=np.bool_)
    arrival, gone = settle(place, wished, nights, free | (nights == 5))
    assert (arrival - first).tolist() == [0, 3, 9, 1, 1]
    assert gone.tolist() == [False, False, False, True, False]


def test_what_cannot_begin_in_time_is_cancelled_on_the_day_it_was_wished_for():
    wished = np.array([LAST_ARRIVAL, LAST_ARRIVAL])
    arrival, gone = settle(np.zeros(2, int), wished, np.array([2, 2]), np.zeros(2, np.bool_))
    assert arrival.tolist() == wished.tolist()
    assert gone.tolist() == [False, True]


def test_making_the_data_leaves_the_global_random_state_alone():
    np.random.seed(5)  # as a learner may have done
    before = np.random.get_state()[1].copy()
    make_stays(9)
    assert (np.random.get_state()[1] == before).all()
