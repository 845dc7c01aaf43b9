"""Run a WSGI application (Django) under an ASGI server, in a pool of threads."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from typing import IO, TYPE_CHECKING, Any

from hiwar.common.serving.protocol import answer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
    from wsgiref.types import WSGIApplication

    from hiwar.common.serving.protocol import Message, Receive, Scope, Send

SPOOL = 1 << 20
PIECE = 1 << 16
# Files come to the desk, and with the answer of a post behind its private link; what else is sent
# to the public site is a form.
LARGEST_FORM, LARGEST_UPLOAD = 2 << 20, 64 << 20
FILE_DOORS = ("/desk/", "/answer/")
# What all requests together may hold at a time: more would fill the disk that votes need.
SPOOLED_AT_MOST = 256 << 20
# Seconds without a piece, in or out, after which a client is let go.
LONGEST_PAUSE = 20.0
# And the slowest way to send a body: this long, and a second more for each so many bytes.
LONGEST_BODY, SLOWEST = 60.0, 20_000
PLAIN_TEXT = b"text/plain; charset=utf-8"
TOO_LARGE = "This is larger than what is taken here. هذا أكبر مما يُقبل هنا.\n".encode()
TOO_SLOW = (
    "This came too slowly; please try again. وصل هذا ببطء شديد؛ تُرجى إعادة المحاولة.\n".encode()
)
TOO_MUCH = "Too much comes in; please try again. الوارد كثير؛ تُرجى إعادة المحاولة.\n".encode()


class ClientGoneError(Exception):
    """The client closed the connection before the request was whole."""


class NotTakenError(Exception):
    """A body is not taken: what is answered, without reading the rest."""

    def __init__(self, status: int, text: bytes) -> None:
        super().__init__(status)
        self.status, self.text = status, text


class FilePieces:
    """A file that an application answers with; it is sent by the event loop, not by a thread."""

    def __init__(self, file: Any, size: int = PIECE) -> None:
        self.file = file

    def __iter__(self) -> Iterator[bytes]:
        while piece := self.file.read(PIECE):
            yield piece

    def close(self) -> None:
        """Close the file, and the response it belongs to."""
        close = getattr(self.file, "close", None)
        if close is not None:
            close()


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
        "wsgi.file_wrapper": FilePieces,
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


class Intake:
    """Takes bodies in: none larger than its place allows, none for ever, not too much at once."""

    def __init__(self) -> None:
        self._held = 0

    @contextlib.asynccontextmanager
    async def body_of(self, scope: Scope, receive: Receive) -> AsyncIterator[IO[bytes]]:
        """Yield the whole body as a file; raises ``ClientGoneError`` and ``NotTakenError``."""
        largest = largest_body(scope["path"])
        declared = _declared_length(scope)
        if declared > largest:
            raise NotTakenError(413, TOO_LARGE)
        loop = asyncio.get_running_loop()
        last = loop.time() + LONGEST_BODY + largest / SLOWEST
        size = 0
        try:
            with tempfile.SpooledTemporaryFile(max_size=SPOOL) as body:
                async for piece in _pieces(receive, last):
                    size += len(piece)
                    self._held += len(piece)
                    if size > largest:
                        raise NotTakenError(413, TOO_LARGE)
                    if self._held > SPOOLED_AT_MOST:
                        raise NotTakenError(503, TOO_MUCH)
                    body.write(piece)
                body.seek(0)
                yield body
        finally:
            self._held -= size


def largest_body(path: str) -> int:
    """Return how many bytes may be sent to a path."""
    return LARGEST_UPLOAD if path.startswith(FILE_DOORS) else LARGEST_FORM


def _declared_length(scope: Scope) -> int:
    for name, value in scope.get("headers", ()):
        if name.lower() == b"content-length" and value.isdigit():
            return int(value)
    return 0


async def _pieces(receive: Receive, last: float) -> AsyncIterator[bytes]:
    loop = asyncio.get_running_loop()
    while True:
        try:
            async with asyncio.timeout_at(min(last, loop.time() + LONGEST_PAUSE)):
                message = await receive()
        except TimeoutError as error:
            raise NotTakenError(408, TOO_SLOW) from error
        if message["type"] == "http.disconnect":
            raise ClientGoneError
        if chunk := message.get("body", b""):
            yield chunk
        if not message.get("more_body", False):
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
        self._intake = Intake()
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="wsgi")

    def close(self) -> None:
        """Let running requests end and take no more."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; no thread waits for a client, neither for its words nor its ears."""
        response = _Response()
        try:
            async with self._intake.body_of(scope, receive) as body:
                await asyncio.get_running_loop().run_in_executor(
                    self._pool, response.run, self._application, environ(scope, body)
                )
        except ClientGoneError:
            return
        except NotTakenError as refused:
            closing = ((b"connection", b"close"),)
            await answer(send, refused.status, refused.text, closing, PLAIN_TEXT)
            return
        # A client that reads nothing is let go; what it did not take is lost to it alone.
        with contextlib.closing(response), contextlib.suppress(TimeoutError):
            await response.send(send)


class _Response:
    """What a WSGI application answers: made in a thread, sent by the event loop."""

    def __init__(self) -> None:
        self.start: Message = {}
        self._whole: bytes | None = None
        self._file: IO[bytes] | FilePieces | None = None

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
        if isinstance(result, FilePieces):
            self._file = result
            return
        try:
            if getattr(result, "streaming", None) is False or isinstance(result, (list, tuple)):
                self._whole = b"".join(result)
            else:
                self._keep(result)
        finally:
            close = getattr(result, "close", None)
            if close is not None:
                close()

    def _keep(self, chunks: Iterable[bytes]) -> None:
        """Keep what comes in pieces, on the disk where it is long, so that this thread is free."""
        self._file = tempfile.SpooledTemporaryFile(max_size=SPOOL)  # noqa: SIM115 -- see `close`
        for chunk in chunks:
            self._file.write(chunk)
        self._file.seek(0)

    async def send(self, send: Send) -> None:
        await _in_time(send(self.start))
        if self._whole is not None:
            await _in_time(send({"type": "http.response.body", "body": self._whole}))
            return
        pieces = iter(FilePieces(self._file))
        if isinstance(self._file, FilePieces):
            pieces = iter(self._file)
        for piece in pieces:
            body = {"type": "http.response.body", "body": piece, "more_body": True}
            await _in_time(send(body))
        await _in_time(send({"type": "http.response.body", "body": b""}))

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


async def _in_time(sending: Awaitable[None]) -> None:
    async with asyncio.timeout(LONGEST_PAUSE):
        await sending


def _no_write(data: bytes) -> None:
    msg = "the application writes through its iterable"
    raise NotImplementedError(msg)
