"""What passes between the judge and an answer: plain data of exact types, within limits."""

from __future__ import annotations

import json
import math
from collections import OrderedDict, namedtuple
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from uuid import UUID

import pytest

from prodev.judge import same, wire
from prodev.judge.wire import HEADER, UNKNOWN, NotPlain, decode, encode, pack

PLAIN = (
    None,
    True,
    False,
    0,
    -1,
    2**53 - 1,
    2**53,
    -(2**53),
    10**1000,
    0.0,
    -0.0,
    1.0,
    1e308,
    5e-324,
    math.inf,
    -math.inf,
    math.nan,
    "",
    "Zażółć \N{SNOWMAN} \U0001f409",
    "a\x00b",
    b"",
    bytes(range(256)),
    Decimal("0.10"),
    Decimal("1E+5"),
    Decimal("-Infinity"),
    Decimal("NaN"),
    datetime(2026, 3, 4, 5, 6, 7, 8),
    datetime(2026, 3, 4, tzinfo=UTC),
    datetime(2026, 3, 4, tzinfo=timezone(timedelta(hours=-3, minutes=-30))),
    date(1, 1, 1),
    timedelta(days=-1, seconds=5, microseconds=7),
    timedelta.max,
    UUID("12345678123456781234567812345678"),
    [],
    (),
    {},
    set(),
    frozenset(),
    [1, [2, (3, {"four": 4})]],
    (1,),
    {"i": "ff"},
    {"d": []},
    {1: "int", "1": "str", (2, frozenset({3})): None, None: b"x"},
    {1, "1", (2, 3)},
    frozenset({frozenset({1}), date(2026, 1, 1)}),
    {Decimal("1.5"): UUID(int=0)},
)


def over(value):
    """Send a value over the wire and back."""
    return decode(json.loads(json.dumps(encode(value), allow_nan=False)))


@pytest.mark.parametrize("value", PLAIN, ids=lambda value: type(value).__name__)
def test_plain_data_arrives_as_it_was_sent(value):
    got = over(value)

    assert same(got, value)
    assert repr(got) == repr(value) or isinstance(value, set | frozenset | dict)


def test_a_dict_keeps_its_order():
    assert list(over({"b": 1, "a": 2, 0: 3})) == ["b", "a", 0]


class Text(str):
    __slots__ = ()


class Number(int):
    pass


class Stage(IntEnum):
    OPEN = 1


class LiesAboutItself:
    @property
    def __class__(self):
        return int


class Meta(type):
    def __eq__(cls, other):
        return True

    def __hash__(cls):
        return 1

    def __getattribute__(cls, name):
        raise RuntimeError("a metaclass that resists")


class Resists(metaclass=Meta):
    pass


Pair = namedtuple("Pair", "one two")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (Text("x"), "an object of type Text"),
        (Number(1), "an object of type Number"),
        (Stage.OPEN, "an object of type"),
        (Pair(1, 2), "an object of type Pair"),
        (OrderedDict(), "an object of type OrderedDict"),
        (bytearray(b"x"), "an object of type bytearray"),
        (1j, "an object of type complex"),
        (Fraction(1, 2), "an object of type Fraction"),
        (time(1), "an object of type time"),
        (range(3), "an object of type range"),
        (iter([]), "an object of type list_iterator"),
        ({}.keys(), "an object of type dict_keys"),
        (len, "an object of type builtin_function_or_method"),
        (int, "an object of type type"),
        (ValueError("x"), "an object of type ValueError"),
        (NotImplemented, "an object of type NotImplementedType"),
        (..., "an object of type ellipsis"),
        (LiesAboutItself(), "an object of type LiesAboutItself"),
        (Resists(), "an object of type Resists"),
    ],
    ids=lambda value: value if type(value) is str else "",
)
@pytest.mark.parametrize("place", [lambda v: v, lambda v: [{"key": (v,)}]], ids=["bare", "nested"])
def test_only_the_exact_types_are_plain(place, value, said):
    with pytest.raises(NotPlain, match=f"^{said}"):
        encode(place(value))


class OwnZone(tzinfo):
    def utcoffset(self, _):
        return None


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (1 << wire.MAX_INT_BITS, "an int of 4,097 bits"),
        ("x" * (wire.MAX_TEXT + 1), "a str of 4,194,305 characters"),
        (bytes(wire.MAX_TEXT + 1), "4,194,305 bytes"),
        ([0] * wire.MAX_VALUES, "more than 200,000 values"),
        ("a\ud800", "a str that is no Unicode text"),
        (Decimal("sNaN"), "a signalling nan"),
        (datetime(2026, 1, 1, tzinfo=OwnZone()), "a datetime of a time zone of its own"),
    ],
    ids=["int", "str", "bytes", "list", "surrogate", "decimal", "datetime"],
)
def test_what_is_too_big_or_odd_is_named(value, said):
    with pytest.raises(NotPlain, match=said):
        encode(value)


def nested(depth):
    value = []
    for _ in range(depth - 1):
        value = [value]
    return value


