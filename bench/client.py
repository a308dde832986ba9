"""A cheap load client: one process, one thread, scripts of requests over connections kept alive.

A script is a generator: it yields a request, is sent the answer, yields the next one. About 40 µs of
processor time a request, so that what is measured is the server (``Tally.client_cpu`` tells).
"""

from __future__ import annotations

import re
import resource
import selectors
import socket
import time
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from bench.figures import BrokenPromise

SECONDS_OF_PATIENCE = 60
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_COOKIE = re.compile(rb"\r\nset-cookie: *([^;\r]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answer:
    """The status, the head as received, and the body."""

    status: int
    head: bytes
    body: bytes

    @property
    def cookies(self) -> bytes:
        return b"; ".join(_COOKIE.findall(self.head))


Script = Generator[bytes, Answer, None]


@dataclass
class Tally:
    """How a load went: scripts done, answers by status, time, and what the client itself cost."""

    done: int = 0
    seconds: float = 0.0
    client_cpu: float = 0.0
    statuses: dict[int, int] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        return self.done / self.seconds if self.seconds else 0.0


def get(path: str, headers: bytes = b"") -> bytes:
    return b"GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n%s\r\n" % (path.encode(), headers)


def post(path: str, fields: Mapping[str, str], cookies: bytes = b"") -> bytes:
    body = urlencode(fields).encode()
    sent = b"Cookie: %s\r\n" % cookies if cookies else b""
    return (
        b"POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        b"Content-Length: %d\r\n%s\r\n%s" % (path.encode(), len(body), sent, body)
    )


def once(request: bytes, expected: int = 200) -> Script:
    """The script of one request whose answer must have this status."""
    expect((yield request), expected)


def expect(answer: Answer, status: int) -> Answer:
    if answer.status != status:
        text = re.sub(r"<[^>]*>|\s+", " ", answer.body.decode(errors="replace"))
        raise BrokenPromise(f"expected {status}, got {answer.status}: {' '.join(text.split())[:600]}")
    return answer


def run(
    port: int, scripts: Iterator[Script], *, connections: int, seconds: float = SECONDS_OF_PATIENCE
) -> Tally:
    """Run scripts on that many connections at once; none starts after ``seconds``, those begun end."""
    load = _Load(port, scripts, time.monotonic() + seconds)
    began, cpu = time.monotonic(), _cpu()
    load.run(connections)
    load.tally.seconds = time.monotonic() - began
    load.tally.client_cpu = _cpu() - cpu
    return load.tally


class _Load:
    def __init__(self, port: int, scripts: Iterator[Script], last_start: float) -> None:
        self.port, self.scripts, self.last_start = port, scripts, last_start
        self.selector = selectors.DefaultSelector()
        self.tally = Tally()

    def run(self, connections: int) -> None:
        open_ones = [_Connection(self) for _ in range(connections)]
        give_up_at = self.last_start + SECONDS_OF_PATIENCE
        try:
            for connection in open_ones:
                connection.begin()
            while self.selector.get_map():
                for key, _events in self.selector.select(1.0):
                    key.data.receive()
                if time.monotonic() > give_up_at:
                    raise BrokenPromise("the server stopped answering")
        finally:
            for connection in open_ones:
                connection.close()
            self.selector.close()

    def next_script(self) -> Script | None:
        return next(self.scripts, None) if time.monotonic() < self.last_start else None


class _Connection:
    """One visitor after another, over one socket reopened when the server closes it."""

    def __init__(self, load: _Load) -> None:
        self.load = load
        self.socket: socket.socket | None = None
        self.received = bytearray()
        self.request = b""
        self.is_reused = False
        self.script: Script | None = None

    def begin(self) -> None:
        self.script = self.load.next_script()
        if self.script is None:
            self.close()
        else:
            self.send(next(self.script))

    def send(self, request: bytes) -> None:
        self.request, self.is_reused = request, self.socket is not None
        if self.socket is None:
            self.open()
        assert self.socket is not None
        try:
            self.socket.sendall(request)
        except (BrokenPipeError, ConnectionResetError):
            self.send_again()

    def send_again(self) -> None:
        """An idle connection that the server closed carried nothing: the request goes over a new one."""
        self.close()
        if not self.is_reused:
            raise BrokenPromise("the server closed a connection without answering")
        self.received.clear()
        self.send(self.request)

    def open(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.load.port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.load.selector.register(self.socket, selectors.EVENT_READ, self)

    def close(self) -> None:
        if self.socket is not None:
            self.load.selector.unregister(self.socket)
            self.socket.close()
            self.socket = None

    def receive(self) -> None:
        assert self.socket is not None
        try:
            piece = self.socket.recv(262144)
        except ConnectionResetError:
            piece = b""
        if not piece:
            self.send_again()
            return
        self.received += piece
        answer = _read(self.received)
        if answer is not None:
            self.received.clear()
            self.hand_over(answer)

    def hand_over(self, answer: Answer) -> None:
        statuses = self.load.tally.statuses
        statuses[answer.status] = statuses.get(answer.status, 0) + 1
        if b"\r\nConnection: close" in answer.head:
            self.close()
        assert self.script is not None
        try:
            self.send(self.script.send(answer))
        except StopIteration:
            self.load.tally.done += 1
            self.begin()


def _read(received: bytearray) -> Answer | None:
    """Return the answer once it is whole."""
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = bytes(received[:end])
    length = _LENGTH.search(head)
    whole = end + 4 + (int(length[1]) if length else 0)
    if len(received) < whole:
        return None
    return Answer(int(head[9:12]), head, bytes(received[end + 4 : whole]))


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
