"""The outbox: what is handed in leaves once, when it may, and to whom it may."""

from __future__ import annotations

import socket
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from channels.conftest import BULK, NOON, URGENT
from hiwar.accounts.actions import danger
from hiwar.accounts.actions.people import NotAllowed
from hiwar.channels import rules
from hiwar.channels.actions import delivery, opt_outs, outbox, ways
from hiwar.channels.models import Address, Batch, Channel, Message, Suppression
from hiwar.channels.queries.outbox import estimate
from hiwar.channels.queries.quiet import quiet_hours
from hiwar.channels.queries.ways import digest_of, mail_channel
from hiwar.channels.tasks import forget, send_due
from hiwar.common import pauses, post

if TYPE_CHECKING:
    from channels.conftest import Clock
    from channels.relay import Relay
    from hiwar.accounts.models import User

pytestmark = pytest.mark.django_db
State, Why = Message.State, Message.Why
Make = "Callable[..., post.Draft]"


def state_of(draft: post.Draft) -> tuple[str, str]:
    message = Message.objects.get(pk=draft.key)
    return message.state, message.why


def test_a_letter_is_handed_over_once(relay: Relay, draft: Make, clock: Clock) -> None:
    letter = draft(text="Open {link} please.", secrets={"{link}": "https://house.example/x"})
    post.post(letter, at=NOON)
    post.post(letter, at=NOON)
    assert send_due(clock) == 1
    assert send_due(clock) == 0
    (taken,) = relay.taken
    assert taken.recipient == "reader@elsewhere.example"
    assert taken.sender.startswith("house+b-")
    body = taken.mail.get_body(("plain",)).get_content()
    assert "https://house.example/x" in body
    html = taken.mail.get_body(("html",)).get_content()
    assert '<a href="https://house.example/x"' in html
    assert 'dir="ltr"' in html
    assert "<img" not in html
    message = Message.objects.get()
    assert (message.state, bytes(message.sealed_secrets)) == (State.HANDED_OVER, b"")


def test_a_pause_of_the_house_holds_letters_until_two_people_release_them(
    relay: Relay, draft: Make, clock: Clock, director: User, administrator: User
) -> None:
    urgent = draft(purpose=URGENT)
    for letter in (draft(), urgent):
        post.post(letter, at=NOON)
    danger.pause_house(actor=director, at=NOON)
    assert send_due(clock) == 0
    assert relay.taken == []
    assert state_of(urgent)[0] == State.WAITING
    wish = danger.ask_to_resume(actor=director, kinds=["schedules"], at=NOON)
    danger.resume(actor=administrator, asked_at=wish.asked_at, at=NOON)
    assert send_due(clock) == 0
    waits = [line.count for line in pauses.waiting(NOON) if line.kind == "letters"]
    assert sorted(waits) == [0, 2]
    wish = danger.ask_to_resume(actor=director, kinds=["letters"], at=NOON)
    danger.resume(actor=administrator, asked_at=wish.asked_at, at=NOON)
    assert send_due(clock) >= 1
    assert state_of(urgent)[0] == State.HANDED_OVER


def test_nothing_readable_lies_in_the_database(draft: Make) -> None:
    post.post(draft(text="rather private", secrets={"{x}": "secret"}), at=NOON)
    message = Message.objects.select_related("address").get()
    kept = bytes(message.sealed) + bytes(message.sealed_secrets) + bytes(message.address.sealed)
    for word in (b"private", b"secret", b"reader", b"elsewhere"):
        assert word not in kept
    assert "reader" not in message.address.digest


def test_a_draft_goes_with_the_action_that_wanted_it(draft: Make) -> None:
    with transaction.atomic():
        post.post(draft(), at=NOON)
        transaction.set_rollback(True)
    assert Message.objects.count() == 0


def test_without_a_carrier_a_draft_waits_and_is_said_to(
    relay: Relay, draft: Make, clock: Clock
) -> None:
    carriers = list(post._carriers)
    post._carriers.clear()
    try:
        post.post(draft(), at=NOON)
        assert (post.waiting_without_carrier(), Message.objects.count()) == (1, 0)
    finally:
        post._carriers[:] = carriers
    assert send_due(clock) == 1
    assert post.waiting_without_carrier() == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"purpose": "nobody.knows"},
        {"recipient": "no address"},
        {"subject": "two\nlines"},
        {"text": "x" * 300_000},
    ],
)
def test_an_unfit_draft_is_refused_at_the_door(draft: Make, wrong: dict[str, str]) -> None:
    with pytest.raises(post.DraftUnfit):
        post.post(draft(**wrong), at=NOON)


