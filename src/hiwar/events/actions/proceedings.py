"""On the day: check-in, the speaking queue, notes and actions.

Each write carries a key made where it was written; the same key twice is one write, so that a
phone that lost its network sends again without fear.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.actions import audit
from hiwar.common.refusals import Refused
from hiwar.events import rules
from hiwar.events.models import Attendance, Event, FollowUp, Invitation, Note, Speech
from hiwar.events.queries.proceedings import KNOWN_BANDS, invitation_by_code

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from hiwar.accounts.models import User
    from hiwar.events.models import AgendaItem, Room

LONGEST_SPEECH = 4 * 3600


@dataclass(frozen=True, slots=True)
class Writing:
    """What somebody wrote, and the wording they saw when they changed it."""

    text: str
    language: str
    kind: str = Note.Kind.SAID
    based_on: str = ""


class UnknownCode(Refused):
    """No invitation to this event has the code."""

    code = "unknown_code"
    message = _("No invitation to this event has this code.")


class NothingWritten(Refused):
    """There is nothing to keep."""

    code = "nothing_written"
    message = _("Write something first.")


class UnknownBand(Refused):
    """Ages are kept in the bands that add up to every definition of youth."""

    code = "unknown_band"
    message = _("This is not one of the age bands.")


@transaction.atomic
def check_in(
    *,
    actor: User,
    room: Room,
    key: UUID,
    now: datetime,
    way: str = Attendance.Way.LIST,
    invitation: Invitation | None = None,
    **about: object,
) -> Attendance:
    """Check somebody in to a room, under the name they choose; the same person twice is once.

    ``about`` holds what the person chose to say: name, sex, age_band, disability, place, sector,
    may_contact, person. Raises ``NotAllowed``, ``UnknownBand`` and ``ValidationError``.
    """
    if not rules.can_check_in(actor, room):
        raise NotAllowed
    if about.get("age_band", "") not in KNOWN_BANDS:
        raise UnknownBand
    event = Event.objects.select_for_update().get(pk=room.event_id)
    there = Attendance.objects.filter(event=event)
    same = there.filter(key=key).first()
    if same is None and invitation is not None:
        same = there.filter(invitation=invitation).first()
    if same is not None:
        return same
    values = {**_from_invitation(invitation), **about}
    attendance = Attendance(
        event=event,
        room=room,
        invitation=invitation,
        way=way,
        key=key,
        arrived_at=now,
        checked_in_by=actor,
        **values,
    )
    attendance.full_clean(exclude=["key"])
    attendance.save()
    if invitation is not None:
        Invitation.objects.filter(pk=invitation.pk).update(state=Invitation.State.ATTENDED)
    audit(actor, "events.attendance.add", event, at=now, changed={"way": way, "room": room})
    return attendance


@transaction.atomic
def check_in_by_code(
    *, actor: User, room: Room, code: str, key: UUID, now: datetime, name: str = ""
) -> Attendance:
    """Check in whoever shows the code of their invitation; raises ``UnknownCode`` as well."""
    invitation = invitation_by_code(room.event, code)
    if invitation is None:
        raise UnknownCode
    about = {"name": name.strip()} if name.strip() else {}
    return check_in(
        actor=actor,
        room=room,
        key=key,
        now=now,
        invitation=invitation,
        way=Attendance.Way.CODE,
        **about,
    )


@transaction.atomic
def take_back_check_in(*, actor: User, attendance: Attendance, now: datetime) -> None:
    """Undo a check-in; raises ``NotAllowed``."""
    if not rules.can_check_in(actor, attendance.room):
        raise NotAllowed
    event, invitation = attendance.event, attendance.invitation
    attendance.delete()
    if invitation is not None:
        invitation.state = Invitation.State.ACCEPTED
        invitation.save(update_fields=["state"])
    audit(actor, "events.attendance.remove", event, at=now)


@transaction.atomic
def queue_speaker(
    *,
    actor: User,
    room: Room,
    key: UUID,
    now: datetime,
    attendance: Attendance | None = None,
    label: str = "",
    sex: str = "",
) -> Speech:
    """Put somebody at the end of the one queue of all rooms; raises ``NotAllowed``."""
    _need_console(actor, room.event)
    if attendance is not None:
        label, sex = label or attendance.name, sex or attendance.sex
    speech, _made = Speech.objects.get_or_create(
        event=room.event,
        key=key,
        defaults={
            "room": room,
            "attendance": attendance,
            "label": label.strip()[:120],
            "sex": sex,
            "queued_at": now,
        },
    )
    return speech


@transaction.atomic
def start_speech(
    *, actor: User, speech: Speech, now: datetime, item: AgendaItem | None = None
) -> Speech:
    """Give somebody the floor; who has it ends. Raises ``NotAllowed``."""
    event = Event.objects.select_for_update().get(pk=speech.event_id)
    _need_console(actor, event)
    for other in event.speeches.filter(started_at__isnull=False, ended_at=None):
        if other.pk != speech.pk:
            _end(other, now)
    if speech.started_at is None:
        speech.started_at, speech.item = now, item
        speech.save(update_fields=["started_at", "item"])
    return speech


@transaction.atomic
def end_speech(*, actor: User, speech: Speech, now: datetime) -> Speech:
    """End a turn and keep its seconds; a second time changes nothing. Raises ``NotAllowed``."""
    _need_console(actor, speech.event)
    if speech.started_at is not None and speech.ended_at is None:
        _end(speech, now)
    return speech


@transaction.atomic
def leave_queue(*, actor: User, speech: Speech, now: datetime) -> Speech:
    """Let somebody leave the queue without speaking; raises ``NotAllowed``."""
    _need_console(actor, speech.event)
    if speech.started_at is None and speech.left_at is None:
        speech.left_at = now
        speech.save(update_fields=["left_at"])
    return speech


@transaction.atomic
def write_note(
    *,
    actor: User,
    event: Event,
    key: UUID,
    writing: Writing,
    now: datetime,
    item: AgendaItem | None = None,
    room: Room | None = None,
    speaker: Attendance | None = None,
) -> Note:
    """Keep a note under its key; what two people wrote differently is kept in both wordings.

    Raises ``NotAllowed`` and ``NothingWritten``.
    """
    _need_console(actor, event)
    words = writing.text.strip()
    if not words:
        raise NothingWritten
    note = Note.objects.select_for_update().filter(event=event, key=key).first()
    if note is None:
        note = Note(
            event=event,
            key=key,
            text=words,
            language=writing.language,
            kind=writing.kind,
            item=item,
            room=room,
            speaker=speaker,
            author=actor,
            written_at=now,
        )
        note.full_clean(exclude=["key"])
        note.save()
        return note
    if words == note.text or any(words == old["text"] for old in note.replaced):
        return note
    is_rival = writing.based_on != note.text
    kept = words if is_rival else note.text
    line = {"text": kept, "by": actor.reference, "at": now.isoformat(), "is_rival": is_rival}
    note.replaced = [*note.replaced, line]
    note.text = note.text if is_rival else words
    note.save(update_fields=["text", "replaced"])
    return note


@transaction.atomic
def choose_wording(*, actor: User, note: Note, text: str, now: datetime) -> Note:
    """Settle which wording of a note stands; raises ``NotAllowed`` and ``NothingWritten``."""
    _need_console(actor, note.event)
    if not text.strip():
        raise NothingWritten
    line = {"text": note.text, "by": actor.reference, "at": now.isoformat(), "is_rival": False}
    note.replaced = [*({**old, "is_rival": False} for old in note.replaced), line]
    note.text = text.strip()
    note.save(update_fields=["text", "replaced"])
    return note


@transaction.atomic
def add_follow_up(
    *,
    actor: User,
    event: Event,
    key: UUID,
    text: str,
    due_on: date,
    now: datetime,
    owner: User | None = None,
    owner_name: str = "",
) -> FollowUp:
    """Write down an action with its owner and its day.

    Raises ``NotAllowed`` and ``NothingWritten``.
    """
    _need_console(actor, event)
    if not text.strip():
        raise NothingWritten
    follow_up, is_new = FollowUp.objects.get_or_create(
        event=event,
        key=key,
        defaults={
            "text": text.strip(),
            "owner": owner,
            "owner_name": owner_name.strip(),
            "due_on": due_on,
            "written_at": now,
        },
    )
    if is_new:
        audit(actor, "events.followup.add", event, at=now)
    return follow_up


@transaction.atomic
def finish_follow_up(*, actor: User, follow_up: FollowUp, now: datetime) -> FollowUp:
    """Mark an action as done: its owner, or who runs the event. Raises ``NotAllowed``."""
    is_owner = follow_up.owner_id == actor.pk
    if not (is_owner or rules.can_run_event(actor, follow_up.event)):
        raise NotAllowed
    if follow_up.done_at is None:
        follow_up.done_at = now
        follow_up.save(update_fields=["done_at"])
        audit(actor, "events.followup.finish", follow_up.event, at=now)
    return follow_up


def _from_invitation(invitation: Invitation | None) -> dict[str, object]:
    if invitation is None:
        return {}
    person = invitation.person
    about: dict[str, object] = {
        "name": invitation.delegated_to or str(invitation),
        "sex": "" if invitation.delegated_to else invitation.sex,
        "may_contact": invitation.may_contact,
    }
    if person is not None and not invitation.delegated_to:
        about |= {"person": person, "sex": invitation.sex or person.sex}
        about |= {"place": person.place, "sector": person.sector}
    return about


def _end(speech: Speech, now: datetime) -> None:
    assert speech.started_at is not None  # noqa: S101 -- only turns that were taken end
    lasted = int((now - speech.started_at).total_seconds())
    speech.ended_at = now
    speech.seconds = min(max(lasted, 0), LONGEST_SPEECH)
    speech.save(update_fields=["ended_at", "seconds"])


def _need_console(actor: User, event: Event) -> None:
    if not rules.can_enter_console(actor, event):
        raise NotAllowed
