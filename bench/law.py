"""`python -m bench.law`: reading, comparing and amending laws, in seconds of processor.

Decree-laws are invented, with every way of writing a heading planted (`decree_laws.py`); the reader
was not made for them. The redline is measured on an invented text with planted edits and moves, and
on the real laws of ../shared/data where they lie beside the checkout, next to the standard
library's `difflib` and, where the bench environment has them, `diff-match-patch` and `bluebell`.
"""

from __future__ import annotations

import argparse
import difflib
import json
import random
import subprocess
import time
from pathlib import Path

from bench.decree_laws import FAULTS, decree_law
from hiwar.engine.law.reader import read_law
from hiwar.engine.law.redline import compare, compare_texts
from hiwar.engine.law.words import tokens

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared/data/laws"
PEER = ROOT / "bench/peers/law_peer.py"
PYTHON = ROOT / ".venv-bench/bin/python"


def reading(n: int) -> None:
    right = missed = wrong = lines = 0
    seconds = 0.0
    worst: dict[str, list[int]] = {fault: [0, 0] for fault in FAULTS}
    for seed in range(5000, 5000 + n):
        planted = decree_law(seed)
        start = time.process_time()
        law = read_law(planted.text).law
        seconds += time.process_time() - start
        lines += planted.text.count("\n")
        read, true = {a.eid for a in law.articles()}, set(planted.articles)
        right, missed, wrong = (
            right + len(read & true), missed + len(true - read), wrong + len(read - true)
        )  # fmt: skip
        worst[planted.fault][0] += len(true - read)
        worst[planted.fault][1] += len(true)
    share = right / (right + missed)
    print(f"reader: {n} invented decree-laws, {right + missed} articles: {share:.4%}"
          f" found, {wrong} false; {lines / seconds:,.0f} lines a second")  # fmt: skip
    for fault, (lost, total) in worst.items():
        print(f"  {fault or 'plain'}: {lost} of {total} missed")


def edited(paragraphs: list[str], chance: random.Random) -> tuple[list[str], set[int]]:
    """Return paragraphs with a twelfth of the words of a quarter exchanged, and six moved."""
    words = [word for paragraph in paragraphs for word in paragraph.split()]
    new = [
        " ".join(
            chance.choice(words) if chance.random() < 0.08 else w for w in paragraph.split(" ")
        )
        if len(paragraph.split()) > 8 and chance.random() < 0.25
        else paragraph
        for paragraph in paragraphs
    ]
    long = [at for at, paragraph in enumerate(paragraphs) if len(paragraph.split()) >= 8]
    moved = set(chance.sample(long, min(6, len(long))))
    kept = [paragraph for at, paragraph in enumerate(new) if at not in moved]
    for at in moved:
        kept.insert(chance.randrange(len(kept)), new[at])
    return kept, moved


def redline(name: str, paragraphs: list[str]) -> None:
    old = list(dict.fromkeys(paragraph for paragraph in paragraphs if paragraph.strip()))
    new, moved = edited(old, random.Random(3))
    texts = "\n".join(old), "\n".join(new)
    start = time.process_time()
    rows = compare_texts(*texts)
    seconds = time.process_time() - start
    found = {row.old[0] for row in rows if row.is_moved}
    marked = sum(len(e.old) + len(e.new) for r in rows if not r.is_moved for e in r.edits
                 if e.kind in {"delete", "insert"})  # fmt: skip
    print(f"redline, {name}: {len(texts[0]):,} characters, {len(old)} paragraphs: {seconds:.2f} s,"
          f" {marked:,} characters marked; moves {len(found & moved)} of {len(moved)} found,"
          f" {len(found - moved)} false")  # fmt: skip
    if len(texts[0]) < 30_000:
        start = time.process_time()
        a, b = tokens(texts[0]), tokens(texts[1])
        codes = difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
        marked = sum(
            len("".join(a[i:j])) + len("".join(b[k:m]))
            for tag, i, j, k, m in codes
            if tag != "equal"
        )
        print(
            f"  difflib, words: {time.process_time() - start:.2f} s, {marked:,} characters marked"
        )
    peer("diff_match_patch", *texts)


def peer(what: str, *texts: str) -> None:
    if not PYTHON.exists():
        print(f"  {what}: left out, the bench environment is not here")
        return
    done = subprocess.run(
        [PYTHON, PEER, what], input=json.dumps(texts), capture_output=True, text=True, check=False
    )
    print(f"  {what}: {done.stdout.strip() or 'left out, it is not installed'}")


def whole_law(articles: int) -> None:
    planted = next(
        decree_law(seed) for seed in range(99) if len(decree_law(seed).articles) > articles
    )
    old = planted.text.replace("\r", "")
    lines = [
        f"{line} {at}" if line.endswith(".") else line for at, line in enumerate(old.split("\n"))
    ]
    while sum(map(len, lines)) < 150_000:
        lines[-3:-3] = [f"إضافة رقم {len(lines)}: {line}" for line in lines[20:120]]
    chance = random.Random(4)
    new = [line.replace("الوزارة", "الهيئة") if chance.random() < 0.3 else line for line in lines]
    start = time.process_time()
    laws = [read_law("\n".join(side)).law for side in (lines, new)]
    middle = time.process_time()
    changes = compare(*laws)
    print(f"two versions of {sum(map(len, lines)):,} characters: {middle - start:.2f} s read,"
          f" {time.process_time() - middle:.2f} s compared, {len(changes)} provisions")  # fmt: skip


def floods(length: int = 200_000) -> None:
    """Read what nobody means well with: what twice the text takes, as a multiple of the text."""
    for name, unit in {
        "headings of one number": "مادة (1)\n", "one line of headings": "نص. مادة (6) - نص ",
        "letters as printers set them": "ﻣﺎﺩﺓ ", "empty lines": "\n",
    }.items():  # fmt: skip
        seconds = []
        for size in (length, 2 * length):
            start = time.process_time()
            read_law(unit * (size // len(unit)))
            seconds.append(time.process_time() - start)
        print(f"flood, {name}: {length:,} letters in {seconds[0]:.2f} s,"
              f" twice as many take {seconds[1] / seconds[0]:.1f} times that")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.law", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer decree-laws")
    asked = parser.parse_args()
    reading(20 if asked.quick else 120)
    whole_law(200)
    floods()
    redline("invented", [f"{line} {at}" for at, line in enumerate(decree_law(14).text.split("\n"))])
    for name in ("associations-law", "labour-law") if DATA.is_dir() else ():
        redline(name, (DATA / f"sa/{name}.md").read_text("utf-8").split("\n"))
    peer("bluebell", "BODY\n\n" + "".join(
        f"ARTICLE {n}\n\n  نص المادة رقم {n} من هذا القانون.\n\n" for n in range(1, 400)
    ))  # fmt: skip


if __name__ == "__main__":
    main()
