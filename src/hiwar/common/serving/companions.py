"""Commands that run beside the server, each in a process of its own, as long as it runs."""

from __future__ import annotations

import subprocess
import sys
import threading

START = "import sys; from hiwar.config.command import main; sys.argv[0] = 'hiwar'; main()"
PAUSE = 5.0

_commands: list[tuple[str, ...]] = []


def register_companion(*command: str) -> None:
    """Have a management command run beside the server; the same one registered twice runs once."""
    if command not in _commands:
        _commands.append(command)


class Companions:
    """The companions of one server: started, started again when they end, and ended with it."""

    def __init__(self, parent: int) -> None:
        self._parent = parent
        self._ending = threading.Event()
        self._gate = threading.Lock()
        self._running: dict[int, subprocess.Popen[bytes]] = {}
        self._threads = [
            threading.Thread(target=self._watch, args=(number, command), daemon=True)
            for number, command in enumerate(_commands)
        ]

    def start(self) -> None:
        """Start every registered command."""
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Ask every companion to end and wait for it."""
        self._ending.set()
        with self._gate:
            for process in self._running.values():
                process.terminate()
        for thread in self._threads:
            thread.join(timeout=10)

    def _watch(self, number: int, command: tuple[str, ...]) -> None:
        arguments = [sys.executable, "-c", START, *command, "--parent", str(self._parent)]
        while not self._ending.is_set():
            with self._gate:
                process = subprocess.Popen(arguments)  # noqa: S603 - our own command
                self._running[number] = process
            process.wait()
            self._ending.wait(PAUSE)
