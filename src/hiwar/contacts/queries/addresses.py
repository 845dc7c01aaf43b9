"""How to address a post or a person, in any language that the data has forms for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hiwar.common.multilingual import installation_languages, script_of_language
from hiwar.common.scripts import in_same_script, script_of_text
from hiwar.contacts.models import Person, Post
from hiwar.contacts.queries.holders import holder_of, posts_of
from hiwar.contacts.queries.vocabularies import honorific, styles

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from django.db.models import QuerySet

    from hiwar.common.multilingual import MultilingualText

VACANT = "vacant"
# Words that begin a family name, in the languages that letters are written in.
PARTICLES = frozenset(
    ["de", "du", "des", "d'", "la", "le", "von", "van", "vom", "zu", "zum", "zur", "ter", "ten",
     "den", "der", "da", "das", "do", "dos", "di", "del", "della", "al", "el", "bin", "ben", "ibn",
     "abu", "abou"]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Address:
    """The form of address of a letter.

    Attributes
    ----------
    language : str
        In which the letter is written.
    envelope : tuple of str
        Lines: who, function, organisation.
    salutation, close, spoken : str
        What the letter opens with, what it ends with, what is said to their face.
    person : Person or None
        Who holds the post; None where it is vacant.
    """

    language: str
    envelope: tuple[str, ...]
    salutation: str
    close: str
    spoken: str
    person: Person | None


def languages_of_address(*also: str) -> tuple[str, ...]:
    """Return the languages in which letters can be addressed.

    Those in Latin letters, in the letters of the installation, and `also` whom a letter is for.
    """
    written = {"Latn", *map(script_of_language, (*installation_languages(), *also))}
    return tuple(
        code for code in styles()["ordinary"]["forms"] if script_of_language(code) in written
    )


def letter_language(
    subject: Post | Person, on: date, *, within: QuerySet[Post] | None = None
) -> str:
    """Return the language of letters.

    The person's own, else the first of the organisation, else the first of the installation.
    """
    person = holder_of(subject, on) if isinstance(subject, Post) else subject
    if person is not None and person.language:
        return person.language
    post = subject if isinstance(subject, Post) else _post_of(subject, on, within)
    spoken = post.organisation.languages if post else []
    return str(spoken[0]) if spoken else installation_languages()[0]


def address_of(
    subject: Post | Person, language: str, on: date, *, within: QuerySet[Post] | None = None
) -> Address:
    """Return the form of address of a post's holder, or of a person, on a day.

    A person is addressed by a post they hold, of those ``within`` what the reader may read. A
    language that the data has no forms for falls back to the first of the installation that it
    has forms for, or else to English.
    """
    post = subject if isinstance(subject, Post) else _post_of(subject, on, within)
    person = holder_of(subject, on) if isinstance(subject, Post) else subject
    style = post.style if post is not None and post.style in styles() else "ordinary"
    by_language = styles()[style]["forms"]
    spoken = (language, *installation_languages())
    wished = next((code for code in spoken if code in by_language), "en")
    sex = person.sex if person is not None and person.sex in {"female", "male"} else ""
    form = by_language[wished][sex if person else VACANT]
    values = _given(person, post, form, wished, sex)
    lines = [form["envelope"].format(**values), values["title"]]
    if post is not None:
        lines.append(_in(post.organisation.name, wished))
    return Address(
        language=wished,
        envelope=tuple(dict.fromkeys(" ".join(line.split()) for line in lines if line.strip())),
        salutation=" ".join(form["salutation"].format(**values).split()),
        close=form["close"].format(**values),
        spoken=" ".join(form["spoken"].format(**values).split()),
        person=person,
    )


def _given(
    person: Person | None, post: Post | None, form: Mapping[str, str], language: str, sex: str
) -> dict[str, str]:
    name = _in(person.shown_name, language) if person else ""
    title = ""
    if post is not None:
        own = post.feminine_title if sex == "female" and post.feminine_title else post.title
        title = own.get(language) or form.get("title", "") or _in(own, language)
    code = person.honorific if person else ""
    own = in_same_script(person.family_name, language) if person else ""
    is_own = own and script_of_text(own) == script_of_text(name)
    family = own if is_own else family_name_in(name)
    return {
        "name": name,
        "title": title,
        "family": family,
        "spoken": name.partition(" ")[0] if language == "ar" else family,
        "honorific": honorific(code or "ordinary", language, sex),
    }


def _post_of(person: Person, on: date, within: QuerySet[Post] | None) -> Post | None:
    holdings = posts_of(person).filter_on(on)
    if within is not None:
        holdings = holdings.filter(post__in=within)
    holding = holdings.first()
    return holding.post if holding else None


def family_name_in(name: str) -> str:
    """Return the family name at the end of a name, with the particles that belong to it.

    A guess: who has two family names, or writes the family name first, says it in a field.

    >>> family_name_in("Élodie de La Tour d'Auvergne"), family_name_in("Ludwig van Beethoven")
    ("de La Tour d'Auvergne", 'van Beethoven')
    >>> family_name_in("Claire Monval"), family_name_in("Sukarno"), family_name_in("سلمى عواد")
    ('Monval', 'Sukarno', 'عواد')
    """
    words = name.split()
    for at, word in enumerate(words[1:-1], 1):
        if word.casefold() in PARTICLES:
            return " ".join(words[at:])
    return words[-1] if words else ""


def _in(text: MultilingualText, language: str) -> str:
    """Return a name in a language; where it has none, in a language of the same letters."""
    return in_same_script(text, language) or text.in_language(language)
