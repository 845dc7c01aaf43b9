"""What the service manager is told, and what it is not told."""

from __future__ import annotations

import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

from hiwar.common.serving.beats import Beats

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


class Sick(BaseHTTPRequestHandler):
    status = 503

    def do_GET(self) -> None:
        self.send_response(type(self).status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        pass


def test_only_what_serves_is_told_to_be_alive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = str(tmp_path / "n")
    monkeypatch.setenv("NOTIFY_SOCKET", path)
    monkeypatch.setenv("WATCHDOG_USEC", "60000")
    house = HTTPServer(("127.0.0.1", 0), Sick)
    threading.Thread(target=house.serve_forever, daemon=True).start()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(path)
        manager.settimeout(0.7)
        beats = Beats("127.0.0.1", house.server_port, "localhost")
        beats.start()
        try:
            told = b""
            try:
                told = manager.recv(100)
            except TimeoutError:
                Sick.status = 200
            assert told == b""
            manager.settimeout(10)
            assert manager.recv(100) == b"READY=1"
            assert manager.recv(100) == b"WATCHDOG=1"
        finally:
            beats.end()
            house.shutdown()
            house.server_close()
        words = [manager.recv(100)]
        while words[-1] != b"STOPPING=1":
            words.append(manager.recv(100))
        assert set(words) <= {b"WATCHDOG=1", b"STOPPING=1"}


def test_nothing_is_told_where_nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    beats = Beats("127.0.0.1", 1, "localhost")
    beats.start()
    beats.end()
    assert not beats._thread.is_alive()
