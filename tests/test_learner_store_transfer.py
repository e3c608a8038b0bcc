"""Everything kept about a learner can be taken elsewhere as one file, and deleted."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys

import pytest
from click.testing import CliRunner

from prodev.cli import Sentences
from prodev.cli.learner import learner
from prodev.judge.verdict import Verdict
from prodev.learner.name import store_name
from prodev.learner.store import Store, StoreError, import_store

RETRY = "python-toolkit/retry-with-limit"


@pytest.fixture
def store():
    """A learner who has done a little of everything."""
    store = Store("Ada Lovelace")
    seen = {"calls": 4, "text": "naïve ✓ \x00", "rows": [1, 2.5, None]}
    store.add_attempt(
        Verdict(exercise=RETRY, status="failed", code="M1-x", evidence=seen), "x = 1\n", seed=7
    )
    store.add_attempt(Verdict(exercise=RETRY, status="passed"), "x = 2", seed=7)
    store.add_attempt(
        Verdict(exercise=RETRY, status="passed"), "x = 3", solver="reference", seed=-1
    )
    store.add_reveal(RETRY, "hint", 1)
    store.save_quiz("caching", {"q": {"first": 1, "tries": 2, "right": True}})
    store.add_evidence("caching", "hits", {"rate": [0.1, 1e300]})
    return store


def everything(store):
    return (
        store.attempts(solver=None),
        store.reveals(RETRY),
        store.quiz("caching"),
        store.evidence(),
        store.exercises(),
    )


def counts(summary):
    return summary.attempts, summary.reveals, summary.quiz, summary.evidence


@pytest.fixture
def run():
    """Run ``prodev learner`` in this process."""
    group = Sentences(commands={"learner": learner})
    return lambda *arguments, **more: CliRunner().invoke(group, ["learner", *arguments], **more)


def test_export_delete_import_gives_the_same(store, tmp_path):
    before = everything(store)
    store.export(tmp_path / "ada.json")
    store.delete()
    assert store.attempts() == ()
    summary = import_store(tmp_path / "ada.json")
    assert (summary.learner, *counts(summary)) == ("Ada Lovelace", 3, 1, 1, 1)
    assert everything(store) == before
    store.export(tmp_path / "again.json")
    assert (tmp_path / "again.json").read_bytes() == (tmp_path / "ada.json").read_bytes()


def test_an_export_is_readable_json_for_its_owner_alone(store, tmp_path):
    store.export(tmp_path / "ada.json")
    text = (tmp_path / "ada.json").read_text("utf-8")
    assert "naïve ✓" in text
    content = json.loads(text)
    assert (content["format"], content["version"]) == ("prodev-learner", 1)
    assert content["attempts"][0]["source"] == "x = 1\n"
    assert (tmp_path / "ada.json").stat().st_mode & 0o077 == 0


def test_a_second_import_changes_nothing(store, tmp_path):
    before = everything(store)
    store.export(tmp_path / "ada.json")
    for _ in range(2):
        assert counts(import_store(tmp_path / "ada.json")) == (0, 0, 0, 0)
        assert everything(store) == before


def test_an_import_adds_to_what_is_there(store, tmp_path):
    store.export(tmp_path / "ada.json")
    other = Store("Grace")
    mine = other.add_attempt(Verdict(exercise=RETRY, status="failed"), "y", seed=1)
    other.add_reveal(RETRY, "hint", 1)
    other.save_quiz("caching", {"q": {"first": 0, "tries": 3, "right": False}})
    summary = import_store(tmp_path / "ada.json", "Grace")
    assert (summary.learner, *counts(summary)) == ("Grace", 3, 0, 1, 1)
    assert other.attempts(solver=None) == (*store.attempts(solver=None), mine), "oldest first"
    assert len(other.reveals(RETRY)) == 1
    assert other.quiz("caching") == {"q": {"first": 0, "tries": 4, "right": True}}
    assert counts(import_store(tmp_path / "ada.json", "Grace")) == (0, 0, 0, 0)


def test_an_export_of_nothing_gives_a_sentence_and_makes_no_file(own_home, tmp_path):
    with pytest.raises(StoreError, match=r"Nothing is kept about 'Adda' in .*check the learner's"):
        Store("Adda").export(tmp_path / "ada.json")
    assert list(tmp_path.iterdir()) == []
    assert list(own_home.iterdir()) == []


DAMAGES = {
    "empty": (lambda _: "", "is damaged"),
    "cut off": (lambda text: text[: len(text) // 2], "is damaged"),
    "a list": (lambda _: "[]", "is damaged"),
    "not for us": (lambda _: '{"cells": []}', "is no export of a learner"),
    "newer": (lambda text: text.replace('"version": 1,', '"version": 2,', 1), "update the course"),
    "one letter": (lambda text: text.replace("x = 2", "x = 5"), "does not fit its sha256"),
    "a missing key": (lambda text: text.replace('"seed": 7,', "", 1), "seed: Field required"),
    "an unknown key": (lambda text: text.replace('"seed"', '"sead": 1, "seed"', 1), "sead: Extra"),
    "another type": (lambda text: text.replace('"seed": 7', '"seed": "7"', 1), "valid integer"),
    "another status": (lambda text: text.replace('"failed"', '"fine"', 1), "status: Input"),
    "too deep": (lambda _: '{"a":' * 100_000, "is damaged"),
    "a huge number": (lambda text: text.replace('"seed": 7', f'"seed": {"7" * 5000}'), "damaged"),
    "no UTF-8": (lambda _: b"\xff\xfe\xfa", "is damaged"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_export_gives_one_sentence_and_changes_nothing(store, tmp_path, damage):
    path = tmp_path / "ada.json"
    store.export(path)
    store.delete()
    change, sentence = DAMAGES[damage]
    changed = change(path.read_text("utf-8"))
    path.write_bytes(changed if isinstance(changed, bytes) else changed.encode())
    with pytest.raises(StoreError, match=sentence) as caught:
        import_store(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not store.exists()


def test_an_import_that_fails_half_way_changes_nothing(store, tmp_path, monkeypatch):
    store.export(tmp_path / "ada.json")
    from prodev.learner import store as module

    def fail_at_evidence(connection, records):
        if records == evidence:
            raise KeyboardInterrupt
        return put(connection, records)

    put, evidence = module.put, store.evidence()
    monkeypatch.setattr(module, "put", fail_at_evidence)
    with pytest.raises(KeyboardInterrupt):
        import_store(tmp_path / "ada.json", "Grace")
    assert Store("Grace").attempts(solver=None) == ()


def test_a_file_that_is_not_there_gives_a_sentence(tmp_path):
    with pytest.raises(StoreError, match="cannot be read"):
        import_store(tmp_path / "nothing.json")
    with pytest.raises(StoreError, match="cannot be read"):
        import_store(tmp_path)


def test_an_export_to_a_place_that_is_not_there_gives_a_sentence(store, tmp_path):
    for path in (tmp_path / "no" / "ada.json", tmp_path):
        with pytest.raises(StoreError, match=r"cannot be written .* choose another place"):
            store.export(path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_an_interrupted_export_leaves_the_old_one(store, tmp_path, monkeypatch, step):
    store.export(tmp_path / "ada.json")
    old = (tmp_path / "ada.json").read_bytes()
    store.add_reveal(RETRY, "solution")

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, step, interrupt)
    with pytest.raises(KeyboardInterrupt):
        store.export(tmp_path / "ada.json")
    assert (tmp_path / "ada.json").read_bytes() == old
    assert [path.name for path in tmp_path.iterdir()] == ["ada.json"]


@pytest.mark.slow
def test_an_export_that_is_killed_leaves_the_old_one(store, tmp_path):
    store.export(tmp_path / "ada.json")
    old = (tmp_path / "ada.json").read_bytes()
    store.add_reveal(RETRY, "solution")
    code = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from prodev.learner.store import Store\n"
        "os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)\n"
        "Store('Ada Lovelace').export(Path(sys.argv[1]))"
    )
    killed = subprocess.run([sys.executable, "-c", code, tmp_path / "ada.json"], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert (tmp_path / "ada.json").read_bytes() == old
    store.export(tmp_path / "ada.json")
    assert b'"solution"' in (tmp_path / "ada.json").read_bytes()


def test_show_lists_flat_rows_in_every_format(store, run):
    row = {"exercise": RETRY, "attempts": 2, "solved": True, "hints": 1, "solution_seen": False}
    shown = run("show", "--learner", "Ada Lovelace", "--format", "json")
    assert (shown.exit_code, json.loads(shown.stdout)) == (0, [row])
    shown = run("show", "--learner", "Ada Lovelace", "--format", "csv")
    assert list(csv.DictReader(io.StringIO(shown.stdout))) == [
        {name: str(value) for name, value in row.items()}
    ]
    shown = run("show", "--learner", "Ada Lovelace")
    assert RETRY in shown.stdout


def test_show_is_about_the_learner_of_this_computer(store, run):
    assert run("show").stdout == "No exercise is kept for demo yet.\n"
    assert run("show", "--format", "json").stdout == "[]\n"
    store_name("Ada Lovelace")
    assert RETRY in run("show").stdout


def test_export_delete_and_import_on_the_command_line(store, run, tmp_path):
    store_name("Ada Lovelace")
    before, path = everything(store), str(tmp_path / "ada.json")
    shown = run("export", path)
    assert (shown.exit_code, path in shown.stdout) == (0, True)
    assert run("delete", "--yes").exit_code == 0
    assert not store.exists()
    shown = run("import", path)
    assert shown.exit_code == 0
    assert shown.stdout == (
        "New for Ada Lovelace: 3 attempts, 1 reveal, 1 quiz answer, 1 measurement.\n"
    )
    assert everything(store) == before


def test_delete_asks_first(store, run):
    asked = run("delete", "--learner", "Ada Lovelace", input="n\n")
    assert (asked.exit_code, "can't be undone" in asked.stdout) == (1, True)
    assert len(store.attempts()) == 2
    assert run("delete", "--learner", "Ada Lovelace", input="").exit_code == 1, "nobody there"
    assert len(store.attempts()) == 2
    assert run("delete", "--learner", "Ada Lovelace", input="y\n").exit_code == 0
    assert not store.exists()
    gone = run("delete", "--learner", "Ada Lovelace")
    assert (gone.exit_code, gone.stdout) == (0, "Nothing is kept about Ada Lovelace.\n")


def test_an_import_never_mixes_two_peoples_work_unasked(store, run, tmp_path):
    path = str(tmp_path / "ada.json")
    store.export(tmp_path / "ada.json")
    store_name("Grace")
    refused = run("import", path)
    assert refused.exit_code == 2
    assert "choose with --learner 'Ada Lovelace' or --learner Grace" in refused.stderr
    assert not Store("Grace").exists()
    assert run("import", path, "--learner", "Grace").exit_code == 0
    assert len(Store("Grace").attempts()) == 2


def test_an_import_where_nobody_has_a_name_yet_says_how_to_go_on(store, run, tmp_path):
    store.export(tmp_path / "ada.json")
    store.delete()
    shown = run("import", str(tmp_path / "ada.json"))
    assert shown.exit_code == 0
    assert "prodev lab --learner 'Ada Lovelace'" in shown.stdout
    assert len(store.attempts()) == 2


def test_every_failure_on_the_command_line_is_one_sentence_and_exit_code_2(run, tmp_path):
    (tmp_path / "bad.json").write_text("{")
    for arguments in (("import", str(tmp_path / "bad.json")), ("export", str(tmp_path / "x"))):
        failed = run(*arguments)
        assert failed.exit_code == 2
        assert failed.stdout == ""
        assert failed.stderr.count("\n") == 1
