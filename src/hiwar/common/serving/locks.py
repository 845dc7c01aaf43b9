"""One server on one data folder and on one port: a second start is refused."""

from __future__ import annotations

import errno
import fcntl
import os
import socket
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

LONGEST_WAIT = 15.0


class TakenError(Exception):
    """Another server has the data folder or the port; says what to do."""


def hold_folder(folder: Path) -> int:
    """Hold a data folder until this process ends; return the descriptor that holds it.

    What a killed server left behind ends by itself, which is waited for. Raises ``TakenError``.
    """
    path = folder / "serve.lock"
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        message = (
            f"The data folder {folder} cannot be written ({error.strerror}):"
            " set HIWAR_DATA to a folder of this user, and run hiwar prepare."
        )
        raise TakenError(message) from error
    last = time.monotonic() + LONGEST_WAIT
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except OSError:
            holder = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip()
            if _lives(holder) or time.monotonic() > last:
                os.close(descriptor)
                message = (
                    f"A server already runs on the data folder {folder} (process {holder}):"
                    " stop it, or give this one a folder of its own with HIWAR_DATA."
                )
                raise TakenError(message) from None
            time.sleep(0.1)
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, str(os.getpid()).encode(), 0)
    return descriptor


def probe_port(address: str, port: int) -> None:
    """Raise ``TakenError`` where another program listens, even one that would share the port."""
    last = time.monotonic() + 2.0
    while True:
        fault = _fault(address, port)
        if fault is None:
            return
        if fault.errno != errno.EADDRINUSE:
            message = f"{address}:{port} cannot be bound ({fault.strerror}): set HIWAR_BIND."
            raise TakenError(message)
        if time.monotonic() > last:
            message = f"Port {port} is taken by another program: stop it, or set HIWAR_BIND."
            raise TakenError(message)
        time.sleep(0.1)


def _fault(address: str, port: int) -> OSError | None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as probe:
        # As the server binds, but without sharing: connections that linger are no obstacle.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
            probe.listen(1)
        except OSError as error:
            return error
    return None


def _lives(process: str) -> bool:
    if not process.isdigit():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
