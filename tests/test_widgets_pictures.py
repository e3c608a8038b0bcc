"""Pictures keep their text inside, apart and complete; their axes tell the truth."""

from __future__ import annotations

import re
from itertools import combinations
from math import inf, nan

import pytest

from prodev.errors import CourseError
from prodev.widgets import bar_chart, flow, line_chart, timeline
from prodev.widgets.display import Piece
from prodev.widgets.scale import scale
from prodev.widgets.spread import spread
from prodev.widgets.svg import SIZE, WIDTH, amount, number, text_width, wrap

LONG = "an index on the date alone, which knows nothing of the property that is asked for"
WORD = "bookings_property_id_check_in_check_out_status_created_at_index_number_two"

PICTURES = {
    "bars": bar_chart(LONG, {LONG: 2_000_000, WORD: 37, "one": 1, "none": 0}, unit=LONG, text=LONG),
    "small bars": bar_chart("t", {"a": 0.0004, "b": 0.0021}, unit="s", text="x"),
    "huge bars": bar_chart("t", {"a": 1e-6, "b": 1e12}, unit="s", text="x"),
    "lines": line_chart(
        LONG,
        x=[1, 10, 100, 1000, 100_000],
        series={LONG: [1, 2, 3, 4, 5], WORD: [1, 2, 3, 4, 5], "c": [5, 4, 3, 2, 1]},
        x_label=LONG,
        unit=LONG,
        text=LONG,
    ),
    "close lines": line_chart(
        "t",
        x=list(range(12)),
        series={"a": [5, 6, 7] * 4, "b": [5, 6, 7.1] * 4, "c": [5, 6.1, 7] * 4},
        x_label="x",
        unit="ms",
        text="x",
    ),
    "named lines": line_chart(
        "t", x=[LONG, WORD, "c"], series={"a": [0, 1, 2]}, x_label="x", unit="ms", text="x"
    ),
    "timeline": timeline(
        LONG,
        {
            LONG: [(0, 0.5, LONG), (0.5, 1, WORD), (1, 1, "now"), (9.9, 10, LONG)],
            WORD: [(0, 10, LONG), (2, 4, "over"), (3, 5, "lap")],
        },
        unit="seconds",
        text=LONG,
    ),
    "flow": flow(
        LONG,
        [
            ("browser", WORD, LONG),
            (WORD, "application", WORD),
            ("application", "application", LONG),
            ("database", "database", LONG),
            ("database", "browser", LONG),
        ],
        text=LONG,
    ),
}


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
        apart = a[0] >= b[2] or b[0] >= a[2] or a[1] >= b[3] or b[1] >= a[3]
        assert apart, (a, b)


@pytest.mark.parametrize("name", sorted(PICTURES))
def test_a_picture_has_a_name_a_caption_and_its_content_in_words(name: str) -> None:
    html = PICTURES[name].html

    assert re.search(r'<svg [^>]*role="img" aria-label="[^"]+"', html)
    assert re.search(r"<figcaption>.+</figcaption>", html)
    assert "<details>" in html
    assert not re.findall(r"\d\.\d{3,}", re.search(r"<svg.*</svg>", html)[0].split("<text")[0])  # type: ignore[index]


def test_the_values_of_a_chart_stand_in_its_table_and_its_text() -> None:
    chart = bar_chart("Rows", {"no index": 2000, "index": 37}, unit="rows", text="Fewer.")

    assert '<th scope="row">no index</th><td class="prodev-n">2,000</td>' in chart.html
    assert str(chart) == "Rows\nFewer.\n- no index: 2,000 rows\n- index: 37 rows"


def test_an_axis_is_logarithmic_from_a_hundredfold_on_and_says_so() -> None:
    linear = bar_chart("t", {"a": 1, "b": 99}, unit="rows", text="x")
    logarithmic = bar_chart("t", {"a": 1, "b": 100}, unit="rows", text="x")

    assert "log scale" not in linear.html
    assert "log scale" in logarithmic.html


def test_lines_differ_by_dash_and_mark_as_well_as_by_colour() -> None:
    series = {f"line {i}": [i, i + 1] for i in range(6)}
    html = line_chart("t", x=[1, 2], series=series, x_label="x", unit="ms", text="x").html

    lines = re.findall(r"stroke-width:2(?:;stroke-dasharray:([\d ]+))?\"", html)
    marks = set(re.findall(r'<path transform="[^"]+" d="([^"]+)"', html))
    assert len(set(lines)) == 6
    assert len(marks) == 6


def test_the_values_stand_at_their_marks() -> None:
    series = {"loop": [11, 101], "join": [1, 3]}
    html = line_chart("t", x=[1, 2], series=series, x_label="x", unit="s", text="x").html

    told = [text for *_, text in texts(html)]
    assert [value for value in ("11", "101", "3") if value not in told] == []


