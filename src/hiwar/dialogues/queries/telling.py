"""Who is told what came of a dialogue: by which way, who wants nothing, who is told in person."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hiwar.channels.queries.parts import count_parts
from hiwar.channels.queries.ways import digest_of, kind_of
from hiwar.common import crypto
from hiwar.common.multilingual import MultilingualText
from hiwar.common.opt_outs import MAIL, PHONE, opted_out
from hiwar.common.vocabularies import entries, lists
from hiwar.dialogues.models import Telling, ToldAddress
from hiwar.dialogues.queries.coverage import hidden_spread
from hiwar.dialogues.queries.people import participants_of

if TYPE_CHECKING:
    from hiwar.dialogues.models import Dialogue, Participant

TELLING = "dialogues.telling"
CONSENT = "dialogue"
LIST = "dialogues.telling"
FILE = Path(__file__).parents[1] / "telling.json"
MOST_PARTS = 2
# On a locked screen others read this much.
SEEN_BY_OTHERS = 40
VOCABULARIES = (
    lists.Vocabulary(
        LIST,
        _("What you said, what happened"),
        _("Dialogues"),
        lists.seed_of(FILE, "telling"),
        about=_(
            "What the text for all who took part begins with. {title}, {people} and {address} are"
            " filled in; neither the subject nor the first words name the dialogue."
        ),
        is_closed=True,
        properties=(
            lists.NAME,
            lists.Property("subject", _("Subject of the letter")),
            lists.Property("text", _("Letter by e-mail"), lists.Kind.LONG_TEXT),
            lists.Property("short", _("Text message"), lists.Kind.LONG_TEXT),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is told in which way.

    Attributes
    ----------
    people : int
        Everybody who took part, each counted once.
    reached : list of (ToldAddress, str)
        One kept row for each address that is written to, with the address in the open.
    doubled : list of ToldAddress
        Further rows with the address of another.
    silent : list of ToldAddress
        Whose owners want no messages.
    in_person : int
        Who left no address.
    """

    people: int
    reached: list[tuple[ToldAddress, str]]
    doubled: list[ToldAddress]
    silent: list[ToldAddress]
    in_person: int

    @property
    def languages(self) -> list[tuple[str, str, int]]:
        """Kinds of address and languages, with how many are told so."""
        counted = Counter((row.kind, language_of(row)) for row, _address in self.reached)
        return [(kind, code, n) for (kind, code), n in sorted(counted.items())]


def owner_key(dialogue: Dialogue, participant: int) -> str:
    """Return by what the owner of a kept address is known while the dialogue is open; else ""."""
    if not dialogue.contact_secret:
        return ""
    return crypto.outer_digest("told", f"{dialogue.contact_secret}:{participant}")


def sealed_address(row: ToldAddress, address: str) -> bytes:
    """Return an address sealed under the key that no copy of the data holds."""
    return crypto.seal(address.strip().encode(), _place(row), key=settings.OUTER_KEY)


def address_of(row: ToldAddress) -> str:
    """Return a kept address in the open; empty once it was destroyed."""
    sealed = bytes(row.sealed)
    return crypto.unseal(sealed, _place(row), key=settings.OUTER_KEY).decode() if sealed else ""


def _place(row: ToldAddress) -> str:
    return f"dialogues.toldaddress:{row.pk}"


def kind_of_address(address: str) -> str:
    """Return by which way an address is reached, "mail" or "phone"; empty for neither."""
    return str(kind_of(address))


def language_of(row: ToldAddress) -> str:
    """Return the language in which somebody is told: that of the house where none is known."""
    known = dict(settings.LANGUAGES)
    return row.language if row.language in known else settings.LANGUAGE_CODE


def audience_of(dialogue: Dialogue) -> Audience:
    """Return who is told in which way; addresses are opened in memory for it and not kept."""
    kept = ToldAddress.objects.filter(dialogue=dialogue, state=ToldAddress.State.KEPT)
    rows = [(row, address_of(row)) for row in kept.exclude(sealed=b"").order_by("pk")]
    values = {kind: {value for row, value in rows if row.kind == kind} for kind in (MAIL, PHONE)}
    out = {kind: opted_out(kind, values[kind], TELLING, CONSENT) for kind in values}
    seen: set[str] = set()
    reached, doubled, silent = [], [], []
    for row, value in rows:
        digest = digest_of(value, row.kind)
        if digest in seen:
            doubled.append(row)
            continue
        seen.add(digest)
        if value in out[row.kind]:
            silent.append(row)
        else:
            reached.append((row, value))
    people = participants_of(dialogue)
    return Audience(
        people.count(), reached, doubled, silent, people.filter(is_to_be_told=False).count()
    )


