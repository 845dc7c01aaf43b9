"""The reader of law files as a process of its own: one file in, what it holds out, and the end."""

from __future__ import annotations

import codecs
import os
import sys
from typing import Any

import msgspec

from hiwar.analysis.laws.reading import LawFile, read_law_file
from hiwar.analysis.tables.child import NICE, close_door
from hiwar.engine.law.akoma_reader import LawFileError
from hiwar.engine.law.lexicon import JURISDICTIONS, lexicon


class LawOrder(msgspec.Struct):
    """What is asked for: direction of the text, bytes of memory and seconds of processor."""

    direction: str
    memory: int
    seconds: int


class LawAnswer(msgspec.Struct):
    """What a file holds, or why not (`code` of a ``LawFileError``)."""

    file: LawFile | None = None
    code: str = ""


# Loaded before the door closes, after which no module and no lexicon can be read.
CODECS = ("cp437", "utf-16", "utf-32", "windows-1256", "iso8859-6", "windows-1252", "latin-1")


def answer(order: LawOrder, content: bytes) -> LawAnswer:
    """Read a file as it was ordered; whatever goes wrong has a code."""
    try:
        return LawAnswer(read_law_file(content, direction=order.direction))
    except LawFileError as error:
        return LawAnswer(code=error.code)
    except (MemoryError, RecursionError):
        return LawAnswer(code="too_large")


def main() -> None:
    """Serve one order and end."""
    os.nice(NICE)
    order = msgspec.json.decode(sys.stdin.buffer.readline(), type=LawOrder)
    content = sys.stdin.buffer.read()
    for name in CODECS:
        codecs.lookup(name)
    for name in JURISDICTIONS:
        lexicon(name)
    close_door(order.memory, order.seconds)
    encoded = msgspec.json.encode(answer(order, content))
    stream: Any = sys.stdout.buffer
    stream.write(encoded)
    stream.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
