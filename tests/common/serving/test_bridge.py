from __future__ import annotations

import asyncio
import hashlib
import io
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from hiwar.common.serving import bridge as bridge_module
from hiwar.common.serving.bridge import WsgiBridge
from hiwar.common.serving.protocol import answer
from hiwar.common.serving.router import Router

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable, Iterator
    from wsgiref.types import WSGIApplication

T = TypeVar("T")


def scope(path: str = "/", **more: Any) -> dict[str, Any]:
    return {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": b"",
        "headers": [],
        "http_version": "1.1",
        "scheme": "http",
        "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.1", 5000),
    } | more


def in_thread(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run in a thread of its own: a browser test before may have left a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


class Exchange:
    """One request: the pieces that come in, the messages that go out."""

    def __init__(self, *pieces: bytes, broken: bool = False) -> None:
        self._incoming: list[dict[str, Any]] = [
            {"type": "http.request", "body": piece, "more_body": number < len(pieces) - 1 or broken}
            for number, piece in enumerate(pieces or (b"",))
        ]
        if broken:
            self._incoming.append({"type": "http.disconnect"})
        self.sent: list[dict[str, Any]] = []

    async def receive(self) -> dict[str, Any]:
        return self._incoming.pop(0)

    async def send(self, message: dict[str, Any]) -> None:
        self.sent.append(message)

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.sent[1:])


def run(application: WSGIApplication, exchange: Exchange, **more: Any) -> Exchange:
    bridge = WsgiBridge(application, threads=2)
    in_thread(bridge(scope(**more), exchange.receive, exchange.send))
    bridge.close()
    return exchange


