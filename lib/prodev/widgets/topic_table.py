"""The program's rows as a table that can be searched, with or without a kernel."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from prodev.widgets.look import card, inline, style
from prodev.widgets.script import script

if TYPE_CHECKING:
    from pandas import DataFrame

HIDDEN = ("slug", "icon", "colour", "logo", "logo_colour")
EMPTY = "–"


class TopicTable(anywidget.AnyWidget):
    """A table with a search field; the page filters it by itself, no kernel is asked.

    ``rows`` holds one dict a row: ``cells`` (a text for each column), ``icon`` and ``kind``.
    """

    _esm = script("topic_table")
    _css = style("controls")
    title = traitlets.Unicode("").tag(sync=True)
    columns = traitlets.List(traitlets.Unicode()).tag(sync=True)
    rows = traitlets.List(traitlets.Dict()).tag(sync=True)

    def __repr__(self) -> str:
        return _text(self.title, self.columns, self.rows)

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is None:
            return None
        data, metadata = bundle
        html = _html(self.title, self.columns, self.rows)
        return {**data, "text/html": html, "text/plain": repr(self)}, metadata


def topic_table(df: DataFrame, title: str = "Topics") -> TopicTable:
    """Show rows of the program.

    Args:
        df: any of the catalog's topic tables. Slugs, colours, logos and empty columns are left out,
            ``kind`` where there is only one; ``icon`` is drawn before the title.
        title: what the rows are.
    """
    records = df.fillna("").astype(str).to_dict("records")
    names = [str(name) for name in df.columns if _worth_showing(str(name), records)]
    names.sort(key=lambda name: name != "title")
    rows = [
        {
            "cells": [_cell(name, str(record[name])) for name in names],
            "icon": str(record.get("icon", "")),
            "kind": str(record.get("kind", "")),
        }
        for record in records
    ]
    columns = [name.replace("_", " ").capitalize() for name in names]
    return TopicTable(title=title, columns=columns, rows=rows)


def _worth_showing(name: str, records: list[dict[Any, Any]]) -> bool:
    values = {str(record[name]) for record in records}
    if name == "kind":
        return len(values) > 1
    return name not in HIDDEN and values != {""}


def _cell(name: str, value: str) -> str:
    return value.replace(" ", ", ") if name == "modules" else value


def _html(title: str, columns: list[str], rows: list[dict[str, Any]]) -> str:
    head = "".join(f'<th scope="col">{escape(c)}</th>' for c in columns)
    body = "".join(_html_row(row) for row in rows)
    return card(
        f'<p class="prodev-title">{escape(title)}</p>'
        f'<table aria-label="{escape(title)}"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )


def _html_row(row: dict[str, Any]) -> str:
    first, *rest = row["cells"]
    icon = f'<span aria-hidden="true">{escape(row["icon"])} </span>' if row["icon"] else ""
    others = "".join(f"<td>{inline(cell or EMPTY)}</td>" for cell in rest)
    return f'<tr><th scope="row">{icon}{inline(first)}</th>{others}</tr>'


def _text(title: str, columns: list[str], rows: list[dict[str, Any]]) -> str:
    lines = [f"{title} ({len(rows)} rows): {', '.join(columns)}"]
    lines += ["- " + " | ".join(cell or EMPTY for cell in row["cells"]) for row in rows]
    return "\n".join(lines)
