"""People who take part: coming in, telling about themselves, and being counted once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.actions import audit
from hiwar.common.refusals import Refused
from hiwar.dialogues import rules
from hiwar.dialogues.models import CodeBatch, Dialogue, JoinCode, Participant, VotingRoom
from hiwar.dialogues.models.keys import make_number
from hiwar.dialogues.queries.attributes import ANSWERED_BY_CODE, answers
from hiwar.dialogues.queries.people import NOT_STATED, code_hash, contact_key, new_code
from hiwar.places.models import Place

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hiwar.accounts.models import User

LARGEST_BATCH = 5000
ATTRIBUTES = frozenset([*ANSWERED_BY_CODE, "place"])


class DialogueNotOpen(Refused):
    """The dialogue has not begun or is over."""

    code = "dialogue_not_open"
    message = _("This dialogue is not open.")


class CodeNeeded(Refused):
    """Nobody joins this dialogue without a code."""

    code = "code_needed"
    message = _("This dialogue needs a code. Ask whoever invited you.")


class CodeUnknown(Refused):
    """No such code was given out for this dialogue, or its batch was revoked."""

    code = "code_unknown"
    message = _("This code is not known here. Check it sign by sign.")


class CodeUsed(Refused):
    """The code let somebody in already."""

    code = "code_used"
    message = _("This code was used already. Each code lets one person in.")


class RoomClosed(Refused):
    """Nobody comes in by this room any more, or it belongs to another dialogue."""

    code = "room_closed"
    message = _("Nobody can come in by this room at the moment. Ask whoever leads it.")


class BatchSize(Refused):
    """A batch has between one and some thousand codes."""

    code = "batch_size"
    message = _("A batch has between 1 and 5,000 codes.")


class Frozen(Refused):
    """After the close, what people said of themselves stays as it is."""

    code = "frozen"
    message = _("The dialogue is closed. What you told about yourself can no longer change.")


class UnknownAnswer(Refused):
    """The answer is not among those offered, or was not asked for."""

    code = "unknown_answer"
    message = _("Please choose one of the answers.")


@transaction.atomic
def join_dialogue(
    *,
    dialogue: Dialogue,
    now: datetime,
    code: str = "",
    channel: str = "web",
    name: str = "",
    language: str = "",
    key: int | None = None,
    contact: str = "",
) -> Participant:
    """Let somebody in and return the participant; with the same `key` it is the same one.

    `key` is the number of a cookie that was made before; a code raises the trust of somebody who
    came by the open link. Of `contact` only a keyed hash is kept. Who comes in by a code that was
    handed out in a room votes in that room. Raises ``DialogueNotOpen``, ``CodeNeeded``,
    ``CodeUnknown`` and ``CodeUsed``.
    """
    if dialogue.state != Dialogue.State.OPEN:
        raise DialogueNotOpen
    there = Participant.objects.filter(pk=key, dialogue=dialogue).first() if key else None
    if not code:
        if there is None and not dialogue.accepts_open_link:
            raise CodeNeeded
        return there or _newcomer(dialogue, key, channel, name, language, contact)
    join_codes = JoinCode.objects.filter(
        code_hash=code_hash(code), batch__dialogue=dialogue, batch__is_revoked=False
    )
    ticket = join_codes.select_related("batch__room").first()
    if ticket is None:
        raise CodeUnknown
    if there is not None and ticket.participant_id == there.pk:
        return there
    person = there or _newcomer(dialogue, key, channel, name, language, contact)
    # One statement decides who was first, on both databases.
    if not JoinCode.objects.filter(pk=ticket.pk, participant=None).update(participant=person):
        raise CodeUsed
    if ticket.batch.trust > person.trust:
        person.trust = ticket.batch.trust
        person.save(update_fields=["trust"])
    return seat_participant(participant=person, room=ticket.batch.room)


@transaction.atomic
def join_room(
    *, room: VotingRoom, now: datetime, code: str = "", language: str = "", key: int | None = None
) -> Participant:
    """Let somebody in by a room, and let her votes count in it; her first room stays.

    Raises ``RoomClosed`` and what `join_dialogue` raises.
    """
    if not room.is_open:
        raise RoomClosed
    person = join_dialogue(dialogue=room.dialogue, now=now, code=code, language=language, key=key)
    return seat_participant(participant=person, room=room)


@transaction.atomic
def seat_participant(*, participant: Participant, room: VotingRoom | None) -> Participant:
    """Let the votes of somebody count in a room, unless they count in one already.

    Of two tries at once one statement decides which was first.
    """
    if room is not None and participant.room_id is None:
        Participant.objects.filter(pk=participant.pk, room=None).update(room=room)
        participant.refresh_from_db(fields=["room"])
    return participant


def _newcomer(
    dialogue: Dialogue, key: int | None, channel: str, name: str, *rest: str
) -> Participant:
    language, contact = rest
    person = Participant(
        pk=key or make_number(),
        dialogue=dialogue,
        name=" ".join(name.split())[:60],
        channel=channel,
        last_channel=channel,
        language=language,
        contact_key=contact_key(dialogue.contact_secret, contact) if contact else "",
    )
    person.save(force_insert=True)
    return person


@transaction.atomic
def make_codes(
    *,
    actor: User,
    dialogue: Dialogue,
    label: str,
    size: int,
    now: datetime,
    trust: int = Participant.Trust.PRINTED_CODE,
    room: VotingRoom | None = None,
) -> tuple[CodeBatch, list[str]]:
    """Make a batch of one-time codes; they are shown now and never again.

    With a room, whoever uses one of them votes in that room. Raises ``NotAllowed``, ``RoomClosed``
    for a room of another dialogue, and ``BatchSize``.
    """
    _need_runner(actor)
    if room is not None and room.dialogue_id != dialogue.pk:
        raise RoomClosed
    if not 1 <= size <= LARGEST_BATCH:
        raise BatchSize
    batch = CodeBatch(
        dialogue=dialogue, label=label, trust=trust, room=room, size=size, made_at=now
    )
    batch.full_clean()
    batch.save()
    codes = [new_code() for _number in range(size)]
    JoinCode.objects.bulk_create(
        [JoinCode(batch=batch, code_hash=code_hash(code)) for code in codes], batch_size=500
    )
    changed = {"label": label, "size": size, "trust": int(trust)}
    changed |= {"room": str(room.label)} if room else {}
    audit(actor, "dialogues.codebatch.make", batch, at=now, changed=changed)
    return batch, codes


@transaction.atomic
def revoke_codes(*, actor: User, batch: CodeBatch, now: datetime) -> int:
    """Close the unused codes of a batch; return how many they were. Raises ``NotAllowed``."""
    _need_runner(actor)
    batch.is_revoked = True
    batch.save(update_fields=["is_revoked"])
    unused = batch.codes.filter(participant=None).count()
    audit(actor, "dialogues.codebatch.revoke", batch, at=now, changed={"unused": unused})
    return unused


@transaction.atomic
def name_participant(*, participant: Participant, name: str) -> Participant:
    """Give a participant a chosen name, or with an empty one the generated name again."""
    participant.name = " ".join(name.split())[:60]
    participant.save(update_fields=["name"])
    return participant


@transaction.atomic
def describe_participant(*, participant: Participant, answers: Mapping[str, object]) -> Participant:
    """Keep what somebody tells about herself; an empty answer takes it back.

    `answers` has any of sex, age_band, disability, locality_kind (codes), place (a Place or its
    code) and sector (a list of codes). Raises ``Frozen`` and ``UnknownAnswer``.
    """
    person = Participant.objects.select_for_update().select_related("dialogue").get(
        pk=participant.pk
    )  # fmt: skip
    if person.is_frozen or person.dialogue.state == Dialogue.State.CLOSED:
        raise Frozen
    asked = set(person.dialogue.asks_about)
    asked |= {"locality_kind"} if "place" in asked else set()
    for attribute, answer in answers.items():
        if attribute not in asked & ATTRIBUTES:
            raise UnknownAnswer
        _describe(person, attribute, answer)
    person.save(
        update_fields=["sex", "age_band", "disability", "locality_kind", "place", "sectors"]
    )
    return person


def _describe(person: Participant, attribute: str, answer: object) -> None:
    if attribute == "place":
        person.place = _place(answer)
        return
    known = answers(attribute).keys()
    if attribute == "sector":
        chosen = (
            [str(part) for part in answer] if isinstance(answer, list | tuple) else [str(answer)]
        )
        chosen = sorted({part for part in chosen if part not in NOT_STATED})
        if set(chosen) - known:
            raise UnknownAnswer
        person.sectors = chosen
        return
    code = "" if answer is None or str(answer) in NOT_STATED else str(answer)
    if code and code not in known:
        raise UnknownAnswer
    setattr(person, attribute, code)


def _place(answer: object) -> Place | None:
    if isinstance(answer, Place) or answer is None:
        return answer
    if str(answer) in NOT_STATED:
        return None
    place = Place.objects.filter(code=str(answer)).first()
    if place is None:
        raise UnknownAnswer
    return place


@transaction.atomic
def block_participant(
    *, actor: User, participant: Participant, now: datetime, is_blocked: bool = True
) -> Participant:
    """Refuse all further acts of a participant and leave the votes out, or allow both again.

    Raises ``NotAllowed``.
    """
    _need_runner(actor)
    participant.is_blocked = is_blocked
    participant.save(update_fields=["is_blocked"])
    verb = "dialogues.participant.block" if is_blocked else "dialogues.participant.unblock"
    audit(actor, verb, participant, at=now)
    return participant


def _need_runner(actor: User) -> None:
    if not rules.can_run_dialogue(actor):
        raise NotAllowed
