"""The list of the newsletter: asked for, confirmed by a link, left at once, kept from all."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from channels.conftest import NOON
from factories.accounts import InstitutionFactory, UserFactory
from factories.newsletter import ask, subscribe
from hiwar.accounts.actions.people import NotAllowed
from hiwar.channels.actions import subscribers as act
from hiwar.channels.actions.opt_outs import suppress
from hiwar.channels.models import Address, ConsentWording, Message, Subscriber, Suppression
from hiwar.channels.queries.contents import token_of
from hiwar.channels.queries.subscribers import (
    NEWSLETTER,
    address_of,
    shown_address,
    subscribers_for,
    subscribers_with,
)
from hiwar.channels.queries.ways import digest_of
from hiwar.channels.tasks import send_due, tend_messages
from hiwar.common import opt_outs, post
from hiwar.common.links.actions import LinkClosed
from hiwar.common.models import AuditEntry, PrivateLink
from hiwar.common.opt_outs import MAIL, OptOut
from hiwar.common.patience import stopwatch
from hiwar.common.personal.actions import erase
from hiwar.common.personal.holdings import subject_of
from hiwar.publishing.views.newsletter import FREE, SUBSCRIPTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from channels.conftest import Clock
    from channels.relay import Relay
    from hiwar.accounts.models import User

pytestmark = pytest.mark.django_db
READER = "rana.reader@elsewhere.example"
State = Subscriber.State


@pytest.fixture(autouse=True)
def _house(roles: None) -> Iterator[None]:
    InstitutionFactory.create()
    SUBSCRIPTIONS.forget()
    yield
    SUBSCRIPTIONS.forget()


def _form(client: Client, address: str = READER, spoken: str = "en", **more: str) -> dict[str, str]:
    page = client.get(reverse("public_publishing:newsletter", args=[spoken]))
    agreed = page.context["agreed"]
    return {"address": address, "language": spoken, "agreed": agreed, **more}


@pytest.mark.parametrize("spoken", ["ar", "en"])
def test_whoever_asks_confirms_and_is_on_the_list(
    client: Client, relay: Relay, clock: Clock, spoken: str
) -> None:
    url = reverse("public_publishing:newsletter", args=[spoken])
    asked = client.post(url, _form(client, spoken=spoken))
    assert asked.status_code == 200
    assert READER not in asked.content.decode()
    subscriber = Subscriber.objects.get()
    assert (subscriber.state, subscriber.language) == (State.PENDING, spoken)
    clock.now = timezone.now()
    send_due(clock)
    (letter,) = relay.taken
    assert letter.recipient == READER
    body = letter.mail.get_body(("plain",))
    assert body is not None
    link = next(word for word in body.get_content().split() if "/subscription/" in word)
    path = "/" + link.split("/", 3)[3]
    page = client.get(path)
    assert f'lang="{spoken}"' in page.content.decode()
    subscriber.refresh_from_db()
    assert subscriber.state == State.PENDING, "opening changes nothing"
    assert client.post(path).status_code == 200
    subscriber.refresh_from_db()
    assert subscriber.state == State.CONFIRMED
    assert subscriber.wording is not None
    assert (subscriber.wording.language, subscriber.wording.number) == (spoken, 1)
    assert subscriber.wording.text in page.content.decode()
    assert client.post(path).status_code == 410, "a link confirms once"


def test_the_answer_is_the_same_for_known_and_unknown_addresses(client: Client) -> None:
    subscribe("known@elsewhere.example")
    opt_outs.opt_out(OptOut(MAIL, "silent@elsewhere.example", opt_outs.WORD), at=NOON)
    url = reverse("public_publishing:newsletter", args=["en"])
    answers = {
        client.post(url, _form(client, f"{who}@elsewhere.example")).content
        for who in ("known", "unknown", "silent")
    }
    assert len(answers) == 1
    # A letter went to the two, and none to whoever wants nothing at all.
    letters = Message.objects.filter(purpose="channels.subscription")
    silent = letters.filter(address__digest=digest_of("silent@elsewhere.example"))
    assert (letters.count(), silent.count()) == (2, 0)
    assert not subscribers_with("silent@elsewhere.example").exists()


def test_one_letter_an_hour_goes_to_an_address() -> None:
    first = ask(READER, now=NOON)
    assert first
    assert ask(READER, now=NOON + timedelta(minutes=59)) == ""
    assert ask(READER, now=NOON + timedelta(minutes=61))
    assert PrivateLink.objects.filter(withdrawn_at=None).count() == 1, "the later link counts"


def test_after_48_hours_a_link_is_closed_and_the_address_gone(client: Client) -> None:
    long_ago = timezone.now() - timedelta(hours=48, minutes=1)
    path = reverse("public_channels:subscription", args=[ask(READER, now=long_ago)])
    assert (client.get(path).status_code, client.post(path).status_code) == (410, 410)
    with pytest.raises(LinkClosed):
        act.confirm_subscription(subscriber=Subscriber.objects.get(), now=timezone.now())
    assert Subscriber.objects.get().state == State.PENDING
    tend_messages.func()
    assert not Subscriber.objects.exists()
    assert not PrivateLink.objects.exists()


def test_somebody_on_the_list_changes_the_language_and_a_stranger_changes_nothing() -> None:
    subscriber = subscribe(READER, "en")
    ask(READER, "ar", now=NOON)
    subscriber.refresh_from_db()
    assert (subscriber.state, subscriber.language) == (State.CONFIRMED, "en")
    act.forget_unconfirmed(now=NOON + timedelta(hours=49))
    subscriber.refresh_from_db()
    assert (subscriber.state, subscriber.asked_at) == (State.CONFIRMED, None)
    ask(READER, "ar", now=NOON + timedelta(hours=50))
    subscriber.refresh_from_db()
    act.confirm_subscription(subscriber=subscriber, now=NOON + timedelta(hours=51))
    subscriber.refresh_from_db()
    assert (subscriber.state, subscriber.language) == (State.CONFIRMED, "ar")


@pytest.mark.parametrize(
    ("values", "status"),
    [({"address": "no address"}, 422), ({"address": ""}, 422), ({"language": "xx"}, 422),
     ({"agreed": "of other words"}, 422), ({"address": "a@b.example\nBcc: c@d.example"}, 422)],
)  # fmt: skip
def test_what_is_no_wish_is_shown_again(
    client: Client, values: dict[str, str], status: int
) -> None:
    url = reverse("public_publishing:newsletter", args=["en"])
    assert client.post(url, _form(client) | values).status_code == status
    assert not Subscriber.objects.exists()
    assert not Message.objects.exists()


def test_a_network_that_asks_much_waits(client: Client) -> None:
    url = reverse("public_publishing:newsletter", args=["en"])
    for _each in range(FREE):
        SUBSCRIPTIONS.count("127.0.0.1", stopwatch())
    refused = client.post(url, _form(client))
    assert refused.status_code == 429
    assert refused.context["patience"]
    assert not Subscriber.objects.exists()


def test_words_of_consent_get_a_number_when_they_change() -> None:
    subscriber = subscribe(READER)
    ask("one@elsewhere.example", now=NOON)
    house = InstitutionFactory._meta.model.objects.get()
    house.name = {"ar": "اسم آخر", "en": "Another name"}
    house.save()
    ask("two@elsewhere.example", now=NOON)
    ask("three@elsewhere.example", now=NOON)
    numbers = ConsentWording.objects.filter(language="en").order_by("number")
    assert list(numbers.values_list("number", flat=True)) == [1, 2]
    assert subscriber.wording is None


def _copy_to(address: str) -> Message:
    draft = post.Draft(uuid4(), NEWSLETTER, "en", address, "News", "Good day.")
    post.post(draft, at=NOON)
    return Message.objects.get(pk=draft.key)


def test_one_click_ends_the_newsletter_alone_without_cookie_or_token() -> None:
    subscriber = subscribe(READER)
    path = reverse("public_channels:way_out", args=[token_of(_copy_to(READER).pk, "out")])
    browser = Client(enforce_csrf_checks=True)
    page = browser.get(path)
    assert page.status_code == 200
    assert b"<button" in page.content
    subscriber.refresh_from_db()
    assert subscriber.state == State.CONFIRMED, "opening changes nothing"
    clicked = browser.post(path, {"List-Unsubscribe": "One-Click"})
    assert clicked.status_code == 200
    subscriber.refresh_from_db()
    assert (subscriber.state, address_of(subscriber)) == (State.LEFT, "")
    assert opt_outs.opted_out(MAIL, [READER], NEWSLETTER)
    assert not opt_outs.opted_out(MAIL, [READER], "events.invitation"), "of this list alone"
    # What we never made and what is gone answer alike.
    unknown = reverse("public_channels:way_out", args=["a" * 42])
    Message.objects.all().delete()
    posted = [browser.post(each) for each in (path, unknown)]
    answers = {
        (each.status_code, each.content.decode().replace(address, ""))
        for each, address in zip(posted, (path, unknown), strict=True)
    }
    assert {status for status, _body in answers} == {410}
    assert len(answers) == 1


@pytest.mark.parametrize(
    ("purpose", "is_left"),
    [("", True), (NEWSLETTER, True), ("newsletter", True), ("events.invitation", False)],
)
def test_whoever_wants_nothing_is_off_the_list_wherever_it_was_said(
    purpose: str, is_left: bool
) -> None:
    subscriber = subscribe(READER)
    suppress(digest=digest_of(READER), purpose=purpose, why="staff", at=NOON)
    subscriber.refresh_from_db()
    assert (subscriber.state == State.LEFT) is is_left


def test_who_left_comes_back_by_a_confirmation(client: Client) -> None:
    subscriber = subscribe(READER)
    path = reverse("public_channels:way_out", args=[token_of(_copy_to(READER).pk, "out")])
    client.post(path)
    token = ask(READER, "ar")
    subscriber.refresh_from_db()
    assert subscriber.state == State.PENDING
    client.post(reverse("public_channels:subscription", args=[token]))
    subscriber.refresh_from_db()
    assert (subscriber.state, subscriber.language) == (State.CONFIRMED, "ar")
    assert not Suppression.objects.exists()
    assert address_of(subscriber) == READER


def test_who_left_and_did_not_confirm_again_has_left() -> None:
    subscriber = subscribe(READER)
    act.end_subscription(digest=subscriber.digest, purpose=NEWSLETTER, at=NOON)
    ask(READER, now=NOON)
    act.forget_unconfirmed(now=NOON + timedelta(hours=49))
    subscriber.refresh_from_db()
    assert (subscriber.state, bytes(subscriber.sealed)) == (State.LEFT, b"")


@pytest.mark.parametrize(
    ("role", "sees"),
    [("director", READER), ("media", READER), ("facilitator", "r…@elsewhere.example"),
     ("admin", "r…@elsewhere.example"), ("editor", None), ("finance_viewer", None)],
)  # fmt: skip
def test_addresses_are_whole_for_those_who_may(role: str, sees: str | None) -> None:
    subscriber = subscribe(READER)
    user = UserFactory.create(roles=[role])
    if sees is None:
        assert not subscribers_for(user).exists()
        return
    assert shown_address(user, subscriber) == sees
    finds = subscribers_for(user, "rana.reader").exists()
    assert finds is (sees == READER), "a search would tell who is on the list"


def test_a_person_lifts_a_rest_for_one_and_for_a_day(director: User) -> None:
    resting = [subscribe(f"r{number}@elsewhere.example") for number in range(3)]
    for subscriber in resting:
        Address.objects.create(
            kind="mail", digest=subscriber.digest, sealed=b"", state=Address.State.SUSPENDED
        )
        act.let_rest(subscriber=subscriber, rest="hard", at=NOON)
    day = Subscriber.objects.values_list("rests_since", flat=True)[0]
    assert day is not None
    with pytest.raises(NotAllowed):
        act.lift_rest(
            actor=UserFactory.create(roles=["facilitator"]), subscriber=resting[0], now=NOON
        )
    act.lift_rest(actor=director, subscriber=resting[0], now=NOON)
    assert act.lift_rests_of_day(actor=director, day=day, now=NOON) == 2
    assert set(Subscriber.objects.values_list("state", "rest")) == {(State.CONFIRMED, "")}
    assert set(Address.objects.values_list("state", flat=True)) == {Address.State.GOOD}
    with pytest.raises(act.NothingRests):
        act.lift_rest(actor=director, subscriber=resting[0], now=NOON)


def test_an_address_stands_in_no_log_and_in_no_public_page(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        token = ask(READER)
        path = reverse("public_channels:subscription", args=[token])
        pages = [client.get(path), client.post(path),
                 client.get(reverse("public_publishing:newsletter", args=["ar"]))]  # fmt: skip
    assert READER not in caplog.text
    assert all(READER not in page.content.decode() for page in pages)


def test_the_list_leaves_the_house_with_a_reason_for_those_who_may(
    at_desk: Callable[[User], Client], director: User
) -> None:
    subscribe(READER, "ar")
    left = subscribe("gone@elsewhere.example")
    act.end_subscription(digest=left.digest, purpose=NEWSLETTER, at=NOON)
    desk, url = at_desk(director), reverse("channels:subscribers_file")
    assert desk.post(url, {"kind": "csv", "reason": ""}).status_code == 200, "it asks what for"
    assert not AuditEntry.objects.filter(verb="channels.subscriber.export").exists()
    file = desk.post(url, {"kind": "csv", "reason": "a new mail server"})
    lines = file.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert READER in lines[1]
    entry = AuditEntry.objects.get(verb="channels.subscriber.export")
    assert entry.changed["reason"][1] == "a new mail server"
    assert READER not in str(entry.changed)
    with pytest.raises(NotAllowed):
        act.record_export(
            actor=UserFactory.create(roles=["facilitator"]), kind="csv", count=1, reason="x",
            now=NOON,
        )  # fmt: skip


def test_whoever_is_erased_leaves_nothing_and_may_come_back(director: User) -> None:
    token = ask(READER)
    subscriber = Subscriber.objects.get()
    act.confirm_subscription(subscriber=subscriber, now=timezone.now())
    other = subscribe("other@elsewhere.example")
    _copy_to(READER)
    assert token
    subject = subject_of("channels.subscriber")
    assert subject is not None
    assert list(subject.look_up(director, READER.upper())) == [subscriber]
    assert list(subject.look_up(UserFactory.create(roles=["media"]), READER)) == []
    erase(actor=director, kind="channels.subscriber", keys=[subscriber.pk], now=timezone.now())
    assert list(Subscriber.objects.all()) == [other]
    assert not Message.objects.filter(purpose="channels.subscription").exists()
    assert not PrivateLink.objects.exists()
    assert not Suppression.objects.exists()
    assert ask(READER), "nothing of the address is kept against it"
