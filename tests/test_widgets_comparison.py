"""The pictures of a measurement: every sample, nothing covered, and all of it as text."""

from __future__ import annotations

import re
from itertools import combinations, pairwise

import numpy as np
import pytest

from measure_samples import HERE, latencies, made
from prodev.errors import CourseError
from prodev.measure import compare_counts, compare_samples, counted
from prodev.widgets.comparison import comparison_chart
from prodev.widgets.display import Piece
from prodev.widgets.dots import MOST, shown, stacked
from prodev.widgets.percentiles import percentile_chart
from prodev.widgets.svg import SIZE, WIDTH, text_width

LONG = "an index on the date alone, which knows nothing of the property that is asked for"
WORD = "bookings_property_id_check_in_check_out_status_created_at_index_number_two"
RANDOM = np.random.default_rng(31)
OLD, NEW = made("old", latencies(RANDOM, 30, 14)), made("new", latencies(RANDOM, 30, 7))
MANY, MORE = made("one", latencies(RANDOM, 900, 14)), made("four", latencies(RANDOM, 900, 9))
COUNTS = compare_counts(
    counted("lazy", lambda: 41, unit="statements", conditions=HERE),
    counted("joined", lambda: 2, unit="statements", conditions=HERE),
)
PICTURES = {
    "faster": comparison_chart("t", compare_samples(OLD, NEW, method="in turn")),
    "slower": comparison_chart("t", compare_samples(NEW, OLD)),
    "none": comparison_chart("t", compare_samples(OLD, OLD)),
    "few": comparison_chart("t", compare_samples(made("a", [1]), made("b", [1, 2, 3]))),
    "one value": comparison_chart("t", compare_samples(made("a", [1.0] * 9), made("b", [1.0] * 9))),
    "nothing": comparison_chart("t", compare_samples(made("a", [161.0] * 9), made("b", [0.0] * 9))),
    "logarithmic": comparison_chart(
        "t", compare_samples(made("a", latencies(RANDOM, 30, 900)), made("b", [0.004] * 30))
    ),
    "many": comparison_chart("t", compare_samples(MANY, MORE, q=0.95), text=LONG),
    "long names": comparison_chart(
        LONG, compare_samples(made(LONG, OLD.values, LONG), made(WORD, NEW.values, LONG)), text=LONG
    ),
    "counts": comparison_chart("t", COUNTS),
    "percentiles": percentile_chart("t", {"one": MANY, "four": MORE}, text="x"),
    "percentiles of few": percentile_chart("t", {"one": MANY, "few": OLD}, text="x"),
    "long percentiles": percentile_chart(LONG, {LONG: MANY, WORD: MORE}, text=LONG),
    "logarithmic percentiles": percentile_chart(
        "t", {"a": MANY, "b": made("b", [0.004] * 900)}, text="x"
    ),
}


def texts(html: str) -> list[tuple[float, float, float, float, str]]:
    """Return left, top, right, bottom and words of each text in the drawing."""
    found = []
    for x, y, rest, told in re.findall(r'<text x="([\d.-]+)" y="([\d.-]+)"([^>]*)>([^<]*)', html):
        wide = text_width(told)
        anchor = re.search(r'text-anchor="(\w+)"', rest)
        left = float(x) - wide * {"end": 1, "middle": 0.5}.get(anchor[1] if anchor else "", 0)
        found.append((left, float(y) - SIZE * 0.8, left + wide, float(y) + 2, told))
    return found


@pytest.mark.parametrize("name", sorted(PICTURES))
def test_no_text_leaves_the_picture_or_covers_another(name: str) -> None:
    html = PICTURES[name].html
    box = re.search(r'viewBox="0 0 (\d+) ([\d.]+)"', html)
    assert box
    areas = texts(html)
    assert areas
    for left, top, right, bottom, told in areas:
        assert left >= -0.01, told
        assert right <= WIDTH + 0.01, told
        assert top >= 0, told
        assert bottom <= float(box[2]), told
    for a, b in combinations(areas, 2):
        apart = a[2] <= b[0] + 0.01 or b[2] <= a[0] + 0.01 or a[3] <= b[1] or b[3] <= a[1]
        assert apart, (a[4], b[4])


@pytest.mark.parametrize("name", sorted(PICTURES))
def test_colours_come_from_the_theme_and_markup_is_whole(name: str) -> None:
    html = PICTURES[name].html
    svg = html[html.index("<svg") : html.index("</svg>")]
    assert not re.search(r"#[0-9a-fA-F]{3,6}|rgb|nan|inf", svg)
    assert "aria-label=" in svg


def dots(piece: Piece) -> int:
    return piece.html.count("scale(.72)")


def test_every_sample_is_a_dot():
    assert dots(PICTURES["faster"]) == 60
    assert dots(PICTURES["few"]) == 4


def test_of_very_many_samples_a_dot_stands_for_an_equal_part_and_the_text_says_so():
    assert dots(PICTURES["many"]) == 2 * MOST
    assert f"one of {MOST} equal parts" in PICTURES["many"].text
    values = list(range(10_000))
    part = shown(values)
    assert set(part) <= set(values)
    assert np.median(part) == pytest.approx(np.median(values), rel=0.01)


def test_dots_do_not_touch_on_their_floor():
    random = np.random.default_rng(32)
    places = list(random.normal(300, 40, 200))
    placed = stacked(places, 9)
    assert sorted(x for x, _ in placed) == sorted(places)
    for floor in {floor for _, floor in placed}:
        row = sorted(x for x, at in placed if at == floor)
        assert all(b - a >= 9 for a, b in pairwise(row))


@pytest.mark.parametrize(
    ("name", "sign", "word"),
    [
        ("faster", "✓", "Faster"),
        ("slower", "✕", "Slower"),
        ("none", "○", "No difference shown"),
        ("few", "○", "No difference shown"),
        ("counts", "✓", "Less"),
    ],
)
def test_the_verdict_has_a_sign_and_words(name: str, sign: str, word: str) -> None:
    assert f"{sign} {word}:</span>" in PICTURES[name].html


def test_all_of_it_stands_in_the_text():
    found = compare_samples(OLD, NEW, method="in turn")
    piece = comparison_chart("t", found)
    assert all(line in piece.text for line in found.lines())
    assert "in turn" in piece.html
    assert "PostgreSQL: PostgreSQL 18.6 (embedded)" in piece.html
    assert "less: 41 → 2 statements" in PICTURES["counts"].text


def test_percentiles_of_too_few_samples_say_so():
    assert "too few samples" in PICTURES["percentiles of few"].html
    assert "few, p99: too few samples" in PICTURES["percentiles of few"].text


def test_the_same_measurement_gives_the_same_bytes():
    again = comparison_chart("t", compare_samples(OLD, NEW, method="in turn"))
    assert again == PICTURES["faster"]


def test_names_cannot_break_out_of_the_picture():
    evil = "<script>alert(1)</script>"
    html = comparison_chart(evil, compare_samples(made(evil, OLD.values), NEW), text=evil).html
    html += percentile_chart(evil, {evil: OLD, "b": NEW}, text=evil).html
    assert "<script" not in html


def test_ways_in_two_units_are_not_drawn_together():
    with pytest.raises(CourseError, match="in one unit"):
        percentile_chart("t", {"a": OLD, "b": made("b", [1, 2], "s")}, text="x")
    with pytest.raises(CourseError, match="too few samples"):
        percentile_chart("t", {"a": made("a", [1])}, text="x")