def test_the_line_chart_tells_each_value_in_words() -> None:
    chart = line_chart(
        "Queries",
        x=[10, 100],
        series={"loop": [11, 101]},
        x_label="bookings",
        unit="queries",
        text="More.",
    )

    assert "- loop: 11 at 10, 101 at 100" in str(chart)


def test_the_timeline_tells_who_does_what_in_order_of_time() -> None:
    piece = timeline("t", {"a": [(2, 3, "write")], "b": [(0, 2, "read")]}, unit="step", text="x")

    assert str(piece).splitlines()[2:] == ["- step 0 to 2, b: read", "- step 2 to 3, a: write"]


def test_the_flow_tells_its_steps_in_order_and_draws_one_arrow_each() -> None:
    piece = flow("t", [("app", "cache", "get"), ("cache", "app", "miss")], text="x")

    assert str(piece).splitlines()[2:] == ["1. app → cache: get", "2. cache → app: miss"]
    assert piece.html.count("fill:var(--p-ink)") == 2


@pytest.mark.parametrize(
    "draw",
    [
        lambda: bar_chart("t", {}, unit="s", text="x"),
        lambda: bar_chart("t", {"a": -1}, unit="s", text="x"),
        lambda: bar_chart("t", {"a": nan}, unit="s", text="x"),
        lambda: bar_chart("t", {"a": inf}, unit="s", text="x"),
        lambda: line_chart("t", x=[1], series={}, x_label="x", unit="s", text="x"),
        lambda: line_chart("t", x=[1], series={"a": [1, 2]}, x_label="x", unit="s", text="x"),
        lambda: line_chart(
            "t", x=[1], series={str(i): [1] for i in range(7)}, x_label="x", unit="s", text="x"
        ),
        lambda: timeline("t", {}, unit="s", text="x"),
        lambda: timeline("t", {"a": [(2, 1, "back")]}, unit="s", text="x"),
        lambda: flow("t", [], text="x"),
        lambda: flow("t", [("a", str(i), "x") for i in range(8)], text="x"),
    ],
)
def test_what_cannot_be_drawn_is_said_in_one_sentence(draw: object) -> None:
    with pytest.raises(CourseError) as told:
        draw()  # type: ignore[operator]

    assert str(told.value).endswith(".")
    assert "\n" not in str(told.value)


def test_an_axis_holds_all_its_values() -> None:
    for values in ([0], [5, 5], [1, 2, 3], [0.001, 900], [1, 1001], [999, 1000], [3e-9, 7e11]):
        axis = scale(values, 10, 110, zero=True)
        for value in values:
            if value > 0 or not axis.log:
                assert 9.99 <= axis.place(value) <= 110.01


def test_things_that_are_spread_keep_their_order_and_distance() -> None:
    places = spread([50, 51, 10], [20, 20], 0, 100)

    assert places == pytest.approx([17, 37, 57])
    assert spread([95, 99], [20], 0, 100) == pytest.approx([80, 100])
    assert spread([10, 90], [20], 0, 100) == [10, 90]


def test_numbers_are_written_for_people_and_coordinates_for_machines() -> None:
    assert [amount(v) for v in (2000, 13.9, 0.08, 0.0004, 0, 1.0)] == [
        "2,000",
        "13.9",
        "0.08",
        "0.0004",
        "0",
        "1",
    ]
    assert [number(v) for v in (1 / 3, 2.0, -0.001, 100)] == ["0.3", "2", "0", "100"]


def test_the_last_bits_of_a_float_do_not_move_a_coordinate() -> None:
    assert {number(v) for v in (329.45, 329.45 - 1e-12, 329.45 + 1e-12)} == {"329.5"}


def test_wrapped_lines_fit_and_lose_nothing() -> None:
    for text in (LONG, WORD, "", "a"):
        lines = wrap(text, 120)
        assert all(text_width(line) <= 120 for line in lines)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def texts(html: str) -> list[tuple[float, float, float, float, str]]:
    """Return the area of each text, as wide as the letters really are in most fonts."""
    found = []
    pattern = r'<text x="([-\d.]+)" y="([-\d.]+)"(?: text-anchor="(\w+)")?[^>]*>([^<]*)</text>'
    for x, y, anchor, told in re.findall(pattern, html):
        wide = text_width(told.replace("&#x27;", "'"), SIZE) * 0.95
        left = float(x) - {"": 0, "middle": wide / 2, "end": wide}[anchor]
        found.append((left, float(y) - 10, left + wide, float(y) + 2, told))
    return found


def test_a_piece_shows_its_text_where_there_is_no_html() -> None:
    assert repr(Piece(html="<b>x</b>", text="x")) == "x"
