"""From the fork to a service that answers requests. Never returns."""

from __future__ import annotations

import gc
import os
import socket
import sys
from contextlib import suppress
from typing import Any

from prodev.judge.box.explain import explain
from prodev.judge.box.layers import Isolation
from prodev.judge.box.operations import MissingNameError
from prodev.judge.box.service import clock, operations, warm
from prodev.judge.box.service.cache import use_redis
from prodev.judge.box.service.door import use_door
from prodev.judge.box.service.operations import Service
from prodev.judge.box.start import CHANNEL, become_answer
from prodev.judge.frames import Closed, receive, send
from prodev.judge.wire import NotPlain, encode

_APPLICATION = warm.set_up()
# What was loaded until now is shared with every child; the collector need not touch it again.
gc.collect()
gc.freeze()
from prodev.judge.box.service.postgresql.base import connect  # noqa: E402 - Django is set up now


def start_service(
    isolation: Isolation, place: str, wanted: dict[str, Any], descriptors: list[int]
) -> None:
    """Become a service that an answer is a part of; called in the forked child, never returns.

    Args:
        isolation: the layers to use.
        place: the answer's own folder.
        wanted: see ``start_answer``; besides, ``service`` has ``database`` (``NAME``, ``USER`` and
            ``HOST`` of the proxy), ``connections``, how many to open, and ``redis``, the address
            behind the door or nothing.
        descriptors: the channel, the pipe, and the door.
    """
    service = wanted["service"]

    def prepare() -> None:
        connect(service["database"], service["connections"])
        os.environ.pop("DJANGO_SETTINGS_MODULE", None)

    def serve() -> None:
        use_door()
        use_redis(service["redis"])
        clock.install()
        _serve(socket.socket(fileno=CHANNEL))

    become_answer(isolation, place, wanted, descriptors, prepare, serve)


def _serve(channel: socket.socket) -> None:
    """Do what the judge asks, until it is gone."""
    from django.core.signals import got_request_exception

    service = Service(_APPLICATION)
    got_request_exception.connect(service.note)
    with suppress(Closed):
        send(channel, {"ready": True})
        while True:
            message, _ = receive(channel)
            said: dict[str, Any]
            try:
                operation = getattr(operations, f"do_{message['op']}")
                said = {"ok": encode(operation(service, message))}
            except NotPlain as error:
                said = {"notplain": str(error)}
            except MissingNameError as error:
                said = {"missing": str(error)}
            except BaseException as error:
                said = {"raise": explain(error)}
            # The answer may have replaced both.
            with suppress(Exception):
                sys.stdout.flush()
                sys.stderr.flush()
            send(channel, {"id": message["id"], **said})
