"""Which letters the bytes of a text stand for, and how sure that is."""

from __future__ import annotations

import codecs
import re

from hiwar.analysis.tables.workbook import Encoding, TableError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# In the order in which they are believed where they fit alike: Windows Arabic and Western come
# first, since most old files are of one of them.
_OLD = ("cp1256", "cp1252", "iso8859_6", "cp1254", "cp1250", "cp1251")
# Looked up here, since whoever reads in a closed process can open no file of the library later.
for _name in (*_OLD, "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"):
    codecs.lookup(_name)
_WORD = re.compile(r"[^\s\x00-\x40\x5b-\x60\x7b-\x7f،؛؟«»…–—‘’“”]+")
_ARABIC = re.compile("[\u0620-\u065f\u0670-\u06d3]")
_MARKS_OF_ARABIC = re.compile("[\u064b-\u0652\u0640]")
_PLAIN = re.compile("[A-Za-z]")
_OTHER = re.compile("[\u00c0-\u024f]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_RARE = frozenset("ÞþÐð×÷ƒ")
_SAMPLE = 1 << 18
_MOST_WORDS = 3000


def decode(content: bytes) -> tuple[str, Encoding]:
    """Return the text of a file, and how its bytes were read.

    A mark at the beginning decides; then whatever is UTF-8 is UTF-8; then UTF-16 without a mark;
    then lines of UTF-8 among those of an old encoding, which were put together; then the old
    encoding whose words look most like words. Raises ``TableError`` (`unreadable`).
    """
    for mark, name in _MARKS:
        if content.startswith(mark):
            text = _strict(content, name).removeprefix("\ufeff")
            return text, Encoding(name.removesuffix("-sig"))
    if name := _without_mark(content):
        return _strict(content, name), Encoding(name, 0.95)
    try:
        return content.decode(), Encoding("utf-8" if not content.isascii() else "ascii")
    except UnicodeDecodeError:
        return _mixed(content) or _old(content)


def _mixed(content: bytes) -> tuple[str, Encoding] | None:
    """Return a text in which lines of UTF-8 and of an old encoding were put together.

    Lines that are UTF-8 beyond ASCII are that and nothing else: as good as no word of an old
    encoding reads so. None where no line is.
    """
    lines = content.split(b"\n")
    newer: dict[int, str] = {}
    for at, line in enumerate(lines):
        if not line.isascii():
            try:
                newer[at] = line.decode()
            except UnicodeDecodeError:
                continue
    if _likeness("\n".join(newer.values())[:_SAMPLE]) <= 0:
        return None
    text, old = _old(b"\n".join(b"" if at in newer else line for at, line in enumerate(lines)))
    read = text.split("\n")
    return (
        "\n".join(newer.get(at, line) for at, line in enumerate(read)),
        Encoding(f"utf-8, {old.name}", min(0.6, old.confidence)),
    )


def _strict(content: bytes, name: str) -> str:
    try:
        return content.decode(name)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise TableError("unreadable", line=line, what=name) from None


def _without_mark(content: bytes) -> str:
    """Return UTF-16 by its high bytes: zero for Latin letters and digits, six for Arabic."""
    sample = content[:2048]
    if len(sample) < 4 or len(content) % 2:
        return ""
    even, odd = ([byte in b"\x00\x06" for byte in sample[at::2]] for at in (0, 1))
    shares = (sum(even) / len(even), sum(odd) / len(odd))
    if min(shares) < 0.3 and max(shares) > 0.6:
        return "utf-16-le" if shares[1] > shares[0] else "utf-16-be"
    return ""


def _old(content: bytes) -> tuple[str, Encoding]:
    scored: list[tuple[float, str]] = []
    seen: set[str] = set()
    for name in _OLD:
        try:
            text = content.decode(name)
        except UnicodeDecodeError:
            continue
        # Encodings that give the same letters are no doubt.
        if (sample := text[:_SAMPLE]) not in seen:
            seen.add(sample)
            scored.append((_likeness(sample), name))
    scored.sort(key=lambda scoring: -scoring[0])
    if not scored or scored[0][0] <= -1:
        raise TableError("unreadable", what="encoding")
    best, name = scored[0]
    second = scored[1][0] if len(scored) > 1 else -1.0
    confidence = max(0.3, min(0.95, 0.5 + (best - second) / 2)) if best > 0 else 0.3
    others = tuple(encoding for score, encoding in scored[1:] if score > 0)[:3]
    return content.decode(name), Encoding(name, round(confidence, 2), others)


def _likeness(text: str) -> float:
    """Return how much the words with letters beyond ASCII look like words, from -2 to 1.5."""
    words = [word for word in _WORD.findall(text) if not word.isascii()][:_MOST_WORDS]
    if not words:
        return 0.0
    return sum(map(_word, words)) / len(words)


def _word(word: str) -> float:
    arabic, plain = len(_ARABIC.findall(word)), len(_PLAIN.findall(word))
    other, cyrillic = len(_OTHER.findall(word)), len(_CYRILLIC.findall(word))
    strange = len(word) - arabic - plain - other - cyrillic - word.count("'")
    if strange > 0 or sum(map(bool, (arabic, plain + other, cyrillic))) > 1:
        return -2.0
    if arabic:
        # Half of a word in vowel signs is a word of another encoding.
        if len(_MARKS_OF_ARABIC.findall(word)) * 2 >= len(word):
            return -1.0
        return 1.25 if word.startswith("ال") else 1.0
    if cyrillic:
        return 0.6 if word.islower() or word.isupper() or word.istitle() else -1.0
    if other > max(1, plain):
        return -1.5
    has_case = word.islower() or word.isupper() or word.istitle()
    return (1.0 if has_case else -0.5) - 0.6 * bool(_RARE & set(word))
