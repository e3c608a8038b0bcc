"""Mutants of a solution that is a text file: JSON, TOML, YAML, INI, or a format of lines."""

from __future__ import annotations

import json
from typing import Any

import yaml

from prodev.judge.mutants.formats import FORMATS
from prodev.judge.mutants.keys import children, edits
from prodev.judge.mutants.lines import line_meaning, line_rewrites
from prodev.judge.mutants.mutant import Mutant, Rewrite, distinct
from prodev.judge.mutants.places import lines


def file_mutants(source: str, suffix: str) -> tuple[Mutant, ...]:
    """Return the text with each key or item deleted, and with neighbouring scalars swapped.

    These mutants are written anew from what was read, so they have no comments. An unknown suffix,
    and none, mean a format of lines: an instruction is deleted, or swapped with the next.

    Args:
        source: the solution.
        suffix: how its file's name ends, such as ``.yaml``; may be empty.

    Raises:
        CourseError: the text cannot be read, or the library that writes TOML is missing.
    """
    kind = FORMATS.get(suffix.lower())
    if kind is None:
        text = source.rstrip("\n") + "\n"
        return distinct(text, line_rewrites(text), line_meaning)
    value = kind.parsed(source)
    line = lines(source, value)
    rewrites = (
        Rewrite(edit.operator, kind.write(edit.value), line[edit.path]) for edit in edits(value)
    )
    return distinct(kind.write(value), rewrites, lambda text: [_meaning(kind.read(text))])


def _meaning(value: Any) -> Any:
    if isinstance(value, yaml.ScalarNode):
        return [value.tag, value.value]
    if isinstance(value, yaml.MappingNode):
        pairs = ([_meaning(key), _meaning(held)] for key, held in value.value)
        return [value.tag, sorted(pairs, key=json.dumps)]
    if isinstance(value, list | yaml.SequenceNode):
        return [_meaning(child) for _, child in children(value)]
    return value