def sending(draft: Make, user: User, count: int = 3, **values: object) -> Batch:
    batch = post.Batch(uuid4(), "A sending", user.pk, {"no address": 2})
    for number in range(count):
        post.post(
            draft(purpose=BULK, recipient=f"r{number}@elsewhere.example", batch=batch, **values),
            at=NOON,
        )
    return Batch.objects.get(pk=batch.key)


def test_a_sending_waits_until_it_was_looked_at(
    relay: Relay, draft: Make, clock: Clock, facilitator: User, outsider: User
) -> None:
    batch = sending(draft, facilitator)
    assert send_due(clock) == 0
    told = estimate(batch, NOON, with_words=True)
    assert (told.count, told.left_out, told.languages) == (3, [("no address", 2)], [("en", 3)])
    assert [example.text for example in told.examples] == ["Good day."]
    with pytest.raises(NotAllowed):
        outbox.approve_batch(actor=outsider, batch=batch, at=NOON)
    outbox.approve_batch(actor=facilitator, batch=batch, at=NOON)
    assert send_due(clock) == 3
    with pytest.raises(outbox.NotPrepared):
        outbox.approve_batch(actor=facilitator, batch=batch, at=NOON)
    mail = relay.taken[0].mail
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "/u/" in mail["List-Unsubscribe"]


def test_a_sending_to_many_needs_two_people(
    relay: Relay, draft: Make, clock: Clock, facilitator: User, director: User
) -> None:
    batch = sending(draft, facilitator)
    Channel.objects.update(second_above=2)
    assert not rules.can_read_batch(director, batch)
    outbox.approve_batch(actor=facilitator, batch=batch, at=NOON)
    batch.refresh_from_db()
    assert send_due(clock) == 0
    assert estimate(batch, NOON, with_words=False).needs_second
    with pytest.raises(outbox.AnotherMustApprove):
        outbox.approve_batch(actor=facilitator, batch=batch, at=NOON)
    # Whoever answers for it reads it first; after it left, only whoever made it does.
    assert rules.can_read_batch(director, batch)
    outbox.approve_batch(actor=director, batch=batch, at=NOON)
    batch.refresh_from_db()
    assert not rules.can_read_batch(director, batch)
    assert (batch.first_approved_by, batch.approved_by) == (facilitator, director)
    assert send_due(clock) == 3


def test_an_estimate_asks_as_often_for_many_as_for_few_and_says_the_price(
    draft: Make, facilitator: User
) -> None:
    few, many = sending(draft, facilitator, count=2), sending(draft, facilitator, count=30)
    digest = digest_of("r1@elsewhere.example")
    opt_outs.suppress(digest=digest, purpose="", why=Suppression.Why.WORD, at=NOON)
    Channel.objects.update(price=Decimal("0.05"), currency="ILS", priced_on=date(2026, 1, 1))
    counts = []
    for batch in (few, many):
        with CaptureQueriesContext(connection) as queries:
            foreseen = estimate(batch, NOON, with_words=True)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert (foreseen.count, dict(foreseen.left_out)) == (29, {"no address": 2, opted_out(): 1})
    assert foreseen.price is not None
    assert (foreseen.price.amount, foreseen.price.currency) == (Decimal("1.45"), "ILS")


def opted_out() -> str:
    return str(Why.OPTED_OUT.label)


def test_one_mail_service_gets_its_share_and_the_others_do_not_wait_for_it(
    relay: Relay, draft: Make, clock: Clock
) -> None:
    for number in range(3):
        post.post(draft(recipient=f"r{number}@Big.example"), at=NOON)
    post.post(draft(recipient="r@small.example"), at=NOON)
    Channel.objects.update(per_domain_hour=30)  # one in two minutes
    assert send_due(clock) == 2
    assert {taken.recipient.partition("@")[2] for taken in relay.taken} == {
        "Big.example", "small.example",
    }  # fmt: skip
    clock.move(seconds=119)
    assert send_due(clock) == 0
    clock.move(seconds=1)
    assert send_due(clock) == 1


