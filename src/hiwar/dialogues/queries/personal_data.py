"""Private details in what somebody writes: found for the writer, before anything is sent."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES_FILE = Path(__file__).parents[1] / "given_names.json"
WESTERN = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
WEIGHT = {"email": 0, "id": 1, "phone": 2, "name": 3}

# Direction marks travel with numbers that were copied from Arabic text.
_GAP = "[ \u00a0\u2000-\u200f\u202a-\u202e\u2066-\u2069._/()\\-\u2010-\u2015]"
_NUMBER = re.compile(rf"(?<![\w.,])(?:\+|00)?{_GAP}{{0,3}}\d(?:{_GAP}{{0,3}}\d){{6,14}}(?![\w])")
_DATE = re.compile(
    r"(?:(?:19|20)\d\d[-/.\u2013](?:19|20)\d\d|(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}"
    r"|\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d\d)"
)
_MAIL = re.compile(
    r"[^\s@<>()\[\],;:]+\s?(?:@|\(at\)|\[at\]|\{at\}| at )\s?[\w-]+"
    r"(?:\s?(?:\.|\(dot\)|\[dot\]| dot )\s?[\w-]{2,})+",
    re.IGNORECASE,
)
_LETTERED_ID = re.compile(r"(?<!\w)[A-Za-z]{1,2}[ -]?\d{6,9}(?!\w)")
_NAMED_ID = re.compile(
    r"(?:هوي(?:ة|تي|ته|تها)|جواز(?:\sسفر\w*)?|رقم\sوطني|الرقم\sالوطني"
    r"|\bid\b|\bidentity\b|\bpassport\b)\D{0,20}?([A-Za-z]{0,2}[ -]?\d[\d -]{3,13}\d)",
    re.IGNORECASE,
)
_AR = "[\u0621-\u064a\u0671-\u06d3]"
_TITLE_AR = (
    r"(?:(?:السيد|السيدة|سيد|سيدة|الأستاذ|الأستاذة|الاستاذ|الاستاذة|الدكتور|الدكتورة|دكتور|دكتورة"
    r"|المهندس|المهندسة|الحاج|الحاجة|الشيخ|المحامي|المحامية|أبو|ابو|أم|ام)\s|(?:د|م|أ)\.\s?)"
)
_TITLED_AR = re.compile(rf"(?<!{_AR}){_TITLE_AR}{_AR}{{2,}}(?:\s{_AR}{{2,}})?")
_TITLED_EN = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Dr|Eng|Prof|Professor|Sheikh|Hajj|Abu|Umm|Um)\b\.?\s[A-Z][\w'’-]+"
    r"(?:\s(?:[Aa]l-|El-|Abu\s)?[A-Z][\w'’-]+)*"
)
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
# Words that follow a title without being a name: "the head of", "the mother of all".
_NO_NAME = re.compile(r"^(?:أم|ام|أبو|ابو)\s(?:لا|لم|أن|هل|من|على|في|إلى)(?!\w)")


@dataclass(frozen=True, slots=True)
class Detail:
    """A private detail in a text.

    Attributes
    ----------
    kind : str
        phone, email, id or name.
    start, end : int
        Where it stands: ``text[start:end]``.
    """

    kind: str
    start: int
    end: int


def private_details(text: str) -> list[Detail]:
    """Return the private details in a text, in their order; two never overlap.

    Telephone numbers, e-mail addresses and identity numbers in both sets of digits, and what looks
    like the name of a person in Arabic or English. A name may be missed or seen where there is
    none, so this warns a writer and orders the review; it decides nothing.
    """
    plain = text.translate(WESTERN)
    details = sorted(
        [*_mails(plain), *_numbers(plain), *_people(plain)],
        key=lambda detail: (WEIGHT[detail.kind], detail.start),
    )
    chosen: list[Detail] = []
    for detail in details:
        if all(detail.end <= other.start or detail.start >= other.end for other in chosen):
            chosen.append(detail)
    return sorted(chosen, key=lambda detail: detail.start)


def _mails(text: str) -> Iterator[Detail]:
    for match in _MAIL.finditer(text):
        yield Detail("email", *match.span())


def _numbers(text: str) -> Iterator[Detail]:
    for match in _NAMED_ID.finditer(text):
        yield Detail("id", *match.span(1))
    for match in _LETTERED_ID.finditer(text):
        yield Detail("id", *match.span())
    for match in _NUMBER.finditer(text):
        written = match.group().strip()
        if _DATE.fullmatch(written):
            continue
        start = match.start() + len(match.group()) - len(match.group().lstrip())
        is_id = written.isdigit() and len(written) == 9 and written[0] != "0"
        yield Detail("id" if is_id else "phone", start, match.end())


def _people(text: str) -> Iterator[Detail]:
    for pattern in (_TITLED_AR, _TITLED_EN):
        for match in pattern.finditer(text):
            if not _NO_NAME.match(match.group()):
                yield Detail("name", *match.span())
    given_names = _given_names()
    words = list(_WORD.finditer(text))
    for word, following in pairwise(words):
        if (
            text[word.end() : following.start()] != " "
            or fold_name(word.group()) not in given_names
        ):
            continue
        if _is_second_name(following.group(), given_names):
            yield Detail("name", word.start(), following.end())


def _is_second_name(word: str, given_names: frozenset[str]) -> bool:
    """Return whether a word goes on with a name: a capital in Latin, a given name in Arabic."""
    if word[0].isascii():
        return word[0].isupper() or word.lower().startswith(("al-", "el-"))
    return fold_name(word) in given_names


def fold_name(word: str) -> str:
    """Return a name as the list has it, whatever the spelling of its letters."""
    folded = re.sub("[أإآ]", "ا", word.casefold())
    return folded.replace("ى", "ي").replace("ة", "ه").replace("ؤ", "و").replace("ئ", "ي")


@cache
def _given_names() -> frozenset[str]:
    names = json.loads(NAMES_FILE.read_text("utf-8"))
    return frozenset(fold_name(name) for each in names.values() for name in each)
