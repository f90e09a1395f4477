"""A loopback server on a raw socket that misbehaves as the path of a request says, byte by byte where it matters."""

import gzip
import socket
import ssl
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import repeat

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
GZIP = OK + b"Content-Encoding: gzip\r\n\r\n"
#: The fixed part of a gzip header, with the flag of a further field that has no bounds.
GZIP_NAME, GZIP_EXTRA, GZIP_COMMENT = (b"\x1f\x8b\x08" + bytes([flag]) + b"\0\0\0\0\0\3" for flag in (8, 4, 16))
_FLOOD = b"a" * 65_536


def bomb(wbits: int) -> Iterator[bytes]:
    """Yield 3 GB of zeros, compressed."""
    packer = zlib.compressobj(9, zlib.DEFLATED, wbits)
    block = packer.compress(b"\0" * (1 << 20))
    for _ in range(3_000):
        yield block
        block = packer.compress(b"\0" * (1 << 20))
    yield packer.flush()


#: What a server sends for ever, a part every twentieth of a second: the beginning, and the part.
DRIPS: Mapping[str, tuple[bytes, bytes]] = {
    "a-status-line": (b"HTTP/1.1 200 ", b"a"),
    "header-bytes": (OK + b"X-a: ", b"a"),
    "headers": (OK, b"X-a: b\r\n"),
    "continues": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "headers-of-a-continue": (b"HTTP/1.1 100 Continue\r\n", b"X-a: b\r\n"),
    "a-chunk-extension": (CHUNKED + b"5;", b"a"),
    "a-chunk-size": (CHUNKED, b"0"),
    "chunks": (CHUNKED, b"1\r\na\r\n"),
    "trailers": (CHUNKED + b"4\r\n<a/>\r\n0\r\n", b"X: y\r\n"),
    "a-trailer": (CHUNKED + b"4\r\n<a/>\r\n0\r\nX: ", b"y"),
    "a-gzip-name": (GZIP + GZIP_NAME, b"a"),
    "a-gzip-comment": (GZIP + GZIP_COMMENT, b"a"),
    "a-gzip-extra-field": (GZIP + GZIP_EXTRA + b"\xff\xff", b"a"),
    "empty-gzip-members": (GZIP, gzip.compress(b"")),
    "empty-deflate-blocks": (OK + b"Content-Encoding: deflate\r\n\r\n\x78\x9c", b"\0\0\0\xff\xff"),
    "a-body": (OK + b"\r\n", b"a"),
    "a-body-of-a-length": (OK + b"Content-Length: 100000\r\n\r\n", b"a"),
}

#: What a server sends for ever, as fast as it is taken.
FLOODS: Mapping[str, tuple[bytes, bytes]] = {
    "a-status-line": (b"HTTP/1.1 200 ", _FLOOD),
    "a-header": (OK + b"X-a: ", _FLOOD),
    "headers": (OK, b"X-a: b\r\n" * 1_000),
    "continues": (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1_000),
    "a-chunk-extension": (CHUNKED + b"5;", _FLOOD),
    "trailers": (CHUNKED + b"4\r\n<a/>\r\n0\r\n", b"X: y\r\n" * 1_000),
    "a-gzip-name": (GZIP + GZIP_NAME, _FLOOD),
    "empty-gzip-members": (GZIP, gzip.compress(b"") * 1_000),
    "a-body": (OK + b"\r\n", _FLOOD),
    "chunks": (CHUNKED, b"1\r\na\r\n" * 1_000),
}

