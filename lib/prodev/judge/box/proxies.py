"""What the judge gives to an answer: functions and objects, each call a question to the judge."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from prodev.judge.box.peer import Peer


def make_proxy(peer: Peer, number: int, name: str, kind: str, attributes: dict[str, Any]) -> Any:
    """Make one; ``kind`` is function, coroutine, iterator or object."""

    async def later(*arguments: Any, **named: Any) -> Any:
        return await peer.ask_later(number, arguments, named)

    def now(*arguments: Any, **named: Any) -> Any:
        return peer.ask(number, "", arguments, named)

    if kind == "iterator":
        return _iterate(peer, number)
    if kind == "object":
        return _object(peer, number, name, attributes)
    given: Any = later if kind == "coroutine" else now
    given.__name__ = given.__qualname__ = name
    given.__doc__ = "Given by the judge."
    return given


def _iterate(peer: Peer, number: int) -> Iterator[Any]:
    while True:
        try:
            value = peer.ask(number, "", (), {})
        except StopIteration:
            return
        yield value


def _object(peer: Peer, number: int, name: str, attributes: dict[str, Any]) -> Any:
    def method(called: str) -> Any:
        def given(_: Any, *arguments: Any, **named: Any) -> Any:
            return peer.ask(number, called, arguments, named)

        given.__name__ = called
        given.__qualname__ = f"{name}.{called}"
        return given

    methods = {called: method(called) for called in attributes["methods"]}
    made = type(name, (), {"__doc__": "Given by the judge.", "__module__": "judge", **methods})()
    for key, value in attributes["values"]:
        setattr(made, key, peer.decode(value))
    return made
