"""Answers that are wrong in the crudest ways; a check must say so, and never crash on them."""

from __future__ import annotations

import ast
from collections.abc import Mapping

_BODIES = {
    "none": "{name} = None",
    "a-number": "{name} = 7",
    "takes-nothing": "def {name}():\n    return None",
    "returns-none": "def {name}(*args, **kwargs):\n    return None",
    "returns-text": "def {name}(*args, **kwargs):\n    return 'text'",
    "returns-an-object": "def {name}(*args, **kwargs):\n    return object()",
    "returns-itself": "def {name}(*args, **kwargs):\n    return {name}",
    "returns-its-arguments": "def {name}(*args, **kwargs):\n    return args",
    "raises": "def {name}(*args, **kwargs):\n    raise ValueError('always')",
    "raises-its-own": (
        "class Strange(BaseException):\n"
        "    def __str__(self):\n        raise Strange\n"
        "def {name}(*args, **kwargs):\n    raise Strange"
    ),
    "is-a-generator": "def {name}(*args, **kwargs):\n    while True:\n        yield None",
    "is-a-coroutine": "async def {name}(*args, **kwargs):\n    return None",
    "is-a-class": "class {name}:\n    def __init__(self, *args, **kwargs):\n        pass",
    "calls-what-it-gets": (
        "def {name}(*args, **kwargs):\n"
        "    for value in (*args, *kwargs.values()):\n"
        "        if callable(value):\n            value(1, 2, 3, x=4)"
    ),
    "returns-too-much": "def {name}(*args, **kwargs):\n    return list(range(300_000))",
    "equal-to-everything": (
        "class Equal:\n"
        "    def __eq__(self, other):\n        return True\n"
        "    def __hash__(self):\n        return 1\n"
        "    def __call__(self, *args, **kwargs):\n        return Equal()\n"
        "    def __iter__(self):\n        return iter([Equal()])\n"
        "{name} = Equal()"
    ),
}


def degenerate_python(solution: str) -> Mapping[str, str]:
    """Return degenerate answers by name, each with the public names that the solution defines."""
    names = [
        node.name
        for node in ast.parse(solution).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
    ]
    answers = {
        kind: "\n\n".join(body.replace("{name}", name) for name in names) + "\n"
        for kind, body in _BODIES.items()
    }
    answers["defines-nothing"] = "x = 1\n"
    answers["is-no-python"] = "def (:\n"
    answers["leaves"] = "import sys\nsys.exit(0)\n"
    return answers
