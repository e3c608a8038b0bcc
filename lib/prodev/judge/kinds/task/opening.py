"""The door of a session: its end for the judge comes over the channel, before the first reply."""

from __future__ import annotations

import select
import socket
import time

from prodev.judge.conversation import Conversation
from prodev.judge.endings import Forged, TimedOut
from prodev.judge.session import Session


def open_door(session: Session, talk: Conversation) -> socket.socket:
    """Have the session open its door; return the judge's end.

    Nothing of the answer has run yet, so nobody but the session's own code can have sent it.

    Raises:
        TimedOut: it does not come.
    """
    talk.operate("pause", "")
    number = talk.number()
    session.send({"op": "open_door", "id": number})
    left = session.deadline - time.monotonic()
    if left <= 0 or not select.select([session.channel], [], [], left)[0]:
        raise TimedOut
    _, descriptors, _, _ = socket.recv_fds(session.channel, 1, 1)
    if not descriptors or "ok" not in session.receive():
        raise Forged
    return socket.socket(fileno=descriptors[0])
