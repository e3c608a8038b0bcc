"""Small HTTP servers for the tests, each on a free port of its own."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Handler(socketserver.StreamRequestHandler):
    """Reads requests of one connection, and lets the server's function answer each."""

    disable_nagle_algorithm = True

    def handle(self) -> None:
        while first := self.rfile.readline():
            head = [first]
            while (line := self.rfile.readline()) not in (b"\r\n", b""):
                head.append(line)
            size = next(
                (int(h.split(b":")[1]) for h in head if h.lower().startswith(b"content-length")), 0
            )
            asked = Asked(first.decode().split()[1], b"".join(head), self.rfile.read(size))
            answer = self.server.answer(asked)
            self.wfile.write(answer)
            if b"connection: close" in answer.lower() or not answer:
                return


class Asked:
    def __init__(self, path: str, head: bytes, body: bytes) -> None:
        self.path, self.head, self.body = path, head, body


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, answer: Callable[[Asked], bytes]) -> None:
        self.asked: list[Asked] = []
        self.connections = 0
        lock = threading.Lock()

        def note(asked: Asked) -> bytes:
            with lock:
                self.asked.append(asked)
            return answer(asked)

        self.answer = note
        super().__init__(("127.0.0.1", 0), Handler)

    def process_request(self, request, address) -> None:
        self.connections += 1
        super().process_request(request, address)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/"


@contextmanager
def serving(answer: Callable[[Asked], bytes]) -> Iterator[Server]:
    with Server(answer) as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.01], daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def ok(body: bytes = b"ok", status: bytes = b"200 OK", *fields: bytes) -> bytes:
    """An answer whose length is told."""
    lines = [b"HTTP/1.1 " + status, b"Content-Length: %d" % len(body), *fields, b"", body]
    return b"\r\n".join(lines)
