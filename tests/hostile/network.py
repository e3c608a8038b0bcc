"""Answers that want to talk to somebody."""

from hostile.record import attempts

ANSWERS = {
    "TCP": attempts(
        "socket.create_connection(('127.0.0.1', @TCP@), 1)",
        "socket.create_server(('127.0.0.1', 0))",
        "urllib.request.urlopen('http://127.0.0.1:@TCP@/', timeout=1)",
        before="import socket, urllib.request",
    ),
    "TCP on an event loop": attempts(
        "asyncio.run(asyncio.open_connection('127.0.0.1', @TCP@))",
        before="import asyncio",
    ),
    "UDP": attempts(
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', @UDP@))",
        "socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)",
        "socket.getaddrinfo('localhost.example', 80)",
        before="import socket",
    ),
    "a socket in the file system": attempts(
        "socket.socket(socket.AF_UNIX).connect('@SOCKET@')",
        "socket.socket(socket.AF_UNIX).bind('mine')",
        before="import socket",
    ),
    "a socket without a file": attempts(
        "socket.socket(socket.AF_UNIX).connect('\\0@ABSTRACT@')",
        "socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)",
        before="import socket",
    ),
    "other kinds of sockets": attempts(
        "socket.socket(socket.AF_INET, socket.SOCK_RAW)",
        "socket.socket(socket.AF_PACKET)",
        "socket.socket(socket.AF_NETLINK)",
        "socket.socket(socket.AF_VSOCK)",
        "socket.socket(socket.AF_ALG)",
        before="import socket",
    ),
    "a pair of sockets that goes elsewhere": attempts(
        *(
            f"socket.socketpair(socket.AF_UNIX, {kind})[0].sendto(b'x', '{name}')"
            for kind in ("socket.SOCK_DGRAM", "socket.SOCK_RAW", "socket.SOCK_DGRAM | 0o4000")
            for name in ("@LETTERS@", "\\0@ABSTRACT@-letters")
        ),
        "socket.socketpair()[0].connect('@SOCKET@')",
        "socket.socket(fileno=os.dup(3)).connect('\\0@ABSTRACT@')",
        before="import os, socket",
    ),
}
