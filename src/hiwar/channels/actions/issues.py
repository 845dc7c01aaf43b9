"""An issue of the newsletter sent to the list: frozen, written in portions, counted, halted."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4, uuid5

from django.db import transaction
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from hiwar.channels.actions.subscribers import let_rest
from hiwar.channels.models import (
    Address,
    Batch,
    IssueCopy,
    IssueSending,
    Message,
    MessageEvent,
    Subscriber,
)
from hiwar.channels.queries.issues import fails_too_often
from hiwar.channels.queries.subscribers import (
    CONSENT,
    NEWSLETTER,
    SUBSCRIPTION,
    TEST,
    address_of,
)
from hiwar.channels.queries.ways import digest_of
from hiwar.common import post
from hiwar.common.actions import audit
from hiwar.common.mailings import Portion, begin_mailing
from hiwar.common.opt_outs import MAIL, opted_out
from hiwar.common.post import Draft
from hiwar.common.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from hiwar.accounts.models import User
    from hiwar.common.post import Asked

State, Rest = IssueCopy.State, Subscriber.Rest
# Written to as fast as the channel allows; a slow one takes days.
LASTS = timedelta(days=14)
IN_A_ROW = 3
SETTLED: dict[str, str] = {
    "handed_over": State.SENT, "delivered": State.SENT, "unknown": State.UNKNOWN,
    "stopped": State.LEFT_OUT, "expired": State.LEFT_OUT,
}  # fmt: skip
DEAD = {"suspended": Rest.HARD, "bouncing": Rest.SOFT}
WAY_OUT = "{way_out}"


class NobodySubscribes(Refused):
    """An issue goes to somebody."""

    code = "nobody_subscribes"
    message = _("Nobody is on the list to whom it could be sent.")


class SentAlready(Refused):
    """An issue is sent once."""

    code = "issue_sent_already"
    message = _("This issue was sent already.")


class NoOwnAddress(Refused):
    """A test goes to whoever asks for it."""

    code = "no_own_address"
    message = _("Your account has no e-mail address.")


@transaction.atomic
def send_issue(
    *, actor: User, key: UUID, title: str, words: Mapping[str, Mapping[str, str]], now: datetime
) -> Batch:
    """Put an approved issue into the outbox for everybody on the list; return its sending.

    ``words`` are subject, text and HTML by language, with `{way_out}` where the way out stands.
    The list is frozen here: who joins later gets the next one. The room that wrote the issue has
    asked whether the actor may. Raises ``SentAlready`` and ``NobodySubscribes``.
    """
    sending, is_new = IssueSending.objects.get_or_create(
        pk=key, defaults={"words": _plain(words), "begun_at": now, "watched_from": now}
    )
    if not is_new:
        raise SentAlready
    subscribers = Subscriber.objects.filter(state=Subscriber.State.CONFIRMED).order_by("pk")
    addresses = {row: address_of(row) for row in subscribers}
    silent = opted_out(MAIL, set(addresses.values()) - {""}, NEWSLETTER, CONSENT)
    chosen = [row for row, address in addresses.items() if address and address not in silent]
    if not chosen:
        raise NobodySubscribes
    copies = [
        IssueCopy(
            sending=sending, subscriber=row, message=uuid5(key, str(row.pk)),
            language=row.language if row.language in words else next(iter(words)),
        )
        for row in chosen
    ]  # fmt: skip
    IssueCopy.objects.bulk_create(copies, batch_size=500)
    resting = Subscriber.objects.filter(state=Subscriber.State.RESTING).count()
    reasons = {
        gettext("the address rests"): resting,
        gettext("wants no messages"): len(addresses) - len(chosen),
    }
    left_out = {reason: n for reason, n in reasons.items() if n}
    batch = post.Batch(uuid4(), title[:300], actor.pk, left_out)
    begin_mailing(NEWSLETTER, sending.pk, batch, now=now)
    sending.batch = Batch.objects.get(pk=batch.key)
    sending.save(update_fields=["batch"])
    audit(actor, "channels.issuesending.begin", sending, at=now, changed={"count": len(chosen)})
    return sending.batch


def _plain(words: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    return {language: dict(texts) for language, texts in words.items()}


@transaction.atomic
def write_portion(*, portion: Portion) -> int:
    """Put a portion of an issue's letters into the outbox; return how many are left.

    A letter has the key of its copy, and is composed when it is handed over.
    """
    frozen = IssueCopy.objects.filter(sending=portion.subject, state=State.FROZEN)
    chosen = frozen.select_for_update(of=("self",)).select_related("subscriber").order_by("pk")
    for copy in chosen[: portion.most]:
        subscriber = copy.subscriber
        address = address_of(subscriber) if subscriber is not None else ""
        if subscriber is None or not address:
            copy.state, copy.settled_at = State.LEFT_OUT, portion.at
            copy.save(update_fields=["state", "settled_at"])
            continue
        if subscriber.digest != digest_of(address):  # the secret key was changed since
            subscriber.digest = digest_of(address)
            subscriber.save(update_fields=["digest"])
        copy.state = State.POSTED
        copy.save(update_fields=["state"])
        draft = Draft(
            key=copy.message, purpose=NEWSLETTER, language=copy.language, recipient=address,
            actor=portion.batch.made_by, batch=portion.batch, expires_at=portion.at + LASTS,
        )  # fmt: skip
        post.post(draft, at=portion.at)
    return frozen.count()


@transaction.atomic
def post_test(
    *, actor: User, words: Mapping[str, Mapping[str, str]], out: Mapping[str, str], now: datetime
) -> int:
    """Send an issue to oneself in each language; ``out`` stands for the way out, by language.

    Return how many letters that were. Raises ``NoOwnAddress``.
    """
    if "@" not in actor.email:
        raise NoOwnAddress
    for language, texts in words.items():
        draft = Draft(
            key=uuid4(), purpose=TEST, language=language, recipient=actor.email,
            subject=texts["subject"], text=texts["text"], html=texts["html"], actor=actor.pk,
            secrets={WAY_OUT: out[language]},
        )  # fmt: skip
        post.post(draft, at=now)
    return len(words)


def refuses(asked: Sequence[Asked]) -> dict[UUID, str]:
    """Return why letters of an issue are not to leave: their readers left the list, or rest."""
    keys = [each.key for each in asked if each.purpose.code == NEWSLETTER]
    if not keys:
        return {}
    wanted = IssueCopy.objects.filter(
        message__in=keys, subscriber__state=Subscriber.State.CONFIRMED
    )
    there = set(wanted.values_list("message", flat=True))
    return {key: gettext("not on the list any more") for key in keys if key not in there}


def hear_copy_state(key: UUID, state: str, why: str, at: datetime) -> None:
    """Hear from the outbox what became of a letter, in the transaction that changes it."""
    copy = (
        IssueCopy.objects.select_for_update(of=("self",))
        .select_related("subscriber", "sending")
        .filter(message=key)
        .first()
    )
    if copy is None:
        return
    copy.state = _fate(key, why) if state == "failed" else SETTLED.get(state, copy.state)
    copy.settled_at = at
    copy.save(update_fields=["state", "settled_at"])
    subscriber = copy.subscriber
    if subscriber is None:
        return
    if copy.state == State.HARD:
        let_rest(subscriber=subscriber, rest=Rest.HARD, at=at)
        _halt_if_bad(copy.sending, at)
    elif copy.state == State.SOFT and _came_back_in_a_row(subscriber):
        let_rest(subscriber=subscriber, rest=Rest.SOFT, at=at)
    elif why in DEAD:
        let_rest(subscriber=subscriber, rest=DEAD[why], at=at)


def _fate(key: UUID, why: str) -> str:
    """Return what a failure says: the address is none, it came back, or the fault is ours."""
    if why == Message.Why.POLICY:
        return State.REFUSED
    message = Message.objects.select_related("address").get(pk=key)
    if message.address.state == Address.State.SUSPENDED:
        return State.HARD
    if why == Message.Why.REFUSED:
        attempts = message.events.filter(kind=MessageEvent.Kind.ATTEMPT).order_by("-at", "-pk")
        code = attempts.values_list("code", flat=True).first() or ""
        return State.HARD if code in {"550", "551", "553"} else State.SOFT
    return State.SOFT


def _came_back_in_a_row(subscriber: Subscriber) -> bool:
    ended = subscriber.copies.filter(state__in=(State.SENT, State.SOFT))
    if subscriber.lifted_at is not None:
        ended = ended.filter(sending__begun_at__gt=subscriber.lifted_at)
    latest = ended.order_by("-sending__begun_at").values_list("state", flat=True)[:IN_A_ROW]
    return list(latest) == [State.SOFT] * IN_A_ROW


def _halt_if_bad(sending: IssueSending, at: datetime) -> None:
    if sending.batch_id is None or sending.halted_at is not None or not fails_too_often(sending):
        return
    on_its_way = Batch.objects.filter(pk=sending.batch_id, state=Batch.State.APPROVED)
    if on_its_way.update(state=Batch.State.PAUSED):
        IssueSending.objects.filter(pk=sending.pk).update(halted_at=at)
        audit(None, "channels.issuesending.halt", sending, at=at)


def watch_anew(*, batch: Batch, at: datetime) -> None:
    """Count failures from now on, because a person looked and lets a sending go on."""
    IssueSending.objects.filter(batch=batch).update(halted_at=None, watched_from=at)


def note_left(*, message: Message) -> None:
    """Note that somebody left by the way out of a letter; called inside an action."""
    IssueCopy.objects.filter(message=message.pk).update(has_left=True)


_URGENT: dict[str, Any] = {"is_urgent": True, "forgets_at_once": True}
PURPOSES = (
    post.Purpose(
        SUBSCRIPTION, pgettext_lazy("purpose", "confirmation of the newsletter"), **_URGENT
    ),
    post.Purpose(TEST, pgettext_lazy("purpose", "test of the newsletter"), **_URGENT),
)
