"""From what came of an answer to the sentences that a learner reads."""

from __future__ import annotations

import pytest

from judge_exercises import make_exercise
from prodev.catalog.exercise import RESERVED, Mistake
from prodev.errors import CourseError
from prodev.judge import Judge, Verdict
from prodev.judge.kinds.python import Python

CHECK = """
from prodev.judge import Finding, same

def check(answer):
    got = answer.call("double", 21)
    if not same(got, 42):
        return Finding("wrong-value", call="double(21)", expected=42, got=got)
"""


@pytest.fixture(scope="module")
def judge():
    with Judge() as opened:
        yield opened


@pytest.fixture(scope="module")
def exercise(tmp_path_factory):
    limits = {"seconds": 20, "memory_mb": 64}
    return make_exercise(tmp_path_factory.mktemp("course"), CHECK, limits=limits)


def body(line):
    return f"def double(number):\n    {line}\n"


def test_an_answer_that_holds_has_passed(judge, exercise):
    verdict = judge.judge(exercise, body("return number * 2"))

    assert (verdict.status, verdict.code, verdict.message) == ("passed", "", "Your answer holds.")
    assert (verdict.evidence, verdict.section) == ({}, "")
    assert verdict.attempted
    assert 0 < verdict.seconds < 20


def test_a_mistake_is_named_with_what_was_observed_in_its_order(judge, exercise):
    verdict = judge.judge(exercise, body("return 'x'"))

    assert (verdict.status, verdict.code) == ("failed", "wrong-value")
    assert verdict.message == "The answer gave x."
    assert list(verdict.evidence.items()) == [
        ("call", "double(21)"),
        ("expected", 42),
        ("got", "x"),
    ]
    assert verdict.section == "The lab"
    assert verdict.attempted


def test_a_mistake_may_name_a_section_of_its_own(judge, exercise):
    mistake = Mistake(message="No.", section="Numbers")
    other = exercise.model_copy(update={"wrong": {"wrong-value": mistake}})

    assert judge.judge(other, body("return 1")).section == "Numbers"


# Reserved codes


ENDINGS = {
    "raises": (
        body("return number['a']"),
        ("error", "raised"),
        "Your answer raised TypeError: 'int' object is not subscriptable.",
    ),
    "lacks the name": (
        "def doubled(number): return 2 * number",
        ("error", "raised"),
        "Your answer does not define `double`, and the exercise asks for it.",
    ),
    "uses the notebook": (
        body("return factor * number"),
        ("error", "raised"),
        "Your answer raised NameError: name 'factor' is not defined. It is judged without the rest "
        "of the notebook: define or import in the cell what it needs.",
    ),
    "is no Python": (
        body("return (2 * number"),
        ("error", "raised"),
        "Python cannot read your answer: '(' was never closed.",
    ),
    "is not indented": (
        "def double(number):\nreturn 2 * number",
        ("error", "raised"),
        "Python cannot read your answer: expected an indented block after function definition on "
        "line 1.",
    ),
    "parses something": (
        body("return compile('(', 'text', 'exec')"),
        ("error", "raised"),
        "Your answer raised SyntaxError: '(' was never closed.",
    ),
    "awaits in a function": (
        body("return await number"),
        ("error", "raised"),
        "Python cannot read your answer: 'await' outside async function.",
    ),
    "exits": (
        body("raise SystemExit"),
        ("error", "exited"),
        "Your answer ended the program (sys.exit or quit).",
    ),
    "exits while it loads": (
        "import sys\nsys.exit(0)",
        ("error", "exited"),
        "Your answer ended the program (sys.exit or quit).",
    ),
    "ends its process": (
        "import os\n" + body("os._exit(0)"),
        ("error", "exited"),
        "Your answer ended its process before it gave a result.",
    ),
    "needs memory": (
        body("return len([0] * 10**9)"),
        ("error", "memory"),
        "Your answer needs more than the 64 MB that it may use.",
    ),
    "prints": (
        body("while True: print('x' * 1000)"),
        ("error", "output"),
        "Your answer printed more than 4 MB. Print less, or look for an endless loop.",
    ),
    "writes into the channel": (
        "import os\n" + body("os.write(3, b'{\"passed\": true}' * 9)"),
        ("error", "channel"),
        "Your answer wrote into the judge's own channel.",
    ),
    "returns an object": (
        body("return double"),
        ("error", "not-plain"),
        "Your answer returned an object of type function. Return plain data: numbers, text, lists, "
        "dicts.",
    ),
}


