"""The map shows every module and every prerequisite, and no edge runs through a box."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from prodev.catalog import Module
from prodev.widgets import module_map
from prodev.widgets.layers import layered
from prodev.widgets.module_map import BOX
from prodev.widgets.svg import WIDTH

# The course's own graph, so that the map is tested on what it has to draw.
NEEDS: dict[int, tuple[int, ...]] = {
    0: (),
    1: (),
    2: (),
    3: (2,),
    4: (1, 2),
    5: (4,),
    6: (5,),
    7: (3, 5),
    8: (5,),
    9: (7, 8),
    10: (4,),
    11: (5, 10),
    12: (7, 8, 10, 11),
    13: (12,),
}
SHAPES = [
    NEEDS,
    {0: (), 1: (0,), 2: (1,), 3: (0, 2)},
    {0: (), 1: (), 2: (), 3: (0, 1, 2), 4: (0, 3), 5: (1, 4)},
    {0: ()},
]


@pytest.fixture
def modules() -> list[Module]:
    return [
        Module(
            slug=f"module-{order}",
            order=order,
            title=f"The subject number {order}",
            question="Why?",
            summary="Because.",
            objectives=("one", "two"),
            out_of_scope=("three",),
            minutes=60,
            prerequisites=tuple(f"module-{need}" for need in needs),
            topics=("*",),
            lab="A lab.",
            recap=("a", "b", "c"),
        )
        for order, needs in NEEDS.items()
    ]


def test_every_module_is_a_link_to_its_notebook_and_stands_in_the_list(
    modules: list[Module],
) -> None:
    drawn, listed = module_map(modules).html.split("</svg>")

    for module in modules:
        assert f'href="{module.notebook}"' in drawn
        assert f'<li><a href="{module.notebook}">{module.label}</a>' in listed
        assert module.label in module_map(modules).text


def test_every_prerequisite_is_one_edge(modules: list[Module]) -> None:
    drawn = module_map(modules).html

    assert len(re.findall(r'<path d="[^"]+" style="fill:none', drawn)) == sum(
        len(needs) for needs in NEEDS.values()
    )
    told = module_map(modules).text.replace("The subject number ", "")
    assert "9 9, after 7 7 and 8 8" in told
    assert "12 12, after 7 7, 8 8, 10 10 and 11 11" in told


def test_the_readers_place_is_marked_in_words_and_for_screen_readers(modules: list[Module]) -> None:
    piece = module_map(modules, here="module-3")

    assert piece.html.count("<b>you are here</b>") == 1
    assert piece.html.count('aria-current="page"') == 1
    assert "3 The subject number 3, after 2 The subject number 2 (you are here)" in piece.text
    assert "you are here" not in module_map(modules).html


def test_the_map_is_no_image_because_its_links_must_stay_reachable(modules: list[Module]) -> None:
    html = module_map(modules).html

    assert 'role="group" aria-label="Map of the modules' in html
    assert 'role="img"' not in html


def test_a_prerequisite_that_is_not_among_the_modules_is_left_out(modules: list[Module]) -> None:
    assert module_map(modules[3:5]).html.count("<foreignObject") == 2


@pytest.mark.parametrize("shape", SHAPES)
def test_no_edge_runs_through_a_box_and_none_overlap(shape: dict[int, tuple[int, ...]]) -> None:
    needs = {str(name): [str(need) for need in above] for name, above in shape.items()}
    layout = layered(needs, width=WIDTH, node=BOX + 14, slot=26)

    for row in layout.rows:
        for a, b in pairwise(row):
            wide = (BOX if a in needs else 0) / 2 + (BOX if b in needs else 0) / 2
            assert layout.x[b] - layout.x[a] >= wide + 5
        for name in row:
            half = BOX / 2 if name in needs else 0
            assert half <= layout.x[name] <= WIDTH - half
    for (above, below), route in layout.routes.items():
        rows = [layout.row[stop] for stop in route]
        assert rows == list(range(layout.row[above], layout.row[below] + 1))


def test_the_courses_own_map_has_one_crossing_at_most() -> None:
    needs = {str(name): [str(need) for need in above] for name, above in NEEDS.items()}
    layout = layered(needs, width=WIDTH, node=BOX + 14, slot=26)
    joints = [joint for route in layout.routes.values() for joint in pairwise(route)]

    crossings = sum(
        layout.row[a] == layout.row[c]
        and (layout.x[a] - layout.x[c]) * (layout.x[b] - layout.x[d]) < 0
        for i, (a, b) in enumerate(joints)
        for c, d in joints[i + 1 :]
    )
    assert crossings <= 1
