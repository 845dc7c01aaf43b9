"""Ways of writing Arabic names in Latin letters, fixed before any name was compared.

A name is given by its sounds: ``V`` th of thaa, ``j`` jim, ``H`` haa, ``x`` khaa, ``Q`` dhaal,
``S`` shin, ``C`` sad, ``D`` dad, ``T`` taa, ``Z`` zaa, ``3`` ayn, ``G`` ghayn, ``'`` hamza,
``aa ii uu`` long vowels, ``%`` ta marbuta, ``~`` the ending of a nisba, other letters as they
sound. Each convention is a table and a few rules, applied alike to every name.
"""

from __future__ import annotations

import csv
import random
import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
SUN = "tVdQrzsSCDTZnl"
SPLIT = re.compile(r"a%|aa|ii|uu|ayy(?![aiu])|iyy(?![aiu])|ay(?![yaiu])|aw(?![waiu])|i~|.")


@dataclass(frozen=True)
class Word:
    arabic: str
    sounds: str


@dataclass(frozen=True)
class Convention:
    name: str
    letters: dict[str, str]
    article: str
    doubles: bool = True
    assimilates: bool = False


COMMON = {
    "'": "", "b": "b", "t": "t", "V": "th", "j": "j", "H": "h", "x": "kh", "d": "d", "Q": "dh",
    "r": "r", "z": "z", "s": "s", "S": "sh", "C": "s", "D": "d", "T": "t", "Z": "z", "3": "",
    "G": "gh", "f": "f", "q": "q", "k": "k", "l": "l", "m": "m", "n": "n", "h": "h", "w": "w",
    "y": "y", "a": "a", "i": "i", "u": "u", "aa": "a", "ii": "i", "uu": "u", "ay": "ay",
    "aw": "aw", "a%": "a", "%": "t", "i~": "i", "ayy": "ay", "iyy": "i",
}  # fmt: skip
ENGLISH = Convention("english", COMMON, "al-")
SCHOLARLY = Convention(
    "scholarly",
    COMMON
    | {"'": "ʾ", "3": "ʿ", "H": "ḥ", "C": "ṣ", "D": "ḍ", "T": "ṭ", "Z": "ẓ", "aa": "ā", "ii": "ī",
       "uu": "ū", "i~": "ī", "iyy": "ī"},
    "al-",
    assimilates=True,
)  # fmt: skip
FRENCH = Convention(
    "french",
    COMMON
    | {"j": "dj", "S": "ch", "q": "k", "u": "ou", "uu": "ou", "w": "ou", "ay": "ei", "aw": "aou",
       "ii": "i", "s": "ss", "Q": "d", "i~": "i"},
    "El ",
    assimilates=True,
)  # fmt: skip
PASSPORT = Convention(
    "passport",
    COMMON | {"i": "e", "ay": "ai", "Z": "th", "Q": "th", "V": "th"},
    "Al",
    doubles=False,
)
LOCAL = Convention(
    "local",
    COMMON
    | {"aa": "aa", "ii": "ee", "uu": "ou", "u": "o", "i": "e", "a%": "eh", "q": "k", "ay": "ei",
       "aw": "ow", "i~": "i", "Z": "d", "Q": "z", "V": "t"},
    "Al ",
)  # fmt: skip
CONVENTIONS = (ENGLISH, SCHOLARLY, FRENCH, PASSPORT, LOCAL)


def transcribe(sounds: str, convention: Convention) -> str:
    """Write a name by one convention."""
    return re.sub(r"\s+", " ", _compound(sounds, convention)).strip()


def _compound(sounds: str, convention: Convention) -> str:
    servant, faith = sounds.startswith("3abd "), sounds.endswith(" al-diin")
    if servant:
        return _servant(sounds.removeprefix("3abd "), convention)
    if faith:
        head = transcribe(sounds.removesuffix(" al-diin"), convention)
        end = {"english": " al-Din", "scholarly": " al-Dīn", "french": "eddine",
               "passport": " Aldin", "local": " El Deen"}[convention.name]  # fmt: skip
        return head + end
    parts = sounds.split(" ")
    written = [_word(part, convention) for part in parts]
    if parts[-1] == "allaah" and len(parts) > 1:
        return written[0] + ("allah" if convention.name != "scholarly" else " Allāh")
    return " ".join(written)


