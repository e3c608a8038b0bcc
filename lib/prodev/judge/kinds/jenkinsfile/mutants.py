"""Small changes of a Jenkinsfile: a line or a block deleted, two neighbouring steps swapped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from prodev.judge.mutants import Mutant
from prodev.judge.mutants.mutant import Rewrite, distinct
from prodev.services.jenkins import check_jenkinsfile

_TEXT = re.compile(r"(\b\w+: |\bsh )'([^']*)'")


def jenkinsfile_mutants(source: str) -> tuple[Mutant, ...]:
    """Return a Jenkinsfile with small changes, as far as it still is a valid pipeline.

    Deleted are lines, blocks, and blocks around what they hold; swapped are neighbouring lines and
    neighbouring blocks; the text of a step or of a named argument becomes another one; apostrophes
    become quotation marks, which let Groovy fill in variables.
    """
    return distinct(source, _rewrites(source), _meaning)


def _rewrites(source: str) -> Iterator[Rewrite]:
    lines = source.splitlines()
    for first, line in enumerate(lines):
        last = _end_of(lines, first)
        if last > first:
            yield _without(lines, "DeleteBlock", first, range(first, last + 1))
            yield _without(lines, "Unwrap", first, (first, last))
            yield from _swapped(lines, first, last)
        elif _is_line(line):
            yield _without(lines, "DeleteLine", first, (first,))
        for found in _TEXT.finditer(line):
            texts = {"ChangeText": "'other'"}
            if "$" in found[2]:
                texts["QuoteTwice"] = f'"{found[2]}"'
            for operator, text in texts.items():
                changed = f"{line[: found.start()]}{found[1]}{text}{line[found.end() :]}"
                yield Rewrite(operator, _text([*lines[:first], changed, *lines[first + 1 :]]))
    for first, second in pairwise(range(len(lines))):
        if _is_line(lines[first]) and _is_line(lines[second]):
            order = [*range(first), second, first, *range(second + 1, len(lines))]
            yield Rewrite("SwapLines", _text([lines[place] for place in order]), first + 1)


def _swapped(lines: list[str], first: int, last: int) -> Iterator[Rewrite]:
    """Yield the file with a block and the one behind it in the other order."""
    if last + 1 < len(lines) and (end := _end_of(lines, last + 1)) > last + 1:
        order = [*range(first), *range(last + 1, end + 1), *range(first, last + 1)]
        order += range(end + 1, len(lines))
        yield Rewrite("SwapBlocks", _text([lines[place] for place in order]), first + 1)


def _meaning(text: str) -> list[str] | None:
    """Return the words; None where Jenkins would refuse the file before it runs."""
    if check_jenkinsfile(text):
        return None
    return [line for line in map(str.strip, text.splitlines()) if line and line[:2] != "//"]


def _end_of(lines: list[str], first: int) -> int:
    """Return the line that closes the block which begins in a line; the line itself if none."""
    if not lines[first].rstrip().endswith("{"):
        return first
    depth = 0
    for place in range(first, len(lines)):
        depth += lines[place].count("{") - lines[place].count("}")
        if depth == 0:
            return place
    return first


def _is_line(line: str) -> bool:
    stripped = line.strip()
    return bool(stripped) and not stripped.startswith("//") and stripped[-1] not in "{}"


def _without(lines: list[str], operator: str, first: int, gone: range | tuple[int, ...]) -> Rewrite:
    kept = [line for place, line in enumerate(lines) if place not in gone]
    return Rewrite(operator, _text(kept), first + 1)


def _text(lines: list[str]) -> str:
    return "\n".join(lines) + "\n"
