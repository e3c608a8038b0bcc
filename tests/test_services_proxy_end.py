"""One socket of the proxy: what arrived is passed on, however the socket ends."""

from __future__ import annotations

import asyncio
import socket

from prodev.services.proxy.end import End


async def _received(last_words: bytes, *, unread: bytes) -> tuple[bytes, bool]:
    """Return what an end passes on of a peer that spoke and left while we were writing."""
    got, lost = bytearray(), asyncio.Event()
    end = End(bytearray(64), lambda: None, got.extend, lambda: None, lost.set)
    end.stop("paused")  # so that the write is the first that it learns of the peer's end
    ours, theirs = socket.socketpair()
    await asyncio.get_running_loop().create_connection(lambda: end, sock=ours)
    if unread:
        end.write(unread)
    theirs.sendall(last_words)
    theirs.close()
    end.write(b"SELECT 1")
    await asyncio.wait_for(lost.wait(), 5)
    return bytes(got), end.transport is None


def test_last_words_are_passed_on_when_a_write_finds_the_peer_gone():
    assert asyncio.run(_received(b"terminated by an administrator", unread=b"")) == (
        b"terminated by an administrator",
        True,
    )


def test_last_words_are_passed_on_when_the_peer_has_left_something_unread():
    assert asyncio.run(_received(b"w" * 1000, unread=b"SELECT 0")) == (b"w" * 1000, True)


def test_a_peer_that_leaves_without_a_word_ends_the_socket_all_the_same():
    assert asyncio.run(_received(b"", unread=b"")) == (b"", True)