def _servant(rest: str, convention: Convention) -> str:
    bare = rest.removeprefix("al-")
    name = _letters(bare, convention)
    if bare == "allaah":
        return {"english": "Abdullah", "scholarly": "ʿAbd Allāh", "french": "Abdallah",
                "passport": "Abdallah", "local": "Abdalla"}[convention.name]  # fmt: skip
    sun = _letters(bare[0], convention) if bare[0] in SUN else "l"
    return {
        "english": f"Abdul {name.capitalize()}",
        "scholarly": f"ʿAbd a{sun}-{name.capitalize()}",
        "french": f"Abde{sun}{name}",
        "passport": f"Abdal{name}",
        "local": f"Abd El {name.capitalize()}",
    }[convention.name]


def _word(sounds: str, convention: Convention) -> str:
    bare = sounds.removeprefix("al-")
    name = _letters(bare, convention)
    if bare == sounds:
        return name[:1].upper() + name[1:]
    article = convention.article
    if convention.assimilates and bare[0] in SUN:
        sun = _letters(bare[0], convention)
        article = f"a{sun}-" if article == "al-" else f"E{sun} "
    if article == "Al":
        return article + name
    return article + name[:1].upper() + name[1:]


def _letters(sounds: str, convention: Convention) -> str:
    out = []
    before = ""
    parts = SPLIT.findall(sounds)
    for at, part in enumerate(parts):
        letter = convention.letters[part]
        if part == before and len(letter) > 1:
            letter = (
                "" if convention.letters[part] in ["sh", "ch", "th", "kh", "gh", "dh"] else letter
            )
        if part == before and not convention.doubles:
            letter = ""
        if convention.name == "french":
            between = 0 < at < len(parts) - 1 and _is_vowel(parts[at - 1][0] + parts[at + 1][0])
            is_double = part in (before, *parts[at + 1 : at + 2])
            letter = _french(
                letter, part, is_first=at == 0, is_between=between, is_double=is_double
            )
        if part == "3" and convention.name == "passport" and at > 0 and parts[at - 1] == "a":
            letter = "a"
        out.append(letter)
        before = part
    name = "".join(out)
    if convention.name == "french" and name.endswith(("an", "in")) and len(name) > 4:
        name += "e"
    return name


def _french(letter: str, part: str, *, is_first: bool, is_between: bool, is_double: bool) -> str:
    if part == "s":
        return "ss" if is_between else "s"
    return "w" if part == "w" and (is_first or is_double) else letter


def _is_vowel(both: str) -> bool:
    return both[0] in "aiu" and both[-1] in "aiu"


def read(name: str) -> list[Word]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8") as file:
        return [Word(row["arabic"], row["sounds"]) for row in csv.DictReader(file)]


def half(words: list[Word], *, is_seen: bool) -> list[Word]:
    """Every other line: no word is in both halves."""
    return words[0::2] if is_seen else words[1::2]


@dataclass(frozen=True)
class Name:
    arabic: str
    sounds: tuple[str, ...]

    def latin(self, convention: Convention) -> str:
        return " ".join(transcribe(sounds, convention) for sounds in self.sounds)


def people(n: int, *, is_seen: bool, sizes: tuple[int, ...] = (2, 3, 4)) -> list[Name]:
    """Make names of different lengths out of the words of one half; no two are the same."""
    given = half(read("given"), is_seen=is_seen)
    family = half(read("family"), is_seen=is_seen)
    chance = random.Random(20_27 + is_seen)
    made: dict[str, Name] = {}
    while len(made) < n:
        size = sizes[len(made) % len(sizes)]
        parts = [*chance.sample(given, size - 1), chance.choice(family)]
        name = Name(" ".join(w.arabic for w in parts), tuple(w.sounds for w in parts))
        made.setdefault(name.arabic, name)
    return list(made.values())


def single_words(*, is_seen: bool) -> list[Name]:
    """Every given and family name on its own: the hardest question that can be asked."""
    words = [*half(read("given"), is_seen=is_seen), *half(read("family"), is_seen=is_seen)]
    return [Name(word.arabic, (word.sounds,)) for word in words]
