"""What of the library a person may read, found by words and filters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import Count, Q
from django.db.models.functions import Now, TruncDate

from hiwar.accounts.queries import readable_by
from hiwar.dossiers.queries.dossiers import all_readable, plain
from hiwar.evidence import rules
from hiwar.evidence.models import CHECKED_EVERY, EvidenceItem, Instrument, MediaItem, Source

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from django.contrib.auth.models import AnonymousUser
    from django.db.models import Model, QuerySet

    from hiwar.accounts.models import User

    Reader = User | AnonymousUser

Row = TypeVar("Row", bound="Model")


def sources_for(user: Reader) -> QuerySet[Source]:
    """Return the sources a person may read, by title."""
    if not rules.can_see_evidence(user):
        return Source.objects.none()
    return Source.objects.filter(_open_sources(user)).order_by("title", "pk")


def _open_sources(user: Reader, path: str = "") -> Q:
    """Return the filter that leaves sources a person may read: none of a closed dossier."""
    of_dossier = Q(**{f"{path}dossier": None}) | Q(
        **{f"{path}dossier__in": all_readable(user).order_by()}
    )
    return readable_by(user, Source, path=path) & of_dossier


def may_read_source(user: Reader, source: Source) -> bool:
    """Return whether a person may read one source, whatever their permissions."""
    return Source.objects.filter(_open_sources(user), pk=source.pk).exists()


def items_for(user: Reader, today: date | None = None) -> QuerySet[EvidenceItem]:
    """Return the evidence a person may read, newest first.

    Testimony whose consent was withdrawn or has ended is there for those alone who may know who
    testified. Evidence of a closed dossier, or from a closed source, is closed with it.
    """
    if not rules.can_see_evidence(user):
        return EvidenceItem.objects.none()
    items = EvidenceItem.objects.filter(
        readable_by(user, EvidenceItem),
        Q(dossier=None) | Q(dossier__in=all_readable(user).order_by()),
        Q(source=None) | _open_sources(user, "source__"),
    )
    if not rules.can_see_private(user):
        day = today or TruncDate(Now())
        items = items.exclude(testimony__withdrawn_on__isnull=False)
        items = items.exclude(testimony__consent_ends_on__lt=day)
    return items.select_related("source", "dossier", "testimony").order_by("-added_at", "pk")


def instruments_for(user: Reader) -> QuerySet[Instrument]:
    """Return the instruments a person may read, by symbol."""
    if not rules.can_see_evidence(user):
        return Instrument.objects.none()
    return Instrument.objects.filter(readable_by(user, Instrument)).order_by("symbol", "pk")


def media_for(user: Reader) -> QuerySet[MediaItem]:
    """Return the media items a person may read, newest first."""
    if not rules.can_see_evidence(user):
        return MediaItem.objects.none()
    items = MediaItem.objects.filter(
        readable_by(user, MediaItem),
        Q(dossier=None) | Q(dossier__in=all_readable(user).order_by()),
    )
    return items.select_related("dossier").order_by("-published_on", "code", "pk")


def stale(rows: QuerySet[Row], today: date) -> QuerySet[Row]:
    """Return what nobody has looked at for a year."""
    return rows.filter(Q(checked_on=None) | Q(checked_on__lt=today - CHECKED_EVERY))


# What is searched in, and by what each list is filtered.
WORDS: Mapping[type[Model], Sequence[str]] = {
    Source: ("title", "authors", "container", "publisher", "issued", "number", "doi", "isbn"),
    EvidenceItem: ("text", "figure", "source__title", "testimony__chosen_name"),
    Instrument: ("symbol", "title", "body", "year"),
    MediaItem: ("headline", "outlet", "topic", "code"),
}
FILTERS: Mapping[type[Model], Sequence[str]] = {
    Source: ("kind", "quality"),
    EvidenceItem: ("kind", "quality"),
    Instrument: ("kind",),
    MediaItem: ("medium", "tone", "topic"),
}


def find(rows: QuerySet[Row], wish: Mapping[str, str], today: date) -> QuerySet[Row]:
    """Return the rows that have all words and every property that is asked for.

    ``wish`` may hold ``q``, the filters of the list, ``written_in``, ``stale`` and ``cites``; an
    empty value is no condition.
    """
    model = rows.model
    for name in FILTERS[model]:
        if wish.get(name):
            rows = rows.filter(**{name: wish[name]})
    if wish.get("written_in"):
        rows = rows.filter(language=wish["written_in"])
    if wish.get("stale"):
        rows = stale(rows, today)
    if wish.get("cites"):
        rows = rows.filter(cites_institution=wish["cites"] == "yes")
    wanted = plain(wish.get("q", "")).split()
    if not wanted:
        return rows
    keys = [
        key for key, *texts in rows.values_list("pk", *WORDS[model]) if _has_words(wanted, texts)
    ]
    return rows.filter(pk__in=keys)


def _has_words(wanted: list[str], values: list[Any]) -> bool:
    text = plain(" ".join(_texts(values)))
    return all(word in text for word in wanted)


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for part in value.values() for text in _texts(part)]
    if isinstance(value, list | tuple):
        return [text for part in value for text in _texts(part)]
    return [str(value)] if value not in (None, "") else []


def topics_of(items: QuerySet[MediaItem]) -> list[str]:
    """Return the topics of media items, in order."""
    topics = items.exclude(topic="").order_by("topic").values_list("topic", flat=True)
    return list(topics.distinct())


def media_figures(items: QuerySet[MediaItem]) -> dict[str, int]:
    """Count media items: ``all``, each tone by its code, and ``cites``."""
    tones = {tone: Count("pk", filter=Q(tone=tone)) for tone in MediaItem.Tone.values}
    return items.order_by().aggregate(
        all=Count("pk"), cites=Count("pk", filter=Q(cites_institution=True)), **tones
    )