#: What a server sends once before it closes the connection.
ODDITIES: Mapping[str, bytes] = {
    "nothing": b"",
    "no-http": b"SSH-2.0-OpenSSH_9.6\r\n",
    "early-hints": b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + OK + b"Content-Length: 4\r\n\r\n<a/>",
    "processing": b"HTTP/1.1 102 Processing\r\n\r\n",
    "switching": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
    "an-early-close": OK + b"Content-Length: 99999\r\n\r\n<rss>",
    "an-early-close-of-a-chunk": CHUNKED + b"ffff\r\n<rss>",
    "two-lengths": OK + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\n<a/>",
    "a-header-of-a-megabyte": OK + b"X-a: " + b"a" * 1_000_000 + b"\r\n\r\n",
    "thousands-of-headers": OK + b"".join(b"X-%d: a\r\n" % n for n in range(5_000)) + b"\r\n",
    "a-chunk-size-of-no-number": CHUNKED + b"zz\r\n",
    "a-negative-chunk-size": CHUNKED + b"-5\r\n<a/>\r\n",
    "a-status-of-no-number": b"HTTP/1.1 abc OK\r\n\r\n",
    "no-gzip": GZIP + b"<rss/>",
    "a-redirect-without-a-target": b"HTTP/1.1 302 Found\r\nLocation: \r\n\r\n",
    "a-redirect-to-a-file": b"HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\n\r\n",
    "a-redirect-of-bytes": b"HTTP/1.1 302 Found\r\nLocation: http://\xff\xfe\r\n\r\n",
    "a-redirect-to-itself": b"HTTP/1.1 302 Found\r\nLocation: ?\r\nContent-Length: 0\r\n\r\n",
}


#: What is sent, each part with the seconds to wait before it.
Parts = Iterable[tuple[float, bytes]]


#: The beginning of a record of a handshake that is as long as any, and its bytes.
_TLS_ANSWER: Parts = [(0.0, b"\x16\x03\x03\x40\x00"), *[(0.05, b"a")] * 16_384]


def misbehaviour(manner: str, name: str = "") -> Parts:
    """Yield what a server sends that misbehaves in a manner: drip, flood, bomb, odd ..."""
    if manner in ("drip", "flood"):
        first, part = (DRIPS if manner == "drip" else FLOODS)[name]
        yield 0.0, first
        yield from repeat((0.05 if manner == "drip" else 0.0, part))
    elif manner == "bomb":
        yield 0.0, GZIP if name == "gzip" else OK + b"Content-Encoding: deflate\r\n\r\n"
        yield from ((0.0, block) for block in bomb(31 if name == "gzip" else 15))
    elif manner == "redirect-with-a-bomb":
        yield 0.0, b"HTTP/1.1 302 Found\r\nLocation: /next\r\nContent-Encoding: gzip\r\n\r\n"
        yield from ((0.0, block) for block in bomb(31))
    elif manner == "dripping-redirect":
        yield from ((0.05, bytes([byte])) for byte in b"HTTP/1.1 302 Found\r\nLocation: /dripping-redirect\r\n\r\n")
    elif manner == "silence":
        yield 3_600.0, b""
    else:
        yield 0.0, ODDITIES[name]


@contextmanager
def serving(parts: Callable[[str], Parts], context: ssl.SSLContext | None = None) -> Iterator[str]:
    """Serve what a path is answered with, on a port of its own, until the test is done.

    With a context it is served under TLS. Without one, a client that begins TLS gets an answer that never ends.
    """
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:

        def handle(raw: socket.socket) -> None:
            with suppress(OSError), context.wrap_socket(raw, server_side=True) if context else raw as peer:
                head = b""
                while b"\r\n\r\n" not in head and head[:1] != b"\x16" and (received := peer.recv(65_536)):
                    head += received
                if not head:
                    return
                is_tls = head[:1] == b"\x16"
                for pause, part in _TLS_ANSWER if is_tls else parts(head.decode("latin-1").split(" ")[1]):
                    if over.wait(pause) if pause else over.is_set():
                        return
                    peer.sendall(part)

        def accept() -> None:
            with suppress(OSError):
                while True:
                    threading.Thread(target=handle, args=(listener.accept()[0],), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        try:
            yield f"http{'s' if context else ''}://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            over.set()
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)


@dataclass
class HostileSite:
    """A server that misbehaves as a path says (`/drip/a-body`), with answers of a test, and the paths requested."""

    url: str = ""
    asked: list[str] = field(default_factory=list)
    answers: dict[str, bytes] = field(default_factory=dict)

    def parts(self, path: str) -> Parts:
        """Return what is sent for a path."""
        self.asked.append(path)
        manner, _, name = path.partition("?")[0].removeprefix("/").partition("/")
        return [(0.0, self.answers[path])] if path in self.answers else misbehaviour(manner, name)


@contextmanager
def hostile_site() -> Iterator[HostileSite]:
    """Serve until the test is done."""
    site = HostileSite()
    with serving(site.parts) as site.url:
        yield site
