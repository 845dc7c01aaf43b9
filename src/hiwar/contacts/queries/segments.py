"""Who is in a segment, as far as a reader may know, and why."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from django.db.models import BooleanField, Case, Count, Exists, OuterRef, Q, Value, When
from django.utils.translation import gettext as _

from hiwar.accounts.queries import readable_by
from hiwar.contacts import rules
from hiwar.contacts.models import Organisation, Person, Segment, SegmentPick
from hiwar.contacts.queries.conditions import NOBODY, Asking
from hiwar.contacts.queries.people import organisations_for, people_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from django.db.models import QuerySet

    from hiwar.accounts.rules import Somebody
    from hiwar.contacts.queries.conditions import Term

# Segments that a page of a person is compared with at most.
MOST_SEGMENTS = 60


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody is in a segment: a condition in words, or a hand with its reason."""

    text: str
    pick: SegmentPick | None = None


def segments_for(user: Somebody) -> QuerySet[Segment]:
    """Return the segments a user may read, the oldest first, those put away left out."""
    if not rules.can_see_contact(user):
        return Segment.objects.none()
    segments = Segment.objects.filter(readable_by(user, Segment), archived_at=None)
    return segments.select_related("owner").order_by("created_at", "pk")


def archived_segments(user: Somebody) -> QuerySet[Segment]:
    """Return the segments that were put away and can be brought back, the latest first."""
    if not rules.can_see_contact(user):
        return Segment.objects.none()
    segments = Segment.objects.filter(readable_by(user, Segment)).exclude(archived_at=None)
    return segments.order_by("-archived_at", "pk")


def people_in(user: Somebody, segment: Segment, day: date) -> QuerySet[Person]:
    """Return the people of a segment whom the user may read, by name."""
    return people_for(user).filter(_inside(user, segment, day, Person))


def organisations_in(user: Somebody, segment: Segment, day: date) -> QuerySet[Organisation]:
    """Return the organisations of a segment that the user may read, by code."""
    return organisations_for(user).filter(_inside(user, segment, day, Organisation))


def left_out(user: Somebody, segment: Segment) -> QuerySet[SegmentPick]:
    """Return who was left out by hand, as far as the user may read them, the latest first."""
    seen = Q(person__in=people_for(user).order_by().values("pk"))
    seen |= Q(organisation__in=organisations_for(user).order_by().values("pk"))
    segment_picks = segment.picks.filter(seen, is_in=False)
    return segment_picks.select_related("person", "organisation", "picked_by").order_by(
        "-picked_at", "pk"
    )


def picked_together(segment: Segment) -> list[tuple[SegmentPick, int]]:
    """Return one of those who were put in at once, and how many they are, the latest first."""
    picks = segment.picks.filter(is_in=True).order_by()
    counts = dict(picks.values_list("picked_at").annotate(Count("pk")))
    several = [at for at, count in counts.items() if count > 1]
    by_time = {pick.picked_at: pick for pick in picks.filter(picked_at__in=several)}
    return [(by_time[at], counts[at]) for at in sorted(by_time, reverse=True)]


def terms_of(segment: Segment) -> list[Term]:
    """Return the conditions of a segment."""
    return cast("list[Term]", segment.terms)


def reasons(
    user: Somebody, segment: Segment, records: Sequence[Person | Organisation], day: date
) -> dict[UUID, list[Reason]]:
    """Return why each of some members is in a segment: two queries for each of the two models."""
    reasons_by_key: dict[UUID, list[Reason]] = {record.pk: [] for record in records}
    asking = Asking(user, day, terms_of(segment), tuple(reasons_by_key))
    said = {_key(term): asking.in_words(term) for term in terms_of(segment)}
    for model in (Person, Organisation):
        keys = [record.pk for record in records if isinstance(record, model)]
        if not keys:
            continue
        for pick in _picks(model, keys).filter(segment=segment, is_in=True):
            reasons_by_key[pick.person_id or pick.organisation_id].append(_by_hand(pick))  # type: ignore[index]  # it has one
        for key, answers in _truths(asking, model, keys, terms_of(segment)).items():
            reasons_by_key[key] += _because(segment, answers, said)
    return reasons_by_key


