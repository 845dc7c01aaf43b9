"""`python -m torture.crash_writer`: writes votes with the real writer, to be hurt.

It loads the settings once and forks for each round, so that hundreds of rounds cost seconds. A
round is one line of JSON on standard input; the child waits for `go` before it opens the database
and again before its first vote, so that a tracer can be attached at either moment. What it asked
and what it was answered goes to a journal, one line each, outside the reach of the tracer.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

from torture.checker import ACKNOWLEDGED, REFUSED, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Sequence

TRIES = 60
PAUSE = 0.05


def read_line() -> str:
    """Read one line without taking any of the next, which is meant for somebody else."""
    line = b""
    while not line.endswith(b"\n"):
        byte = os.read(0, 1)
        if not byte:
            break
        line += byte
    return line.decode().strip()


def say(line: str) -> None:
    os.write(1, line.encode() + b"\n")


class Journal:
    """Appends what happened; a line that was written survives the death of its writer."""

    def __init__(self, path: str) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def note(self, **fields: object) -> None:
        os.write(self._file, json.dumps(fields).encode() + b"\n")


def write_one(writer: Any, act: Any, journal: Journal) -> None:
    """Send one vote until it is acknowledged or refused, as a phone does."""
    from hiwar.common.serving.writer import RejectedError, UnavailableError

    for _ in range(TRIES):
        began, why = time.time(), ""
        journal.note(vote=act[:5], began=began)
        try:
            writer.write(act, timeout=20)
        except UnavailableError as error:
            how, why = UNKNOWN, str(error)
        except RejectedError as error:
            how, why = REFUSED, str(error)
        else:
            how = ACKNOWLEDGED
        journal.note(vote=act[:5], began=began, ended=time.time(), outcome=how, why=why)
        if how != UNKNOWN:
            return
        time.sleep(PAUSE)


def work(task: dict[str, Any]) -> None:
    """Write the votes of one round and end as a service ends."""
    from hiwar.common.serving import stores
    from hiwar.dialogues.actions.votes import Act, Newcomer
    from hiwar.dialogues.live import make_writer

    # A short log is carried over soon, so that the calls of that thread are within reach too.
    stores.LONG_LOG = 1 << 15
    journal = Journal(task["journal"])
    writer = make_writer()
    say("opening")
    read_line()
    writer.start()
    for _ in range(400):
        if writer.health().is_well:
            break
        time.sleep(0.01)
    [thread] = [one for one in threading.enumerate() if one.name == "group-commit"]
    journal.note(writer=thread.native_id)
    say("writing")
    read_line()
    newcomer = Newcomer(task["dialogue"], "ar")
    for participant, statement, choice, sequence in task["votes"]:
        act = Act(participant, statement, choice, False, sequence, "web", newcomer)
        write_one(writer, act, journal)
    writer.stop()
    journal.note(ended=time.time())


def main() -> int:
    import django

    django.setup()
    say("loaded")
    while line := read_line():
        task: dict[str, Any] = json.loads(line)
        child = os.fork()
        if not child:
            status = 1
            with contextlib.suppress(KeyboardInterrupt):
                work(task)
                status = 0
            os._exit(status)
        say(str(child))
        say(f"ended {os.waitpid(child, 0)[1]}")
    return 0


def votes(first: int, statements: Sequence[int], many: int) -> list[tuple[int, int, int, int]]:
    """Return votes of three people, every third one a change of mind, as an outbox holds them."""
    people = [(first << 20) + number for number in range(3)]
    return [
        (people[at % 3], statements[at // 3 % 3 % len(statements)], at % 3 - 1, 1_000 + at)
        for at in range(many)
    ]


if __name__ == "__main__":
    sys.exit(main())
