"""Run a WSGI application (Django) under an ASGI server, in a pool of threads."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable
    from wsgiref.types import WSGIApplication

    Scope = dict[str, Any]
    Message = dict[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]

SPOOL = 1 << 20


class ClientGoneError(Exception):
    """The client closed the connection before the request was whole."""


def environ(scope: Scope, body: Any) -> dict[str, Any]:
    """Return the WSGI environment of a request.

    A header name with an underscore is dropped: WSGI could not tell it from the same name with
    a hyphen, and a client could pose as the proxy.
    """
    host, port = scope.get("server") or ("localhost", 80)
    root = scope.get("root_path", "")
    path = scope["path"].removeprefix(root) if root else scope["path"]
    result: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": root.encode().decode("latin1"),
        "PATH_INFO": path.encode().decode("latin1"),
        "QUERY_STRING": scope.get("query_string", b"").decode("latin1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope.get('http_version', '1.1')}",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    if scope.get("client"):
        result["REMOTE_ADDR"], result["REMOTE_PORT"] = scope["client"][0], str(scope["client"][1])
    for name, value in scope.get("headers", ()):
        key = name.decode("latin1").upper()
        if "_" in key:
            continue
        key = key.replace("-", "_")
        if key not in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
            key = f"HTTP_{key}"
        text = value.decode("latin1")
        joint = "; " if key == "HTTP_COOKIE" else ","
        result[key] = f"{result[key]}{joint}{text}" if key in result else text
    return result


async def read_body(receive: Receive, body: Any) -> None:
    """Copy the request's body into a spooled file; raise ClientGoneError if it stops short."""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGoneError
        chunk = message.get("body", b"")
        if chunk:
            body.write(chunk)
        if not message.get("more_body", False):
            body.seek(0)
            return


class WsgiBridge:
    """An ASGI application that runs a WSGI application in threads.

    Parameters
    ----------
    application : callable
        The WSGI application.
    threads : int
        Most requests that run at once; each thread keeps its own database connection.
    """

    def __init__(self, application: WSGIApplication, threads: int = 8) -> None:
        self._application = application
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="wsgi")

    def close(self) -> None:
        """Let running requests end and take no more."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        with tempfile.SpooledTemporaryFile(max_size=SPOOL) as body:
            try:
                await read_body(receive, body)
            except ClientGoneError:
                return
            loop = asyncio.get_running_loop()
            response = _Response(loop, send)
            await loop.run_in_executor(
                self._pool, response.run, self._application, environ(scope, body)
            )
            if response.whole is not None:
                await send(response.start)
                await send({"type": "http.response.body", "body": response.whole})


class _Response:
    """What a WSGI application answers, sent from its thread through the event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop, send: Send) -> None:
        self._loop = loop
        self._send = send
        self.start: Message = {}
        self.whole: bytes | None = None

    def start_response(
        self, status: str, headers: list[tuple[str, str]], exc_info: object = None
    ) -> Callable[[bytes], None]:
        self.start = {
            "type": "http.response.start",
            "status": int(status.split(" ", 1)[0]),
            "headers": [
                (name.lower().encode("latin1"), value.encode("latin1")) for name, value in headers
            ],
        }
        return _no_write

    def run(self, application: WSGIApplication, environment: dict[str, Any]) -> None:
        result = application(environment, self.start_response)
        try:
            if getattr(result, "streaming", None) is False or isinstance(result, (list, tuple)):
                self.whole = b"".join(result)
            else:
                self._stream(result)
        finally:
            close = getattr(result, "close", None)
            if close is not None:
                close()

    def _stream(self, chunks: Iterable[bytes]) -> None:
        started = False
        for chunk in chunks:
            if not started:
                self._wait(self.start)
                started = True
            # Waiting for each piece keeps a slow client from filling the memory.
            self._wait({"type": "http.response.body", "body": chunk, "more_body": True})
        if not started:
            self._wait(self.start)
        self._wait({"type": "http.response.body", "body": b""})

    def _wait(self, message: Message) -> None:
        asyncio.run_coroutine_threadsafe(self._relay(message), self._loop).result()

    async def _relay(self, message: Message) -> None:
        await self._send(message)


def _no_write(data: bytes) -> None:
    msg = "the application writes through its iterable"
    raise NotImplementedError(msg)
