"""Voting in the rooms of an event: the way in of each room, and its paper forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.actions import audit, update_record
from hiwar.common.refusals import Refused
from hiwar.dialogues import rules
from hiwar.dialogues.actions.votes import (
    REFUSALS,
    Act,
    DialogueClosed,
    refusal,
    upcoming_sequence,
    write_acts,
)
from hiwar.dialogues.models import Dialogue, Participant, VotingRoom
from hiwar.dialogues.models.keys import make_code
from hiwar.dialogues.queries.snapshots import take_snapshot
from hiwar.events.queries.programme import rooms_of
from hiwar.events.rules import can_see_event

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hiwar.accounts.models import User
    from hiwar.events.models import Event

PAPER = "paper"


class EventHasNoRooms(Refused):
    """Voting is tied to rooms, and the event has none."""

    code = "event_has_no_rooms"
    message = _("This event has no rooms yet. Add them to the event first.")


class NothingAnswered(Refused):
    """A form without a single answer is no form."""

    code = "nothing_answered"
    message = _("No answer is marked on this form.")


class FormSettled(Refused):
    """The form is not there, or the dialogue is closed."""

    code = "form_settled"
    message = _("This form can no longer be taken back.")


@transaction.atomic
def open_rooms(*, actor: User, dialogue: Dialogue, event: Event, now: datetime) -> list[VotingRoom]:
    """Let people vote in every room of an event; return the rooms that are new here.

    The names of the rooms become public with the dialogue. Raises ``NotAllowed``,
    ``DialogueClosed`` and ``EventHasNoRooms``.
    """
    if not rules.can_run_dialogue(actor) or not can_see_event(actor, event):
        raise NotAllowed
    dialogue = Dialogue.objects.select_for_update(no_key=True).get(pk=dialogue.pk)
    if dialogue.state == Dialogue.State.CLOSED:
        raise DialogueClosed
    rooms = rooms_of(event)
    if not rooms:
        raise EventHasNoRooms
    there = list(dialogue.voting_rooms.order_by("position", "pk"))
    known = {room.room_id for room in there}
    last = there[-1].position if there else 0
    voting_rooms = [
        VotingRoom(dialogue=dialogue, room=room, label=room.label, code=make_code(), added_at=now)
        for room in rooms
        if room.pk not in known
    ]
    for position, voting_room in enumerate(voting_rooms, last + 1):
        voting_room.position = position
        voting_room.full_clean()
        voting_room.save()
    if voting_rooms:
        changed = {"event": event.code, "rooms": len(voting_rooms)}
        audit(actor, "dialogues.dialogue.open_rooms", dialogue, at=now, changed=changed)
    return voting_rooms


@transaction.atomic
def change_room(
    *, actor: User, room: VotingRoom, changes: Mapping[str, object], now: datetime
) -> bool:
    """Rename a room here, or open or close its way in; votes that were cast stay.

    Raises ``NotAllowed``, ``DialogueClosed`` and ``ValidationError``.
    """
    if not rules.can_run_dialogue(actor):
        raise NotAllowed
    if room.dialogue.state == Dialogue.State.CLOSED:
        raise DialogueClosed
    return update_record(actor=actor, record=room, changes=changes, at=now)


@transaction.atomic
def enter_form(
    *, actor: User, room: VotingRoom, key: int, answers: Mapping[int, int], now: datetime
) -> Participant:
    """Enter one paper form of a room as one participant; the same `key` is the same form.

    `answers` has choices by number of statement; a blank is left out. Raises ``NotAllowed``,
    ``NothingAnswered`` and what `cast_vote` raises.
    """
    if not rules.can_enter_forms(actor, room):
        raise NotAllowed
    if not answers:
        raise NothingAnswered
    snapshot = take_snapshot(room.dialogue.code)
    if snapshot is None:
        raise DialogueClosed
    sequence = upcoming_sequence(key, now)
    acts = []
    for number, choice in answers.items():
        why = refusal(snapshot, key, number, choice, sequence)
        if why:
            raise REFUSALS[why]
        statement = snapshot.statement_of[number]
        acts.append(Act(key, statement, choice, False, sequence, PAPER))
    values = {
        "dialogue": room.dialogue,
        "room": room,
        "trust": Participant.Trust.PRINTED_CODE,
        "channel": PAPER,
        "last_channel": PAPER,
    }
    person, is_new = Participant.objects.get_or_create(pk=key, defaults=values)
    if person.dialogue_id != room.dialogue_id or person.room_id != room.pk:
        raise FormSettled
    with connection.cursor() as cursor:
        write_acts(getattr(cursor, "cursor", cursor), connection.vendor, acts)
    if is_new:
        audit(actor, "dialogues.votingroom.enter_form", room, at=now)
    return person


@transaction.atomic
def take_back_form(*, actor: User, room: VotingRoom, key: int, now: datetime) -> None:
    """Take back a form that was entered wrongly, with all its votes.

    Raises ``NotAllowed`` and ``FormSettled``.
    """
    if not rules.can_enter_forms(actor, room):
        raise NotAllowed
    forms = Participant.objects.filter(
        pk=key, room=room, channel=PAPER, dialogue__state=Dialogue.State.OPEN, merged_into=None
    )
    participant = forms.filter(merged=None).first()
    if participant is None:
        raise FormSettled
    participant.delete()
    audit(actor, "dialogues.votingroom.take_back_form", room, at=now)
