"""Prose as authors write it in TOML, in Markdown, set as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token


class _Renderer(RendererHTML):
    def fence(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:  # noqa: ARG002
        """Set code between fences."""
        return code_block(tokens[idx].content.rstrip("\n"))

    def code_block(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:  # noqa: ARG002
        """Set indented code."""
        return code_block(tokens[idx].content.rstrip("\n"))


# What is written as HTML or as an image stays text: prose comes from data, and needs neither.
_MARKDOWN = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer).disable("image")


def prose(text: str) -> str:
    """Set Markdown (CommonMark, without HTML and images) as HTML."""
    return str(_MARKDOWN.render(text.strip())).strip()


def code_block(code: str, label: str = "Code") -> str:
    """Set code as a block; it may scroll sideways, so the keyboard must reach it."""
    return f'<pre tabindex="0" role="group" aria-label="{escape(label)}">{escape(code)}</pre>'
