"""What is data in the register: kinds, honorifics, purposes, numbering, forms of address."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

from hiwar.common.multilingual import MultilingualText
from hiwar.engine.names import NumberingPlan, fold_arabic

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = Path(__file__).parents[1]


@cache
def words() -> Mapping[str, object]:
    """Return the words of the register as they lie in ``words.json``."""
    return cast("Mapping[str, object]", _json("words.json"))


@cache
def styles() -> Mapping[str, Mapping[str, Mapping[str, Mapping[str, Mapping[str, str]]]]]:
    """Return the forms of address: style, then ``forms``, language, sex, part."""
    return _json("forms_of_address.json")  # type: ignore[return-value]  # the shape of the file


def texts(group: str) -> dict[str, MultilingualText]:
    """Return the words of one group by code: kinds, sectors, purposes, channels."""
    found = cast("Mapping[str, Mapping[str, str]]", words()[group])
    return {code: MultilingualText(text) for code, text in found.items()}


def style_texts() -> dict[str, MultilingualText]:
    """Return what each form of address is called."""
    return {code: MultilingualText(cast("Mapping[str, str]", one["name"]))
            for code, one in styles().items()}  # fmt: skip


def honorific_texts() -> dict[str, MultilingualText]:
    """Return how each honorific reads when the sex is not known."""
    found = cast("Mapping[str, Mapping[str, Mapping[str, str]]]", words()["honorifics"])
    return {
        code: MultilingualText({"ar": one["ar"][""], "en": one["en"][""] or one["en"]["male"]})
        for code, one in found.items()
    }


def label(group: str, code: str) -> str:
    """Return how a code reads for the reader; a code that nobody listed stands for itself."""
    found = texts(group).get(code)
    return str(found) if found else code


def choices(group: str) -> list[tuple[str, str]]:
    """Return the codes of a group with their wording."""
    return [(code, str(text)) for code, text in texts(group).items()]


def codes(group: str) -> list[str]:
    """Return a plain list of the file, such as ``mission_kinds``."""
    return [str(code) for code in cast("list[object]", words()[group])]


def days(name: str) -> int:
    """Return a number of days, such as ``leaving_days``."""
    return cast("int", words()[name])


@cache
def plans() -> tuple[NumberingPlan, ...]:
    """Return how telephone numbers are written here."""
    found = cast("list[Mapping[str, object]]", words()["numbering"])
    return tuple(
        NumberingPlan(
            tuple(cast("list[str]", one["calling_codes"])),
            tuple(cast("list[str]", one["prefixes"])),
            tuple(cast("list[int]", one["lengths"])),
            str(one["trunk"]),
        )
        for one in found
    )


@cache
def honorific_words() -> tuple[tuple[str, str], ...]:
    """Return what may stand before a name with the code of the honorific, the longest first."""
    found = cast("Mapping[str, Mapping[str, object]]", words()["honorifics"])
    pairs = [
        (str(word), code) for code, one in found.items() for word in cast("list[str]", one["words"])
    ]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


def honorific(code: str, language: str, sex: str) -> str:
    """Return an honorific in a language; empty where the language has none."""
    found = cast("Mapping[str, Mapping[str, Mapping[str, str]]]", words()["honorifics"])
    by_sex = found.get(code, {}).get(language) or found["ordinary"].get(language, {})
    return by_sex.get(sex, by_sex.get("", ""))


def without_honorific(text: str) -> tuple[str, str, str]:
    """Return a name without what stands before it, the code of the honorific and the sex it says.

    >>> without_honorific("H.E. Claire Monval")
    ('Claire Monval', 'excellency', '')
    """
    rest, code, sex = " ".join(text.split()), "", ""
    while True:
        found = _leading(rest)
        if found is None:
            return rest, code, sex
        word, its_code = found
        rest = rest[len(word) :].lstrip(" .،,")
        code = code if code and its_code == "ordinary" else code or its_code
        sex = sex or sex_of_word(word)


def sex_of_word(word: str) -> str:
    """Return the sex that a form of address says: ``Ms`` is female."""
    found = cast("Mapping[str, list[str]]", words()["sex_by_word"])
    folded = _folded(word)
    for sex, listed in found.items():
        if folded in {_folded(one) for one in listed}:
            return sex
    return ""


def style_of_title(titles: Mapping[str, str]) -> str:
    """Return the form of address that a title asks for, empty where it is the ordinary one."""
    folded = " | ".join(_folded(text) for text in titles.values())
    if any(_folded(word) in folded for word in codes("not_styles")):
        return ""
    by_title = cast("list[tuple[str, list[str]]]", words()["styles_by_title"])
    for code, listed in by_title:
        if any(_folded(word) in folded for word in listed):
            return code
    return ""


def rank_of_style(style: str) -> int | None:
    """Return the class of heads of mission that a form of address belongs to."""
    return cast("Mapping[str, int]", words()["ranks_by_style"]).get(style)


def inverse(kind: str) -> str:
    """Return the kind of a relationship as the other person would say it."""
    found = cast("Mapping[str, Mapping[str, str]]", words()["relationships"])
    return found.get(kind, {}).get("inverse", kind)


def _leading(text: str) -> tuple[str, str] | None:
    for word, code in honorific_words():
        if _folded(text[: len(word)]) != _folded(word):
            continue
        rest = text[len(word) :]
        if rest[:1] in {" ", "\u00a0"} or (word.endswith(".") and rest):
            return text[: len(word)], code
    return None


def _folded(text: str) -> str:
    return fold_arabic(text).casefold().strip(" .")


def _json(name: str) -> object:
    return json.loads((FOLDER / name).read_text("utf-8"))
