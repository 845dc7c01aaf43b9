"""The servers in front, as they are configured from the settings: tried with the real ones."""

from __future__ import annotations

import os
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.client import HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from hiwar.common.serving import proxies
from hiwar.common.serving.bridge import LARGEST_FORM
from hiwar.common.serving.proxies import Front

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOST = "house.example.org"
LARGE = 2 << 20


class House(ThreadingHTTPServer):
    """What stands behind: remembers what reached it, and when a large answer was all written."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen: list[tuple[str, dict[str, str], int]] = []
        self.written = threading.Event()


class Handler(BaseHTTPRequestHandler):
    server: House

    def do_GET(self) -> None:
        self._answer(b"x" * LARGE if self.path == "/large" else b"here")

    def do_POST(self) -> None:
        self._answer(b"taken")

    def _answer(self, body: bytes) -> None:
        length = int(self.headers.get("Content-Length", 0))
        self.rfile.read(length)
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.seen.append((self.path, headers, length))
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        if len(body) == LARGE:
            self.server.written.set()

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def house() -> Iterator[House]:
    server = House()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def certificate(folder: Path) -> tuple[Path, Path]:
    """Write a certificate that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "cert.pem", folder / "key.pem"
    paths[0].write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )  # fmt: skip
    return paths


def command(name: str) -> str:
    path = shutil.which(name, path="/usr/bin:/usr/sbin:/bin:/sbin")
    if path is None:
        leave_out = pytest.fail if os.environ.get("HIWAR_REQUIRE_ALL") else pytest.skip
        leave_out(f"{name} is not installed")
    return str(path)


def start(name: str, to: Front, folder: Path) -> subprocess.Popen[bytes]:
    text = proxies.MADE[name](to)
    if name == "caddy":
        (folder / "Caddyfile").write_text(
            text.replace("admin off", "admin off\n\tskip_install_trust")
        )
        line = [command(name), "run", "--config", "Caddyfile", "--adapter", "caddyfile"]
    else:
        (folder / "house.conf").write_text(text)
        temporary = "".join(
            f"{kind}_temp_path {folder}/{kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (folder / "nginx.conf").write_text(
            f"daemon off; user root; pid {folder}/pid; error_log {folder}/error.log crit;\n"
            f"events {{}}\nhttp {{\naccess_log off;\n{temporary}include {folder}/house.conf;\n}}\n"
        )
        line = [command(name), "-p", str(folder), "-c", "nginx.conf", "-e", str(folder / "e.log")]
    environment = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "PATH": "/usr/bin:/bin"}
    with (folder / "out.log").open("wb") as log:
        return subprocess.Popen(line, cwd=folder, env=environment, stdout=log, stderr=log)


class Client:
    """Somebody in front, who says the name of the house whatever the address."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.context = ssl.create_default_context()
        self.context.check_hostname = False
        self.context.verify_mode = ssl.CERT_NONE

    def open(self, *, small: bool = False) -> ssl.SSLSocket:
        link = socket.socket()
        if small:
            link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        link.settimeout(10)
        try:
            link.connect(("127.0.0.1", self.port))
            return self.context.wrap_socket(link, server_hostname=HOST)
        except OSError:
            link.close()
            raise

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Any:
        connection = HTTPSConnection(HOST, self.port, timeout=20)
        connection.sock = self.open()
        sent = {"Host": f"{HOST}", **{n.replace("_", "-"): v for n, v in headers.items()}}
        # What is refused before all of it was sent has an answer that waits.
        with suppress(BrokenPipeError, ConnectionResetError, ssl.SSLError):
            connection.request(method, path, body or None, sent)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer


def until(condition: Any, seconds: float = 15) -> None:
    patience = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < patience
        time.sleep(0.05)


def answers(port: int) -> bool:
    try:
        Client(port).open().close()
    except OSError:
        return False
    return True


@pytest.mark.exhaustive("proxies")
@pytest.mark.parametrize("name", ["caddy", "nginx"])
def test_server_in_front_keeps_from_the_house_what_it_must(
    name: str, house: House, tmp_path: Path
) -> None:
    cert, key = certificate(tmp_path)
    inside = f"127.0.0.1:{house.server_port}"
    port = free_port()
    to = Front([HOST], inside, str(cert), str(key), name == "caddy", port, free_port())
    server = start(name, to, tmp_path)
    try:
        until(lambda: server.poll() is not None or answers(port))
        assert server.poll() is None, (tmp_path / "out.log").read_text()
        client = Client(port)
        answer = client.ask(
            "GET", "/token-of-somebody/", X_Forwarded_For="6.6.6.6", X_Forwarded_Proto="http",
            X_Forwarded_Host="evil.example", Forwarded="for=6.6.6.6",
        )  # fmt: skip
        assert answer.status == 200
        _path, headers, _length = house.seen.pop()
        assert headers["x-forwarded-for"] == "127.0.0.1"
        assert headers["x-forwarded-proto"] == "https"
        assert headers["host"] == HOST
        assert not headers.get("x-forwarded-host")
        assert not headers.get("forwarded")
        # Bodies: small ones for everybody, large ones at the desk, none past its size.
        large = b"b" * (LARGEST_FORM + 1_000_000)
        assert client.ask("POST", "/en/d/", large).status == 413
        doors = ["/desk/files/", "/answer/token/"]
        assert [client.ask("POST", door, large).status for door in doors] == [200, 200]
        assert [seen[0] for seen in house.seen] == doors
        house.seen.clear()
        # Half a body never reaches the house.
        with client.open() as half:
            half.sendall(
                f"POST / HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 900\r\n\r\nab".encode()
            )
            # A reader who does not read holds no place of the house.
            with client.open(small=True) as slow:
                slow.sendall(f"GET /large HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
                assert house.written.wait(10)
            assert [seen[0] for seen in house.seen] == ["/large"]
        house.seen.clear()
        client.ask("GET", "/", Host="evil.example")
        assert house.seen == []
        house.shutdown()
        house.socket.close()
        away = client.ask("GET", "/")
        assert (away.status, away.headers["Retry-After"]) == (503, "30")
    finally:
        server.terminate()
        server.wait(20)
    told = b"".join(path.read_bytes() for path in tmp_path.rglob("*.log"))
    assert b"token-of-somebody" not in told


def test_page_of_absence_speaks_every_language(settings: Any) -> None:
    settings.LANGUAGES = [("ar", "العربية"), ("en", "English")]
    page = proxies.away()
    assert 'lang="ar" dir="rtl"' in page
    assert re.search(r"[\u0621-\u064a]", page)
    assert "Nothing that was acknowledged is lost." in page
    # It stands inside quotes of both configurations.
    assert not set("'`\n") & set(page)


def test_names_come_from_the_settings(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["localhost", "house.example.org", "desk.example.org"]
    settings.BIND = "127.0.0.1:8123"
    to = proxies.front()
    assert to.hosts == ["house.example.org", "desk.example.org"]
    assert "https://house.example.org:443, https://desk.example.org:443" in proxies.caddy(to)
    assert "server_name house.example.org desk.example.org;" in proxies.nginx(to)
    assert "/etc/letsencrypt/live/house.example.org/fullchain.pem" in proxies.nginx(to)
    assert "tls internal" not in proxies.caddy(to)
    assert "tls internal" in proxies.caddy(proxies.front(has_own_authority=True))