@dataclass(frozen=True, slots=True)
class InPerson:
    """Where people are who left no address: how many, None where the number is small."""

    places: list[tuple[MultilingualText, int | None]]
    rooms: list[tuple[MultilingualText, int | None]]
    people: int


def in_person(dialogue: Dialogue) -> InPerson:
    """Return where those are who are told at a session or on a notice board; never who they are."""
    people = list(
        participants_of(dialogue).filter(is_to_be_told=False).select_related("room", "place")
    )
    places = hidden_spread(dialogue, people, "place")
    in_rooms = Counter(person.room for person in people if person.room is not None)
    small = dialogue.room_threshold
    rooms = [(room.label, n if n >= small else None) for room, n in in_rooms.items()]
    # One number that is left over would give a hidden one away.
    if sum(n is None for _room, n in rooms) == 1:
        rooms = [(label, None) for label, _n in rooms]
    return InPerson(
        [(each.name, each.people) for each in places.categories if each.people != 0],
        sorted(rooms, key=lambda row: str(row[0])),
        len(people),
    )


def proposed_words(dialogue: Dialogue) -> dict[str, MultilingualText]:
    """Return subject, letter and text message as the list of the institution proposes them."""
    values = next(iter(entries.entries(LIST).values())).values
    people = participants_of(dialogue).count()
    words: dict[str, MultilingualText] = {}
    for name in ("subject", "text", "short"):
        proposed = values.get(name)
        texts = proposed if isinstance(proposed, MultilingualText) else MultilingualText()
        words[name] = MultilingualText(
            {code: _filled(text, dialogue, code, people) for code, text in texts.items()}
        )
    return words


def _filled(text: str, dialogue: Dialogue, language: str, people: int) -> str:
    path = reverse("public_dialogues:results", args=[language, dialogue.code])
    facts = {
        "{title}": str(dialogue.title.in_language(language)),
        "{people}": str(people),
        "{address}": f"{settings.PUBLIC_ORIGIN}{path}",
    }
    for mark, value in facts.items():
        text = text.replace(mark, value)
    return text


def words_for(telling: Telling, kind: str, language: str) -> tuple[str, str]:
    """Return subject and text as somebody gets them; a text message has no subject."""
    if kind == PHONE:
        return "", telling.short.get(language, "").strip()
    return telling.subject.get(language, "").strip(), telling.text.get(language, "").strip()


def faults_of(telling: Telling, audience: Audience) -> list[str]:
    """Return what keeps a text from leaving, in words: a missing language, a name, its length."""
    faults = []
    for kind, language, _n in audience.languages:
        subject, text = words_for(telling, kind, language)
        facts = {"language": dict(settings.LANGUAGES)[language]}
        if not text or (kind == MAIL and not subject):
            missing = (
                gettext("The text message is missing in this language: %(language)s.")
                if kind == PHONE
                else gettext("The letter or its subject is missing in this language: %(language)s.")
            )
            faults.append(missing % facts)
            continue
        title = str(telling.dialogue.title.in_language(language))
        if title in subject or title in text[: SEEN_BY_OTHERS + len(title)]:
            faults.append(
                gettext("The subject and the first words must not name the dialogue, because "
                        "others read locked screens: %(language)s.") % facts
            )  # fmt: skip
        parts = count_parts(text) if kind == PHONE else 1
        if parts > MOST_PARTS:
            facts["n"] = str(parts)
            faults.append(
                gettext("The text message has %(n)s parts, at most two: %(language)s.") % facts
            )
    return faults


def wants_telling(person: Participant) -> bool:
    """Return whether an address of somebody is kept, which her own page says."""
    key = owner_key(person.dialogue, person.pk)
    return bool(key) and ToldAddress.objects.filter(dialogue=person.dialogue, owner=key).exists()


def outcome_of(dialogue: Dialogue) -> list[tuple[str, int]]:
    """Return what became of the kept addresses, in words and numbers."""
    counted = Counter(dialogue.told_addresses.values_list("state", flat=True))
    return [(str(state.label), counted[state]) for state in ToldAddress.State if counted[state]]
