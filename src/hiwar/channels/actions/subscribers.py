"""The newsletter's list: asked for, confirmed, left; addresses that rest and go on."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.channels import rules
from hiwar.channels.models import Address, ConsentWording, Subscriber
from hiwar.channels.queries.subscribers import (
    CONSENT,
    NEWSLETTER,
    SUBSCRIPTION,
    WAITS,
    address_of,
    consent_text,
    digest_of_wording,
    is_waiting,
    sealed_address,
    subscribers_with,
)
from hiwar.channels.queries.ways import digest_of
from hiwar.common import opt_outs
from hiwar.common.actions import audit
from hiwar.common.dates import local_day
from hiwar.common.links.actions import LinkClosed, lock_open_link, make_link, withdraw_links
from hiwar.common.links.purposes import address as address_of_link
from hiwar.common.models import PrivateLink
from hiwar.common.numbering import next_number
from hiwar.common.opt_outs import MAIL, OptOut
from hiwar.common.post import Draft, post
from hiwar.common.refusals import Refused

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.db.models import QuerySet

    from hiwar.accounts.models import User

State, Rest = Subscriber.State, Subscriber.Rest
# One letter to an address in this time, so that nobody fills another's mailbox from the site.
BETWEEN_LETTERS = timedelta(hours=1)
# How long it can be shown that somebody had agreed, once their address is destroyed.
KEPT_AFTER_LEAVING = timedelta(days=1095)
ENDED_BY = frozenset(["", NEWSLETTER, CONSENT])
# What a confirmation ends: what was said of this list alone, by whom it may have been.
TAKEN_BACK = (
    (opt_outs.LINK, NEWSLETTER), (opt_outs.STAFF, NEWSLETTER), (opt_outs.CARD, CONSENT),
)  # fmt: skip


class WordsChanged(Refused):
    """Somebody agrees to what they read."""

    code = "consent_words_changed"
    message = _("The words above have changed. Read them and send again.")


class NothingRests(Refused):
    """Only an address that rests goes on."""

    code = "nothing_rests"
    message = _("No address rests there any more.")


@transaction.atomic
def ask_to_subscribe(
    *, address: str, language: str, wording_language: str, agreed: str, now: datetime
) -> None:
    """Send somebody the link by which they confirm that they want the newsletter.

    Whether the address is known tells nothing: who gets the newsletter already gets the letter
    too, and changes the language with it. Nothing is sent to an address that wants nothing at all,
    nor twice within an hour. ``agreed`` is the digest of the words that were shown. Raises
    ``WordsChanged``.
    """
    wording = wording_in(wording_language, now)
    if agreed != wording.digest:
        raise WordsChanged
    if opt_outs.opted_out(MAIL, [address]):
        return
    subscriber = _locked_or_new(address, language)
    if subscriber.asked_at is not None and now - subscriber.asked_at < BETWEEN_LETTERS:
        return
    if not bytes(subscriber.sealed):
        subscriber.sealed = sealed_address(address, subscriber.pk)
    if subscriber.state == State.LEFT:
        subscriber.state = State.PENDING
    _post_link(subscriber, address, language, wording, now)


def _locked_or_new(address: str, language: str) -> Subscriber:
    known = subscribers_with(address).order_by("pk").first()
    if known is None:
        key = uuid4()
        known, _is_new = Subscriber.objects.get_or_create(
            digest=digest_of(address),
            defaults={"id": key, "language": language, "sealed": sealed_address(address, key)},
        )
    return Subscriber.objects.select_for_update(of=("self",)).get(pk=known.pk)


def renew_link(
    subscriber: Subscriber, language: str, wording: ConsentWording, now: datetime
) -> str:
    """Give a subscriber a link to confirm with, and return its address; called inside an action.

    What was sent before is closed; the 48 hours begin.
    """
    if subscriber.link_id is not None:
        withdraw_links(links=PrivateLink.objects.filter(pk=subscriber.link_id), now=now)
    last = local_day(now + WAITS)
    subscriber.link, token = make_link(purpose=SUBSCRIPTION, now=now, ends_on=last)
    subscriber.asked_at, subscriber.asked_language = now, language
    subscriber.asked_wording = wording
    if subscriber.state == State.PENDING:
        subscriber.language = language
    subscriber.save()
    return address_of_link(SUBSCRIPTION, token)


def _post_link(
    subscriber: Subscriber, address: str, language: str, wording: ConsentWording, now: datetime
) -> None:
    link = renew_link(subscriber, language, wording, now)
    with override(language):
        draft = Draft(
            key=uuid4(), purpose=SUBSCRIPTION, language=language, recipient=address,
            subject=gettext("Please confirm: our newsletter"),
            text=gettext(
                "Somebody, probably you, asked on our site for the newsletter at this"
                " address.\n\nOpen this page within 48 hours and press the button:\n\n{link}\n\n"
                "Without that nothing more is sent, and the address is deleted."
            ),
            secrets={"{link}": link},
            expires_at=now + WAITS,
        )  # fmt: skip
    post(draft, at=now)


def wording_in(language: str, now: datetime) -> ConsentWording:
    """Return the words of consent of a language as they are now; called inside an action."""
    text = consent_text(language)
    number = next_number(ConsentWording.objects.filter(language=language))
    wording, _is_new = ConsentWording.objects.get_or_create(
        digest=digest_of_wording(language, text),
        defaults={
            "language": language, "number": number, "text": text, "since": local_day(now),
        },
    )  # fmt: skip
    return wording


@transaction.atomic
def confirm_subscription(*, subscriber: Subscriber, now: datetime) -> Subscriber:
    """Put somebody on the list who opened their link and pressed; raises ``LinkClosed``."""
    locked = Subscriber.objects.select_for_update(of=("self",)).get(pk=subscriber.pk)
    if locked.link_id is None or not is_waiting(locked, now):
        raise LinkClosed
    link = lock_open_link(PrivateLink.objects.get(pk=locked.link_id), now)
    withdraw_links(links=PrivateLink.objects.filter(pk=link.pk), now=now)
    locked.state, locked.language = State.CONFIRMED, locked.asked_language
    locked.wording, locked.confirmed_on = locked.asked_wording, local_day(now)
    locked.left_on, locked.lifted_at = None, now
    locked.rest, locked.rests_since = "", None
    _end_waiting(locked)
    locked.save()
    address = address_of(locked)
    # The link came through: the address takes mail.
    _take_again([locked])
    for why, purpose in TAKEN_BACK:
        opt_outs.opt_in(OptOut(MAIL, address, why, purpose), at=now)
    return locked


def _end_waiting(subscriber: Subscriber) -> None:
    subscriber.asked_at = subscriber.asked_wording = None
    subscriber.asked_language = ""


def _take_again(subscribers: list[Subscriber]) -> None:
    digests = [subscriber.digest for subscriber in subscribers]
    for at in range(0, len(digests), 500):
        bad = Address.objects.filter(kind=Address.Kind.MAIL, digest__in=digests[at : at + 500])
        bad.exclude(state=Address.State.GOOD).update(state=Address.State.GOOD)


@transaction.atomic
def end_subscription(*, digest: str, purpose: str, at: datetime) -> int:
    """Take an address off the list that wants none of it, or nothing at all; destroy the address.

    Wherever that was said, the one list of the house calls this. Return how many there were.
    """
    if purpose not in ENDED_BY:
        return 0
    rows = Subscriber.objects.select_for_update(of=("self",)).filter(digest=digest)
    left = list(rows.exclude(state=State.LEFT))
    for subscriber in left:
        if subscriber.link_id is not None:
            withdraw_links(links=PrivateLink.objects.filter(pk=subscriber.link_id), now=at)
        _leave(subscriber, local_day(at))
    return len(left)


def _leave(subscriber: Subscriber, day: date) -> None:
    """Destroy the address; of somebody who never confirmed nothing is left."""
    if subscriber.confirmed_on is None:
        link = subscriber.link_id
        subscriber.delete()
        if link is not None:
            PrivateLink.objects.filter(pk=link).delete()
        return
    _end_waiting(subscriber)
    subscriber.state, subscriber.left_on, subscriber.sealed = State.LEFT, day, b""
    subscriber.rest, subscriber.rests_since = "", None
    subscriber.save()


@transaction.atomic
def forget_unconfirmed(*, now: datetime) -> int:
    """Forget what nobody confirmed within 48 hours; return how many there were.

    Who was confirmed before stays as they were.
    """
    late = Subscriber.objects.select_for_update(of=("self",)).filter(asked_at__lt=now - WAITS)
    rows = list(late.order_by("pk")[:1000])
    links = [row.link_id for row in rows if row.link_id is not None]
    for row in rows:
        if row.state == State.PENDING:
            _leave(row, row.left_on or local_day(now))
        else:
            _end_waiting(row)
            row.save()
    PrivateLink.objects.filter(pk__in=links).delete()
    return len(rows)


@transaction.atomic
def forget_left(*, now: datetime) -> int:
    """Forget who left long ago; counts of issues stay. Return how many there were."""
    before = local_day(now) - KEPT_AFTER_LEAVING
    return (
        Subscriber.objects.filter(state=State.LEFT, left_on__lt=before)
        .delete()[1]
        .get("channels.Subscriber", 0)
    )


@transaction.atomic
def lift_rest(*, actor: User, subscriber: Subscriber, now: datetime) -> None:
    """Write to an address again that rests; raises ``NotAllowed`` and ``NothingRests``."""
    _lift(actor, list(_resting().filter(pk=subscriber.pk)), now)


@transaction.atomic
def lift_rests_of_day(*, actor: User, day: date, now: datetime) -> int:
    """Write again to all addresses that rest since a day, as when our server was refused that day.

    Return how many there were. Raises ``NotAllowed`` and ``NothingRests``.
    """
    return _lift(actor, list(_resting().filter(rests_since=day)), now)


def _resting() -> QuerySet[Subscriber]:
    return Subscriber.objects.select_for_update(of=("self",)).filter(state=State.RESTING)


def _lift(actor: User, resting: list[Subscriber], now: datetime) -> int:
    if not rules.can_see_subscribers(actor):
        raise NotAllowed
    if not resting:
        raise NothingRests
    _take_again(resting)
    keys = [subscriber.pk for subscriber in resting]
    for at in range(0, len(keys), 500):
        Subscriber.objects.filter(pk__in=keys[at : at + 500]).update(
            state=State.CONFIRMED, rest="", rests_since=None, lifted_at=now
        )
    for subscriber in resting:
        audit(actor, "channels.subscriber.lift", subscriber, at=now)
    return len(resting)


@transaction.atomic
def record_export(*, actor: User, kind: str, count: int, reason: str, now: datetime) -> None:
    """Write down that the list left the house as a file, and what for; raises ``NotAllowed``."""
    if not rules.can_see_subscribers(actor):
        raise NotAllowed
    changed = {"kind": ["", kind], "subscribers": [0, count], "reason": ["", reason]}
    audit(actor, "channels.subscriber.export", actor, at=now, changed=changed)


def let_rest(*, subscriber: Subscriber, rest: str, at: datetime) -> None:
    """Let the address of a subscriber rest; called inside an action of the outbox."""
    Subscriber.objects.filter(pk=subscriber.pk, state=State.CONFIRMED).update(
        state=State.RESTING, rest=rest, rests_since=local_day(at)
    )