def test_data_may_be_nested_40_deep_and_no_deeper():
    assert over(nested(wire.MAX_DEPTH)) == nested(wire.MAX_DEPTH)
    with pytest.raises(NotPlain, match="nested deeper than 40"):
        encode(nested(wire.MAX_DEPTH + 1))


def test_the_largest_values_that_may_be_sent_arrive():
    for value in ((1 << wire.MAX_INT_BITS) - 1, -((1 << wire.MAX_INT_BITS) - 1)):
        assert over(value) == value
    assert over([0] * (wire.MAX_VALUES - 1)) == [0] * (wire.MAX_VALUES - 1)


def contains_itself():
    one, other, third = [], {}, []
    one.append(one)
    other["key"] = (other,)
    third.append({"key": [third]})
    return one, other, third


@pytest.mark.parametrize("value", contains_itself(), ids=["list", "dict", "both"])
def test_a_structure_that_contains_itself_is_named(value):
    with pytest.raises(NotPlain, match="a structure that contains itself"):
        encode(value)


def test_the_same_list_twice_is_no_structure_that_contains_itself():
    row = [1]

    assert over([row, row, {"again": row}]) == [[1], [1], {"again": [1]}]


@pytest.mark.parametrize(
    "frame",
    [
        {},
        {"i": "1", "f": "nan"},
        {"unknown": 1},
        "a\ud800",
        {"d": [["\udfff", 1]]},
        {"d": 1},
        {"d": [1]},
        {"d": [["key"]]},
        {"d": [["key", 1, 2]]},
        {"d": [[[], 1]]},
        {"d": [[{"d": []}, 1]]},
        {"t": 1},
        {"t": None},
        {"s": [[]]},
        {"s": [{"s": []}]},
        {"z": [{"d": []}]},
        {"i": 1},
        {"i": "xyz"},
        {"i": "f" * 2_000},
        {"f": "1.5"},
        {"f": []},
        {"b": "?"},
        {"b": 1},
        {"b": "\u00e9"},
        {"D": "x"},
        {"D": 1},
        {"D": {}},
        {"D": "9" * 2_000},
        {"D": "sNaN"},
        {"dt": "yesterday"},
        {"dt": 1},
        {"da": "2026-13-01"},
        {"td": [1, 2, 3, 4, 5, 6, 7, 8]},
        {"td": [10**12, 0, 0]},
        {"td": "123"},
        {"td": [None]},
        {"u": "x"},
        {"u": 1},
        {"u": None},
        {"h": 1},
        {"p": [1, "x", "function", {}]},
        {"x": ["ValueError", "y"]},
        nested(wire.MAX_DEPTH + 2),
        [0] * wire.MAX_VALUES,
    ],
    ids=lambda frame: json.dumps(frame)[:40],
)
def test_a_forged_tag_is_refused_and_never_crashes_the_judge(frame):
    with pytest.raises(NotPlain):
        decode(frame)


def test_keys_that_collide_cannot_keep_the_judge_busy():
    modulus = 2**61 - 1  # ints that differ by it have the same hash
    colliding = [encode(modulus * n) for n in range(wire.MAX_HASHED + 1)]

    for frame in ({"s": colliding}, {"z": colliding}, {"d": [[key, 1] for key in colliding]}):
        with pytest.raises(NotPlain, match="more than 2,000 keys that are not text"):
            decode(frame)


def test_many_sets_of_colliding_keys_are_refused_as_one_would_be():
    colliding = {"s": [encode((2**61 - 1) * n) for n in range(wire.MAX_HASHED)]}

    with pytest.raises(NotPlain, match="too many keys that are not text"):
        decode([colliding] * 20)


def test_many_keys_of_text_are_fine():
    value = {str(n): n for n in range(wire.MAX_HASHED * 5)}

    assert over(value) == value
    assert over(set(value)) == set(value)


def test_what_is_not_plain_may_be_given_a_tag_of_its_own():
    def refer(value):
        return {"h": 7} if value is len else UNKNOWN

    def resolve(tag, held):
        return len if (tag, held) == ("h", 7) else UNKNOWN

    frame = encode({"call": [len]}, refer)

    assert decode(frame, resolve) == {"call": [len]}
    with pytest.raises(NotPlain, match="an unknown tag"):
        decode(frame)
    with pytest.raises(NotPlain, match="an object of type type"):
        encode([int], refer)


def test_a_learner_s_dict_that_looks_like_a_tag_stays_a_dict():
    def resolve(tag, held):
        raise AssertionError((tag, held))

    for value in ({"h": 1}, {"p": [1]}, {"E": "OSError"}, {"x": 1}):
        assert decode(encode(value), resolve) == value


def test_a_frame_is_a_length_and_that_much_json():
    frame = pack({"a": [1, "é"]})

    (length,) = HEADER.unpack(frame[: HEADER.size])
    assert length == len(frame) - HEADER.size
    assert json.loads(frame[HEADER.size :]) == {"a": [1, "é"]}


def test_a_frame_has_a_limit():
    with pytest.raises(NotPlain, match="a value of 8,388,6"):
        pack("x" * wire.MAX_FRAME)
