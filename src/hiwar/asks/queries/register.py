"""The register of meetings: what is prepared at the desk, and what everybody reads.

`lines_of` returns no rows: templates and files of the public site are given what is public alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q

from hiwar.asks import rules
from hiwar.asks.models import Ask, MeetingEntry, RegisterKind
from hiwar.asks.queries.deadlines import answer_day
from hiwar.asks.queries.positions import register_days
from hiwar.common.dates import local_day
from hiwar.common.models import Visibility
from hiwar.common.multilingual import MultilingualText
from hiwar.common.search.folding import fold
from hiwar.contacts.models import Person
from hiwar.contacts.queries.log import interactions_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from django.db.models import QuerySet

    from hiwar.accounts.models import User
    from hiwar.contacts.models import Interaction

# What is closer than this is nobody's to tell everybody.
CLOSE = (Visibility.PERSONAL, Visibility.TEAM)
NO_WORDS = MultilingualText()


@dataclass(frozen=True, slots=True)
class Line:
    """What everybody reads of a contact, in words that do not change.

    Attributes
    ----------
    key : str
        Of its page, as 32 hexadecimal digits.
    on : date
        The day, or the first of the month where ``is_month``.
    post, body, theme, ours, place : MultilingualText
        Empty where they are not told.
    ask, ask_key
        The ask in a few words and its key, where everybody may read it.
    correction, earlier
        What was corrected, and what stood there before, the latest first.
    withdrawn_on : date or None
        From then on nothing but the month, that day and the reason is told.
    """

    key: str
    on: date
    is_month: bool
    is_off_record: bool = False
    post: MultilingualText = NO_WORDS
    body: MultilingualText = NO_WORDS
    manner: str = ""
    place: MultilingualText = NO_WORDS
    ours: MultilingualText = NO_WORDS
    theme: MultilingualText = NO_WORDS
    ask: MultilingualText = NO_WORDS
    ask_key: str = ""
    published_on: date | None = None
    correction: MultilingualText = NO_WORDS
    earlier: tuple[Line, ...] = ()
    withdrawn_on: date | None = None
    because: MultilingualText = NO_WORDS


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody looks for in the register: words, the key of a post, a year; empty for all."""

    words: str = ""
    post: str = ""
    year: str = ""


def is_register_open() -> bool:
    """Return whether there is a register: it is off until it is opened for a kind of body."""
    return RegisterKind.objects.exists()


def contacts_open_to(user: User) -> QuerySet[Interaction]:
    """Return the contacts that a user and all staff beside may read."""
    return interactions_for(user).exclude(visibility__in=CLOSE)


def contacts_to_tell(user: User) -> QuerySet[Interaction]:
    """Return contacts with posts for which the register is open and that do not stand in it.

    They are contacts that the user may read and that all staff may read.
    """
    kept = MeetingEntry.objects.filter(withdrawn_at=None, interaction__isnull=False)
    return (
        contacts_open_to(user)
        .filter(post__isnull=False, organisation__kind__in=RegisterKind.objects.values("code"))
        .exclude(pk__in=kept.filter(corrected_by=None).order_by().values("interaction"))
    )


def entries_for(user: User) -> QuerySet[MeetingEntry]:
    """Return the entries a user may see at the desk, the latest first.

    What was published is seen by all who keep the register; what is prepared by those of them who
    may read the contact.
    """
    entries = MeetingEntry.objects.order_by("-on", "-prepared_at", "pk")
    if not rules.can_publish_meetings(user):
        return entries.none()
    contacts = contacts_open_to(user).order_by().values("pk")
    return entries.filter(Q(published_at__isnull=False) | Q(interaction__in=contacts)).filter(
        Q(corrected_by=None) | Q(corrected_by__published_at=None)
    )


def open_from(entry: MeetingEntry) -> date | None:
    """Return the first day on which an entry may be published; None until the post was told."""
    return None if entry.told_on is None else answer_day(entry.told_on, register_days())


def names_beside(contact: Interaction) -> list[str]:
    """Return the names of who took part in a contact and of who holds or held the post."""
    people = Person.objects.filter(Q(interactions=contact) | Q(holdings__post=contact.post_id))
    return [
        name
        for person in people.distinct().order_by("pk")
        for name in (*person.shown_name.values(), *(row.text for row in person.names.all()))
        if name
    ]