def echo(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
    body = environ["wsgi.input"].read()
    start("200 OK", [("Content-Type", "text/plain"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
    lines = [
        environ["REQUEST_METHOD"],
        environ["PATH_INFO"].encode("latin1").decode(),
        environ.get("HTTP_COOKIE", ""),
        environ.get("HTTP_X_FORWARDED_PROTO", ""),
        environ.get("CONTENT_LENGTH", ""),
        hashlib.sha256(body).hexdigest(),
    ]
    return ["\n".join(lines).encode()]


def test_request_and_response_come_through_whole() -> None:
    big = b"x" * 3_000_000
    exchange = run(
        echo,
        Exchange(big[:1_000_000], big[1_000_000:]),
        path="/desk/حوار",
        headers=[
            (b"cookie", b"a=1"),
            (b"cookie", b"b=2"),
            (b"content-length", b"3000000"),
            (b"x_forwarded_proto", b"https"),
        ],
    )
    assert exchange.body.decode().split("\n") == [
        "GET",
        "/desk/حوار",
        "a=1; b=2",
        "",
        "3000000",
        hashlib.sha256(big).hexdigest(),
    ]
    assert exchange.sent[0]["status"] == 200
    assert [value for name, value in exchange.sent[0]["headers"] if name == b"set-cookie"] == [
        b"a=1",
        b"b=2",
    ]


class Pieces:
    """A streamed response that notes how far it was asked and whether it was closed."""

    def __init__(self) -> None:
        self.made = 0
        self.is_closed = False

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        start("200 OK", [])
        return self

    def __iter__(self) -> Iterator[bytes]:
        for _ in range(5):
            self.made += 1
            yield b"piece"

    def close(self) -> None:
        self.is_closed = True


def test_a_streamed_response_goes_out_whole_and_is_closed() -> None:
    pieces = Pieces()
    exchange = run(pieces, Exchange())
    assert exchange.body == b"piece" * 5
    assert not exchange.sent[-1].get("more_body", False)
    assert pieces.is_closed


def test_a_client_that_leaves_in_mid_stream_stops_the_response() -> None:
    pieces = Pieces()
    exchange = Exchange()

    async def send(message: dict[str, Any]) -> None:
        exchange.sent.append(message)
        if len(exchange.sent) == 2:
            raise ConnectionResetError

    bridge = WsgiBridge(pieces, threads=1)
    with pytest.raises(ConnectionResetError):
        in_thread(bridge(scope(), exchange.receive, send))
    bridge.close()
    assert pieces.is_closed


def a_file(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    start("200 OK", [])
    return environ["wsgi.file_wrapper"](io.BytesIO(b"f" * 200_000))  # type: ignore[no-any-return]


@pytest.mark.parametrize("slow", [a_file, Pieces()])
def test_clients_that_read_nothing_keep_no_thread_and_are_let_go(
    slow: WSGIApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many as there are threads, and then one more that reads: it is answered meanwhile."""
    monkeypatch.setattr(bridge_module, "LONGEST_PAUSE", 0.5)
    threads = 2
    bridge = WsgiBridge(slow, threads=threads)

    async def never(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.body":
            await asyncio.Event().wait()

    async def meet() -> tuple[Exchange, list[bool]]:
        deaf = [
            asyncio.create_task(bridge(scope(), Exchange().receive, never)) for _ in range(threads)
        ]
        await asyncio.sleep(0.05)
        reader = Exchange()
        await bridge(scope(), reader.receive, reader.send)
        still = [not task.done() for task in deaf]
        await asyncio.gather(*deaf)
        return reader, still

    reader, still = in_thread(meet())
    bridge.close()
    assert still == [True] * threads
    assert len(reader.body) in {200_000, 25}


LENGTH = b"content-length"


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [
        ("/en/d/", 600 << 20, 413),
        ("/en/d/", (2 << 20) + 1, 413),
        ("/en/d/", 2 << 20, 200),
        ("/desk/files/", 20 << 20, 200),
        ("/desk/files/", (64 << 20) + 1, 413),
        ("/answer/token/", 31 << 20, 200),
        ("/comment/token/", 3 << 20, 413),
    ],
)
def test_body_is_refused_by_its_length_before_any_of_it_is_read(
    path: str, size: int, status: int
) -> None:
    exchange = Exchange(b"x")
    run(echo, exchange, path=path, method="POST", headers=[(LENGTH, str(size).encode())])
    assert exchange.sent[0]["status"] == status
    assert (exchange._incoming == []) == (status == 200)


def test_body_that_is_longer_than_it_said_is_cut_off() -> None:
    exchange = Exchange(*[b"x" * (1 << 20)] * 5)
    run(echo, exchange, path="/en/d/", method="POST")
    assert exchange.sent[0]["status"] == 413
    assert len(exchange._incoming) == 2


def test_bodies_together_do_not_fill_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bridge_module, "SPOOLED_AT_MOST", 1000)
    exchange = run(echo, Exchange(b"x" * 600, b"y" * 600), method="POST")
    assert exchange.sent[0]["status"] == 503
    assert run(echo, Exchange(b"x" * 900), method="POST").sent[0]["status"] == 200


def test_client_that_sends_nothing_more_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bridge_module, "LONGEST_PAUSE", 0.05)

    class Mute(Exchange):
        async def receive(self) -> dict[str, Any]:
            if not self._incoming:
                await asyncio.Event().wait()
            return self._incoming.pop(0) | {"more_body": True}

    assert run(echo, Mute(b"half"), method="POST").sent[0]["status"] == 408


def test_a_request_that_stops_short_never_reaches_the_application() -> None:
    asked: list[bool] = []

    def application(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        asked.append(True)
        start("200 OK", [])
        return []

    assert run(application, Exchange(b"half", broken=True)).sent == []
    assert asked == []


def test_front_answers_its_paths_and_hands_on_the_rest() -> None:
    async def native(scope: Any, receive: Any, send: Any) -> None:
        await answer(send, 201, b"{}")

    marks: list[str] = []
    router = Router(
        WsgiBridge(echo, threads=1),
        on_start=[lambda: marks.append("start")],
        on_stop=[lambda: marks.append("first"), lambda: marks.append("last")],
    )
    router.add("POST", "/api/d/", "/votes", native)

    async def ask(path: str, method: str) -> int:
        exchange = Exchange()
        await router(scope(path, method=method), exchange.receive, exchange.send)
        status: int = exchange.sent[0]["status"]
        return status

    assert in_thread(ask("/api/d/youth/votes", "POST")) == 201
    assert in_thread(ask("/api/d/youth/votes", "GET")) == 405
    assert in_thread(ask("/api/d/youth/votes/more", "POST")) == 200

    async def life() -> list[str]:
        messages = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])
        sent: list[str] = []

        async def receive() -> dict[str, Any]:
            return next(messages)

        async def send(message: dict[str, Any]) -> None:
            sent.append(message["type"])

        await router({"type": "lifespan"}, receive, send)
        return sent

    assert in_thread(life()) == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert marks == ["start", "last", "first"]
