"""On which sources of the library facts rest, and what happened to those sources since."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _

from hiwar.accounts.queries import WIDE
from hiwar.common.dates import local_day
from hiwar.common.multilingual import script_of_language
from hiwar.common.scripts import script_of_text
from hiwar.dossiers.queries.dossiers import plain
from hiwar.dossiers.queries.extension_points import Ground, Use
from hiwar.dossiers.queries.facts import readable_facts
from hiwar.evidence.models import Check, EvidenceItem, FactSource, Source
from hiwar.evidence.queries.library import items_for, sources_for

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from hiwar.accounts.models import Guarded, User
    from hiwar.dossiers.models import Dossier


@dataclass(frozen=True, slots=True)
class Naming:
    """How a room names a source: titles, the first of them that of the source, and an address.

    ``place`` is the record that names it: a source made of its words is read by the same people.
    ``dossier`` is the dossier that the source belongs to, if any; ``own`` are the keys of sources
    that the same record rests on already.
    """

    titles: Sequence[str]
    place: Guarded
    url: str = ""
    dossier: Dossier | None = None
    issued: str = ""
    is_demo: bool = False
    own: Collection[UUID] = ()


@dataclass(frozen=True, slots=True)
class Doubt:
    """On which day a source said something else, what in words, and whether that came last."""

    on: date
    words: str
    is_last: bool


def language_of(title: str) -> str:
    """Return the first language of the house that is written in the script of a title."""
    script = script_of_text(title)
    codes = [str(code) for code, _name in settings.LANGUAGES]
    return next((code for code in codes if script_of_language(code) == script), codes[0])


def in_house_order(texts: Mapping[str, str]) -> list[str]:
    """Return what is said in several languages, those of the house first and in its order."""
    codes = [str(code) for code, _name in settings.LANGUAGES]
    first = [texts[code] for code in codes if code in texts]
    return first + [words for code, words in texts.items() if code not in codes]


def source_as_told(naming: Naming) -> Source | None:
    """Return the source that is told by the same address or the same words, or None."""
    sources = Source.objects.filter(is_demo=naming.is_demo).select_related("dossier")
    alike: Source | None = told_alike(
        sources.order_by("added_at", "pk"), titles=naming.titles, url=naming.url,
        dossier=naming.dossier, place=naming.place, own=naming.own,
    )  # fmt: skip
    return alike


def told_alike(
    sources: Iterable[Any], *, titles: Iterable[str], url: str, dossier: Any, place: Any,
    own: Collection[UUID],
) -> Any:  # fmt: skip
    """Return which of some sources is told by an address or by words, or None.

    It is one of the whole library, of the same dossier, or of ``own``. What all staff may read
    (``place``) may also rest on a source of another dossier that all staff may read. An address
    decides before words; letters are folded.
    """
    near = [source for source in sources if source.pk in own or _is_near(source, dossier, place)]
    wanted = {plain(title) for title in titles if title.strip()}
    by_address = (source for source in near if url and source.url == url)
    by_words = (
        source for source in near
        if not (url and source.url and source.url != url) and wanted & words_of(source)
    )  # fmt: skip
    return next(by_address, None) or next(by_words, None)


def words_of(source: Any) -> set[str]:
    """Return by which words, folded, a source is told: its title, in each language it was told."""
    others = source.note.split("\n") if source.is_from_words else []
    return {plain(words) for words in (source.title, *others)} - {""}


def _is_near(source: Any, dossier: Any, place: Any) -> bool:
    if source.visibility not in WIDE:
        return False
    home = source.dossier
    if home is None or home == dossier:
        return True
    return bool(home.visibility in WIDE and place.visibility in WIDE)


def facts_by_source(user: User, keys: Sequence[UUID]) -> dict[UUID, list[Use]]:
    """Return the facts of dossiers that rest on sources and that a person may read."""
    rows = FactSource.objects.filter(source__in=list(keys), fact__in=readable_facts(user))
    rows = rows.select_related("fact__dossier").order_by("fact__dossier__code", "fact__added_at")
    uses: dict[UUID, list[Use]] = {}
    for row in rows:
        code = row.fact.dossier.code
        url = f"{reverse('dossiers:facts', args=[code])}#fact-{row.fact_id}"
        text = _("fact of the dossier %(code)s") % {"code": code}
        uses.setdefault(row.source_id, []).append(Use(str(row.fact), url, text))
    return uses


def source_keys_of_facts(keys: Sequence[UUID]) -> dict[UUID, UUID]:
    """Return the key of the source that each fact rests on, by the key of the fact."""
    rows = FactSource.objects.filter(fact__in=list(keys)).order_by("pk")
    return dict(rows.values_list("fact", "source"))


def grounds_of_facts(user: User, keys: Sequence[UUID]) -> dict[UUID, Ground]:
    """Return the sources that facts rest on, as far as a person may read them."""
    rows = FactSource.objects.filter(fact__in=list(keys), source__in=sources_for(user).order_by())
    rows = rows.select_related("source", "fact")
    doubts = doubted_on([row.source_id for row in rows])
    return {
        row.fact_id: Ground(
            row.source.title, reverse("evidence:source", args=[row.source_id]),
            doubt(doubts.get(row.source_id), None, row.fact.checked_on),
        )
        for row in rows
    }  # fmt: skip


def doubted_on(keys: Collection[UUID]) -> dict[UUID, Doubt]:
    """Return when sources were last found to say something else, or to be gone."""
    doubts: dict[UUID, Doubt] = {}
    checks = Check.objects.filter(source__in=list(keys)).order_by("on", "recorded_at", "pk")
    for check in checks:
        if check.source_id is None:
            continue
        if check.result != Check.Result.HOLDS:
            doubts[check.source_id] = Doubt(check.on, str(check.get_result_display()), is_last=True)
        elif check.source_id in doubts:
            doubts[check.source_id] = replace(doubts[check.source_id], is_last=False)
    return doubts


def corrected_on(user: User, keys: Collection[UUID]) -> dict[UUID, date]:
    """Return on which day what rests on sources was last corrected: evidence and facts read."""
    days: dict[UUID, list[date]] = defaultdict(list)
    facts = FactSource.objects.filter(source__in=list(keys), fact__in=readable_facts(user))
    readable = items_for(user).order_by().values("pk")
    items = EvidenceItem.objects.filter(source__in=list(keys), pk__in=readable)
    rows = [
        *facts.order_by().values_list("source").annotate(at=Max("fact__corrected_at")),
        *items.order_by().values_list("source").annotate(at=Max("corrected_at")),
    ]
    for key, at in rows:
        if at is not None:
            days[key].append(local_day(at))
    return {key: max(each) for key, each in days.items()}


def doubt(doubted: Doubt | None, corrected: date | None, checked: date | None) -> str:
    """Return what has happened to a source since something was checked, in words; or nothing."""
    if doubted is not None:
        is_same_day = checked == doubted.on and doubted.is_last
        if checked is None or checked < doubted.on or is_same_day:
            return doubted.words
    if corrected is not None and (checked is None or corrected > checked):
        return _("a figure of this source was corrected")
    return ""


def doubts_of(user: User, rows: Mapping[UUID, tuple[UUID, date | None]]) -> dict[UUID, str]:
    """Return what happened to the sources of records since they were checked.

    ``rows`` has the source and the day of the last check by the key of a record.
    """
    keys = {source for source, _checked in rows.values()}
    doubted, corrected = doubted_on(keys), corrected_on(user, keys)
    return {
        key: doubt(doubted.get(source), corrected.get(source), checked)
        for key, (source, checked) in rows.items()
    }
