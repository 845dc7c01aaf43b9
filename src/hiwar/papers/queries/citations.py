"""What citations say now: words, numbers with what they are a part of, and whether it still holds.

Numbers of statements are those that were published, whose small cells are hidden already.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from hiwar.accounts.queries import WIDE
from hiwar.common.dates import local_day
from hiwar.dialogues.models import Publication
from hiwar.dialogues.queries.results import is_public, public_version
from hiwar.events.queries.minutes import public_minutes
from hiwar.evidence.queries.citing import citation_of
from hiwar.papers.models import Citation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date, datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from hiwar.papers.models import Paper

    Json = dict[str, Any]

# What of a value is not the value: a day on which somebody looked moves no sentence.
BESIDE = {"day"}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a citation says now.

    Attributes
    ----------
    kind : str
        In the reader's language: statement, fact, article.
    value : mapping
        What is frozen: ``words`` by language, and where there are ``count`` and ``of`` (None where
        hidden), ``figure``, ``round``, ``day``, ``from``.
    url : str
        Where it is read at the desk.
    ended : str
        Why it may not be cited any more; empty where it may.
    is_stale : bool
        Nobody has looked at it for a year.
    """

    kind: str
    value: Mapping[str, Any]
    url: str = ""
    ended: str = ""
    is_stale: bool = False
    public_url: str = ""


def citations_of(paper: Paper) -> QuerySet[Citation]:
    """Return the citations of a paper with what they cite, in the order of their numbers."""
    citations = Citation.objects.filter(paper=paper, dropped_at=None)
    return with_targets(citations).order_by("number")


def with_targets(citations: QuerySet[Citation]) -> QuerySet[Citation]:
    """Return citations with everything that reading them asks for."""
    return citations.select_related(
        "statement__dialogue", "finding__publication__dialogue", "conclusion__event", "event",
        "fact__dossier",
        "provision__version__law", "comment__consultation__law", "item__source", "item__testimony",
        "item__dossier", "article__instrument", "media_item__dossier", "source", "recommendation",
    )  # fmt: skip


class Readings:
    """Reads citations at one instant; the results of a dialogue are read once."""

    def __init__(self, now: datetime) -> None:
        self.now, self.today = now, local_day(now)
        self._published: dict[Any, Publication | None] = {}

    def of(self, citation: Citation) -> Reading:
        """Return what a citation says now."""
        return READERS[citation.target](self, getattr(citation, citation.target), citation)

    def is_moved(self, citation: Citation, reading: Reading) -> bool:
        """Return whether the value is another one than the sentences were read with."""
        return _compared(citation.seen) != _compared(reading.value)

    def publication(self, dialogue: Any) -> Publication | None:
        """Return the results of a dialogue that everybody reads, or None."""
        if dialogue.pk not in self._published:
            try:
                version = public_version(dialogue, self.now)
            except Publication.DoesNotExist:
                version = None
            if version is not None and version.state == Publication.State.WITHDRAWN:
                version = None
            self._published[dialogue.pk] = version
        return self._published[dialogue.pk]


def number_of(value: Mapping[str, Any], form: str) -> tuple[int | None, int | None] | None:
    """Return count and whole of a value; None where it has none."""
    return (value["count"], value["of"]) if form and "count" in value else None


def uses_by_target(target: str, keys: Iterable[UUID]) -> dict[Any, list[Citation]]:
    """Return the citations of things of one kind, by their keys, with their papers."""
    citations = Citation.objects.filter(**{f"{target}__in": list(keys)}, dropped_at=None)
    uses: dict[Any, list[Citation]] = {}
    for citation in citations.select_related("paper__dossier").order_by("paper__code", "number"):
        uses.setdefault(getattr(citation, f"{target}_id"), []).append(citation)
    return uses


