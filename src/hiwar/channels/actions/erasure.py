"""What the outbox holds on a person of the register, on invitees and on travellers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.rules import can_erase_people
from hiwar.channels import rules
from hiwar.channels.actions.opt_outs import suppress
from hiwar.channels.actions.subscribers import KEPT_AFTER_LEAVING, forget_left
from hiwar.channels.models import Address, InboundMessage, Message, Subscriber, Suppression
from hiwar.channels.queries.subscribers import (
    SUBSCRIPTION,
    WAITS,
    address_of,
    subscribers_with,
)
from hiwar.channels.queries.ways import digest_of
from hiwar.common.models import PrivateLink, WaitingDraft
from hiwar.common.personal.holdings import Holding, Subject
from hiwar.common.personal.retention import KeepingClass
from hiwar.contacts.models import ContactPoint

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from hiwar.accounts.models import User
    from hiwar.accounts.rules import Somebody
    from hiwar.common.personal.holdings import Traces

TABLES = (
    "channels.Address", "channels.Message", "channels.MessageEvent", "channels.InboundMessage",
    "channels.Subscriber", "common.WaitingDraft", "common.PrivateLink",
)  # fmt: skip


def _erase(traces: Traces) -> None:
    """Delete letters to the persons and their addresses; that somebody wants none stays.

    Who is erased is not written to again, even if a list brings the address back. An address that
    others of the register have as well stays theirs.
    """
    persons = [key for key in traces.keys if not isinstance(key, int)]
    mails = {word for word in traces.words if "@" in word}
    shared = set(
        ContactPoint.objects.filter(key__in=[mail.casefold() for mail in mails])
        .exclude(person__in=persons)
        .values_list("key", flat=True)
    )
    digests = [digest_of(mail) for mail in mails if mail.casefold() not in shared]
    of_persons = Q(person__in=persons)
    addresses = Address.objects.filter(of_persons | Q(digest__in=digests, person=None))
    keys = list(addresses.order_by("pk").values_list("pk", flat=True))
    # Letters are handed in under the key of the row that a room wrote for them.
    letters = Message.objects.filter(Q(address__in=keys) | Q(pk__in=_keys(traces)))
    traces.drop(InboundMessage.objects.filter(answers__in=letters))
    WaitingDraft.objects.filter(key__in=_keys(traces)).delete()
    traces.drop(letters)
    left = Message.objects.filter(address__in=keys).values("address")
    traces.drop(Address.objects.filter(pk__in=keys).exclude(pk__in=left))
    subscribers = Subscriber.objects.filter(digest__in=digests)
    links = [key for key in subscribers.values_list("link", flat=True) if key is not None]
    traces.drop(subscribers)
    traces.drop(PrivateLink.objects.filter(pk__in=links))
    _end_messages(digests, Address.Kind.MAIL, traces)
    phones = ContactPoint.objects.filter(person__in=persons, kind=ContactPoint.Kind.PHONE)
    others = ContactPoint.objects.filter(key__in=phones.values("key")).exclude(person__in=persons)
    own = phones.exclude(key__in=others.values("key")).values_list("value", flat=True)
    numbers = [digest_of(value, Address.Kind.PHONE) for value in own]
    _end_messages(numbers, Address.Kind.PHONE, traces)


def _end_messages(digests: list[str], kind: str, traces: Traces) -> None:
    for digest in sorted({*digests} - {""}):
        why = Suppression.Why.ERASURE
        suppress(digest=digest, purpose="", why=why, at=traces.now, kind=kind)


def _erase_letters(traces: Traces) -> None:
    """Delete letters by their keys, and addresses that only these were sent to.

    The address is what a stranger typed: it may be anybody's, who keep their own letters.
    """
    letters = Message.objects.filter(pk__in=_keys(traces))
    addresses = list(letters.order_by("pk").values_list("address", flat=True))
    traces.drop(InboundMessage.objects.filter(answers__in=letters))
    WaitingDraft.objects.filter(key__in=_keys(traces)).delete()
    traces.drop(letters)
    left = Message.objects.filter(address__in=addresses).values("address")
    alone = Address.objects.filter(pk__in=[key for key in addresses if key], person=None)
    traces.drop(alone.exclude(pk__in=left))


def _records(subscriber: Subscriber, traces: Traces) -> list[Subscriber]:
    """Return the subscriber alone: the address may be that of somebody of the register as well."""
    traces.know(str(subscriber.pk), subscriber.pk.hex)
    traces.know_typed(address_of(subscriber), subscriber.evidence)
    traces.documents.update(subscriber.copies.values_list("message", flat=True))
    return [subscriber]


def _erase_subscriber(traces: Traces) -> None:
    """Delete subscribers with their link and the letters of the newsletter; counts stay.

    Nothing is said of the address: whoever asks again is asked to confirm again.
    """
    subscribers = Subscriber.objects.filter(pk__in=traces.keys)
    digests = list(subscribers.values_list("digest", flat=True))
    asked = Message.objects.filter(purpose=SUBSCRIPTION, address__digest__in=digests)
    traces.documents.update(asked.values_list("pk", flat=True))
    _erase_letters(traces)
    links = [key for key in subscribers.values_list("link", flat=True) if key is not None]
    traces.drop(subscribers)
    traces.drop(PrivateLink.objects.filter(pk__in=links))


def _may_erase(user: Somebody, subscriber: Subscriber | None) -> bool:
    return can_erase_people(user) and rules.can_see_subscribers(user)


def _with_address(user: User, text: str) -> Iterator[Subscriber]:
    if "@" in text and _may_erase(user, None):
        yield from subscribers_with(text.strip()).order_by("pk")


def _keys(traces: Traces) -> list[UUID]:
    return [key for key in traces.documents if not isinstance(key, int)]


KEPT = (
    KeepingClass(
        "channels.words",
        _("words and addresses of letters, in and out"),
        _("from the day they were settled"),
        lambda: settings.MESSAGE_DAYS,
        duty="channels.tend_messages",
    ),
    KeepingClass(
        "channels.unconfirmed",
        _("addresses for the newsletter that nobody confirmed"),
        _("from the day they were asked"),
        lambda: WAITS.days,
        duty="channels.tend_messages",
    ),
    KeepingClass(
        "channels.left",
        _("proof that somebody had asked for the newsletter, without the address"),
        _("from the day they left"),
        lambda: KEPT_AFTER_LEAVING.days,
        forget_left,
    ),
)
SUBJECT = Subject(
    code="channels.subscriber",
    label=_("somebody who gets the newsletter"),
    may=_may_erase,
    name=lambda subscriber: address_of(subscriber) or str(subscriber),
    records=_records,
    effects=(
        _("The address goes with its letters, its link and the proof of consent."),
        _("Counts of issues stay."),
        _("Whoever asks for the newsletter again is asked to confirm again."),
    ),
    look_up=_with_address,
    home=lambda _subscriber: reverse("channels:subscribers"),
)
HOLDINGS = (
    Holding("channels.subscriber", "channels", TABLES, _erase_subscriber),
    *(
        Holding(subject, "channels", TABLES, _erase)
        for subject in ("contacts.person", "events.invitation", "visits.traveller")
    ),
    Holding("legislation.comment", "channels", TABLES, _erase_letters),
)
