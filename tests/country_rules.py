"""The rule that the house is nobody's country: words of one stand in its seed file alone."""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from house_rules import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

# What a country adds to the lists, how its laws are written, and what loads the demonstration.
SEEDS = re.compile(
    r"countries/\w+\.json"
    r"|engine/law/lexicons/\w+\.toml"
    r"|\w+/actions/demo\w*\.py"
    r"|\w+/migrations/\w+\.py"
)
READ = {".py", ".html", ".txt", ".json", ".toml", ".js", ".css", ".po", ".svg", ".csl"}
WORDS = (
    "palestine", "palestinian", "palestinians", "israel", "israeli", "governorate", "governorates",
    "camp", "camps", "checkpoint", "checkpoints", "ramallah", "bireh", "al-bireh", "birzeit",
    "west bank", "gaza strip", "unrwa", "shekel", "shekels", "ils", "nis", "jod", "dinar", "dinars",
    "allenby", "shurfa",
    "فلسطين", "فلسطيني", "فلسطينية", "فلسطينيون", "فلسطينيين", "إسرائيل", "إسرائيلي", "إسرائيلية",
    "محافظة", "محافظات", "مخيم", "مخيمات", "نقطة تفتيش", "نقاط التفتيش", "عند الحواجز",
    "رام الله", "البيرة", "بيرزيت", "الضفة الغربية", "قطاع غزة", "أونروا", "شيكل", "شيقل",
    "دينار", "شرفة",
)  # fmt: skip
# Of a village of the demonstration these are words of the language, or names of people.
ALSO_WORDS = frozenset(["aida", "azza", "beach", "عايده", "الشاطي"])
# Signed heads of a log and heads of the write-ahead log of a database: no barriers on a road.
CHECKPOINTS_PERMITTED = re.compile(
    r"engine/ledger/.*|common/personal/proof\.py|common/serving/\w+\.py"
    r"|dialogues/(?:queries/bundles|exports/files)\.py"
)
CALLING_CODE = re.compile(r"(?<![\d.,/#-])(?:\+|00)\s?97[02](?=[\s\d(-])|[\"']97[02][\"']")
_SAME = str.maketrans("أإآٱىةئؤ", "اااايهيو", "ـ")
_JOINED = r"[وف]?(?:[بك]?ال|لل|[بكل])?"
_WITH_ARTICLE = r"[وف]?(?:[بك]?ال|لل)"


def one_country(package: Path) -> Iterator[str]:
    """No word of one country stands outside the seed of a country and the demonstration's loaders.

    Words are found in any case, in Arabic without marks, variants and what is joined before them.
    """
    for path in sorted(package.rglob("*")):
        name = path.relative_to(package).as_posix()
        if path.suffix in READ and "__pycache__" not in path.parts and not SEEDS.fullmatch(name):
            for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
                for word in words_of_one_country(line):
                    if word.startswith("checkpoint") and CHECKPOINTS_PERMITTED.fullmatch(name):
                        continue
                    yield f"{name}:{number}: “{word}” is of one country"


def words_of_one_country(line: str) -> Iterator[str]:
    """Yield the words of a line that are of one country, as they are written there."""
    if line.startswith("#: "):  # where a message comes from
        return
    folded = _folded(line)
    yield from (match[0].strip() for match in _pattern().finditer(folded))
    yield from (match[0] for match in CALLING_CODE.finditer(line))


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return bare.translate(_SAME)


@cache
def _pattern() -> re.Pattern[str]:
    words = {_folded(word) for word in WORDS} | set(_places())
    latin = [word for word in words if word.isascii()]
    # القدس and البيرة are towns; قدس and بيرة are words.
    named = [word.removeprefix("ال") for word in words if word.startswith("ال")]
    arabic = [word for word in words if not word.isascii() and not word.startswith("ال")]
    return re.compile(
        rf"(?<![\w-])(?:{_any(latin)})(?![\w-])"
        rf"|(?<!\w){_JOINED}(?:{_any(arabic)})(?!\w)|(?<!\w){_WITH_ARTICLE}(?:{_any(named)})(?!\w)"
    )


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _places() -> Iterator[str]:
    """Yield the names of the places of the demonstration, without what they are of."""
    with (ROOT / "demo/places/geo-units.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            for name in (row["name_en"], row["name_ar"]):
                bare = re.sub(r"\(.*?\)| camp$|^مخيم ", "", name).strip()
                word = _folded(bare)
                if len(word) > 3 and word not in ALSO_WORDS:
                    yield word