def segments_of(
    user: Somebody, record: Person | Organisation, day: date
) -> list[tuple[Segment, list[Reason]]]:
    """Return the segments that a person or an organisation is in, with the reasons.

    The number of queries does not grow with the number of segments.
    """
    model = type(record)
    segments = list(segments_for(user)[:MOST_SEGMENTS])
    if not segments:
        return []
    picks = {pick.segment_id: pick for pick in _picks(model, [record.pk])}
    terms = [term for segment in segments for term in terms_of(segment)]
    asking = Asking(user, day, terms, (record.pk,))
    said = {_key(term): asking.in_words(term) for term in terms}
    answers = _truths(asking, model, [record.pk], terms).get(record.pk, {})
    fitting = []
    for segment in segments:
        pick = picks.get(segment.pk)
        if pick is not None and not pick.is_in:
            continue
        why = [_by_hand(pick)] if pick is not None else []
        why += _because(segment, answers, said)
        if why:
            fitting.append((segment, why))
    return fitting


def names_of_segments(keys: Iterable[str]) -> dict[str, str]:
    """Return the names of segments that all staff may read, by key."""
    wide = Segment.objects.exclude(visibility__in=("personal", "team"))
    return {str(segment.pk): str(segment) for segment in wide.filter(pk__in=list(keys))}


def _inside(user: Somebody, segment: Segment, day: date, model: type[Person | Organisation]) -> Q:
    at = 0 if model is Person else 1
    asking = Asking(user, day, terms_of(segment))
    conditions = [asking.met(term)[at] for term in terms_of(segment)]
    if not conditions:
        whole = NOBODY
    elif segment.join == Segment.Join.ANY:
        whole = Q()
        for condition in conditions:
            whole |= condition
    else:
        whole = Q()
        for condition in conditions:
            whole &= condition
    side = "person" if model is Person else "organisation"
    picks = SegmentPick.objects.filter(segment=segment, **{side: OuterRef("pk")})
    return (whole | Q(Exists(picks.filter(is_in=True)))) & ~Q(Exists(picks.filter(is_in=False)))


def _truths(
    asking: Asking,
    model: type[Person | Organisation],
    keys: Sequence[UUID],
    terms: Sequence[Term],
) -> dict[UUID, dict[str, bool]]:
    """Return for each record which of the conditions it meets: one query for all of them."""
    at = 0 if model is Person else 1
    unique = {_key(term): term for term in terms}
    columns = {
        f"met_{number}": Case(
            When(asking.met(term)[at], then=Value(True)),
            default=Value(False),
            output_field=BooleanField(),
        )
        for number, term in enumerate(unique.values())
    }
    if not columns:
        return {}
    rows = model._default_manager.filter(pk__in=keys).annotate(**columns)
    listed = rows.order_by("pk").values_list("pk", *columns)
    return {row[0]: dict(zip(unique, map(bool, row[1:]), strict=True)) for row in listed}


def _because(
    segment: Segment, answers: Mapping[str, bool], said: Mapping[str, str]
) -> list[Reason]:
    """Return the conditions that make a member, where the conditions do."""
    keys = [_key(term) for term in terms_of(segment)]
    kept = [key for key in keys if answers.get(key)]
    if not kept or (segment.join == Segment.Join.ALL and len(kept) < len(keys)):
        return []
    return [Reason(said[key]) for key in kept]


def _picks(model: type[Person | Organisation], keys: Sequence[UUID]) -> QuerySet[SegmentPick]:
    side = "person" if model is Person else "organisation"
    segment_picks = SegmentPick.objects.filter(**{f"{side}__in": keys})
    return segment_picks.select_related("picked_by").order_by("picked_at", "pk")


def _by_hand(pick: SegmentPick) -> Reason:
    return Reason(_("put in by hand: %(reason)s") % {"reason": pick.reason}, pick)


def _key(term: Term) -> str:
    return json.dumps(term, sort_keys=True)
