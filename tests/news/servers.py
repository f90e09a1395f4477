"""A loopback web server with scripted replies, for tests of the real client."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Reply:
    """A scripted reply.

    With `cut`, the connection closes before the announced length; with `stalls`, the body never ends and the connection
    stays open until the test is over.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    chunked: bool = False
    cut: bool = False
    stalls: bool = False


@dataclass
class Web:
    """The replies of a server in order, the last one repeated, and its requests as (path, headers)."""

    replies: list[Reply]
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def serving(self) -> Iterator[str]:
        web = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                web.requests.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
                reply = web.replies.pop(0) if len(web.replies) > 1 else web.replies[0]
                self.send_response(reply.status)
                self.send_header("Connection", "close")
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                length = len(reply.body) + (10 if reply.cut or reply.stalls else 0)
                self.send_header(
                    *(("Transfer-Encoding", "chunked") if reply.chunked else ("Content-Length", str(length)))
                )
                self.end_headers()
                with suppress(OSError):  # the client may have closed the connection
                    self.send_body(reply)
                self.close_connection = True

            def send_body(self, reply: Reply) -> None:
                body = reply.body
                if body:
                    self.wfile.write(b"%x\r\n%s\r\n" % (len(body), body) if reply.chunked else body)
                if reply.stalls:
                    web.released.wait()
                elif reply.chunked:
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
