"""The reader as a process of its own: it takes one file, says what is in it, and ends.

It reads its order and the file from standard input and answers on standard output. Before it looks
at the file it gives up what it does not need: memory, processor time, every new file and socket.
"""

from __future__ import annotations

import os
import resource
import sys
from typing import Any

import msgspec

from hiwar.analysis.tables.reading import read_workbook
from hiwar.analysis.tables.vcards import Card, read_cards
from hiwar.analysis.tables.workbook import Limits, TableError, Workbook

NICE = 5


class Order(msgspec.Struct):
    """What is asked for: a kind (`workbook` or `cards`), limits, bytes and seconds."""

    kind: str
    limits: Limits
    memory: int
    seconds: int


class Answer(msgspec.Struct):
    """What was found, or why not (`code`, `line` and `what` of a ``TableError``)."""

    workbook: Workbook | None = None
    cards: tuple[Card, ...] | None = None
    code: str = ""
    line: int = 0
    what: str = ""


def close_door(memory: int, seconds: int) -> None:
    """Give up memory, time, and with the number of open files every way to a disk or network."""
    limits: list[tuple[int, int]] = [
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 3),
    ]
    for kind, size in limits:
        resource.setrlimit(kind, (size, size))


def answer(order: Order, content: bytes) -> Answer:
    """Read a file as it was ordered; whatever goes wrong has a code."""
    try:
        if order.kind == "cards":
            return Answer(cards=read_cards(content, order.limits))
        return Answer(workbook=read_workbook(content, order.limits))
    except TableError as error:
        return Answer(code=error.code, line=error.line, what=error.what)
    except (MemoryError, RecursionError):
        return Answer(code="too_large", what="memory")


def main() -> None:
    """Serve one order and end."""
    os.nice(NICE)
    head = sys.stdin.buffer.readline()
    order = msgspec.json.decode(head, type=Order)
    content = sys.stdin.buffer.read()
    close_door(order.memory, order.seconds)
    encoded = msgspec.json.encode(answer(order, content))
    stream: Any = sys.stdout.buffer
    stream.write(encoded)
    stream.flush()
    # Nothing is left to tidy, and taking large tables apart would only take time.
    os._exit(0)


if __name__ == "__main__":
    main()
