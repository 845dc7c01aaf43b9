"""What is data in the register: kinds, honorifics, purposes, numbering, forms of address."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

from babel import Locale
from django.utils.translation import gettext_lazy as _

from hiwar.common.multilingual import MultilingualText, installation_languages
from hiwar.common.telephones import NUMBERING
from hiwar.common.vocabularies import entries, lists
from hiwar.contacts.models import Consent, Organisation, Person, Relationship
from hiwar.engine.names import fold_arabic, fold_latin

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


FOLDER = Path(__file__).parents[1]
_STRETCH = "\u0640"
# What may stand between a title and the name: blanks, a stroke with the ending of the other sex.
_ENDING = re.compile(r"(?:\s*[/.]\s*(?:ة|ه|e|in|in\.)?(?=[\s.]|$)|[/.])?\s*")


def words() -> Mapping[str, object]:
    """Return the words of the register as they lie in ``words.json``."""
    return cast("Mapping[str, object]", lists.words_in(FOLDER / "words.json"))


def styles() -> Mapping[str, Mapping[str, Mapping[str, Mapping[str, Mapping[str, str]]]]]:
    """Return the forms of address: style, then ``forms``, language, sex, part."""
    return lists.words_in(FOLDER / "forms_of_address.json")  # type: ignore[no-any-return]  # the shape of the file


def texts(group: str) -> dict[str, MultilingualText]:
    """Return the words of one group by code: kinds, sectors, purposes, channels."""
    if group in CHOSEN:
        return entries.texts(f"contacts.{group}")
    wordings = cast("Mapping[str, Mapping[str, str]]", words()[group])
    if group == "languages":
        spoken = {code: _name_of_language(code) for code in installation_languages()}
        wordings = {**spoken, **wordings}
    return {code: MultilingualText(text) for code, text in wordings.items()}


def _name_of_language(language: str) -> dict[str, str]:
    """Return what a language is called in those of the installation, as CLDR has it."""
    wished = Locale.parse(language.replace("-", "_"))
    return {
        code: wished.get_display_name(code.replace("-", "_")) or language
        for code in installation_languages()
    }


def code_of(group: str, text: str) -> str:
    """Return the code of a group that a word means, in any language; empty where none does.

    >>> code_of("languages", "French"), code_of("languages", "fr"), code_of("languages", "x")
    ('fr', 'fr', '')
    """
    wanted = _folded(text)
    listed = texts(group)
    if text.casefold() in listed:
        return text.casefold()
    return next(
        (code for code, wording in listed.items() if wanted in map(_folded, wording.values())), ""
    )


def style_texts() -> dict[str, MultilingualText]:
    """Return what each form of address is called."""
    return {code: MultilingualText(cast("Mapping[str, str]", style["name"]))
            for code, style in styles().items()}  # fmt: skip


def honorific_texts() -> dict[str, MultilingualText]:
    """Return how each honorific reads when the sex is not known."""
    honorifics = cast("Mapping[str, Mapping[str, Mapping[str, str]]]", words()["honorifics"])
    return {
        code: MultilingualText(
            {
                language: forms[""] or forms["male"]
                for language, forms in titles.items()
                if language != "words"
            }
        )
        for code, titles in honorifics.items()
    }


def label(group: str, code: str) -> str:
    """Return how a code reads for the reader; a code that nobody listed stands for itself."""
    multilingual_text = texts(group).get(code)
    return str(multilingual_text) if multilingual_text else code


def choices(group: str, also: Collection[str] = ()) -> list[tuple[str, str]]:
    """Return the codes that a form offers with their wording, and those that a record has."""
    if group in CHOSEN:
        return entries.choices(f"contacts.{group}", also)
    return every_choice(group)


def every_choice(group: str) -> list[tuple[str, str]]:
    """Return all codes with their wording, for a filter: retired ones stay where they are used."""
    return [(code, str(text)) for code, text in texts(group).items()]


def codes(group: str) -> list[str]:
    """Return a plain list of the file, such as ``mission_kinds``."""
    return [str(code) for code in cast("list[object]", words()[group])]


def days(name: str) -> int:
    """Return a number of days, such as ``leaving_days``."""
    return cast("int", words()[name])


@cache
def honorific_words() -> tuple[tuple[str, str], ...]:
    """Return what may stand before a name with the code of the honorific, the longest first."""
    honorifics = cast("Mapping[str, Mapping[str, object]]", words()["honorifics"])
    pairs = [
        (str(word), code)
        for code, entry in honorifics.items()
        for word in cast("list[str]", entry["words"])
    ]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


def honorific(code: str, language: str, sex: str) -> str:
    """Return an honorific in a language; empty where the language has none."""
    honorifics = cast("Mapping[str, Mapping[str, Mapping[str, str]]]", words()["honorifics"])
    by_sex = honorifics.get(code, {}).get(language) or honorifics["ordinary"].get(language, {})
    return by_sex.get(sex, by_sex.get("", ""))


def without_honorific(text: str) -> tuple[str, str, str]:
    """Return a name without what stands before it, the code of the honorific and the sex it says.

    >>> without_honorific("H.E. Claire Monval")
    ('Claire Monval', 'excellency', '')
    """
    rest, code, sex = " ".join(text.split()), "", ""
    while True:
        leading = _leading(rest)
        if leading is None:
            return rest, code, sex
        word, its_code = leading
        rest = rest[len(word) :].lstrip(" .،,/")
        code = code if code and its_code == "ordinary" else code or its_code
        sex = sex or sex_of_word(word)


def sex_of_word(word: str) -> str:
    """Return the sex that a form of address says: ``Ms`` is female."""
    listed_words = cast("Mapping[str, list[str]]", words()["sex_by_word"])
    folded = _folded(word)
    for sex, listed in listed_words.items():
        if folded in {_folded(known_word) for known_word in listed}:
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
    entry = entries.entries("contacts.relationships").get(kind)
    return str(entry.values.get("inverse") or kind) if entry else kind


def _leading(text: str) -> tuple[str, str] | None:
    """Return the title that a name begins with, with the signs that belong to it, and its code.

    "أ/", "د./" and "السيد/ة" are titles as people write them; a letter that is stretched
    ("مـنى") is none.
    """
    for word, code in honorific_words():
        title = text[: len(word)]
        if _STRETCH in title or _folded(title) != _folded(word):
            continue
        rest = text[len(word) :]
        if word.endswith(".") and title[-1] not in "./،":
            continue
        ending = _ENDING.match(rest)
        if ending and (ending[0] or word.endswith(".")) and ending[0] != rest:
            return title + ending[0], code
    return None


def _folded(text: str) -> str:
    return fold_latin(fold_arabic(text)).strip(" ./،")


def _relationships() -> Mapping[str, Mapping[str, object]]:
    shipped = cast("Mapping[str, Mapping[str, str]]", words()["relationships"])
    return {
        code: {
            "name": {language: text for language, text in value.items() if language != "inverse"},
            "inverse": value.get("inverse", ""),
        }
        for code, value in shipped.items()
    }


def _uses_of_sectors() -> Mapping[str, int]:
    return lists.uses_of(Person, "sector")() + lists.uses_of(Organisation, "sector")()


_ROOM = _("Register")
_FILE = FOLDER / "words.json"
VOCABULARIES = (
    lists.Vocabulary(
        "contacts.kinds", _("Kinds of organisations"), _ROOM, lists.seed_of(_FILE, "kinds"),
        uses=lists.uses_of(Organisation, "kind"),
    ),
    lists.Vocabulary(
        "contacts.sectors", _("Sectors"), _ROOM, lists.seed_of(_FILE, "sectors"),
        about=_("Of people and organisations: in lists, filters, targets and files."),
        uses=_uses_of_sectors,
    ),
    lists.Vocabulary(
        "contacts.relationships", _("Relationships between people"), _ROOM, _relationships,
        properties=(
            lists.NAME,
            lists.Property(
                "inverse", _("As the other person would say it"), lists.Kind.CODE,
                vocabulary="contacts.relationships",
            ),
        ),
        uses=lists.uses_of(Relationship, "kind"),
    ),
    lists.Vocabulary(
        "contacts.purposes", _("Purposes of a consent"), _ROOM, lists.seed_of(_FILE, "purposes"),
        about=_("What somebody agrees to; asked before anything is sent."),
        is_closed=True, uses=lists.uses_of(Consent, "purpose"),
    ),
    lists.Vocabulary(
        "contacts.channels", _("Ways of a consent"), _ROOM, lists.seed_of(_FILE, "channels"),
        is_closed=True, uses=lists.uses_of(Consent, "channel"),
    ),
    lists.Vocabulary(
        NUMBERING, _("Telephone numbers of the country"), _ROOM, dict,
        about=_(
            "Only what is particular here: one telephone that is reached by several calling codes,"
            " or numbers that no directory has. How numbers of a country are written is known by"
            " the setting HIWAR_COUNTRY. It counts for numbers that are entered from now on."
        ),
        properties=(
            lists.NAME,
            lists.Property(
                "calling_codes", _("Calling codes"), lists.Kind.WORDS,
                help=_("Without + or 00, one to a line."),
            ),
            lists.Property(
                "prefixes", _("Beginnings of numbers"), lists.Kind.WORDS,
                help=_("Behind the calling code, one to a line; empty for any."),
            ),
            lists.Property(
                "lengths", _("How many digits"), lists.Kind.WORDS,
                help=_("Behind the calling code, one to a line; empty for any."),
            ),
            lists.Property(
                "trunk", _("Before a number inside the country"), lists.Kind.WORDS,
                help=_("Usually 0; empty for nothing."),
            ),
        ),
    ),
)  # fmt: skip
CHOSEN = frozenset(each.code.partition(".")[2] for each in VOCABULARIES) - {"numbering"}
