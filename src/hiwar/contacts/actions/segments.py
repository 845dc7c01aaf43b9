"""Segments: what they are made of, and who is put in or left out by hand."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.actions import audit, update_record
from hiwar.common.refusals import Refused
from hiwar.contacts import rules
from hiwar.contacts.actions.contact_points import UnknownWord
from hiwar.contacts.actions.people import check_may_edit
from hiwar.contacts.models import Organisation, Person, Segment, SegmentPick
from hiwar.contacts.queries.conditions import condition_kind
from hiwar.contacts.queries.segments import terms_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from hiwar.accounts.models import User
    from hiwar.contacts.queries.conditions import Kind, Term

MOST_TERMS = 20
CHANGEABLE = frozenset(["name", "purpose", "join"])


class SegmentArchived(Refused):
    """A segment that was put away is not changed."""

    code = "segment_archived"
    message = _("This segment was put away. Bring it back before changing it.")


class TooManyTerms(Refused):
    """A segment has a limited number of conditions."""

    code = "too_many_terms"
    message = _("A segment has at most 20 conditions. Take one away first.")


class TermThere(Refused):
    """The condition is there already."""

    code = "term_there"
    message = _("This condition is there already.")


class TermGone(Refused):
    """The condition was taken away meanwhile."""

    code = "term_gone"
    message = _("The conditions were changed meanwhile. Load the page again.")


class ReasonMissing(Refused):
    """Whoever is put in or left out by hand is so for a reason."""

    code = "reason_missing"
    message = _("Write the reason: others read it beside the name.")


@transaction.atomic
def create_segment(
    *,
    actor: User | None,
    name: Mapping[str, str],
    purpose: Mapping[str, str],
    now: datetime,
    join: str = Segment.Join.ALL,
    **attributes: object,
) -> Segment:
    """Make a segment without conditions: nobody is in it. Raises ``NotAllowed``."""
    check_may_edit(actor)
    segment = Segment(
        name=name, purpose=purpose, join=join, owner=actor, created_at=now, **attributes
    )
    segment.full_clean()
    segment.save()
    audit(actor, "contacts.segment.create", segment, at=now)
    return segment


@transaction.atomic
def update_segment(
    *, actor: User, segment: Segment, changes: Mapping[str, object], now: datetime
) -> bool:
    """Change name, purpose or how conditions are joined.

    Raises ``NotAllowed``, ``SegmentArchived`` and ``ValidationError``.
    """
    _check(actor, segment)
    wanted = {name: value for name, value in changes.items() if name in CHANGEABLE}
    return update_record(actor=actor, record=segment, changes=wanted, at=now)


@transaction.atomic
def add_term(
    *,
    actor: User | None,
    segment: Segment,
    kind: str,
    values: Mapping[str, Sequence[str]],
    now: datetime,
    is_denied: bool = False,
) -> Segment:
    """Add a condition.

    Raises ``NotAllowed``, ``SegmentArchived``, ``UnknownWord``, ``TermThere`` and
    ``TooManyTerms``.
    """
    locked = _locked(actor, segment)
    known_kind = condition_kind(kind)
    if known_kind is None:
        raise UnknownWord
    kept = {
        parameter.name: sorted(set(values.get(parameter.name, ())))
        for parameter in known_kind.parameters
    }
    if not all(kept.values()) or not _are_known(actor, known_kind, kept):
        raise UnknownWord
    term: Term = {"kind": kind, "values": kept, "is_denied": is_denied}
    terms = terms_of(locked)
    if term in terms:
        raise TermThere
    if len(terms) >= MOST_TERMS:
        raise TooManyTerms
    return _keep(actor, locked, [*terms, term], "contacts.segment.add_condition", now)


@transaction.atomic
def remove_term(*, actor: User, segment: Segment, term: Term, now: datetime) -> Segment:
    """Take a condition away. Raises ``NotAllowed``, ``SegmentArchived`` and ``TermGone``."""
    locked = _locked(actor, segment)
    terms = terms_of(locked)
    if term not in terms:
        raise TermGone
    left = [kept for kept in terms if kept != term]
    return _keep(actor, locked, left, "contacts.segment.remove_condition", now)


@transaction.atomic
def pick_member(
    *,
    actor: User | None,
    segment: Segment,
    member: Person | Organisation,
    is_in: bool,
    reason: str,
    now: datetime,
) -> SegmentPick:
    """Put somebody in or leave them out, whatever the conditions say; the latest word counts.

    Raises ``NotAllowed``, ``SegmentArchived`` and ``ReasonMissing``.
    """
    locked = _locked(actor, segment)
    check_may_edit(actor, member)
    if not reason.strip():
        raise ReasonMissing
    side = "person" if isinstance(member, Person) else "organisation"
    picks = SegmentPick.objects.filter(segment=locked, **{side: member})
    pick = picks.first() or SegmentPick(segment=locked, **{side: member})
    pick.is_in, pick.reason = is_in, reason.strip()[:300]
    pick.picked_by, pick.picked_at = actor, now
    pick.save()
    verb = "contacts.segment.put_in" if is_in else "contacts.segment.leave_out"
    audit(actor, verb, locked, at=now, changed={side: ["", member], "reason": ["", pick.reason]})
    return pick


@transaction.atomic
def pick_people(
    *, actor: User, segment: Segment, people: Sequence[Person], reason: str, now: datetime
) -> int:
    """Put people in by hand, all with one reason; return how many were not put in already.

    Whoever was left out by hand is put in. Raises ``NotAllowed``, ``SegmentArchived`` and
    ``ReasonMissing``.
    """
    locked = _locked(actor, segment)
    for person in people:
        check_may_edit(actor, person)
    if not reason.strip():
        raise ReasonMissing
    picks = SegmentPick.objects.filter(segment=locked, person__in=people)
    put_in = set(picks.filter(is_in=True).values_list("person", flat=True))
    chosen = {person.pk: person for person in people if person.pk not in put_in}
    if not chosen:
        return 0
    picks.filter(is_in=False).delete()
    said = {"reason": reason.strip()[:300], "picked_by": actor, "picked_at": now}
    SegmentPick.objects.bulk_create(
        [SegmentPick(segment=locked, person=person, **said) for person in chosen.values()]
    )
    changed = {"people": [0, len(chosen)], "reason": ["", said["reason"]]}
    audit(actor, "contacts.segment.put_in_several", locked, at=now, changed=changed)
    return len(chosen)


@transaction.atomic
def forget_picks(*, actor: User, segment: Segment, picked_at: datetime, now: datetime) -> int:
    """Take out again whom somebody put in at one time; return how many they are.

    Raises ``NotAllowed`` and ``SegmentArchived``.
    """
    locked = _locked(actor, segment)
    count, _rows = SegmentPick.objects.filter(
        segment=locked, picked_at=picked_at, is_in=True
    ).delete()
    changed = {"people": [count, 0]}
    audit(actor, "contacts.segment.take_out_several", locked, at=now, changed=changed)
    return count


@transaction.atomic
def forget_pick(*, actor: User, pick: SegmentPick, now: datetime) -> None:
    """Let the conditions decide again. Raises ``NotAllowed`` and ``SegmentArchived``."""
    _check(actor, pick.segment)
    member = pick.person or pick.organisation
    check_may_edit(actor, member)
    changed = {"member": [member, ""], "reason": [pick.reason, ""]}
    audit(actor, "contacts.segment.forget_pick", pick.segment, at=now, changed=changed)
    pick.delete()


@transaction.atomic
def archive_segment(*, actor: User, segment: Segment, now: datetime) -> None:
    """Put a segment away; it can be brought back at any time. Raises ``NotAllowed``."""
    check_may_edit(actor, segment)
    segment.archived_at = now
    segment.save(update_fields=["archived_at"])
    audit(actor, "contacts.segment.archive", segment, at=now)


@transaction.atomic
def restore_segment(*, actor: User, segment: Segment, now: datetime) -> None:
    """Bring a segment back as it was. Raises ``NotAllowed``."""
    check_may_edit(actor, segment)
    segment.archived_at = None
    segment.save(update_fields=["archived_at"])
    audit(actor, "contacts.segment.restore", segment, at=now)


@transaction.atomic
def record_segment_export(
    *, actor: User, segment: Segment, kind: str, count: int, reason: str, now: datetime
) -> None:
    """Write down that a segment left the house as a file. Raises ``NotAllowed``."""
    if not rules.can_export_contact(actor):
        raise NotAllowed
    changed = {"kind": ["", kind], "count": [0, count], "reason": ["", reason]}
    audit(actor, "contacts.segment.export", segment, at=now, changed=changed)


def _are_known(actor: User | None, kind: Kind, values: Mapping[str, Sequence[str]]) -> bool:
    """Return whether all values are such that the actor may choose them."""
    for parameter in kind.parameters:
        codes = values[parameter.name]
        if parameter.options is None:
            try:
                for code in codes:
                    date.fromisoformat(code)
            except ValueError:
                return False
        elif actor is not None and set(parameter.texts(actor, codes)) != set(codes):
            return False
        if parameter.is_single and len(codes) > 1:
            return False
    return True


def _keep(
    actor: User | None, segment: Segment, terms: list[Term], verb: str, now: datetime
) -> Segment:
    before, segment.terms = segment.terms, terms
    segment.save(update_fields=["terms"])
    audit(actor, verb, segment, at=now, changed={"terms": [before, terms]})
    return segment


def _locked(actor: User | None, segment: Segment) -> Segment:
    locked = Segment.objects.select_for_update().get(pk=segment.pk)
    _check(actor, locked)
    return locked


def _check(actor: User | None, segment: Segment) -> None:
    check_may_edit(actor, segment)
    if segment.archived_at is not None:
        raise SegmentArchived
