"""The text formats that hold nested data: how each is read, and written anew."""

from __future__ import annotations

import configparser
import io
import json
import tomllib
from collections.abc import Callable
from typing import Any, NamedTuple

import yaml

from prodev.errors import CourseError


class Format(NamedTuple):
    """One format: ``read`` makes dicts, lists and scalars of a text, or YAML nodes."""

    name: str
    read: Callable[[str], Any]
    write: Callable[[Any], str]

    def parsed(self, source: str) -> Any:
        """Return what the text holds.

        Raises:
            CourseError: the text is not of this format.
        """
        try:
            return self.read(source)
        except (ValueError, configparser.Error, yaml.YAMLError) as error:
            said = " ".join(str(error).split())
            raise CourseError(
                f"The solution is no valid {self.name} ({said}); correct it."
            ) from None


def _write_json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _write_toml(value: Any) -> str:
    try:
        import tomlkit
    except ImportError as error:
        raise CourseError(
            f"Mutants of TOML need tomlkit ({error}); run `make setup`, or `pip install tomlkit`."
        ) from None
    return tomlkit.dumps(value)


def _read_yaml(source: str) -> Any:
    documents = list(yaml.compose_all(source, Loader=yaml.SafeLoader))
    return documents[0] if len(documents) == 1 else documents


def _write_yaml(value: Any) -> str:
    documents = value if isinstance(value, list) else [value]
    text: str = yaml.serialize_all(
        documents, Dumper=yaml.SafeDumper, allow_unicode=True, width=10_000
    )
    return text


def _parser() -> configparser.RawConfigParser:
    # [DEFAULT] is a section like the others here: what it gives to them is not copied into them.
    parser = configparser.RawConfigParser(allow_no_value=True, default_section="")
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    return parser


def _read_ini(source: str) -> dict[str, dict[str, str | None]]:
    parser = _parser()
    parser.read_string(source)
    return {name: dict(parser.items(name)) for name in parser.sections()}


def _write_ini(value: Any) -> str:
    parser, text = _parser(), io.StringIO()
    parser.read_dict(value)
    parser.write(text)
    return text.getvalue()


_YAML = Format("YAML", _read_yaml, _write_yaml)
_INI = Format("INI", _read_ini, _write_ini)

FORMATS = {
    ".json": Format("JSON", json.loads, _write_json),
    ".toml": Format("TOML", tomllib.loads, _write_toml),
    ".yaml": _YAML,
    ".yml": _YAML,
    ".ini": _INI,
    ".cfg": _INI,
}
"""By the ending of a file's name."""
