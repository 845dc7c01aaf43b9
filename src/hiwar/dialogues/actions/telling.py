"""What you said, what happened: addresses that were left for it, one text for all, its sending."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4, uuid5

from django.db import transaction
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.actions import audit
from hiwar.common.mailings import Portion, begin_mailing
from hiwar.common.post import Batch, Draft, Purpose, post
from hiwar.common.refusals import Refused
from hiwar.dialogues import rules
from hiwar.dialogues.models import Dialogue, Participant, Telling, ToldAddress
from hiwar.dialogues.queries.telling import (
    CONSENT,
    TELLING,
    address_of,
    audience_of,
    faults_of,
    kind_of_address,
    language_of,
    owner_key,
    sealed_address,
    words_for,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from hiwar.accounts.models import User
    from hiwar.common.multilingual import MultilingualText
    from hiwar.common.post import Asked
    from hiwar.dialogues.queries.telling import Audience

State = ToldAddress.State
PURPOSE = Purpose(
    TELLING,
    pgettext_lazy("purpose", "what came of a dialogue"),
    is_bulk=True,
    is_sealed=True,
    forgets_at_once=True,
    consent=CONSENT,
)
LASTS = timedelta(days=30)
# What a message that came so far makes of its address; what was only stopped stays kept.
ENDS = {
    "handed_over": State.TOLD, "delivered": State.TOLD, "failed": State.FAILED,
    "unknown": State.UNKNOWN,
}  # fmt: skip
WANTS_NOTHING = frozenset(["opted_out", "consent"])


class NoAddress(Refused):
    """Neither a telephone number nor an e-mail address was given."""

    code = "told_no_address"
    message = _("This is neither an e-mail address nor a telephone number.")


class NotKept(Refused):
    """The dialogue is not open, or keeps nobody's address."""

    code = "told_not_kept"
    message = _("No address can be left in this dialogue now.")


class NotClosed(Refused):
    """People are told once nothing can change any more."""

    code = "not_closed"
    message = _("People are told when the dialogue is closed.")


class LeftAlready(Refused):
    """One sending at a time waits in the outbox."""

    code = "telling_left"
    message = _("This is in the outbox already.")


class NotReady(Refused):
    """The words are there, in every language in which somebody is told."""

    code = "telling_not_ready"
    message = _("The text is not ready yet. What is missing stands above it.")


class NobodyToTell(Refused):
    """Somebody left an address."""

    code = "nobody_to_tell"
    message = _("Nobody is left to whom it could be sent.")


@dataclass(frozen=True, slots=True)
class Left:
    """An address that somebody left because they want to be told."""

    participant: int
    address: str
    language: str = ""


@transaction.atomic
def ask_to_be_told(*, participant: Participant, address: str, language: str) -> None:
    """Keep an address of somebody who wants to be told; a later one takes its place.

    Raises ``NotKept`` and ``NoAddress``.
    """
    dialogue = participant.dialogue
    if not keeps_addresses(dialogue):
        raise NotKept
    if not kind_of_address(address):
        raise NoAddress
    keep_addresses(dialogue=dialogue, left=[Left(participant.pk, address, language)])
    Participant.objects.filter(pk=participant.pk).update(is_to_be_told=True)


@transaction.atomic
def stop_being_told(*, participant: Participant) -> None:
    """Destroy the address that somebody left; raises ``NotKept`` once nobody knows whose it is."""
    key = owner_key(participant.dialogue, participant.pk)
    if not key:
        raise NotKept
    ToldAddress.objects.filter(dialogue=participant.dialogue, owner=key).delete()
    Participant.objects.filter(pk=participant.pk).update(is_to_be_told=False)


def keeps_addresses(dialogue: Dialogue) -> bool:
    """Return whether people can leave an address: not where the risk is high, nor after the end."""
    return dialogue.state == Dialogue.State.OPEN and dialogue.risk != Dialogue.Risk.HIGH


def keep_addresses(*, dialogue: Dialogue, left: Iterable[Left]) -> list[int]:
    """Keep addresses, in an order that tells nothing; called inside an action.

    Return the keys of the rows in ascending order.
    """
    rows = []
    for each in left:
        row = ToldAddress(
            dialogue=dialogue,
            owner=owner_key(dialogue, each.participant),
            kind=kind_of_address(each.address),
            language=each.language[:12],
        )
        row.sealed = sealed_address(row, each.address)
        rows.append(row)
    secrets.SystemRandom().shuffle(rows)
    owners = [row.owner for row in rows]
    for at in range(0, len(owners), 500):
        dialogue.told_addresses.filter(owner__in=owners[at : at + 500]).delete()
    ToldAddress.objects.bulk_create(rows, batch_size=500)
    return sorted(row.pk for row in rows)


@transaction.atomic
def write_telling(
    *, actor: User, dialogue: Dialogue, words: Mapping[str, MultilingualText], now: datetime
) -> Telling:
    """Write what all are told: subject, text and short.

    Raises ``NotAllowed`` and ``LeftAlready``.
    """
    _need_runner(actor)
    telling = _locked(dialogue) or Telling(dialogue=dialogue)
    if telling.batch is not None:
        raise LeftAlready
    telling.subject, telling.text = words["subject"], words["text"]
    telling.short = words["short"]
    telling.written_by, telling.written_at = actor, now
    telling.full_clean()
    telling.save()
    audit(actor, "dialogues.telling.write", telling, at=now)
    return telling


