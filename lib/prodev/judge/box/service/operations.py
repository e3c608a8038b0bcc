"""What the judge may ask of a service, a function each: ``do_<operation>(message)``."""

from __future__ import annotations

import linecache
import sys
import threading
import types
from typing import Any

from prodev.judge.box.explain import explain
from prodev.judge.box.operations import ANSWER_FILE, GIVEN_FILE, MissingNameError
from prodev.judge.box.service import clock
from prodev.judge.box.service.request import send

MODULE, ADDRESSES = "answer", "answer_addresses"


class Service:
    """The answer's module, and Django's application with it inside."""

    def __init__(self, application: Any) -> None:
        """Take Django's application."""
        self.application = application
        self.failed = threading.local()

    def note(self, **_: Any) -> None:
        """Keep the exception of a request, for who asked."""
        self.failed.error = sys.exc_info()[1]


class _Names(types.ModuleType):
    """The answer's module as the check's own code sees it: a missing name is the answer's fault."""

    def __getattr__(self, name: str) -> Any:
        held = sys.modules[MODULE].__dict__
        if name.startswith("__") or name not in held:
            raise MissingNameError(name)
        return held[name]


def do_load(_: Service, message: dict[str, Any]) -> None:
    """Run the answer's source as the module ``answer``."""
    module = types.ModuleType(MODULE)
    sys.modules[MODULE] = module
    source = message["source"]
    linecache.cache[ANSWER_FILE] = (len(source), None, source.splitlines(True), ANSWER_FILE)
    exec(compile(source, ANSWER_FILE, "exec", dont_inherit=True), module.__dict__)


def do_mount(_: Service, message: dict[str, Any]) -> None:
    """Run a source of the check's that says where the answer's parts belong."""
    from django.conf import settings
    from django.urls import clear_url_caches, set_urlconf

    from prodev.stays.urls import urlpatterns

    names: dict[str, Any] = {"__name__": ADDRESSES, "answer": _Names(MODULE)}
    exec(compile(message["source"], GIVEN_FILE, "exec", dont_inherit=True), names)
    module = types.ModuleType(ADDRESSES)
    # Who asks first wins, so the answer's stand before those of Stays.
    module.urlpatterns = [*names.get("urlpatterns", []), *urlpatterns]  # type: ignore[attr-defined]
    sys.modules[ADDRESSES] = module
    settings.ROOT_URLCONF = ADDRESSES
    clear_url_caches()
    set_urlconf(None)


def do_request(service: Service, message: dict[str, Any]) -> Any:
    """Answer one request: status, headers, body and, of a bug, what was raised."""
    service.failed.error = None
    status, headers, body = send(
        service.application,
        message["method"],
        message["path"],
        message["headers"],
        message["body"].encode(),
    )
    error = getattr(service.failed, "error", None)
    raised = None if error is None else explain(error)
    service.failed.error = None
    return [status, [list(pair) for pair in headers], body, raised]


def do_requests(service: Service, message: dict[str, Any]) -> Any:
    """Answer several requests at the same time, each in a thread of its own."""
    from django.db import connections

    answers: list[Any] = [None] * len(message["requests"])
    begin = threading.Barrier(len(answers))

    def work(place: int, request: dict[str, Any]) -> None:
        try:
            begin.wait()
            answers[place] = do_request(service, request)
        except BaseException as error:
            answers[place] = [0, [], b"", explain(error)]
        finally:
            connections.close_all()

    # The connections are for the threads now.
    connections.close_all()
    threads = [
        threading.Thread(target=work, args=pair, daemon=True)
        for pair in enumerate(message["requests"])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def do_advance(_: Service, message: dict[str, Any]) -> None:
    """Let time pass."""
    clock.advance(message["seconds"])