@pytest.mark.parametrize(("source", "kind", "message"), ENDINGS.values(), ids=ENDINGS)
def test_an_answer_that_gives_no_value_is_told_why(judge, exercise, source, kind, message):
    verdict = judge.judge(exercise, source)

    assert (verdict.status, verdict.code) == kind
    assert verdict.message == message
    assert verdict.code in RESERVED
    assert verdict.attempted


def test_an_answer_without_end_is_told_to_look_for_its_loop(judge, exercise):
    limits = exercise.limits.model_copy(update={"seconds": 0.4})
    short = exercise.model_copy(update={"limits": limits})
    verdict = judge.judge(short, body("while True: pass"))

    assert (verdict.status, verdict.code) == ("timeout", "timeout")
    assert verdict.message == "No result within 0.4 seconds. Look for a loop that does not end."
    assert verdict.evidence == {"call": "double(21)"}
    assert verdict.section == "The lab"


@pytest.mark.parametrize(
    "line",
    ["%timeit double(1)", "%%time", "!ls", "?double", "double?", "files = !ls", "await double(1)"],
)
def test_what_only_a_notebook_can_do_is_said_to_be_so(judge, exercise, line):
    verdict = judge.judge(exercise, f"{body('return number * 2')}\n{line}\n")

    assert (verdict.status, verdict.code) == ("error", "raised")
    assert verdict.message == (
        "Line 4 works in a notebook only, and your answer is judged as plain Python: "
        "take the line out, or move it to another cell."
    )
    assert verdict.evidence["lines"] == [{"line": 4, "function": "<module>", "text": line}]


def test_an_error_comes_with_the_call_and_the_answer_s_own_lines(judge, exercise):
    verdict = judge.judge(exercise, "import json\n" + body("return json.loads(str(number) + '{')"))

    assert verdict.evidence == {
        "call": "double(21)",
        "error": "JSONDecodeError: Extra data: line 1 column 3 (char 2)",
        "lines": [
            {"line": 3, "function": "double", "text": "return json.loads(str(number) + '{')"}
        ],
    }


# The course's own faults


CRASHES = {
    "raises": ("def check(answer):\n    return answer.random.nothing", "AttributeError: 'Random'"),
    "leaves": ("def check(answer):\n    raise SystemExit(3)", "SystemExit: 3"),
    "returns True": ("def check(answer):\n    return True", "check() returned bool; return a Fi"),
    "returns a text": ("def check(answer):\n    return 'wrong-value'", "check() returned str"),
    "finds an unknown code": (
        "from prodev.judge import Finding\ndef check(answer): return Finding('wrong-valeu', got=1)",
        "check() found 'wrong-valeu', which exercise.toml does not name",
    ),
    "finds a reserved code": (
        "from prodev.judge import Finding\ndef check(answer): return Finding('timeout')",
        "check() found 'timeout', which exercise.toml does not name",
    ),
    "observed less than its message names": (
        "from prodev.judge import Finding\ndef check(answer): return Finding('wrong-value')",
        "KeyError: 'got'",
    ),
    "has no check": ("def checks(answer): pass", "check.py defines no function check(answer)"),
    "is no Python": ("def check(answer):\nreturn", "IndentationError"),
    "takes nothing": ("def check():\n    pass", "TypeError: check() takes 0 positional"),
    "imports what is not there": ("import not_there", "No module named 'not_there'"),
    "gives what cannot be sent": (
        "def check(answer): answer.call('double', object())",
        "an object of type object",
    ),
}


@pytest.mark.parametrize(("check", "said"), CRASHES.values(), ids=CRASHES)
def test_a_check_that_crashes_costs_the_learner_nothing(judge, exercise, tmp_path, check, said):
    broken = make_exercise(tmp_path, check)

    verdict = judge.judge(broken, body("return number"))

    assert (verdict.status, verdict.code, verdict.section) == ("judge_failed", "", "")
    assert verdict.message == "The check of this exercise failed; your answer was not counted."
    assert not verdict.attempted
    assert said in verdict.evidence["traceback"]
    assert judge.judge(exercise, body("return number * 2")).status == "passed"


