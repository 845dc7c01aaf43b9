from __future__ import annotations

import socket
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from channels.relay import Relay, RelayServer
from hiwar.common import post

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Ten in the morning of a Monday in most zones east of Greenwich: no quiet hours.
NOON = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
PERSONAL, BULK, URGENT = "tests.personal", "tests.bulk", "tests.urgent"


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(autouse=True)
def _purposes() -> Iterator[None]:
    """Register purposes of the tests, and leave none of the tests' behind."""
    before = (dict(post._purposes), dict(post._states), dict(post._handlers), list(post._consents))
    post.register_purpose(
        post.Purpose(PERSONAL, "personal"),
        post.Purpose(BULK, "bulk", is_bulk=True),
        post.Purpose(URGENT, "urgent", is_urgent=True),
    )
    yield
    post._purposes, post._states, post._handlers, post._consents = before


@pytest.fixture
def relay(settings: object) -> Iterator[Relay]:
    """Return a relay that the settings name."""
    relay = Relay()
    server = RelayServer(relay, hostname="127.0.0.1", port=free_port())
    server.start()
    settings.MAIL_OUT = {  # type: ignore[attr-defined]
        "host": "127.0.0.1", "port": server.port, "user": "", "password": "", "security": "",
        "folder": "",
    }  # fmt: skip
    settings.DEFAULT_FROM_EMAIL = "house@house.example"  # type: ignore[attr-defined]
    settings.PRACTICE = settings.DEMO = False  # type: ignore[attr-defined]
    yield relay
    server.stop()


@pytest.fixture
def draft() -> Callable[..., post.Draft]:
    def make(**values: object) -> post.Draft:
        given = {
            "key": uuid4(), "purpose": PERSONAL, "language": "en",
            "recipient": "reader@elsewhere.example", "subject": "A word", "text": "Good day.",
        }  # fmt: skip
        return post.Draft(**{**given, **values})

    return make
