"""An issue on its way: once to each, never to who left, halted by itself, counted to the last."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from factories.accounts import InstitutionFactory
from factories.newsletter import subscribe
from hiwar.channels.actions import issues as act
from hiwar.channels.actions.inbound import keep, read_one
from hiwar.channels.actions.outbox import approve_batch, pause_batch, stop_batch
from hiwar.channels.actions.subscribers import end_subscription, lift_rest
from hiwar.channels.actions.ways import the_channel
from hiwar.channels.models import Batch, Channel, IssueCopy, IssueSending, Message, Subscriber
from hiwar.channels.queries.contents import token_of
from hiwar.channels.queries.issues import TOO_MANY, progress_of
from hiwar.channels.queries.subscribers import NEWSLETTER
from hiwar.channels.tasks import send_due
from hiwar.common import mailings, opt_outs, post
from hiwar.common.opt_outs import MAIL, OptOut

if TYPE_CHECKING:
    from uuid import UUID

    from django.test import Client

    from channels.conftest import Clock
    from channels.relay import Relay
    from hiwar.accounts.models import User

pytestmark = pytest.mark.django_db
WORDS = {
    "en": {"subject": "News", "text": "Good day. {way_out}",
           "html": '<html lang="en" dir="ltr"><a href="{way_out}">out</a></html>'},
    "ar": {"subject": "نشرة", "text": "تحية. {way_out}",
           "html": '<html lang="ar" dir="rtl"><a href="{way_out}">خروج</a></html>'},
}  # fmt: skip
State = IssueCopy.State


@pytest.fixture(autouse=True)
def _house(relay: Relay, clock: Clock) -> None:
    InstitutionFactory.create()
    the_channel(code="mail")
    Channel.objects.update(quiet_from=None, quiet_until=None, per_hour=36000)


def _begin(actor: User, clock: Clock, key: UUID | None = None) -> Batch:
    return act.send_issue(
        actor=actor, key=key or uuid4(), title="News of March", words=WORDS, now=clock()
    )


def _send(actor: User, clock: Clock, key: UUID | None = None) -> Batch:
    """Send an issue whole: written, let go, handed over."""
    batch = _begin(actor, clock, key)
    approve_batch(actor=actor, batch=batch, at=clock())
    _run(clock)
    batch.refresh_from_db()
    return batch


def _run(clock: Clock) -> None:
    while send_due(clock):
        clock.move(minutes=1)


def _states() -> dict[str, int]:
    return dict(Counter(IssueCopy.objects.values_list("state", flat=True)))


def test_each_gets_one_letter_in_their_language_with_a_way_out(
    director: User, clock: Clock, relay: Relay
) -> None:
    subscribe("rana@one.example", "ar")
    subscribe("tom@one.example", "en")
    opt_outs.opt_out(OptOut(MAIL, "silent@one.example", opt_outs.WORD), at=clock())
    subscribe("silent@one.example", "en")
    left = subscribe("gone@one.example", "en")
    end_subscription(digest=left.digest, purpose=NEWSLETTER, at=clock())
    batch = _begin(director, clock)
    assert list(batch.left_out.values()) == [1]
    assert relay.taken == [], "it waits for a last look"
    approve_batch(actor=director, batch=batch, at=clock())
    _run(clock)
    letters = {taken.recipient: taken.mail for taken in relay.taken}
    assert set(letters) == {"rana@one.example", "tom@one.example"}
    assert len(relay.taken) == 2
    for address, side in (("rana@one.example", "rtl"), ("tom@one.example", "ltr")):
        mail = letters[address]
        out = mail["List-Unsubscribe"].strip().split(">")[0].strip("<")
        assert out.startswith("http")
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        page = mail.get_body(("html",))
        plain = mail.get_body(("plain",))
        assert page is not None
        assert plain is not None
        assert f'dir="{side}"' in page.get_content()
        assert out in page.get_content()
        assert out in plain.get_content()
        assert "<img" not in page.get_content()
    assert _states() == {State.SENT: 2}
    # Address and words are forgotten with the hand-over.
    assert not any(bytes(message.sealed) for message in Message.objects.all())
    assert not any(bytes(message.address.sealed) for message in Message.objects.all())
    with pytest.raises(act.SentAlready):
        _begin(director, clock, IssueSending.objects.get().pk)


def test_nobody_on_the_list_is_a_refusal(director: User, clock: Clock) -> None:
    with pytest.raises(act.NobodySubscribes):
        _begin(director, clock)
    assert not IssueSending.objects.exists()


def test_a_worker_that_dies_while_letters_are_written_leaves_none_out_and_none_twice(
    director: User, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailings, "PORTION", 4)
    for number in range(11):
        subscribe(f"r{number}@one.example")
    batch = _begin(director, clock)
    sending = IssueSending.objects.get()
    assert _states() == {State.POSTED: 4, State.FROZEN: 7}
    leaves = IssueCopy.objects.filter(state=State.FROZEN).select_related("subscriber").latest("pk")
    end_subscription(digest=leaves.subscriber.digest, purpose=NEWSLETTER, at=clock())
    # What died before its end was a transaction: the portion is written again, whole.
    whole = post.Batch(batch.pk, batch.title, director.pk)
    posting = mailings.Portion(sending.pk, whole, 4, clock())
    act.write_portion(portion=posting)
    IssueCopy.objects.filter(state=State.POSTED).update(state=State.FROZEN)
    mailings.go_on(NEWSLETTER, sending.pk, posting.batch, clock)
    assert Message.objects.filter(batch=batch).count() == 10
    assert IssueCopy.objects.count() == 11
    assert _states() == {State.POSTED: 10, State.LEFT_OUT: 1}


def test_who_leaves_while_it_is_sent_gets_nothing_more_and_sums_agree(
    director: User, clock: Clock, relay: Relay, client: Client
) -> None:
    for number in range(6):
        subscribe(f"r{number}@one.example")
    batch = _begin(director, clock)
    approve_batch(actor=director, batch=batch, at=clock())

    Channel.objects.update(per_hour=60)
    while len(relay.taken) < 2:
        send_due(clock)
        clock.move(minutes=1)
    waiting = IssueCopy.objects.filter(state=State.POSTED).order_by("pk")
    assert waiting.count() == 4
    left = waiting[0]
    path = f"/u/{token_of(left.message, 'out')}/"
    assert client.post(path).status_code == 200
    Channel.objects.update(per_hour=36000)
    _run(clock)
    states = _states()
    assert sum(states.values()) == 6
    assert states[State.SENT] == len({taken.recipient for taken in relay.taken})
    progress = progress_of(IssueSending.objects.get().pk)
    assert progress is not None
    assert progress.total == 6
    left.refresh_from_db()
    assert left.state == State.LEFT_OUT
    assert states[State.SENT] == 5


def test_hard_failures_rest_with_reason_and_day_and_soft_ones_after_three(
    director: User, clock: Clock, relay: Relay
) -> None:
    gone, full = subscribe("gone@one.example"), subscribe("full@one.example")
    fine = subscribe("fine@one.example")
    relay.to_recipient = lambda address: {
        "gone@one.example": "550 5.1.1 no such user", "full@one.example": "552 5.2.2 full",
    }.get(address, "250 OK")  # fmt: skip
    rests: list[str] = []
    for _issue in range(3):
        _send(director, clock)
        full.refresh_from_db()
        rests.append(full.rest)
        clock.move(days=7)
    gone.refresh_from_db()
    fine.refresh_from_db()
    assert (gone.state, gone.rest) == (Subscriber.State.RESTING, "hard")
    assert gone.rests_since is not None
    assert rests == ["", "", "soft"]
    assert fine.state == Subscriber.State.CONFIRMED
    to_gone = [taken for taken in relay.taken if taken.recipient == "gone@one.example"]
    assert to_gone == []
    assert gone.copies.count() == 1, "the later issues left it out"
    lift_rest(actor=director, subscriber=full, now=clock())
    clock.move(days=1)
    _send(director, clock)
    full.refresh_from_db()
    assert full.state == Subscriber.State.CONFIRMED, "counting begins anew"


def test_what_comes_back_later_is_a_failure_too(director: User, clock: Clock, relay: Relay) -> None:
    subscriber = subscribe("gone@one.example")
    _send(director, clock)
    assert _states() == {State.SENT: 1}
    report = (
        b"From: mailer-daemon@one.example\r\nTo: <%s>\r\nSubject: failed\r\n"
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        b"--b\r\n\r\nIt failed.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        b"Reporting-MTA: dns; one.example\r\n\r\nFinal-Recipient: rfc822; gone@one.example\r\n"
        b"Action: failed\r\nStatus: 5.1.1\r\n\r\n--b--\r\n"
    ) % relay.taken[0].sender.encode()
    inbound = keep(channel=the_channel(code="mail"), raw=report, uid=1, mailbox=1, now=clock())
    read_one(key=inbound.pk, now=clock())
    subscriber.refresh_from_db()
    assert (subscriber.state, subscriber.rest) == (Subscriber.State.RESTING, "hard")
    assert _states() == {State.HARD: 1}


def test_a_server_that_refuses_us_is_nobodys_fault(
    director: User, clock: Clock, relay: Relay
) -> None:
    subscriber = subscribe("fine@one.example")
    relay.to_recipient = lambda _address: "550 5.7.1 blocked"
    _send(director, clock)
    subscriber.refresh_from_db()
    assert subscriber.state == Subscriber.State.CONFIRMED
    assert _states() == {State.REFUSED: 1}


def test_a_sending_stops_by_itself_and_the_desk_says_so(
    director: User, clock: Clock, relay: Relay, client: Client
) -> None:
    for number in range(TOO_MANY + 20):
        subscribe(f"r{number}@one.example")
    relay.to_recipient = lambda _address: "550 5.1.1 no such user"
    batch = _begin(director, clock)
    approve_batch(actor=director, batch=batch, at=clock())
    for _each in range(TOO_MANY + 5):
        send_due(clock)
        clock.move(minutes=1)
    batch.refresh_from_db()
    sending = IssueSending.objects.get()
    assert batch.state == Batch.State.PAUSED
    assert sending.halted_at is not None
    assert _states() == {State.HARD: TOO_MANY, State.POSTED: 20}
    progress = progress_of(sending.pk)
    assert progress is not None
    assert progress.halted_at == sending.halted_at
    relay.to_recipient = lambda _address: "250 OK"
    pause_batch(actor=director, batch=batch, is_paused=False, at=clock())
    clock.move(minutes=1)
    _run(clock)
    batch.refresh_from_db()
    assert batch.state == Batch.State.APPROVED, "what was looked at stops it no more"
    assert _states() == {State.HARD: TOO_MANY, State.SENT: 20}


def test_what_was_stopped_adds_up(director: User, clock: Clock, relay: Relay) -> None:
    for number in range(3):
        subscribe(f"r{number}@one.example")
    batch = _begin(director, clock)
    stop_batch(actor=director, batch=batch, at=clock())
    assert _states() == {State.LEFT_OUT: 3}
    assert relay.taken == []
    assert Subscriber.objects.filter(state=Subscriber.State.CONFIRMED).count() == 3


def test_a_test_goes_to_whoever_asks_alone(director: User, clock: Clock, relay: Relay) -> None:
    subscribe("rana@one.example")
    out = {language: f"https://site.example/{language}/" for language in WORDS}
    assert act.post_test(actor=director, words=WORDS, out=out, now=clock()) == 2
    _run(clock)
    assert {taken.recipient for taken in relay.taken} == {director.email}
    subjects = {str(taken.mail["Subject"]) for taken in relay.taken}
    assert subjects == {"News", "نشرة"}
    assert not IssueCopy.objects.exists()
    director.email = ""
    with pytest.raises(act.NoOwnAddress):
        act.post_test(actor=director, words=WORDS, out=out, now=clock() + timedelta(1))
