"""Sources of what rooms state: made of the words of a fact or a point, shared, looked at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiwar.accounts.queries import WIDE
from hiwar.common.actions import audit
from hiwar.common.dates import local_day
from hiwar.common.search.indexing import index_record
from hiwar.dossiers import rules as dossier_rules
from hiwar.dossiers.actions.facts import check_fact
from hiwar.dossiers.models.facts import CHECKED_EVERY
from hiwar.evidence.models import Check, FactSource, Source
from hiwar.evidence.queries.grounds import Naming, language_of, source_as_told
from hiwar.evidence.queries.search_documents import document_of_source

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from hiwar.accounts.models import User
    from hiwar.dossiers.models import Fact

    Looked = Callable[[User, Source, date, datetime], None]

_looked: list[Looked] = []


def register_looked(handler: Looked) -> None:
    """Let a room hear that a source was seen to say the same; twice counts once.

    It is called with who looked, the source, the day and the time, in the same transaction.
    """
    if handler not in _looked:
        _looked.append(handler)


def source_of(*, actor: User, naming: Naming, now: datetime) -> Source:
    """Return the source of the library that is told by these words; make it where there is none.

    One of another dossier that is told a second time belongs to the whole library from then on.
    """
    titles = [title.strip() for title in naming.titles if title.strip()]
    url, place = naming.url, naming.place
    known = source_as_told(naming)
    if known is not None:
        if known.dossier is not None and known.dossier != naming.dossier:
            known.dossier = None
            known.save(update_fields=["dossier"])
            audit(actor, "evidence.source.share", known, at=now)
        if url and known.is_from_words and not known.url:
            known.url = url
            known.save(update_fields=["url"])
        return known
    title = titles[0] if titles else url
    is_own = naming.dossier is None and place.visibility not in WIDE
    source = Source(
        title=title[:500], kind=Source.Kind.PAGE if url else Source.Kind.OTHER,
        language=language_of(title), url=url, issued=naming.issued, note="\n".join(titles[1:]),
        dossier=naming.dossier, is_from_words=True, is_demo=naming.is_demo,
        owner=place.owner or actor, added_by=actor, added_at=now,
    )  # fmt: skip
    if is_own:
        source.visibility = place.visibility
    source.full_clean()
    source.save()
    if is_own:
        source.readers.set(place.readers.all())
    index_record("evidence.source", document_of_source(source))
    audit(actor, "evidence.source.add", source, at=now)
    return source


def note_look(*, actor: User, source: Source, on: date, now: datetime) -> None:
    """Note that somebody who looked up one thing saw its source; twice on a day is once.

    A day that is still to come is not noted.
    """
    if on > local_day(now):
        return
    same = {"source": source, "on": on, "result": Check.Result.HOLDS, "checked_by": actor}
    if Check.objects.filter(**same).exists():
        return
    Check.objects.create(**same, recorded_at=now)
    if source.checked_on is None or on > source.checked_on:
        source.checked_on = on
        source.save(update_fields=["checked_on"])


def ground_fact(actor: User, fact: Fact, now: datetime, is_renamed: bool) -> None:
    """Put a fact whose source is named anew on that source, and note when it was looked at."""
    dossier = fact.dossier
    issued = fact.published_on.isoformat() if fact.published_on else ""
    naming = Naming(
        [fact.source], dossier, fact.url, dossier, issued=issued, is_demo=dossier.is_demo
    )
    ground = FactSource.objects.filter(fact=fact).select_related("source").first()
    if ground is None or is_renamed:
        source = source_of(actor=actor, naming=naming, now=now)
        ground, _made = FactSource.objects.update_or_create(fact=fact, defaults={"source": source})
    if fact.checked_on is not None:
        by = fact.checked_by or actor
        note_look(actor=by, source=ground.source, on=fact.checked_on, now=now)


def look(*, actor: User, source: Source, on: date, today: date, now: datetime) -> None:
    """Let what rests on a source count as checked: it was seen to say the same on a day.

    Facts of dossiers that the person may not edit stay as they are.
    """
    grounds = FactSource.objects.filter(source=source, fact__withdrawn_at=None)
    grounds = grounds.filter(fact__dossier__archived_at=None)
    for ground in grounds.select_related("fact__dossier").order_by("pk"):
        fact = ground.fact
        is_older = fact.checked_on is None or fact.checked_on < on
        if is_older and dossier_rules.can_edit_dossier(actor, fact.dossier):
            again = on + CHECKED_EVERY
            check_fact(actor=actor, fact=fact, on=on, next_check_on=again, today=today, now=now)
    for handler in _looked:
        handler(actor, source, on, now)
