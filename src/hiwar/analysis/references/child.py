"""The reader of references as a process of its own: it takes one file, says what is in it, ends."""

from __future__ import annotations

import os
import sys
from typing import Any

import msgspec

from hiwar.analysis.references.reading import read_references
from hiwar.analysis.references.records import Reference  # noqa: TC001 - read by msgspec
from hiwar.analysis.tables.child import NICE, close_door
from hiwar.analysis.tables.workbook import Limits, TableError


class Order(msgspec.Struct):
    """What is asked for: limits, bytes and seconds."""

    limits: Limits
    memory: int
    seconds: int


class Answer(msgspec.Struct):
    """What was found, or why not (`code`, `line` and `what` of a ``TableError``)."""

    references: tuple[Reference, ...] | None = None
    code: str = ""
    line: int = 0
    what: str = ""


def answer(order: Order, content: bytes) -> Answer:
    """Read a file as it was ordered; whatever goes wrong has a code."""
    try:
        return Answer(read_references(content, order.limits))
    except TableError as error:
        return Answer(code=error.code, line=error.line, what=error.what)
    except (MemoryError, RecursionError):
        return Answer(code="too_large", what="memory")


def main() -> None:
    """Serve one order and end."""
    os.nice(NICE)
    order = msgspec.json.decode(sys.stdin.buffer.readline(), type=Order)
    content = sys.stdin.buffer.read()
    close_door(order.memory, order.seconds)
    stream: Any = sys.stdout.buffer
    stream.write(msgspec.json.encode(answer(order, content)))
    stream.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
