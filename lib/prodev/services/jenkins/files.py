"""Files of a workspace: patterns as Ant has them, stashes, artifacts, reports of tests."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree as ET

from prodev.services.actions.stand_ins.checkout import copy_file
from prodev.services.jenkins.groovy.values import GroovyError
from prodev.services.jenkins.results import TestCounts

_DEFAULT_EXCLUDES = re.compile(r"(^|/)(\.git|\.svn|\.hg|CVS)(/|$)|(^|/)(\.DS_Store|#.*#|.*~)$")
_LARGEST_REPORT = 20_000_000  # bytes


def ant_pattern(text: str, *, case: bool = True) -> re.Pattern[str]:
    """Return an Ant pattern as a regular expression: ``**`` passes folders, ``*`` does not."""
    text = text.strip().removeprefix("./")
    text = f"{text}**" if text.endswith("/") else text
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", text)
    signs = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile(
        "".join(signs.get(part, re.escape(part)) for part in parts), 0 if case else re.IGNORECASE
    )


def chosen(folder: Path, includes: str, excludes: str = "", *, defaults: bool = True) -> list[str]:
    """Return the files below a folder that match, as relative paths, sorted.

    Args:
        folder: where to look; links to folders are not followed.
        includes: patterns with commas or spaces between them.
        excludes: the same, for files that are left out.
        defaults: whether the files of git and editors are left out.
    """
    wanted = [ant_pattern(part) for part in re.split(r"[,\s]+", includes) if part]
    unwanted = [ant_pattern(part) for part in re.split(r"[,\s]+", excludes) if part]
    found = []
    for place, _, names in os.walk(folder):
        for name in names:
            path = Path(place, name).relative_to(folder).as_posix()
            if defaults and _DEFAULT_EXCLUDES.search(path):
                continue
            if _any(wanted, path) and not _any(unwanted, path):
                found.append(path)
    return sorted(found)


def copy_files(source: Path, names: Iterable[str], target: Path) -> None:
    """Copy files with their folders."""
    for name in names:
        place = target / name
        place.parent.mkdir(parents=True, exist_ok=True)
        copy_file(source / name, place)


def count_tests(files: Iterable[Path]) -> TestCounts:
    """Count the test cases of JUnit reports.

    Raises:
        GroovyError: a file is no such report.
    """
    total = failed = skipped = 0
    for file in files:
        try:
            if file.stat().st_size > _LARGEST_REPORT:
                raise GroovyError(f"{file.name} is larger than {_LARGEST_REPORT:,} bytes")
            cases = list(ET.parse(file).iter("testcase"))
        except ET.ParseError as error:
            raise GroovyError(f"{file.name} is no report of tests: {error}") from None
        total += len(cases)
        failed += sum(_has(case, "failure", "error") for case in cases)
        skipped += sum(_has(case, "skipped") for case in cases)
    return TestCounts(total, failed, skipped)


def _has(case: ET.Element, *names: str) -> bool:
    return any(case.find(name) is not None for name in names)


def _any(patterns: list[re.Pattern[str]], path: str) -> bool:
    return any(pattern.fullmatch(path) for pattern in patterns)
