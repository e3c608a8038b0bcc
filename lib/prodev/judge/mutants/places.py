"""Where in a text each key and item of its nested data stands."""

from __future__ import annotations

import json
import re
import sys
from typing import Any

import yaml

from prodev.judge.mutants.keys import Path, children


def lines(source: str, value: Any) -> dict[Path, int]:
    """Return the line, from 1, of each key and item.

    YAML nodes know theirs. Elsewhere a key or item is looked for by its text, from where the one
    before it ended; so a table of TOML that is written before its parent may be off.
    """
    found: dict[Path, int] = {}
    end = 0

    def find(text: str, until: int = sys.maxsize) -> int:
        nonlocal end
        match = re.compile(rf"(?<!\w){re.escape(text)}(?!\w)").search(source, end, until)
        start, end = match.span() if match else (end, end)
        return source.count("\n", 0, start) + 1

    def walk(node: Any, path: Path) -> None:
        for key, child in children(node):
            here = (*path, key)
            is_leaf = not children(child)
            if isinstance(node, yaml.MappingNode):
                found[here] = node.value[key][0].start_mark.line + 1
            elif isinstance(child, yaml.Node):
                found[here] = child.start_mark.line + 1
            elif isinstance(node, dict):
                found[here] = find(key)
                if is_leaf:  # so that no key is found inside a value
                    find(_text(child), (source + "\n").index("\n", end))
            elif is_leaf:
                found[here] = find(_text(child))
            walk(child, here)
            if here not in found:  # an item that holds others begins where its first one does
                found[here] = found[*here, children(child)[0][0]]

    walk(value, ())
    return found


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=str)
