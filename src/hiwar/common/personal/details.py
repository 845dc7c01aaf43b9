"""Private details in what somebody writes: found for the writer, masked before staff read it."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.common.multilingual import MultilingualText

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.utils.functional import Promise

NAMES_FILE = Path(__file__).parent / "given_names.json"
DIGIT_WORDS_FILE = Path(__file__).parent / "digit_words.json"
# Of two details that overlap the one named first is taken.
WEIGHT = {"email": 0, "bank": 1, "id": 2, "phone": 3, "handle": 4, "name": 5}

# What stands in the text instead of a detail. A name is left: half of what looks like one is none,
# and without names nobody could judge what a sentence says of whom.
MASKS: dict[str, Promise] = {
    "email": pgettext_lazy("mask", "e-mail address"),
    "bank": pgettext_lazy("mask", "bank number"),
    "id": pgettext_lazy("mask", "identity number"),
    "phone": pgettext_lazy("mask", "telephone number"),
    "handle": pgettext_lazy("mask", "account name"),
}
KINDS: dict[str, Promise] = {
    "email": _("an e-mail address"),
    "bank": _("a bank number"),
    "id": _("an identity number"),
    "phone": _("a telephone number"),
    "handle": _("the name of an account"),
    "name": _("the name of a person"),
}
FEWEST_DIGITS = 7
FEWEST_WORDS = 3

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
_CARD = re.compile(rf"(?<![\w.,])\d(?:{_GAP}?\d){{15,33}}(?![\w])")
_IBAN = re.compile(r"(?<!\w)[A-Za-z]{2}[ -]?\d\d(?:[ -]?[A-Za-z0-9]){11,30}(?![A-Za-z0-9])")
_NAMED_ACCOUNT = re.compile(
    r"(?:حساب(?:ي|ه|ها|نا)?(?:\sبنكي|\sالبنكي)?|آيبان|ايبان|\biban\b|\baccount\b|\bcard\b|بطاقة)"
    r"\D{0,20}?(\d[\d -]{3,32}\d)",
    re.IGNORECASE,
)
_HANDLE = re.compile(
    r"(?<![\w@.])@[\w.]{2,40}\w"
    r"|(?:https?://)?(?:www\.|m\.)?(?:t\.me|telegram\.me|wa\.me|api\.whatsapp\.com|facebook\.com|fb\.com"
    r"|fb\.me|m\.me|instagram\.com|tiktok\.com|twitter\.com|x\.com|snapchat\.com|youtube\.com"
    r"|linkedin\.com/in)/[\w@.+/%?=&-]*\w",
    re.IGNORECASE,
)
_DIGIT_WORD = re.compile(r"[^\W\d_]+|\d+")
_BETWEEN_WORDS = re.compile(r"[\s،,.\u200e\u200f-]{1,4}")
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
        phone, email, id, bank, handle or name.
    start, end : int
        Where it stands: ``text[start:end]``.
    """

    kind: str
    start: int
    end: int


def private_details(text: str) -> list[Detail]:
    """Return the private details in a text, in their order; two never overlap.

    Telephone, identity and bank numbers in every set of digits and in words, e-mail addresses,
    names of accounts, and what looks like the name of a person in Arabic or English. A name may be
    missed or seen where there is none, so this warns a writer, orders the review and masks; what
    becomes of a text is decided by a person.
    """
    plain = _western(text)
    details = sorted(
        [*_mails(plain), *_accounts(plain), *_numbers(plain), *_spoken(plain), *_people(plain)],
        key=lambda detail: (WEIGHT[detail.kind], detail.start),
    )
    chosen: list[Detail] = []
    for detail in details:
        if all(detail.end <= other.start or detail.start >= other.end for other in chosen):
            chosen.append(detail)
    return sorted(chosen, key=lambda detail: detail.start)


def masked(text: str, language: str = "") -> str:
    """Return a text with a word in brackets for each private detail; names of people stay.

    The word is of `language`, or of the reader. What was masked before is left as it is.
    """
    out, at = [], 0
    with translation.override(language or translation.get_language()):
        for detail in private_details(text):
            if detail.kind in MASKS:
                out += [text[at : detail.start], f"[{MASKS[detail.kind]}]"]
                at = detail.end
    return "".join([*out, text[at:]]) if out else text


def masked_text(text: Mapping[str, str]) -> MultilingualText:
    """Return a text in several languages, masked in each."""
    return MultilingualText({code: masked(words, code) for code, words in text.items()})


def _western(text: str) -> str:
    """Return a text with every decimal digit as 0 to 9; no place in it moves."""
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.decimal(sign)) if sign.isdecimal() and not sign.isascii() else sign
        for sign in text
    )


def _mails(text: str) -> Iterator[Detail]:
    for match in _MAIL.finditer(text):
        yield Detail("email", *match.span())


def _accounts(text: str) -> Iterator[Detail]:
    for match in _IBAN.finditer(text):
        if sum(sign.isdigit() for sign in match.group()) >= 10:
            yield Detail("bank", *match.span())
    for match in _CARD.finditer(text):
        yield Detail("bank", *match.span())
    for match in _NAMED_ACCOUNT.finditer(text):
        yield Detail("bank", *match.span(1))
    for match in _HANDLE.finditer(text):
        yield Detail("handle", *match.span())


def _numbers(text: str) -> Iterator[Detail]:
    for match in _NAMED_ID.finditer(text):
        lead = len(match[1]) - len(match[1].lstrip())
        yield Detail("id", match.start(1) + lead, match.end(1))
    for match in _LETTERED_ID.finditer(text):
        yield Detail("id", *match.span())
    for match in _NUMBER.finditer(text):
        written = match.group().strip()
        if _DATE.fullmatch(written):
            continue
        start = match.start() + len(match.group()) - len(match.group().lstrip())
        is_id = written.isdigit() and len(written) == 9 and written[0] != "0"
        yield Detail("id" if is_id else "phone", start, match.end())


def _spoken(text: str) -> Iterator[Detail]:
    """Yield numbers that are written in words, or in words and digits, one after the other.

    Such a run is a number to call or to pay when its words stand for seven digits or more;
    thousands and millions end it, for they belong to a quantity.
    """
    known = _digit_words()
    run: list[re.Match[str]] = []
    digits = spoken = 0
    for match in [*_DIGIT_WORD.finditer(text), None]:
        counts = _digits_in(match.group(), known) if match else None
        joins = match and run and _BETWEEN_WORDS.fullmatch(text[run[-1].end() : match.start()])
        if run and (counts is None or not joins):
            if digits >= FEWEST_DIGITS and spoken >= FEWEST_WORDS:
                yield Detail("phone", run[0].start(), run[-1].end())
            run, digits, spoken = [], 0, 0
        # A joining word ("and") carries a run on and begins none.
        if match and counts is not None and (run or counts):
            run.append(match)
            digits += counts
            spoken += not match.group().isdigit() and counts > 0


def _digits_in(word: str, known: dict[str, int]) -> int | None:
    """Return how many digits a word of a number stands for; None for any other word."""
    if word.isdigit():
        return len(word) if len(word) <= FEWEST_DIGITS else None
    folded = fold_name(word)
    return known.get(folded, known.get(folded.removeprefix("و")))


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
def _digit_words() -> dict[str, int]:
    words = json.loads(DIGIT_WORDS_FILE.read_text("utf-8"))
    return {fold_name(word): int(count) for count, group in words.items() for word in group}


@cache
def _given_names() -> frozenset[str]:
    names = json.loads(NAMES_FILE.read_text("utf-8"))
    return frozenset(fold_name(name) for each in names.values() for name in each)
