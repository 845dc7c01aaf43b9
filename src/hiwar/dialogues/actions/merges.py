"""Registrations that may be one person: proposed, joined by a person, and taken apart again."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.actions import audit
from hiwar.common.refusals import Refused
from hiwar.dialogues import rules
from hiwar.dialogues.models import (
    Dialogue,
    Exposure,
    MergeProposal,
    Participant,
    Statement,
    Vote,
)
from hiwar.dialogues.models.sequences import day_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from hiwar.accounts.models import User

VOTE = ("pk", "participant_id", "statement_id", "choice", "is_important", "channel", "sequence")
OFFER = ("pk", "participant_id", "statement_id", "probability")
# What of one registration completes another that leaves it open.
COMPLETED = ("sex", "age_band", "disability", "locality_kind", "place_id", "language", "name")
KEPT = (*COMPLETED, "sectors", "trust", "last_channel", "is_blocked", "is_to_be_told",
        "merged_into_id")  # fmt: skip


class MergeSettled(Refused):
    """The proposal is not in a state that allows this."""

    code = "merge_settled"
    message = _("This proposal was settled in the meantime.")


class LaterMergeFirst(Refused):
    """Merges of one person are undone in the reverse of their order."""

    code = "later_merge_first"
    message = _("Undo the later merge of this person first.")


class SameDayVotes(Refused):
    """Two registrations voted otherwise on one day: a person says which of them is later."""

    code = "same_day_votes"
    message = _("Both registrations voted otherwise on one day. Say which of them counts.")


@transaction.atomic
def propose_merges(*, actor: User, dialogue: Dialogue, now: datetime) -> list[MergeProposal]:
    """Propose to join registrations of equal telephone or address; return what is proposed.

    The registration whose first vote is older would be kept. Nothing is joined. Raises
    ``NotAllowed``.
    """
    _need_importer(actor)
    Dialogue.objects.select_for_update(no_key=True).get(pk=dialogue.pk)
    same: dict[str, list[Participant]] = defaultdict(list)
    people = Participant.objects.filter(dialogue=dialogue, merged_into=None).exclude(contact_key="")
    for person in people.order_by("pk"):
        same[person.contact_key].append(person)
    several = [group for group in same.values() if len(group) > 1]
    first = _first_votes([person.pk for group in several for person in group])
    proposed = 0
    for group in several:
        kept, *others = sorted(
            group,
            key=lambda participant: (
                first.get(participant.pk, (2**63, 0)),
                participant.registration,
                participant.pk,
            ),
        )
        for other in others:
            if not _is_known(kept, other):
                proposed += 1
                again = {"dialogue": dialogue, "state": MergeProposal.State.PROPOSED}
                MergeProposal.objects.update_or_create(kept=kept, other=other, defaults=again)
    if proposed:
        audit(
            actor, "dialogues.dialogue.propose_merges", dialogue, at=now, changed={"new": proposed}
        )
    open_now = dialogue.merge_proposals.filter(state=MergeProposal.State.PROPOSED)
    return list(open_now.select_related("kept", "other").order_by("kept", "other", "pk"))


def _first_votes(keys: Sequence[int]) -> dict[int, tuple[int, int]]:
    rows = Vote.objects.filter(participant__in=keys).values_list("participant_id", "sequence")
    first: dict[int, tuple[int, int]] = {}
    for key, sequence in rows:
        day = day_of(sequence)
        rank = (day, 0 if day else sequence)
        first[key] = min(rank, first.get(key, rank))
    return first


def same_day_votes(proposal: MergeProposal) -> list[int]:
    """Return the numbers of the statements on which both registrations voted otherwise on one day.

    Nobody knows which of two such votes is the later one, because no time is kept.
    """
    pair = (proposal.kept_id, proposal.other_id)
    columns = ("participant_id", "statement__number", "choice", "sequence")
    rows = Vote.objects.filter(participant__in=pair).values_list(*columns)
    of: dict[int, dict[int, tuple[int, int]]] = {key: {} for key in pair}
    for person, number, choice, sequence in rows.order_by("statement__number", "participant"):
        of[person][number] = (choice, day_of(sequence))
    kept, other = (of[key] for key in pair)
    return [
        number
        for number, (choice, day) in kept.items()
        if day and number in other and other[number][1] == day and other[number][0] != choice
    ]


def _is_known(kept: Participant, other: Participant) -> bool:
    pair = (kept, other)
    known = MergeProposal.objects.filter(kept__in=pair, other__in=pair)
    return known.exclude(state=MergeProposal.State.UNDONE).exists()


@transaction.atomic
def accept_merges(
    *,
    actor: User,
    proposals: Iterable[MergeProposal],
    now: datetime,
    stands: Mapping[UUID, int] | None = None,
) -> int:
    """Join the registrations of proposals; of two votes on a statement the later one stands.

    Where both voted otherwise on one day, `stands` names by proposal the registration whose votes
    of that day count. Returns how many were joined. Raises ``NotAllowed``, ``MergeSettled`` and
    ``SameDayVotes``.
    """
    _need_importer(actor)
    count = 0
    for proposal in proposals:
        locked = _locked(proposal, MergeProposal.State.PROPOSED)
        if locked.other.merged_into_id or locked.kept.merged_into_id:
            raise MergeSettled
        preferred = (stands or {}).get(locked.pk)
        if preferred not in (locked.kept_id, locked.other_id):
            preferred = None
            if same_day_votes(locked):
                raise SameDayVotes
        _join(locked, preferred)
        audit(actor, "dialogues.mergeproposal.accept", locked, at=now)
        count += 1
    return count


@transaction.atomic
def refuse_merges(*, actor: User, proposals: Iterable[MergeProposal], now: datetime) -> int:
    """Say of each pair that they are two people; return how many.

    They are not proposed again. Raises ``NotAllowed`` and ``MergeSettled``.
    """
    _need_importer(actor)
    count = 0
    for proposal in proposals:
        locked = _locked(proposal, MergeProposal.State.PROPOSED)
        locked.state = MergeProposal.State.REFUSED
        locked.save(update_fields=["state"])
        audit(actor, "dialogues.mergeproposal.refuse", locked, at=now)
        count += 1
    return count


@transaction.atomic
def reopen_merge(*, actor: User, proposal: MergeProposal, now: datetime) -> None:
    """Take a refusal back: the pair waits again. Raises ``NotAllowed`` and ``MergeSettled``."""
    _need_importer(actor)
    locked = _locked(proposal, MergeProposal.State.REFUSED)
    locked.state = MergeProposal.State.PROPOSED
    locked.save(update_fields=["state"])
    audit(actor, "dialogues.mergeproposal.reopen", locked, at=now)


@transaction.atomic
def undo_merge(*, actor: User, proposal: MergeProposal, now: datetime) -> None:
    """Take a merge back: both registrations and all their votes are as they were.

    Votes given since then stay with the registration that was kept. Raises ``NotAllowed``,
    ``MergeSettled`` and ``LaterMergeFirst``.
    """
    _need_importer(actor)
    locked = _locked(proposal, MergeProposal.State.ACCEPTED)
    others = MergeProposal.objects.filter(kept=locked.kept, state=MergeProposal.State.ACCEPTED)
    if any(merge_proposal.before["order"] > locked.before["order"] for merge_proposal in others):
        raise LaterMergeFirst
    _part(locked)
    audit(actor, "dialogues.mergeproposal.undo", locked, at=now)


def _join(proposal: MergeProposal, preferred: int | None) -> None:
    kept, other = proposal.kept, proposal.other
    pair = [kept.pk, other.pk]
    # The locks on both people and on their votes hold up a vote that is on its way meanwhile.
    there = Vote.objects.select_for_update().filter(participant__in=pair)
    votes = list(there.order_by("pk").values_list(*VOTE))
    offers = list(Exposure.objects.filter(participant__in=pair).order_by("pk").values_list(*OFFER))
    authored = Statement.objects.filter(author=other).order_by("pk")
    proposal.before = {
        "order": MergeProposal.objects.filter(kept=kept, state="accepted").count(),
        "preferred": preferred,
        "kept": _plain(kept),
        "other": _plain(other),
        "votes": votes,
        "offers": offers,
        "authored": list(authored.values_list("pk", flat=True)),
    }
    winners = _winners(votes, kept.pk, preferred)
    _complete(kept, other, votes)
    Vote.objects.filter(participant__in=pair).delete()
    Vote.objects.bulk_create(
        [Vote(**dict(zip(VOTE, row, strict=True)) | {"participant_id": kept.pk}) for row in winners]
    )
    seen = {row[2] for row in offers if row[1] == kept.pk}
    moved = [row[0] for row in offers if row[1] == other.pk and row[2] not in seen]
    Exposure.objects.filter(pk__in=moved).update(participant=kept)
    authored.update(author=kept)
    other.merged_into = kept
    other.save(update_fields=["merged_into"])
    proposal.state = MergeProposal.State.ACCEPTED
    proposal.save(update_fields=["state", "before"])


def _plain(person: Participant) -> dict[str, Any]:
    """Return what a merge may change of a registration, as JSON holds it."""
    plain = {name: getattr(person, name) for name in KEPT}
    plain["place_id"] = str(person.place_id) if person.place_id else None
    return plain


def _winners(
    votes: Iterable[tuple[Any, ...]], kept: int, preferred: int | None
) -> list[tuple[Any, ...]]:
    """Return the vote that stands for each statement: of the later day, on one day the preferred.

    Counters of two registrations begin at random and say nothing about each other.
    """
    best: dict[int, tuple[Any, ...]] = {}
    for row in votes:
        against = best.get(row[2])
        if against is None or _rank(row, kept, preferred) > _rank(against, kept, preferred):
            best[row[2]] = row
    return sorted(best.values())


def _rank(row: tuple[Any, ...], kept: int, preferred: int | None) -> tuple[int, bool, int, bool]:
    day = day_of(row[6])
    # Places of rows of a file have no day; between them the lower row is the later one.
    return day, row[1] == preferred, 0 if day else row[6], row[1] == kept


def _complete(kept: Participant, other: Participant, votes: Iterable[tuple[Any, ...]]) -> None:
    for name in COMPLETED:
        if not getattr(kept, name):
            setattr(kept, name, getattr(other, name))
    kept.sectors = sorted({*kept.sectors, *other.sectors})
    kept.trust = max(kept.trust, other.trust)
    kept.is_blocked = kept.is_blocked or other.is_blocked
    kept.is_to_be_told = kept.is_to_be_told or other.is_to_be_told
    last = max(votes, key=lambda row: _rank(row, kept.pk, None), default=None)
    kept.last_channel = last[5] if last else other.last_channel
    kept.save()


def _part(proposal: MergeProposal) -> None:
    before = proposal.before
    kept, other = proposal.kept, proposal.other
    pair = [kept.pk, other.pk]
    old = [tuple(row) for row in before["votes"]]
    joined = {row[2]: row[6] for row in _winners(old, kept.pk, before.get("preferred"))}
    locked = Vote.objects.select_for_update().filter(participant__in=pair)
    now_there = list(locked.order_by("pk").values_list(*VOTE))
    since = [row for row in now_there if row[2] not in joined or row[6] > joined[row[2]]]
    Vote.objects.filter(participant__in=pair).delete()
    overtaken = {row[2] for row in since}
    rows = [row for row in old if row[1] != kept.pk or row[2] not in overtaken]
    taken = {row[0] for row in rows}
    Vote.objects.bulk_create(
        [Vote(**dict(zip(VOTE, row, strict=True))) for row in rows]
        + [
            Vote(**dict(zip(VOTE, row, strict=True))
                 | {"participant_id": kept.pk, "pk": None if row[0] in taken else row[0]})
            for row in since
        ]
    )  # fmt: skip
    moved = [row[0] for row in before["offers"] if row[1] == other.pk]
    Exposure.objects.filter(pk__in=moved).update(participant=other)
    Statement.objects.filter(pk__in=before["authored"]).update(author=other)
    for person, was in ((kept, before["kept"]), (other, before["other"])):
        for name in KEPT:
            setattr(person, name, was.get(name, getattr(person, name)))
        person.save()
    proposal.state, proposal.before = MergeProposal.State.UNDONE, {}
    proposal.save(update_fields=["state", "before"])


def _locked(proposal: MergeProposal, state: str) -> MergeProposal:
    merge_proposal = (
        MergeProposal.objects.select_for_update(of=("self", "kept", "other"))
        .select_related("kept", "other")
        .get(pk=proposal.pk)
    )
    if merge_proposal.state != state:
        raise MergeSettled
    return merge_proposal


def _need_importer(actor: User) -> None:
    if not (rules.can_import_file(actor) or rules.can_run_dialogue(actor)):
        raise NotAllowed
