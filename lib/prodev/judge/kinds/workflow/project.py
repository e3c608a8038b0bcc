"""A small Python project with tests, and defects that its own tests find; drawn from a seed."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

_FILES = {
    "README.md": "# Stays: prices\n\nRun the tests with `python -m unittest`.\n",
    "requirements.txt": "# Nothing but Python.\n",
    "stays/__init__.py": "",
    "stays/prices.py": '''\
"""What a stay costs."""

CLEANING = @cleaning@


def total_cents(price_cents, nights):
    """Return the price of a stay, with its cleaning."""
    return price_cents * nights + CLEANING
''',
    "stays/refunds.py": '''\
"""What a guest gets back."""


def refund_cents(paid_cents, days_before):
    """Return all of it until @days@ days before the stay, then half."""
    return paid_cents if days_before >= @days@ else paid_cents // 2
''',
    "stays/overlap.py": '''\
"""Whether two stays want the same night."""


def overlap(check_in, check_out, other_in, other_out):
    """Say whether the stays overlap; one may begin on the day when the other ends."""
    return check_in < other_out and other_in < check_out
''',
    "tests/__init__.py": "",
    "tests/test_prices.py": """\
import unittest

from stays import prices


class Prices(unittest.TestCase):
    def test_each_night_counts_once(self):
        self.assertEqual(prices.total_cents(@price@, @nights@), @price@ * @nights@ + @cleaning@)

    def test_the_cleaning_is_paid_once(self):
        once, twice = prices.total_cents(@price@, 1), prices.total_cents(@price@, 2)
        self.assertEqual(twice - once, @price@)
""",
    "tests/test_refunds.py": """\
import unittest

from stays import refunds


class Refunds(unittest.TestCase):
    def test_the_last_early_day_gives_all(self):
        self.assertEqual(refunds.refund_cents(@price@, @days@), @price@)

    def test_a_day_later_gives_half(self):
        self.assertEqual(refunds.refund_cents(@price@, @days@ - 1), @price@ // 2)
""",
    "tests/test_overlap.py": """\
import unittest

from stays.overlap import overlap


class Overlap(unittest.TestCase):
    def test_a_stay_may_begin_when_another_ends(self):
        self.assertFalse(overlap(1, 3, 3, 5))
        self.assertFalse(overlap(3, 5, 1, 3))

    def test_a_night_that_both_want_is_found(self):
        self.assertTrue(overlap(1, 4, 3, 5))
""",
}
_DEFECTS = {
    "a night too many is charged": ("stays/prices.py", "* nights", "* (nights + 1)"),
    "the cleaning is free": ("stays/prices.py", "nights + CLEANING", "nights"),
    "the refund limit is off by one": ("stays/refunds.py", ">=", ">"),
    "late refunds are full": ("stays/refunds.py", "// 2", "// 1"),
    "touching stays overlap": ("stays/overlap.py", "check_in < other_out", "check_in <= other_out"),
    "only one side is compared": ("stays/overlap.py", "other_in < check_out", "True"),
    "a bracket is missing": ("stays/overlap.py", "other_out):", "other_out:"),
    "a package that nobody installed": ("stays/refunds.py", "def ", "import stays_rates\n\n\ndef "),
}


@dataclass(frozen=True)
class Defect:
    """One change that a pipeline should catch.

    Attributes:
        name: what is wrong, for a person.
        file: the file that it changes.
        files: all files of the project with it.
    """

    name: str
    file: str
    files: dict[str, str]


@dataclass(frozen=True)
class Project:
    """The project without a defect, and with one each.

    Attributes:
        files: paths and texts.
        defects: in an order that the seed draws; ``python -m unittest`` finds all of them.
    """

    files: dict[str, str]
    defects: tuple[Defect, ...]

    def one_of_each_file(self) -> list[Defect]:
        """Return the first defect of each file."""
        return list({defect.file: defect for defect in reversed(self.defects)}.values())


def make_project(random: Random) -> Project:
    """Draw a project: other numbers and another order of defects for each seed."""
    numbers = {
        "@price@": random.randrange(5_000, 20_000),
        "@nights@": random.randrange(2, 9),
        "@cleaning@": random.randrange(1_000, 5_000),
        "@days@": random.randrange(4, 15),
    }
    files = {path: _filled(text, numbers) for path, text in _FILES.items()}
    defects = []
    for name, (path, old, new) in _DEFECTS.items():
        changed = files[path].replace(old, new, 1)
        assert changed != files[path], name
        defects.append(Defect(name, path, {**files, path: changed}))
    random.shuffle(defects)
    return Project(files, tuple(defects))


def _filled(text: str, numbers: dict[str, int]) -> str:
    for sign, number in numbers.items():
        text = text.replace(sign, str(number))
    return text
