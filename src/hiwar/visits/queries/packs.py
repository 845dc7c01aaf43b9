"""What a pack holds for one kind of reader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from hiwar.accounts.queries import WIDE
from hiwar.common.multilingual import direction, script_of_language
from hiwar.common.scripts import script_of_text
from hiwar.contacts.models import Interaction, PostHolding
from hiwar.visits.models import PackText, Traveller
from hiwar.visits.queries.desk import STALE, diets_of
from hiwar.visits.queries.maps import map_of
from hiwar.visits.queries.plans import items_of
from hiwar.visits.queries.programme import counts_of, programme_of

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet
    from django.utils.safestring import SafeString

    from hiwar.common.multilingual import MultilingualText
    from hiwar.contacts.models import Organisation
    from hiwar.visits.models import PackHost, TalkingPoint, Visit, VisitItem

HOLDERS, CONTACTS, OFFERED = 3, 5, 20


@dataclass(frozen=True, slots=True)
class Host:
    """Somebody whom the delegation meets, and where."""

    organisation: Organisation
    items: tuple[VisitItem, ...]
    holders: tuple[PostHolding, ...] = ()
    contacts: tuple[Interaction, ...] = ()
    written: PackHost | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """A talking point, and whether what it rests on was looked up long ago."""

    point: TalkingPoint
    is_stale: bool
    language: str = ""

    @property
    def is_untranslated(self) -> bool:
        """Whether the point stands in another language than its reader's."""
        return is_untranslated(self.point.text, self.language)


@dataclass(frozen=True, slots=True)
class Part:
    """A text of the pack as one reader finds it, in another language where it is untranslated."""

    text: PackText
    language: str

    @property
    def title(self) -> SafeString:
        """The title, marked with its language where it is another."""
        title: MultilingualText = self.text.title
        return title.marked

    @property
    def body(self) -> str:
        """The text itself."""
        body: MultilingualText = self.text.body
        return body.in_language(self.language)

    @property
    def shown(self) -> str:
        """The language in which the text stands."""
        return self.text.body.shown_language(self.language) or self.language

    @property
    def direction(self) -> str:
        """From which side the text is read."""
        return direction(self.shown)

    @property
    def is_untranslated(self) -> bool:
        """Whether the text stands in another language than its reader's."""
        return is_untranslated(self.text.body, self.language)


def is_untranslated(text: MultilingualText, language: str) -> bool:
    """Return whether a reader of a language is shown a text in another one."""
    return text.shown_language(language) not in {None, language, language.partition("-")[0]}


def pack_of(visit: Visit, *, variant: str, language: str) -> dict[str, object]:
    """Return what a pack shows to members, to staff or to the press.

    The press reads no telephone, no lodging, no note, and no name of the delegation while these
    stay inside.
    """
    items = items_of(visit)
    is_press = variant == Traveller.Variant.PRESS
    days = programme_of(visit, items=items)
    texts = visit.texts.order_by("position", "pk")
    points = visit.points.order_by("position", "pk")
    if is_press:
        texts, points = texts.filter(is_for_press=True), points.filter(is_for_press=True)
        texts = texts.exclude(kind=PackText.Kind.RISK)
    elif variant == Traveller.Variant.MEMBER:
        texts, points = texts.filter(is_for_members=True), points.filter(is_for_members=True)
    by_kind: dict[str, list[Part]] = {}
    for text in texts:
        by_kind.setdefault(text.kind, []).append(Part(text, language))
    shows_names = not (is_press and visit.members_hidden)
    travellers = list(visit.travellers.order_by("number", "pk"))
    script = script_of_language(language)
    return {
        "visit": visit,
        "variant": variant,
        "is_press": is_press,
        "is_staff": variant == Traveller.Variant.STAFF,
        "language": language,
        "days": days,
        "counts": counts_of(days),
        "version": visit.versions.order_by("-number").first(),
        "letters": by_kind.get("letter", []),
        "briefs": by_kind.get("brief", []),
        "advice": by_kind.get("advice", []),
        "risks": by_kind.get("risk", []),
        "glossaries": [(part, _terms(part.body)) for part in by_kind.get("glossary", [])],
        "points": [Point(point, is_stale(point, visit.starts_on), language) for point in points],
        "travellers": travellers if shows_names else [],
        "named_otherwise": {
            person.pk for person in travellers if script_of_text(person.other_name) == script
        },
        "hosts": hosts_of(visit, items),
        "map": map_of(items, language),
        "nights": [] if is_press else list(
            visit.bookings.filter(kind="nights").select_related("venue").order_by("starts_on", "pk")
        ),
        "emergency": [] if is_press else visit.emergency_numbers,
        "diets": diets_of(visit),
        "step_free": visit.travellers.filter(is_step_free=True).count(),
    }  # fmt: skip


def _terms(text: str) -> list[tuple[str, str]]:
    """Return the lines of a glossary as a term and its meaning."""
    rows = []
    for line in text.splitlines():
        term, _dash, meaning = line.partition("—")
        if line.strip():
            rows.append((term.strip(), meaning.strip()))
    return rows


def is_stale(point: TalkingPoint, on: date) -> bool:
    """Return whether nobody has looked up a reference in the twelve months before a day."""
    return point.checked_on is None or point.checked_on < on - STALE


def hosts_of(visit: Visit, items: list[VisitItem] | None = None) -> list[Host]:
    """Return whom a delegation meets, with what the pack says of each.

    Contacts are the latest that all staff may read, or those of them that somebody chose.
    """
    items = items_of(visit) if items is None else items
    items_by_host: dict[object, tuple[Organisation, list[VisitItem]]] = {}
    for item in items:
        for organisation in item.organisations.all():
            items_by_host.setdefault(organisation.pk, (organisation, []))[1].append(item)
    written = {
        host.organisation_id: host
        for host in visit.hosts.prefetch_related("contacts").order_by("pk")
    }
    on = visit.starts_on
    hosts = []
    for organisation, rows in items_by_host.values():
        own = written.get(organisation.pk)
        contacts = contacts_with(organisation, on)
        if own is not None:
            chosen = {interaction.pk for interaction in own.contacts.all()}
            shown = tuple(
                interaction for interaction in contacts[:OFFERED] if interaction.pk in chosen
            )
        else:
            shown = tuple(contacts[:CONTACTS])
        hosts.append(Host(organisation, tuple(rows), _holders(organisation, on), shown, own))
    return hosts


def _holders(organisation: Organisation, on: date) -> tuple[PostHolding, ...]:
    """Return who holds the posts of an organisation on a day, as far as all staff may read it."""
    held = PostHolding.objects.filter(
        Q(starts_on=None) | Q(starts_on__lte=on),
        Q(ends_on=None) | Q(ends_on__gte=on),
        post__organisation=organisation,
        post__visibility__in=WIDE,
        person__visibility__in=WIDE,
    )
    holdings = held.select_related("person", "post").order_by("post__rank", "post__position", "pk")
    return tuple(holdings[:HOLDERS])


def contacts_with(organisation: Organisation, before: date) -> QuerySet[Interaction]:
    """Return the contacts with an organisation that all staff may read, the newest first."""
    interactions = Interaction.objects.filter(
        Q(organisation=organisation) | Q(post__organisation=organisation),
        visibility__in=WIDE,
        removed_at=None,
        happened_on__lt=before,
    )
    return interactions.order_by("-happened_on", "pk")