def cited(citation: Citation) -> dict[str, str]:
    """Return how a source, or the source of evidence, is cited in its own language; or nothing.

    It is no part of the value: a volume that is put right makes no sentence untrue.
    """
    source, locator = citation.source, citation.locator
    if citation.item is not None:
        source, locator = citation.item.source, citation.item.locator or locator
    return {"cited": citation_of(source, locator)} if source is not None else {}


def _compared(value: Mapping[str, Any]) -> dict[str, Any]:
    return {name: part for name, part in value.items() if name not in BESIDE}


def _closed(*records: Any) -> str:
    """Return why something that not all staff may read is not cited."""
    closed = any(record is not None and record.visibility not in WIDE for record in records)
    return _("Not all staff may read it; a paper is for everybody.") if closed else ""


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _statement(readings: Readings, statement: Any, _citation: Citation) -> Reading:
    dialogue = statement.dialogue
    publication = readings.publication(dialogue)
    url = reverse("dialogues:statements", args=[dialogue.code])
    if publication is None:
        ended = _("The results of this dialogue are not published, or were withdrawn.")
        return Reading(_("statement"), {"words": {}}, url, ended)
    rows = publication.document.get("statements", [])
    row = next((row for row in rows if row["number"] == statement.number), None)
    if row is None:
        ended = _("This statement is not in the published results.")
        return Reading(_("statement"), {"words": {}}, url, ended)
    counts = row["counts"]
    published = publication.published_at or publication.embargo_until
    value = {
        "words": dict(row["texts"]), "number": statement.number,
        "count": counts["agree"] if counts else None, "of": counts["seen"] if counts else None,
        "threshold": dialogue.threshold, "round": publication.version,
        "day": _day(local_day(published) if published else None), "from": dict(dialogue.title),
    }  # fmt: skip
    return Reading(_("statement"), value, url)


def _finding(readings: Readings, finding: Any, _citation: Citation) -> Reading:
    publication = finding.publication
    dialogue = publication.dialogue
    published = publication.published_at or publication.embargo_until
    value = {
        "words": dict(finding.text), "from": dict(dialogue.title), "round": publication.version,
        "day": _day(local_day(published) if published else None),
    }  # fmt: skip
    ended = (
        ""
        if is_public(publication, readings.now)
        else _("The results of this dialogue are not published, or were withdrawn.")
    )
    newest = readings.publication(dialogue)
    is_stale = newest is not None and newest.version > publication.version
    url = reverse("dialogues:publications", args=[dialogue.code])
    return Reading(_("finding"), value, url, ended, is_stale)


def _conclusion(_readings: Readings, conclusion: Any, _citation: Citation) -> Reading:
    event = conclusion.event
    value = {
        "words": dict(conclusion.text), "standing": conclusion.kind, "from": dict(event.title),
        "day": _day(local_day(event.starts_at)),
    }  # fmt: skip
    ended = _closed(event) or _not_minuted(event)
    return Reading(_("conclusion"), value, reverse("events:event", args=[event.code]), ended)


def _event(_readings: Readings, event: Any, _citation: Citation) -> Reading:
    value = {"words": dict(event.title), "day": _day(local_day(event.starts_at))}
    ended = _closed(event) or _not_minuted(event)
    return Reading(
        _("minutes of a session"), value, reverse("events:event", args=[event.code]), ended
    )


def _not_minuted(event: Any) -> str:
    is_public = public_minutes(event) is not None
    return "" if is_public else _("The minutes of this event are not published.")


def _fact(readings: Readings, fact: Any, _citation: Citation) -> Reading:
    value = {
        "words": dict(fact.text), "figure": fact.value, "from": {"und": fact.source},
        "day": _day(fact.published_on),
    }  # fmt: skip
    ended = _("This fact was withdrawn.") if fact.withdrawn_at else _closed(fact.dossier)
    url = f"{reverse('dossiers:facts', args=[fact.dossier.code])}#fact-{fact.pk}"
    return Reading(_("fact"), value, url, ended, is_stale=fact.is_stale(readings.today))


