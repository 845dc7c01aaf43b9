"""What a service manager is told: that the house serves, and again and again that it still does."""

from __future__ import annotations

import http.client
import os
import socket
import threading

READY, ALIVE, ENDING = b"READY=1", b"WATCHDOG=1", b"STOPPING=1"
BETWEEN_TRIES = 0.5
LONGEST_ANSWER = 8.0


class Beats:
    """Tells systemd by its socket; does nothing where no manager listens.

    A beat is sent only after `/healthz` answered 200: whoever only runs, and does not serve, is
    started anew.
    """

    def __init__(self, address: str, port: int, host: str) -> None:
        self._place, self._host = (address, port), host
        self._socket = os.environ.get("NOTIFY_SOCKET", "")
        # Three beats in the time after which the manager loses patience, in microseconds.
        self._pause = int(os.environ.get("WATCHDOG_USEC", "30000000")) / 3e6
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="beats", daemon=True)

    def start(self) -> None:
        """Begin to ask and tell."""
        if self._socket:
            self._thread.start()

    def end(self) -> None:
        """Say that it ends."""
        self._over.set()
        if self._socket:
            self._tell(ENDING)

    def _run(self) -> None:
        word = READY
        while not self._over.is_set():
            if self._answers():
                self._tell(word)
                word = ALIVE
                self._over.wait(self._pause)
            else:
                self._over.wait(BETWEEN_TRIES)

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection(*self._place, timeout=LONGEST_ANSWER)
        try:
            connection.request("GET", "/healthz", headers={"Host": self._host})
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _tell(self, word: bytes) -> None:
        # A name that begins with @ is one of the kernel's own, outside of the file system.
        path = "\0" + self._socket[1:] if self._socket.startswith("@") else self._socket
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as link:
                link.connect(path)
                link.send(word)
        except OSError:
            return
