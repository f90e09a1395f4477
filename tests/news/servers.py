"""A loopback web server that behaves as it is told, for the real client."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Reply:
    """An answer; a `trickle` sends its body a byte at a time with this pause in seconds."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    trickle: float = 0.0
    chunked: bool = False
    cut: bool = False


@dataclass
class Web:
    """A server's answers in order, the last one for ever, and what it was asked: path and headers."""

    replies: list[Reply]
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def serving(self) -> Iterator[str]:
        web = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                web.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
                reply = web.replies.pop(0) if len(web.replies) > 1 else web.replies[0]
                self.send_response(reply.status)
                self.send_header("Connection", "close")
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                length = len(reply.body) + (10 if reply.cut else 0)
                self.send_header(
                    *(("Transfer-Encoding", "chunked") if reply.chunked else ("Content-Length", str(length)))
                )
                self.end_headers()
                with suppress(OSError):  # the client may have heard enough
                    self.answer(reply)
                self.close_connection = True

            def answer(self, reply: Reply) -> None:
                pieces = [bytes([b]) for b in reply.body] if reply.trickle else [reply.body] if reply.body else []
                for piece in pieces:
                    self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece) if reply.chunked else piece)
                    if reply.trickle and web.released.wait(reply.trickle):
                        return
                if reply.chunked:
                    self.wfile.write(b"0\r\n\r\n")

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
                """Keep the test's output clean."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            self.released.set()
            server.shutdown()
            server.server_close()
            thread.join()
