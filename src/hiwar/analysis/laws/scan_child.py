"""The reader of scanned pages as a process of its own: one PDF in, pages or a picture out."""

from __future__ import annotations

import os
import sys
from typing import Any

import msgspec

from hiwar.analysis.laws.scans import ScanPage, keep_to_limits, picture_of, read_scan
from hiwar.analysis.tables.child import NICE
from hiwar.engine.law.akoma_reader import LawFileError


class ScanOrder(msgspec.Struct):
    """What is asked for: a picture of a page, or with 0 the text of all in a direction."""

    direction: str
    page: int
    memory: int
    seconds: int


class ScanAnswer(msgspec.Struct):
    """The pages that were read, or a picture (PNG), or why not (`code` of a ``LawFileError``)."""

    pages: tuple[ScanPage, ...] = ()
    picture: bytes = b""
    code: str = ""


def answer(order: ScanOrder, content: bytes) -> ScanAnswer:
    """Do what was ordered; whatever goes wrong has a code."""
    try:
        if order.page:
            return ScanAnswer(picture=picture_of(content, order.page))
        return ScanAnswer(read_scan(content, order.direction))
    except LawFileError as error:
        return ScanAnswer(code=error.code)
    except MemoryError:
        return ScanAnswer(code="too_large")


def main() -> None:
    """Serve one order and end."""
    os.nice(NICE)
    order = msgspec.json.decode(sys.stdin.buffer.readline(), type=ScanOrder)
    content = sys.stdin.buffer.read()
    keep_to_limits(order.memory, order.seconds)
    stream: Any = sys.stdout.buffer
    stream.write(msgspec.json.encode(answer(order, content)))
    stream.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