def _provision(_readings: Readings, provision: Any, _citation: Citation) -> Reading:
    version = provision.version
    value = {
        "words": {version.language: provision.text or provision.heading},
        "label": provision.label, "from": dict(version.law.title), "version": version.number,
        "day": _day(version.dated_on),
    }  # fmt: skip
    url = reverse("legislation:version", args=[version.law.pk, version.number])
    return Reading(_("provision"), value, url, _closed(version, version.law))


def _comment(_readings: Readings, comment: Any, _citation: Citation) -> Reading:
    law = comment.consultation.law
    value = {
        "words": {comment.language: comment.text}, "number": comment.number,
        "from": dict(law.title), "day": _day(comment.received_on),
    }  # fmt: skip
    ended = "" if comment.is_published else _("This comment is not published.")
    url = reverse("legislation:consultation", args=[comment.consultation.pk])
    return Reading(_("comment on a draft"), value, url, ended or _closed(law))


def _item(readings: Readings, item: Any, _citation: Citation) -> Reading:
    testimony = getattr(item, "testimony", None)
    source = item.source
    value = {
        "words": dict(item.text), "figure": item.figure, "locator": item.locator,
        "from": {source.language: source.title} if source else {
            "und": testimony.chosen_name if testimony else ""
        },
        "day": _day(source.checked_on if source else None),
    }  # fmt: skip
    ended = _closed(item, source, item.dossier, source and source.dossier)
    if testimony is not None and not testimony.is_living(readings.today):
        ended = _("The consent of who testified has ended.")
        value["words"] = {}
    is_stale = source is not None and source.is_stale(readings.today)
    kind = str(item.get_kind_display())
    return Reading(kind, value, reverse("evidence:item", args=[item.pk]), ended, is_stale)


def _article(readings: Readings, article: Any, _citation: Citation) -> Reading:
    instrument = article.instrument
    value = {
        "words": dict(article.text), "label": str(article), "from": dict(instrument.title),
        "symbol": instrument.symbol, "day": _day(instrument.adopted_on),
    }  # fmt: skip
    url = f"{reverse('evidence:instrument', args=[instrument.pk])}#a-{article.pk}"
    is_stale = instrument.is_stale(readings.today)
    return Reading(_("article of an instrument"), value, url, _closed(instrument), is_stale,
                   instrument.url)  # fmt: skip


def _media_item(_readings: Readings, item: Any, _citation: Citation) -> Reading:
    value = {
        "words": {item.language: item.headline}, "from": {"und": item.outlet},
        "day": _day(item.published_on),
    }  # fmt: skip
    ended = _closed(item, item.dossier)
    url = reverse("evidence:media_item", args=[item.pk])
    return Reading(_("media item"), value, url, ended, public_url=item.url)


def _source(readings: Readings, source: Any, citation: Citation) -> Reading:
    value = {
        "words": {source.language: source.title}, "authors": _authors(source),
        "publisher": source.publisher, "issued": source.issued, "doi": source.doi,
        "locator": citation.locator, "day": _day(source.checked_on),
    }  # fmt: skip
    is_stale = source.is_stale(readings.today)
    return Reading(_("source"), value, reverse("evidence:source", args=[source.pk]),
                   _closed(source, source.dossier), is_stale, source.url)  # fmt: skip


def _authors(source: Any) -> str:
    separator = "، " if source.language == "ar" else ", "
    names = (
        name.get("literal") or f"{name.get('given', '')} {name.get('family', '')}".strip()
        for name in source.authors
    )
    return separator.join(names)


READERS: Mapping[str, Callable[[Readings, Any, Citation], Reading]] = {
    "statement": _statement, "finding": _finding, "conclusion": _conclusion, "event": _event,
    "fact": _fact,
    "provision": _provision, "comment": _comment, "item": _item, "article": _article,
    "media_item": _media_item, "source": _source,
}  # fmt: skip
