"""What the judge may ask of an answer, a function each: ``do_<operation>(peer, message)``."""

from __future__ import annotations

import linecache
import tomllib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from prodev.judge.box.peer import Peer


class MissingNameError(Exception):
    """The answer does not define a name that the check asks for."""


ANSWER_FILE = "<answer>"
GIVEN_FILE = "<given>"


def do_load(peer: Peer, message: dict[str, Any]) -> None:
    """Run the answer's source as its module."""
    source = message["source"]
    # inspect.getsource, and tracebacks that the answer prints, find the lines there.
    linecache.cache[ANSWER_FILE] = (len(source), None, source.splitlines(True), ANSWER_FILE)
    exec(compile(source, ANSWER_FILE, "exec", dont_inherit=True), peer.names)


def do_prepare(peer: Peer, message: dict[str, Any]) -> None:
    """Run a source of the check's beside the answer."""
    exec(compile(message["source"], GIVEN_FILE, "exec", dont_inherit=True), peer.names)


def do_parse(_: Peer, message: dict[str, Any]) -> Any:
    """Parse a text; the result is plain data."""
    import json

    import yaml

    text, suffix = message["source"], message["suffix"]
    if suffix == ".json":
        return json.loads(text)
    if suffix == ".toml":
        return tomllib.loads(text)
    return yaml.safe_load(text)


def do_call(peer: Peer, message: dict[str, Any]) -> Any:
    """Call a name or a handle."""
    return peer.call(_target(peer, message["of"]), message["arguments"], message["named"])


def do_get(peer: Peer, message: dict[str, Any]) -> Any:
    """Return the value of a name."""
    return peer.names[message["name"]]


def do_attribute(peer: Peer, message: dict[str, Any]) -> Any:
    """Return an attribute."""
    return getattr(_target(peer, message["of"]), message["name"])


def do_callable(peer: Peer, message: dict[str, Any]) -> bool:
    """Say whether something can be called."""
    return callable(_target(peer, message["of"]))


def do_iterate(peer: Peer, message: dict[str, Any]) -> Any:
    """Return an iterator over something."""
    target = _target(peer, message["of"])
    return aiter(target) if hasattr(target, "__aiter__") else iter(target)


def do_next(peer: Peer, message: dict[str, Any]) -> Any:
    """Return the next value of an iterator."""
    target = _target(peer, message["of"])
    if not hasattr(target, "__anext__"):
        return next(target)

    async def following() -> Any:
        return await anext(target)

    return peer.run(following())


def do_close(peer: Peer, message: dict[str, Any]) -> None:
    """Close an iterator before its end, as leaving a loop does."""
    target = _target(peer, message["of"])
    if hasattr(target, "close"):
        target.close()
    elif hasattr(target, "aclose"):
        peer.run(_closed(target))


async def _closed(target: Any) -> None:
    await target.aclose()


def do_advance(_: Peer, __: dict[str, Any]) -> None:
    """Do nothing: the time has come with the message."""


def _target(peer: Peer, of: Any) -> Any:
    if not isinstance(of, str):
        return peer.handles[of["h"]]
    if of not in peer.names:
        raise MissingNameError(of)
    return peer.names[of]