def public_entries() -> QuerySet[MeetingEntry]:
    """Return what stands in the register, the latest first; superseded versions do not."""
    entries = MeetingEntry.objects.filter(
        published_at__isnull=False, category__in=RegisterKind.objects.values("code")
    ).exclude(corrected_by__published_at__isnull=False)
    return entries.order_by("-on", "-published_at", "pk")


def wished(entries: QuerySet[MeetingEntry], wish: Wish) -> QuerySet[MeetingEntry]:
    """Return the entries somebody looks for; withdrawn ones by their year alone."""
    if wish.year.isdecimal() and len(wish.year) == len("2027"):
        entries = entries.filter(on__year=int(wish.year))
    post = _key(wish.post)
    if wish.post:
        entries = entries.filter(post=post, withdrawn_at=None) if post else entries.none()
    if words := fold(wish.words):
        entries = entries.filter(withdrawn_at=None)
        for word in words.split():
            entries = entries.filter(search_text__contains=word)
    return entries


def posts_in(entries: QuerySet[MeetingEntry]) -> list[tuple[str, str]]:
    """Return key and name of the posts that stand in the register, by their latest names."""
    shown = entries.filter(post__isnull=False, withdrawn_at=None)
    names: dict[str, str] = {}
    for entry in shown.only("post", "post_name", "body_name"):
        names.setdefault(str(entry.post_id), f"{entry.post_name} · {entry.body_name}")
    return sorted(names.items(), key=lambda pair: pair[1])


def years_in(entries: QuerySet[MeetingEntry]) -> list[str]:
    """Return the years that stand in the register, the latest first."""
    return [str(day.year) for day in entries.order_by().dates("on", "year", order="DESC")]


def lines_of(entries: Iterable[MeetingEntry]) -> list[Line]:
    """Return what everybody reads of entries, with what stood there before."""
    rows = list(entries)
    before = _versions_before(rows)
    points = {row.point_id for row in rows if row.point_id is not None}
    asks = Ask.objects.filter(
        points__in=points, visibility=Visibility.PUBLIC, state=Ask.State.APPROVED
    )
    by_key = {ask.pk: ask for ask in asks.distinct()}
    by_point = {point: by_key[key] for point, key in asks.order_by().values_list("points", "pk")}
    return [
        _line(row, by_point.get(row.point_id) if row.point_id else None, _chain(row, before))
        for row in rows
    ]


def _line(row: MeetingEntry, ask: Ask | None, earlier: Sequence[MeetingEntry] = ()) -> Line:
    if row.withdrawn_at is not None:
        return Line(
            row.pk.hex, row.on.replace(day=1), is_month=True,
            withdrawn_on=local_day(row.withdrawn_at), because=row.withdrawn_because,
        )  # fmt: skip
    # What was put off the record later is not told by what stood there before.
    shown = () if row.is_off_record else tuple(_line(old, None) for old in earlier)
    return Line(
        row.pk.hex, row.on, row.precision == MeetingEntry.Precision.MONTH, row.is_off_record,
        row.post_name, row.body_name, str(row.get_manner_display()) if row.manner else "",
        row.place, row.ours, row.theme,
        ask.short if ask is not None else NO_WORDS, ask.pk.hex if ask is not None else "",
        local_day(row.published_at) if row.published_at is not None else None,
        row.correction, shown,
    )  # fmt: skip


def _chain(row: MeetingEntry, before: Mapping[UUID, MeetingEntry]) -> list[MeetingEntry]:
    chain = []
    key = row.corrects_id
    while key is not None and key in before:
        chain.append(before[key])
        key = before[key].corrects_id
    return chain


def _versions_before(rows: Sequence[MeetingEntry]) -> dict[UUID, MeetingEntry]:
    """Return the versions before some entries by key; one query for each step back."""
    before: dict[UUID, MeetingEntry] = {}
    wanted = {row.corrects_id for row in rows if row.corrects_id is not None}
    while wanted:
        older = MeetingEntry.objects.filter(pk__in=wanted, published_at__isnull=False)
        step = {row.pk: row for row in older}
        before |= step
        wanted = {row.corrects_id for row in step.values() if row.corrects_id is not None}
    return before


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