def test_a_pause_lets_no_further_message_leave(
    relay: Relay, draft: Make, clock: Clock, facilitator: User
) -> None:
    batch = sending(draft, facilitator, 5)
    outbox.approve_batch(actor=facilitator, batch=batch, at=NOON)

    channel = mail_channel()
    assert channel is not None
    quiet = quiet_hours(channel)

    def claim() -> object:
        return delivery.claim_next(channel=channel, quiet=quiet, is_connected=True, now=NOON)

    in_hand = claim()
    assert isinstance(in_hand, delivery.Parcel)
    outbox.pause_batch(actor=facilitator, batch=batch, is_paused=True, at=NOON)
    assert claim() is None
    outbox.pause_batch(actor=facilitator, batch=batch, is_paused=False, at=NOON)
    assert isinstance(claim(), delivery.Parcel)
    assert outbox.stop_batch(actor=facilitator, batch=batch, at=NOON) == 3
    assert claim() is None
    delivery.record_outcome(parcel=in_hand, outcome=delivery.Outcome("accepted", "250"), now=NOON)
    states = sorted(Message.objects.values_list("state", flat=True))
    assert states == [State.HANDED_OVER, State.SENDING, *[State.STOPPED] * 3]


def test_who_opted_out_or_does_not_agree_gets_nothing(
    relay: Relay, draft: Make, clock: Clock
) -> None:
    out, against, free = (draft(purpose=BULK, recipient=f"{n}@x.example") for n in "abc")
    urgent = draft(purpose=URGENT, recipient="a@x.example")
    for one in (out, against, free, urgent):
        post.post(one, at=NOON)
    opt_outs.suppress(
        digest=digest_of("A@x.example"), purpose="", why=Suppression.Why.WORD, at=NOON
    )
    post.register_consent(
        lambda asked: {one.key: "said no" for one in asked if one.recipient[0] == "b"}
    )
    assert send_due(clock) == 2
    assert state_of(out) == (State.STOPPED, Why.OPTED_OUT)
    assert state_of(against) == (State.STOPPED, Why.CONSENT)
    assert {taken.recipient for taken in relay.taken} == {"c@x.example", "a@x.example"}


def test_consent_is_asked_at_hand_over_and_the_strictest_wins(
    relay: Relay, draft: Make, clock: Clock
) -> None:
    said: list[str] = []
    post.register_consent(lambda _asked: {})
    post.register_consent(lambda asked: {one.key: said[0] for one in asked if said})
    letter = draft(not_before=NOON + timedelta(hours=1))
    post.post(letter, at=NOON)
    said.append("withdrawn meanwhile")
    clock.move(hours=2)
    assert send_due(clock) == 0
    assert Message.objects.get().said == "withdrawn meanwhile"


def test_nobody_is_written_to_at_night_unless_they_wait_for_it(
    relay: Relay, draft: Make, clock: Clock
) -> None:
    clock.now = NOON.replace(hour=21)
    letter, code = draft(), draft(purpose=URGENT, recipient="b@x.example")
    for one in (letter, code):
        post.post(one, at=clock())
    assert send_due(clock) == 1
    assert relay.taken[0].recipient == "b@x.example"
    assert state_of(letter) == (State.HELD, Why.QUIET)
    clock.move(hours=14)
    assert send_due(clock) == 1


def test_the_night_is_that_of_the_recipient(relay: Relay, draft: Make, clock: Clock) -> None:
    far = draft(zone="Pacific/Auckland")  # 23:00 there
    post.post(far, at=NOON)
    assert send_due(clock) == 0
    assert state_of(far) == (State.HELD, Why.QUIET)


def test_what_is_too_late_is_given_up(relay: Relay, draft: Make, clock: Clock) -> None:
    news: list[tuple[str, str]] = []
    post.on_message_state("tests.personal", lambda _key, state, why, _at: news.append((state, why)))
    post.post(draft(expires_at=NOON + timedelta(minutes=5)), at=NOON)
    clock.move(minutes=6)
    assert send_due(clock) == 0
    assert news == [(State.EXPIRED, "")]


