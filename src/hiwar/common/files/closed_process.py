"""Files of strangers, read in a process of their own: little memory, little time, no network.

A reader is a module on the floor of `analysis` whose `main` takes one line of JSON (its order) and
the bytes of the file on standard input, closes its doors (`analysis.tables.child.close_door`) and
answers with JSON. Nothing of a file is parsed in the server.
"""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import threading
from pathlib import Path
from typing import Generic, TypeVar

import msgspec
from django.utils.translation import gettext_lazy as _

from hiwar.common.refusals import Refused
from hiwar.common.waiting import refuse_transaction

Answer = TypeVar("Answer", bound=msgspec.Struct)

MEMORY = 768 << 20
PROCESSOR_SECONDS = 30
SECONDS = 120
AT_ONCE = 2
WAIT_SECONDS = 20
MOST_BACK = 256 << 20
SOURCE = Path(__file__).resolve().parents[3]
COMMAND = "import sys; sys.path[:0] = {paths!r}; from {module} import main; main()"

_free = threading.BoundedSemaphore(AT_ONCE)


class ReaderBusy(Refused):
    """Other files are being read."""

    code = "reader_busy"
    message = _("Other files are being read at this moment. Try again in a minute.")


class Reader(Generic[Answer]):
    """What reads a kind of file: a module of `analysis` that has a `main`, and its answer."""

    def __init__(self, module: str, answer: type[Answer]) -> None:
        self.module = module
        self.answer = answer

    def read(self, order: msgspec.Struct, content: bytes) -> Answer | None:
        """Give a file to a new process; None where memory or time did not suffice and it was ended.

        Raises ``ReaderBusy``, and ``RuntimeError`` inside a transaction: what reads for seconds
        must not hold the lock that votes need.
        """
        refuse_transaction()
        if not _free.acquire(timeout=WAIT_SECONDS):
            raise ReaderBusy
        try:
            answer = _run(self.module, msgspec.json.encode(order) + b"\n" + content)
        finally:
            _free.release()
        return None if answer is None else msgspec.json.decode(answer, type=self.answer)


def _run(module: str, order_and_file: bytes) -> bytes | None:
    """Return what a process says of its order and file, for as long as it may take."""
    paths = list(dict.fromkeys([str(SOURCE), *map(sysconfig.get_path, ("purelib", "platlib"))]))
    # Without the settings, keys and addresses that the environment of the server holds.
    environment = {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}
    with subprocess.Popen(  # noqa: S603 -- our own interpreter with our own code
        [sys.executable, "-I", "-S", "-c", COMMAND.format(paths=paths, module=module)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        cwd="/",
        start_new_session=True,
    ) as process:
        try:
            answer, _errors = process.communicate(order_and_file, timeout=SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return None
    # Out of memory or out of time: the system ended it.
    return None if process.returncode or len(answer) > MOST_BACK else answer
