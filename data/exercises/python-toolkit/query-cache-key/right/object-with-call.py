from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Entry:
    rows: list
    good_until: float


@dataclass
class cached:  # noqa: N801 - it stands for a function
    run: Any
    seconds: float
    now: Any
    entries: dict = field(default_factory=dict)

    def __call__(self, *question):
        entry = self.entries.get(question)
        if entry is None or self.now() >= entry.good_until:
            rows = self.run(*question)
            entry = Entry(deepcopy(rows), self.now() + self.seconds)
            self.entries[question] = entry
        return deepcopy(entry.rows)
