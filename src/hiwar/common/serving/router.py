"""Look at the path and decide who answers: a native handler or the bridged application."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hiwar.common.serving.protocol import answer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from hiwar.common.serving.protocol import Message, Receive, Scope, Send

    Handler = Callable[[Scope, Receive, Send], Awaitable[None]]
    Hook = Callable[[], Any]


class Router:
    """An ASGI application that answers some paths natively.

    Parameters
    ----------
    fallback : ASGI application
        Answers everything else.
    on_start, on_stop : sequence of callables
        Run when the server starts and stops; stopping runs in reverse order.
    """

    def __init__(
        self,
        fallback: Handler,
        *,
        on_start: Sequence[Hook] = (),
        on_stop: Sequence[Hook] = (),
    ) -> None:
        self._fallback = fallback
        self._routes: list[tuple[str, str, str, Handler]] = []
        self._on_start = list(on_start)
        self._on_stop = list(on_stop)

    def add(self, method: str, prefix: str, suffix: str, handler: Handler) -> None:
        """Answer `method` on every path that starts with `prefix` and ends with `suffix`."""
        self._routes.append((method, prefix, suffix, handler))

    def add_hooks(self, start: Hook, stop: Hook) -> None:
        """Run `start` when the server starts and `stop` when it stops."""
        self._on_start.append(start)
        self._on_stop.append(stop)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or the lifespan of the server."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        if scope["type"] != "http":
            return
        path, method = scope["path"], scope["method"]
        allowed = []
        for wanted, prefix, suffix, handler in self._routes:
            if path.startswith(prefix) and path.endswith(suffix):
                if method == wanted or (method == "HEAD" and wanted == "GET"):
                    await handler(scope, receive, _without_body(send) if method == "HEAD" else send)
                    return
                allowed.append(wanted)
        if allowed:
            headers = ((b"allow", ", ".join(allowed).encode()), (b"cache-control", b"no-store"))
            await answer(send, 405, b'{"code":"method_not_allowed"}', headers)
        else:
            await self._fallback(scope, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                for hook in self._on_start:
                    hook()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                for hook in reversed(self._on_stop):
                    hook()
                await send({"type": "lifespan.shutdown.complete"})
                return


def _without_body(send: Send) -> Send:
    """Send an answer's head alone."""

    async def cut(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = message | {"body": b""}
        await send(message)

    return cut