def test_the_pace_is_kept(relay: Relay, draft: Make, clock: Clock) -> None:
    for number in range(5):
        post.post(draft(recipient=f"r{number}@x.example"), at=NOON)
    Channel.objects.update(per_hour=120)
    assert send_due(clock) == 2, "one minute's worth"
    clock.move(seconds=29)
    assert send_due(clock) == 0
    clock.move(seconds=2)
    assert send_due(clock) == 1


def test_one_address_gets_one_message_a_minute(relay: Relay, draft: Make, clock: Clock) -> None:
    post.post(draft(), at=NOON)
    post.post(draft(), at=NOON)
    assert send_due(clock) == 1
    clock.move(seconds=61)
    assert send_due(clock) == 1


def test_practice_opens_no_socket(  # noqa: PLR0917 - fixtures
    relay: Relay,
    draft: Make,
    clock: Clock,
    facilitator: User,
    director: User,
    settings: object,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Real settings are there; the house practises by setting, by switch, or one account does."""
    opened: list[object] = []
    monkeypatch.setattr(socket, "create_connection", lambda *at, **_k: opened.append(at))
    letters = [draft(actor=facilitator.pk, recipient=f"r{n}@x.example") for n in range(3)]
    settings.PRACTICE = True  # type: ignore[attr-defined]
    post.post(letters[0], at=NOON)
    send_due(clock)
    settings.PRACTICE = False  # type: ignore[attr-defined]
    ways.practise(actor=director, of=None, is_on=True, at=NOON)
    post.post(letters[1], at=NOON)
    send_due(clock)
    ways.practise(actor=director, of=None, is_on=False, at=NOON)
    ways.practise(actor=facilitator, of=facilitator, is_on=True, at=NOON)
    post.post(letters[2], at=NOON)
    send_due(clock)
    assert opened == []
    assert {state_of(one) for one in letters} == {(State.STOPPED, Why.PRACTICE)}
    with pytest.raises(NotAllowed):
        ways.practise(actor=facilitator, of=None, is_on=True, at=NOON)


def test_a_demonstration_shows_letters_and_sends_none(
    draft: Make, clock: Clock, settings: object, tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DEMO, settings.DATA = True, tmp_path  # type: ignore[attr-defined]
    monkeypatch.setattr(socket, "create_connection", lambda *_a, **_k: 1 / 0)
    post.post(draft(), at=NOON)
    assert send_due(clock) == 0
    (file,) = (tmp_path / "outbox").iterdir()  # type: ignore[operator]
    assert b"reader@elsewhere.example" in file.read_bytes()
    assert Message.objects.get().why == Why.PRACTICE


def test_a_copy_elsewhere_sends_nothing_until_it_is_turned_on(  # noqa: PLR0917 - fixtures
    relay: Relay, draft: Make, clock: Clock, director: User, settings: object, tmp_path: object
) -> None:
    post.post(draft(), at=NOON)
    settings.DATA = tmp_path  # type: ignore[attr-defined]  # another host: the database came along, this did not
    assert send_due(clock) == 0
    assert relay.connections == 0
    channel = mail_channel()
    assert channel is not None
    ways.switch_channel(actor=director, channel=channel, state="on", at=NOON)
    assert send_due(clock) == 1


def test_states_only_rise(relay: Relay, draft: Make, clock: Clock) -> None:
    post.post(draft(), at=NOON)
    send_due(clock)
    message = Message.objects.get()
    assert outbox.settle(message, State.DELIVERED, "", NOON)
    assert not outbox.settle(message, State.HANDED_OVER, "", NOON)
    assert not outbox.settle(message, State.FAILED, Why.BOUNCED, NOON)
    assert Message.objects.get().state == State.DELIVERED


def test_words_go_and_counts_stay(relay: Relay, draft: Make, clock: Clock) -> None:
    post.post(draft(), at=NOON)
    send_due(clock)
    clock.move(days=29)
    assert forget(clock) == 0
    clock.move(days=2)
    assert forget(clock) == 1
    message = Message.objects.select_related("address").get()
    assert (bytes(message.sealed), bytes(message.address.sealed)) == (b"", b"")
    assert message.state == State.HANDED_OVER
    assert Address.objects.get().digest == digest_of("reader@elsewhere.example")