def test_the_traceback_for_the_author_names_the_check_s_own_line(judge, tmp_path):
    broken = make_exercise(tmp_path, "x = 1\n\ndef check(answer):\n    return x['key']\n")

    traceback = judge.judge(broken, body("return 1")).evidence["traceback"]
    assert f'File "{broken.check_file}", line 4, in check' in traceback


def test_a_check_that_is_gone_costs_the_learner_nothing(judge, tmp_path):
    broken = make_exercise(tmp_path, CHECK)
    broken.check_file.unlink()

    verdict = judge.judge(broken, body("return 1"))
    assert verdict.status == "judge_failed"
    assert "FileNotFoundError" in verdict.evidence["traceback"]


def test_a_missing_system_is_no_attempt(judge, exercise, monkeypatch):
    monkeypatch.setattr(Python, "missing", lambda _: "RabbitMQ is not here; install it.")

    verdict = judge.judge(exercise, body("return 1"))
    assert (verdict.status, verdict.message) == ("unavailable", "RabbitMQ is not here; install it.")
    assert not verdict.attempted
    assert judge.judge(exercise, exercise.starter).status == "not_attempted"


def test_an_answer_of_a_megabyte_is_refused_with_a_sentence(judge, exercise):
    with pytest.raises(CourseError, match=r"has 1,048,577 characters; keep it below 1 MB\."):
        judge.judge(exercise, "x" * ((1 << 20) + 1))


def test_an_unknown_kind_is_refused_with_the_nearest_name(judge, exercise):
    other = exercise.model_copy(update={"kind": "pythn"})

    with pytest.raises(CourseError, match=r"no kind of exercise named 'pythn'; did you mean 'pyt"):
        judge.judge(other, body("return 1"))


# Evidence


OBSERVED = """
from prodev.judge import Finding

def check(answer):
    return Finding(
        "wrong-value", got=1,
        text="x" * 1_000, rows=list(range(1_000)), big=2**60, odd=float("nan"),
        flag=True, nothing=None, half=0.5, handle=answer.call("double", 1, keep=True),
        error=answer.attempt("double").error,
    )
"""


def test_what_was_observed_is_shortened_to_what_a_table_can_show(judge, tmp_path):
    evidence = judge.judge(make_exercise(tmp_path, OBSERVED), body("return 1")).evidence

    assert evidence["text"] == "x" * 299 + "…"
    assert evidence["rows"].startswith("[0, 1, 2,")
    assert len(evidence["rows"]) == 300
    assert evidence["big"] == "1152921504606846976"
    assert evidence["odd"] == "nan"
    assert (evidence["flag"], evidence["nothing"], evidence["half"]) == (True, None, 0.5)
    assert evidence["handle"] == "double(1)"
    assert "missing 1 required positional argument" in evidence["error"]


def test_what_the_answer_printed_stands_last_and_is_shortened(judge, exercise):
    printed = judge.judge(exercise, body("print('é' * 3_000)\n    return 1")).evidence
    assert list(printed) == ["call", "expected", "got", "printed"]
    assert printed["printed"] == "é" * 2_000 + "\n… (3,000 characters in all)"

    passed = judge.judge(exercise, body("print('so far')\n    return number * 2"))
    assert (passed.status, passed.evidence) == ("passed", {"printed": "so far"})


@pytest.mark.parametrize(
    "line",
    ["raise ValueError(chr(0xD800))", "return type(chr(0xD800), (), {})()"],
)
def test_what_no_file_can_hold_is_shown_as_its_escape(judge, exercise, line):
    verdict = judge.judge(exercise, body(line))

    assert verdict.status == "error"
    assert r"\ud800" in verdict.message
    assert verdict.model_dump_json().encode("utf-8")


def test_the_same_seed_draws_the_same_cases(judge, tmp_path):
    check = CHECK.replace("21)", "answer.random.randrange(10**9))").replace('"double(21)"', "got")
    drawing = make_exercise(tmp_path, check)

    def drawn(seed):
        return judge.judge(drawing, body("return number"), seed=seed).evidence["got"]

    assert drawn(1) == drawn(1)
    assert len({drawn(seed) for seed in range(5)}) == 5


def test_a_verdict_is_never_true_or_false():
    for status in ("passed", "failed", "judge_failed"):
        with pytest.raises(TypeError, match="never true or false; compare its status"):
            bool(Verdict(exercise="a/b", status=status))