@transaction.atomic
def post_telling(*, actor: User, dialogue: Dialogue, now: datetime) -> UUID:
    """Put the text for all into the outbox, where it waits for a last look; return its sending.

    Addresses whose owners want no messages are destroyed, as are doubles. Raises ``NotAllowed``,
    ``NotClosed``, ``LeftAlready``, ``NotReady`` and ``NobodyToTell``.
    """
    _need_runner(actor)
    if dialogue.state != Dialogue.State.CLOSED:
        raise NotClosed
    telling = _locked(dialogue)
    if telling is None:
        raise NotReady
    if telling.batch is not None:
        raise LeftAlready
    audience = audience_of(dialogue)
    if faults_of(telling, audience):
        raise NotReady
    if not audience.reached:
        raise NobodyToTell
    telling.batch = uuid4()
    telling.save(update_fields=["batch"])
    title = gettext("What you said, what happened: %(title)s") % {"title": dialogue.title}
    batch = Batch(telling.batch, title, actor.pk, _left_out(audience))
    _end(audience.silent, State.OUT)
    ToldAddress.objects.filter(pk__in=[row.pk for row in audience.doubled]).delete()
    begin_mailing(TELLING, telling.pk, batch, now=now)
    changed = {"count": len(audience.reached), "in_person": audience.in_person}
    audit(actor, "dialogues.telling.post", telling, at=now, changed=changed)
    return batch.key


@transaction.atomic
def write_portion(*, portion: Portion) -> int:
    """Put a portion of the messages into the outbox; return how many are left."""
    tellings = Telling.objects.select_for_update(of=("self",))
    telling = tellings.filter(pk=portion.subject, batch=portion.batch.key).first()
    if telling is None:
        return 0
    kept = ToldAddress.objects.filter(dialogue=telling.dialogue_id, state=State.KEPT)
    kept = kept.exclude(sealed=b"").order_by("pk")
    for row in kept[: portion.most]:
        language = language_of(row)
        subject, text = words_for(telling, row.kind, language)
        row.message, row.state = uuid5(portion.batch.key, str(row.pk)), State.POSTED
        draft = Draft(
            key=row.message, purpose=TELLING, language=language, recipient=address_of(row),
            subject=subject, text=text, actor=portion.batch.made_by, batch=portion.batch,
            expires_at=portion.at + LASTS, kind=row.kind,
        )  # fmt: skip
        row.save(update_fields=["message", "state"])
        post(draft, at=portion.at)
    return kept.count()


def _left_out(audience: Audience) -> dict[str, int]:
    counts = {
        gettext("to be told in person: they left no address"): audience.in_person,
        gettext("wants no messages"): len(audience.silent),
    }
    return {reason: n for reason, n in counts.items() if n}


def _end(rows: Iterable[ToldAddress], state: str) -> None:
    keys = [row.pk for row in rows]
    ToldAddress.objects.filter(pk__in=keys).update(state=state, sealed=b"", language="")


@transaction.atomic
def record_message_state(*, key: UUID, state: str, why: str) -> None:
    """Destroy an address once its message left or cannot; safe to be told twice.

    A message that was only stopped leaves it kept, so that the text can be sent anew.
    """
    row = ToldAddress.objects.select_for_update().filter(message=key).first()
    if row is None:
        return
    ends = ENDS.get(state) or (State.OUT if why in WANTS_NOTHING else "")
    if ends:
        _end([row], ends)
    elif state in {"stopped", "expired"} and row.state == State.POSTED:
        row.state, row.message = State.KEPT, None
        row.save(update_fields=["state", "message"])
        if not row.dialogue.told_addresses.filter(state=State.POSTED).exists():
            Telling.objects.filter(dialogue=row.dialogue_id).update(batch=None)


def hear_message_state(key: UUID, state: str, why: str, _at: datetime) -> None:
    """Hear from the outbox what became of a message."""
    record_message_state(key=key, state=state, why=why)


def refuses(asked: Sequence[Asked]) -> dict[UUID, str]:
    """Return why messages are not to leave: the address was taken back or is not kept any more."""
    keys = [each.key for each in asked if each.purpose.code == TELLING]
    # One whose fate is not known may be sent again by a person.
    open_now = (State.POSTED, State.UNKNOWN)
    known = ToldAddress.objects.filter(message__in=keys, state__in=open_now) if keys else []
    there = {row.message for row in known}
    return {key: gettext("the address was taken back") for key in keys if key not in there}


@transaction.atomic
def forget_told_addresses(*, closed_before: datetime) -> int:
    """Destroy addresses that nobody used in time; return how many there were."""
    old = ToldAddress.objects.filter(dialogue__closed_at__lt=closed_before).exclude(sealed=b"")
    return old.exclude(state=State.POSTED).update(state=State.FAILED, sealed=b"", language="")


def _locked(dialogue: Dialogue) -> Telling | None:
    return Telling.objects.select_for_update(of=("self",)).filter(dialogue=dialogue).first()


def _need_runner(actor: User) -> None:
    if not rules.can_run_dialogue(actor):
        raise NotAllowed
