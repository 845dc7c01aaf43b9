"""What of the library is offered to full text, to dossiers and to the activity log.

Who testified, how to reach them and what they agreed to is in none of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hiwar.accounts.queries import WIDE
from hiwar.analysis.references import lines_of_names
from hiwar.common.search.sources import Document, seen_among
from hiwar.common.search.sources import Source as Findable
from hiwar.dossiers.queries.extension_points import Facet, LinkedRecord
from hiwar.evidence import rules
from hiwar.evidence.models import EvidenceItem, Instrument, MediaItem, Source
from hiwar.evidence.queries.library import instruments_for, items_for, media_for, sources_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from uuid import UUID

    from hiwar.accounts.models import User
    from hiwar.dossiers.models import Dossier

VERBS = {
    "evidence.source.add": gettext_lazy("entered a source"),
    "evidence.source.update": gettext_lazy("changed a source"),
    "evidence.source.share": gettext_lazy("opened a source to the whole library"),
    "evidence.source.judge": gettext_lazy("said how good a source is"),
    "evidence.source.check": gettext_lazy("looked at a source"),
    "evidence.source.keep_copy": gettext_lazy("kept a copy of a source"),
    "evidence.source.erase_copy": gettext_lazy("destroyed a copy of a source"),
    "evidence.evidenceitem.add": gettext_lazy("entered evidence"),
    "evidence.evidenceitem.judge": gettext_lazy("said how good evidence is"),
    "evidence.evidenceitem.correct": gettext_lazy("corrected evidence"),
    "evidence.evidenceitem.withdraw_consent": gettext_lazy("noted that a consent was withdrawn"),
    "evidence.instrument.add": gettext_lazy("entered an instrument"),
    "evidence.instrument.update": gettext_lazy("changed an instrument"),
    "evidence.instrument.check": gettext_lazy("looked at an instrument"),
    "evidence.instrument.add_article": gettext_lazy("added an article of an instrument"),
    "evidence.mediaitem.add": gettext_lazy("entered a media item"),
    "evidence.mediaitem.update": gettext_lazy("changed a media item"),
}


def document_of_source(source: Source) -> Document:
    """Return what can be found of a source."""
    names = lines_of_names(source.authors).replace("\n", " ")
    body = f"{names} {source.container} {source.publisher} {source.number} {source.note}"
    return Document(source.pk, {source.language: source.title}, {source.language: body.strip()})


def document_of_item(item: EvidenceItem) -> Document:
    """Return what can be found of a piece of evidence: what it says, never who said it."""
    return Document(item.pk, dict(item.text), {"figure": item.figure} if item.figure else {})


def document_of_instrument(instrument: Instrument) -> Document:
    """Return what can be found of an instrument and its articles."""
    body: dict[str, str] = dict(instrument.body)
    for article in instrument.articles.order_by("position", "pk"):
        for language, words in dict(article.text).items():
            body[language] = f"{body.get(language, '')}\n{article} {words}".strip()
    return Document(instrument.pk, {**instrument.title, "symbol": instrument.symbol}, body)


def document_of_media_item(item: MediaItem) -> Document:
    """Return what can be found of a media item."""
    body = f"{item.outlet} {item.topic} {item.code}".strip()
    return Document(item.pk, {item.language: item.headline}, {item.language: body})


def names_of_sources(keys: Iterable[str]) -> dict[str, str]:
    """Return the titles of sources that all staff may read, by key."""
    rows = Source.objects.filter(pk__in=list(keys), visibility__in=WIDE)
    rows = rows.filter(Q(dossier=None) | Q(dossier__visibility__in=WIDE))
    return {str(row.pk): str(row) for row in rows}


def names_of_items(keys: Iterable[str]) -> dict[str, str]:
    """Return the words of evidence that all staff may read, by key; of testimony none."""
    rows = EvidenceItem.objects.filter(pk__in=list(keys), visibility__in=WIDE)
    rows = rows.filter(Q(dossier=None) | Q(dossier__visibility__in=WIDE))
    rows = rows.filter(Q(source=None) | Q(source__visibility__in=WIDE))
    rows = rows.filter(Q(source__dossier=None) | Q(source__dossier__visibility__in=WIDE))
    rows = rows.exclude(kind=EvidenceItem.Kind.TESTIMONY)
    return {str(row.pk): str(row) for row in rows}


def names_of_instruments(keys: Iterable[str]) -> dict[str, str]:
    """Return the symbols of instruments that all staff may read, by key."""
    rows = Instrument.objects.filter(pk__in=list(keys), visibility__in=WIDE)
    return {str(row.pk): row.symbol for row in rows}


def names_of_media_items(keys: Iterable[str]) -> dict[str, str]:
    """Return the headlines of media items that all staff may read, by key."""
    rows = MediaItem.objects.filter(pk__in=list(keys), visibility__in=WIDE)
    rows = rows.filter(Q(dossier=None) | Q(dossier__visibility__in=WIDE))
    return {str(row.pk): str(row) for row in rows}


NAMERS = {
    "evidence.source": names_of_sources,
    "evidence.evidenceitem": names_of_items,
    "evidence.instrument": names_of_instruments,
    "evidence.mediaitem": names_of_media_items,
}


def facets(user: User, dossier: Dossier) -> Iterator[Facet]:
    """Yield the evidence and the media items of a dossier."""
    if not rules.can_see_evidence(user):
        return
    may_edit = rules.can_edit_evidence(user)
    yield Facet(
        kind="evidence", label=_("Evidence"), icon="fact",
        items=tuple(
            LinkedRecord(
                str(item), reverse("evidence:item", args=[item.pk]), str(item.get_kind_display())
            )
            for item in items_for(user).filter(dossier=dossier)
        ),
        url=reverse("evidence:items"),
        new_url=f"{reverse('evidence:new_item')}?dossier={dossier.pk}" if may_edit else "",
    )  # fmt: skip
    yield Facet(
        kind="media", label=_("Media items"), icon="paper",
        items=tuple(
            LinkedRecord(
                item.headline, reverse("evidence:media_item", args=[item.pk]),
                str(item.get_tone_display()),
            )
            for item in media_for(user).filter(dossier=dossier)
        ),
        url=reverse("evidence:media"),
    )  # fmt: skip


def _sources() -> Iterator[Document]:
    yield from map(document_of_source, Source.objects.order_by("pk").iterator())


def _items() -> Iterator[Document]:
    rows = EvidenceItem.objects.exclude(testimony__withdrawn_on__isnull=False)
    yield from map(document_of_item, rows.order_by("pk").iterator())


def _instruments() -> Iterator[Document]:
    yield from map(document_of_instrument, Instrument.objects.order_by("pk").iterator())


def _media() -> Iterator[Document]:
    yield from map(document_of_media_item, MediaItem.objects.order_by("pk").iterator())


def _at_source(key: UUID) -> str:
    return reverse("evidence:source", args=[key])


def _at_item(key: UUID) -> str:
    return reverse("evidence:item", args=[key])


def _at_instrument(key: UUID) -> str:
    return reverse("evidence:instrument", args=[key])


def _at_media_item(key: UUID) -> str:
    return reverse("evidence:media_item", args=[key])


SOURCES = (
    Findable(
        "evidence.source",
        gettext_lazy("Sources"),
        _sources,
        seen_among(sources_for, rules.can_see_evidence),
        _at_source,
        31,
    ),
    Findable(
        "evidence.item",
        gettext_lazy("Evidence"),
        _items,
        seen_among(items_for, rules.can_see_evidence),
        _at_item,
        32,
    ),
    Findable(
        "evidence.instrument",
        gettext_lazy("Instruments"),
        _instruments,
        seen_among(instruments_for, rules.can_see_evidence),
        _at_instrument,
        33,
    ),
    Findable(
        "evidence.media",
        gettext_lazy("Media items"),
        _media,
        seen_among(media_for, rules.can_see_evidence),
        _at_media_item,
        34,
    ),
)
