"""Two records of one person: found with reasons, merged by somebody, and taken apart again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.core import serializers
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.accounts.queries import is_readable_by
from hiwar.common import jobs
from hiwar.common.actions import audit
from hiwar.common.dates import local_day
from hiwar.common.models import Visibility
from hiwar.common.refusals import Refused
from hiwar.common.search.indexing import index_record
from hiwar.contacts import rules
from hiwar.contacts.actions.people import index_person
from hiwar.contacts.models import (
    Consent,
    ContactPoint,
    DuplicatePair,
    FileRow,
    Membership,
    Merge,
    NameKey,
    Note,
    Person,
    PersonName,
    PostHolding,
    Relationship,
    SegmentPick,
)
from hiwar.contacts.queries.contact_points import stands
from hiwar.contacts.queries.people import people_for
from hiwar.contacts.queries.register import candidates
from hiwar.contacts.queries.search_documents import PERSON, document_of
from hiwar.contacts.queries.vocabularies import honorific_words
from hiwar.engine.names import propose_duplicates

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from django.db.models import Model, QuerySet

    from hiwar.accounts.models import User
    from hiwar.engine.names import Pair

FIELDS = (
    "family_name",
    "honorific",
    "sex",
    "birth_year",
    "disability",
    "language",
    "sector",
    "place",
    "code",
)
CLOSEST_FIRST = list(Visibility.values)


class SamePerson(Refused):
    """A record cannot be merged into itself."""

    code = "same_record"
    message = _("These are the same record already.")


class NotLive(Refused):
    """One of the records was removed or merged already."""

    code = "not_live"
    message = _("One of the records was removed or merged already. Load the page again.")


class UndoneAlready(Refused):
    """The merge was undone already."""

    code = "undone_already"
    message = _("This merge was undone already.")


class LaterMerge(Refused):
    """A later merge has to be undone first."""

    code = "later_merge"
    message = _("A later merge of this person has to be undone first.")


def comparison_key(actor: User) -> str:
    """Return the key of the job that compares whom an actor may read."""
    return f"contacts.compare_everybody {actor.pk}"


@transaction.atomic
def ask_to_compare(*, actor: User, now: datetime) -> None:
    """Let everybody whom the actor may read be compared, beside the requests.

    Raises ``NotAllowed``.
    """
    if not rules.can_merge_person(actor):
        raise NotAllowed
    jobs.enqueue("contacts.compare_everybody", actor.pk, key=comparison_key(actor), now=now)


def find_duplicates(*, actor: User | None, now: datetime) -> int:
    """Compare everybody the actor may read and keep the pairs to decide; return how many are new.

    What was decided before stays decided. The comparison itself holds no transaction: among many
    thousands it takes seconds, in which others write. Raises ``NotAllowed``.
    """
    if actor is not None and not rules.can_merge_person(actor):
        raise NotAllowed
    live = Person.objects.filter(removed_at=None, merged_into=None)
    people = live if actor is None else people_for(actor)
    honorifics = [word for word, _code in honorific_words()]
    compared = candidates(people)
    jobs.progress(0.1)
    pairs = propose_duplicates(compared, honorifics=honorifics)
    jobs.progress(0.9)
    return keep_pairs(pairs=pairs, now=now)


@transaction.atomic
def keep_pairs(*, pairs: Iterable[Pair], now: datetime) -> int:
    """Keep proposed pairs whose keys are those of people; return how many are new."""
    wanted = [_pair(pair, now) for pair in pairs]
    there = set(
        DuplicatePair.objects.filter(first__in={pair.first_id for pair in wanted}).values_list(
            "first_id", "second_id"
        )
    )
    new = [pair for pair in wanted if (pair.first_id, pair.second_id) not in there]
    DuplicatePair.objects.bulk_create(new, batch_size=500)
    return len(new)


@transaction.atomic
def keep_apart(*, actor: User, pair: DuplicatePair, now: datetime) -> DuplicatePair:
    """Remember that two records are two people, so that nobody is asked again."""
    _check(actor, pair.first, pair.second)
    pair.state, pair.decided_at, pair.decided_by = DuplicatePair.State.APART, now, actor
    pair.save(update_fields=["state", "decided_at", "decided_by"])
    audit(actor, "contacts.person.keep_apart", pair.first, at=now, changed={"other": [pair.second]})
    return pair


@transaction.atomic
def merge_people(
    *,
    actor: User,
    kept: Person,
    other: Person,
    now: datetime,
    reason: str = "",
    choices: Mapping[str, str] | None = None,
) -> Merge:
    """Make two records one: everything of the other moves, and the stricter word counts.

    ``choices`` names attributes that are taken from the ``other``; else what the kept record
    lacks is filled. Both are kept as they were, and `undo_merge` brings them back. Raises
    ``NotAllowed``, ``SamePerson`` and ``NotLive``.
    """
    if kept.pk == other.pk:
        raise SamePerson
    _check(actor, kept, other)
    kept = Person.objects.select_for_update().get(pk=kept.pk)
    other = Person.objects.select_for_update().get(pk=other.pk)
    if not rules.is_live(kept) or not rules.is_live(other):
        raise NotLive
    merge = Merge(
        kept=kept,
        other=other,
        reason=reason[:300],
        choices=dict(choices or {}),
        before=_images(kept, other),
        decided_by=actor,
        decided_at=now,
    )
    merge.added = _stricter_words(kept, other, local_day(now))
    _take_attributes(actor, kept, other, choices or {})
    _move(kept, other)
    Person.objects.filter(merged_into=other).update(merged_into=kept)
    other.name_keys.all().delete()
    other.merged_into, other.modified_at, kept.modified_at = kept, now, now
    other.save()
    kept.full_clean(exclude=["sort_name"])
    kept.save()
    index_person(person=kept)
    merge.save()
    both = {"first__in": (kept, other), "second__in": (kept, other)}
    DuplicatePair.objects.filter(**both).update(
        state=DuplicatePair.State.MERGED, decided_at=now, decided_by=actor
    )
    audit(actor, "contacts.person.merge", kept, at=now, changed={"other": ["", other]})
    return merge


@transaction.atomic
def undo_merge(*, actor: User, merge: Merge, now: datetime) -> Merge:
    """Bring both records back as they were before the merge, byte for byte.

    What was added to the kept record since stays with it; what was changed of the records
    themselves is as before. Raises ``NotAllowed``, ``UndoneAlready`` and ``LaterMerge``.
    """
    if merge.undone_at is not None:
        raise UndoneAlready
    _check(actor, merge.kept)
    later = Merge.objects.filter(
        Q(kept=merge.kept) | Q(other=merge.kept), undone_at=None, decided_at__gt=merge.decided_at
    )
    if later.exclude(pk=merge.pk).exists():
        raise LaterMerge
    pair = (merge.kept_id, merge.other_id)
    NameKey.objects.filter(person__in=pair).delete()
    Consent.objects.filter(pk__in=merge.added).delete()
    links = [row for row in merge.before if row["model"] == "links"]
    rows = [row for row in merge.before if row["model"] != "links"]
    for restored in serializers.deserialize("json", json.dumps(rows)):
        restored.save()
    for link in links:
        _restore_links(merge, link["kept"], link["other"])
    both = {"first__in": pair, "second__in": pair}
    DuplicatePair.objects.filter(**both).update(
        state=DuplicatePair.State.OPEN, decided_at=None, decided_by=None
    )
    for person in Person.objects.filter(pk__in=pair):
        index_record(PERSON, document_of(person))
    merge.undone_at = now
    merge.save(update_fields=["undone_at"])
    audit(actor, "contacts.person.undo_merge", merge.kept, at=now, changed={"other": [merge.other]})
    return merge


def _check(actor: User, *people: Person) -> None:
    if not rules.can_merge_person(actor):
        raise NotAllowed
    if not all(is_readable_by(actor, person) for person in people):
        raise NotAllowed


def _pair(pair: Pair, now: datetime) -> DuplicatePair:
    first, second = sorted((pair.first, pair.second))
    reasons = [
        {
            "code": evidence.code,
            "bits": round(evidence.bits, 2),
            "first": evidence.first,
            "second": evidence.second,
        }
        for evidence in pair.evidence
    ]
    duplicate_pair = DuplicatePair(
        verdict=pair.verdict.value, score=pair.score, reasons=reasons, found_at=now
    )
    field = Person._meta.pk
    duplicate_pair.first_id, duplicate_pair.second_id = (
        field.to_python(first),
        field.to_python(second),
    )
    return duplicate_pair


def _dependents(person: Person) -> list[QuerySet[Model]]:
    """Return everything in this room that belongs to a person."""
    return [
        Person.objects.filter(merged_into=person),
        PersonName.objects.filter(person=person),
        NameKey.objects.filter(person=person),
        ContactPoint.objects.filter(person=person),
        PostHolding.objects.filter(person=person),
        Membership.objects.filter(person=person),
        Consent.objects.filter(person=person),
        Relationship.objects.filter(Q(person=person) | Q(other=person)),
        Note.objects.filter(person=person),
        FileRow.objects.filter(person=person),
        SegmentPick.objects.filter(person=person),
    ]


def _images(kept: Person, other: Person) -> list[dict[str, object]]:
    rows: list[Model] = [kept, other]
    for person in (kept, other):
        for related in _dependents(person):
            rows += list(related.order_by("pk"))
    unique = {(row._meta.label, row.pk): row for row in rows}
    images: list[dict[str, object]] = json.loads(serializers.serialize("json", unique.values()))
    links = {
        name: [str(pk) for pk in person.interactions.order_by("pk").values_list("pk", flat=True)]
        for name, person in (("kept", kept), ("other", other))
    }
    return [*images, {"model": "links", **links}]


def _take_attributes(actor: User, kept: Person, other: Person, choices: Mapping[str, str]) -> None:
    for name in FIELDS:
        wished = choices.get(name)
        if wished == "other" or (wished is None and not getattr(kept, name)):
            setattr(kept, name, getattr(other, name))
    first, second = (other, kept) if choices.get("shown_name") == "other" else (kept, other)
    kept.shown_name = second.shown_name.updated(first.shown_name)
    order = [CLOSEST_FIRST.index(person.visibility) for person in (kept, other)]
    closest = CLOSEST_FIRST[min(order)]
    if closest == Visibility.TEAM:
        lists = [
            set(person.readers.all()) for person in (kept, other) if person.visibility == closest
        ]
        kept.readers.set(set.intersection(*lists) | {actor})
    kept.visibility = closest
    if closest == Visibility.PERSONAL and kept.visibility != other.visibility:
        kept.owner = kept.owner or other.owner


def _move(kept: Person, other: Person) -> None:
    spelt = set(kept.names.values_list("language", "text"))
    mains = set(kept.names.filter(kind="main").values_list("language", flat=True))
    for name in other.names.all():
        if (name.language, name.text) not in spelt:
            name.person = kept
            if name.kind == PersonName.Kind.MAIN and name.language in mains:
                name.kind = PersonName.Kind.ATTESTED
            name.save()
    there = {
        (contact_point.kind, contact_point.key): contact_point
        for contact_point in kept.points.all()
    }
    for point in other.points.all():
        same = there.get((point.kind, point.key))
        if same is None:
            ContactPoint.objects.filter(pk=point.pk).update(person=kept)
        elif point.is_private and not same.is_private:
            ContactPoint.objects.filter(pk=same.pk).update(is_private=True)
    held = {
        (holding.post_id, holding.starts_on, holding.ends_on) for holding in kept.holdings.all()
    }
    for holding in other.holdings.all():
        if (holding.post_id, holding.starts_on, holding.ends_on) not in held:
            PostHolding.objects.filter(pk=holding.pk).update(person=kept)
    Membership.objects.filter(person=other).update(person=kept)
    Consent.objects.filter(person=other).update(person=kept)
    Relationship.objects.filter(person=other).exclude(other=kept).update(person=kept)
    Relationship.objects.filter(other=other).exclude(person=kept).update(other=kept)
    Note.objects.filter(person=other).update(person=kept)
    FileRow.objects.filter(person=other).update(person=kept)
    _move_picks(kept, other)
    for interaction in list(other.interactions.all()):
        interaction.people.add(kept)
        interaction.people.remove(other)


def _move_picks(kept: Person, other: Person) -> None:
    """Move what was decided by hand about segments; who was left out once stays out."""
    there = {pick.segment_id: pick for pick in kept.segment_picks.all()}
    for pick in other.segment_picks.all():
        same = there.get(pick.segment_id)
        if same is None:
            SegmentPick.objects.filter(pk=pick.pk).update(person=kept)
        elif same.is_in and not pick.is_in:
            SegmentPick.objects.filter(pk=same.pk).update(is_in=False, reason=pick.reason)


def _stricter_words(kept: Person, other: Person, on: date) -> list[str]:
    """Write a refusal wherever one record says yes and the other no; return the new keys."""
    said = [_words_said(person, on) for person in (kept, other)]
    added = []
    for purpose, channel in said[0].keys() & said[1].keys():
        if said[0][purpose, channel] != said[1][purpose, channel]:
            consent = Consent.objects.create(
                person=kept,
                purpose=purpose,
                channel=channel,
                is_given=False,
                source=str(_("merging two records: the stricter word counts")),
                given_on=on,
            )
            added.append(str(consent.pk))
    return added


def _words_said(person: Person, on: date) -> dict[tuple[str, str], bool]:
    words_said: dict[tuple[str, str], bool] = {}
    for consent in person.consents.filter(given_on__lte=on).order_by("given_on", "pk"):
        words_said[consent.purpose, consent.channel] = stands(consent, on)
    return words_said


def _restore_links(merge: Merge, kept: list[str], other: list[str]) -> None:
    for interaction in merge.kept.interactions.filter(pk__in=other):
        interaction.people.add(merge.other)
        if str(interaction.pk) not in kept:
            interaction.people.remove(merge.kept)
