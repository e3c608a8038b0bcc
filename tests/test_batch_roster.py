"""A bad roster stops a batch before it starts, with one sentence for each bad row."""

from __future__ import annotations

from pathlib import Path

import pytest

from batch_notebooks import PARAMETERS, make_notebook, make_roster
from prodev.batch.plan import plan
from prodev.batch.roster import read_roster
from prodev.errors import ParameterError, RosterError

WRONG_FILES = [
    (b"", "is empty; write a header with the column 'learner' first"),
    (b"\n \n", "is empty"),
    (b"learner,seed\n", "has a header but no rows"),
    (b"name,seed\nada,1\n", "row 1: the column 'learner' is missing; add it"),
    (b"Learner,seed\nada,1\n", "the column 'learner' is missing; rename 'Learner'"),
    (b"learner,seed,seed\nada,1,1\n", "row 1: column 'seed' stands 2 times; keep one"),
    (b"learner,,seed\nada,,1\n", "row 1: a column has no name"),
    (
        b"learner,sede\nada,1\n",
        "there is no parameter 'sede'|has no parameter 'sede'; did you mean 'seed'?",
    ),
    (
        "learner,seed\njosé,1\n".encode("latin-1"),
        "row 2: is not UTF-8 text; save the file as UTF-8",
    ),
    (b'learner,seed\n"ada,1\n', "is not valid CSV"),
    (b"learner,seed\n,1\n", "row 2: the learner is missing"),
    (b"learner,seed\nada,1,2\n", "row 2: has 3 values for 2 columns"),
    (b"learner,seed\nada,1\n\nada,1\n", "row 4: asks for the same runs as r.csv, row 2"),
    (b"learner,seed\nada,\nada,1\n", "row 3: asks for the same runs as r.csv, row 2"),
    (b"learner,seed\nada,one\n", "row 2: parameter 'seed' is 'one'; write a whole number"),
    (b"learner,mode\nada,hack\n", "row 2: parameter 'mode' is 'hack'; it may be learn or solve"),
    (b"learner,seed\na\x1bda,1\n", "row 2: the learner 'a\\x1bda' holds a control character"),
]


@pytest.mark.parametrize(("content", "sentence"), WRONG_FILES)
def test_a_wrong_roster_is_answered_with_a_sentence_that_says_where(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    path = tmp_path / "r.csv"
    path.write_bytes(content)
    with pytest.raises((RosterError, ParameterError)) as caught:
        plan(path, modules=["start"])
    assert any(part in str(caught.value) for part in sentence.split("|"))
    assert "\n" not in str(caught.value)


def test_all_bad_rows_are_listed_at_once_in_their_order(tmp_path: Path) -> None:
    roster = make_roster(tmp_path / "r.csv", "learner,seed\nada,x\nlin,2\n,3\nkim,-1\nlin,2\n")
    with pytest.raises(RosterError) as caught:
        plan(roster, modules=["start"])
    lines = str(caught.value).splitlines()
    assert [line.split(":")[0] for line in lines] == [f"r.csv, row {row}" for row in (2, 4, 5, 6)]
    assert all(line.endswith(".") for line in lines)


def test_a_missing_roster_or_a_folder_is_answered_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(RosterError, match="There is no roster"):
        read_roster(tmp_path / "none.csv")
    with pytest.raises(RosterError, match="cannot be read"):
        read_roster(tmp_path)


def test_a_byte_order_mark_spaces_and_blank_lines_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_bytes('\ufeff learner , seed\r\n\r\n José ,7\r\n,\r\n"O\'Neil, Kim",\r\n'.encode())
    roster = read_roster(path)
    assert roster.columns == ("seed",)
    assert [(row.learner, row.values) for row in roster.rows] == [
        ("José", {"seed": "7"}),
        ("O'Neil, Kim", {}),
    ]
    assert [row.where for row in roster.rows] == ["r.csv, row 3", "r.csv, row 5"]


def test_a_column_that_another_notebook_does_not_declare_is_refused(tmp_path: Path) -> None:
    notebook = make_notebook(tmp_path / "n.ipynb", "1", parameters=PARAMETERS)
    roster = make_roster(tmp_path / "r.csv", "learner,speed\nada,\n")
    with pytest.raises(
        RosterError, match=r"n\.ipynb has no parameter 'speed'; did you mean 'seed'"
    ):
        plan(roster, notebooks=[notebook])


def test_the_demo_roster_is_a_good_one() -> None:
    demo = Path(__file__).resolve().parents[1] / "data" / "rosters" / "demo.csv"
    assert [run.learner for run in plan(demo, modules=["start"]).runs] == ["ada", "kwame", "lin"]
