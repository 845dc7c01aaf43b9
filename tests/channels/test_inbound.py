"""What comes in: kept once, read without trust, and left to a person where no rule settles it."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from channels.conftest import BULK, NOON
from hiwar.accounts.actions.people import NotAllowed
from hiwar.channels.actions import inbound as act
from hiwar.channels.actions.ways import the_channel
from hiwar.channels.exports.mail import message_id, return_address, tagged
from hiwar.channels.models import Address, InboundMessage, Message, Suppression
from hiwar.channels.queries.contents import key_of_token, token_of
from hiwar.channels.queries.letters import wish_of
from hiwar.channels.queries.ways import digest_of
from hiwar.channels.tasks import read_arrived, send_due
from hiwar.common import post

if TYPE_CHECKING:
    from collections.abc import Callable

    from channels.conftest import Clock
    from channels.relay import Relay
    from hiwar.accounts.models import User

pytestmark = pytest.mark.django_db
State, Kind = InboundMessage.State, InboundMessage.Kind
Make = "Callable[..., post.Draft]"
REPORT = """\
Return-Path: <>
Delivered-To: {back}
From: MAILER-DAEMON@relay.example
To: {back}
Subject: Undelivered Mail Returned to Sender
Message-ID: <{own}@relay.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type={report}; boundary="b"

--b
Content-Type: text/plain

It came back.
--b
Content-Type: message/{kind}

Reporting-MTA: dns; relay.example

{recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; what the other side said

--b--
"""


def report(message: Message, status: str, action: str = "failed", **values: str) -> bytes:
    given = {
        "kind": "delivery-status",
        "report": "delivery-status",
        "recipient": "Final-Recipient: rfc822; reader@elsewhere.example",
    }
    given |= values
    text = REPORT.format(
        back=return_address(message), own=uuid4(), status=status, action=action, **given
    )
    return text.encode()


def mail(sender: str, subject: str = "A word", text: str = "Good day.", **headers: str) -> bytes:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = sender, "house@house.example", subject
    letter["Message-ID"] = f"<{uuid4()}@elsewhere.example>"
    for name, value in headers.items():
        letter[name.replace("_", "-")] = value
    letter.set_content(text)
    return letter.as_bytes()


@pytest.fixture
def arrive(clock: Clock) -> Callable[..., InboundMessage]:
    """Return a function that lets a mail arrive, be kept and be read."""

    def run(raw: bytes) -> InboundMessage:
        channel = the_channel(code="mail")
        kept = act.keep(channel=channel, raw=raw, uid=1, mailbox=1, now=clock())
        read_arrived(clock)
        return InboundMessage.objects.get(pk=kept.pk)

    return run


@pytest.fixture
def sent(relay: Relay, draft: Make, clock: Clock) -> Callable[..., Message]:
    """Return a function that sends a message and returns it."""

    def run(**values: object) -> Message:
        letter = draft(**{"purpose": BULK, **values})
        post.post(letter, at=clock())
        assert send_due(clock) == 1
        return Message.objects.select_related("address").get(pk=letter.key)

    return run


def test_a_token_names_one_message_for_one_use() -> None:
    key = uuid4()
    assert key_of_token(token_of(key, "return"), "return") == key
    assert key_of_token(token_of(key, "return").upper(), "return") == key
    assert key_of_token(token_of(key, "return"), "out") is None
    assert key_of_token(token_of(key, "return")[:-1] + "0", "out") is None
    assert key_of_token("anything", "return") is None


@pytest.mark.parametrize(
    ("status", "state", "alarm"),
    [
        ("5.1.1", Address.State.SUSPENDED, False),
        ("5.1.10", Address.State.SUSPENDED, False),
        ("5.2.2", Address.State.GOOD, False),
        ("4.4.7", Address.State.GOOD, False),
        ("5.7.1", Address.State.GOOD, True),
        ("5.7.26", Address.State.GOOD, True),
    ],
)
def test_a_return_is_judged_by_its_status(
    sent: Callable[..., Message],
    arrive: Callable[..., InboundMessage],
    status: str,
    state: str,
    alarm: bool,
) -> None:
    message = sent()
    kept = arrive(report(message, status))
    message.refresh_from_db()
    message.address.refresh_from_db()
    assert (kept.kind, kept.state) == (Kind.BOUNCE, State.DONE)
    assert (message.state, message.address.state) == (Message.State.FAILED, state)
    assert message.said.startswith(status)
    assert bool(the_channel(code="mail").trouble) is alarm


def test_three_soft_returns_in_fourteen_days_suspend(
    sent: Callable[..., Message], arrive: Callable[..., InboundMessage], clock: Clock
) -> None:
    states = []
    for _number in range(3):
        message = sent()
        arrive(report(message, "5.2.2"))
        states.append(Address.objects.get().state)
        clock.move(days=1)
    assert states == [Address.State.GOOD, Address.State.GOOD, Address.State.BOUNCING]


def test_soft_returns_far_apart_suspend_nobody(
    sent: Callable[..., Message], arrive: Callable[..., InboundMessage], clock: Clock
) -> None:
    for _number in range(4):
        arrive(report(sent(), "4.2.2"))
        clock.move(days=8)
    assert Address.objects.get().state == Address.State.GOOD


@pytest.mark.parametrize("action", ["delayed", "relayed", "expanded"])
def test_news_on_the_way_changes_no_standing(
    sent: Callable[..., Message], arrive: Callable[..., InboundMessage], action: str
) -> None:
    message = sent()
    arrive(report(message, "4.4.1", action))
    message.refresh_from_db()
    assert message.state == Message.State.HANDED_OVER


def test_a_receipt_raises_and_nothing_lowers_it_again(
    sent: Callable[..., Message], arrive: Callable[..., InboundMessage]
) -> None:
    message = sent()
    arrive(report(message, "2.0.0", "delivered"))
    arrive(report(message, "5.2.2"))
    message.refresh_from_db()
    assert message.state == Message.State.DELIVERED


def test_a_report_about_an_arabic_address_is_read(
    sent: Callable[..., Message], arrive: Callable[..., InboundMessage]
) -> None:
    message = sent()
    raw = report(
        message, "5.1.1", kind="global-delivery-status", report="delivery-status",
        recipient="Final-Recipient: utf-8; سلمى@مثال.example",
    )  # fmt: skip
    arrive(raw)
    message.address.refresh_from_db()
    assert message.address.state == Address.State.SUSPENDED


def test_a_report_that_somebody_invented_blames_nobody(
    sent: Callable[..., Message], arrive: Callable[..., InboundMessage]
) -> None:
    message = sent()
    forged = report(message, "5.1.1").replace(b"+b-", b"+b-x")
    arrive(forged)
    message.address.refresh_from_db()
    assert message.address.state == Address.State.GOOD


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"X_Autoreply": "yes"},
        {"Precedence": "bulk"},
        {"subject": "رد تلقائي: دعوة"},
        {"subject": "Re: Out of office: back on Monday"},
        {"subject": "Réponse automatique : absente"},
    ],
)
def test_an_automatic_reply_is_put_away_and_not_answered(
    sent: Callable[..., Message], arrive: Callable[..., InboundMessage], headers: dict[str, str]
) -> None:
    message = sent()
    raw = mail("reader@elsewhere.example", In_Reply_To=message_id(message), **headers)
    kept = arrive(raw)
    assert (kept.kind, kept.state) == (Kind.AUTOMATIC, State.DONE)
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    ("subject", "text", "wish"),
    [
        ("", "STOP", "stop"),
        ("Re: invitation", "Stop. Thank you\n\n> earlier words", "stop"),
        ("unsubscribe", "", "stop"),
        ("", "إيقاف", "stop"),
        ("", "الغاء الاشتراك لو سمحتم", "stop"),
        ("", "arrêt, merci", "stop"),
        ("", "قف", "stop"),
        ("", "ابدأ", "start"),
        ("", "We have got to STOP this bill", ""),
        ("", "stop 12", ""),
        ("", "لا ترسلوا الدعوة قبل العيد", ""),
        ("", "نعم", ""),
        ("Stop the bill", "Dear all, we meet on Monday.", ""),
    ],
)
def test_words_of_opting_out(subject: str, text: str, wish: str) -> None:
    assert wish_of(subject, text) == wish


def test_who_wrote_stop_gets_one_confirmation_and_then_silence(
    sent: Callable[..., Message],
    arrive: Callable[..., InboundMessage],
    relay: Relay,
    draft: Make,
    clock: Clock,
) -> None:
    sent()
    for _time in range(3):
        assert arrive(mail("Reader@elsewhere.example", text="إيقاف")).kind == Kind.OPT_OUT
    clock.move(minutes=2)
    post.post(draft(purpose=BULK), at=clock())
    assert send_due(clock) == 1
    assert [taken.recipient for taken in relay.taken][1:] == ["reader@elsewhere.example"]
    arrive(mail("reader@elsewhere.example", text="START"))
    assert Suppression.objects.count() == 0


def test_the_same_mail_ten_times_is_one(
    sent: Callable[..., Message], arrive: Callable[..., InboundMessage], clock: Clock
) -> None:
    seen: list[object] = []
    post.register_inbound(BULK, lambda received: seen.append(received.key))
    raw = mail("reader@elsewhere.example", In_Reply_To=message_id(sent()))
    for _time in range(10):
        arrive(raw)
        clock.move(hours=7)
    assert (InboundMessage.objects.count(), len(seen)) == (1, 1)


def test_the_way_out_by_mail_and_by_link(
    sent: Callable[..., Message], arrive: Callable[..., InboundMessage], client: object
) -> None:
    message = sent()
    out = token_of(message.pk, "out")
    assert client.get(f"/u/{out}/").status_code == 200  # type: ignore[attr-defined]
    assert Suppression.objects.count() == 0, "a scanner that follows links ends nothing"
    answer = client.post(f"/u/{out}/", {"List-Unsubscribe": "One-Click"})  # type: ignore[attr-defined]
    assert answer.status_code == 200
    assert Suppression.objects.get().purpose == BULK
    assert client.post("/u/nothing/").status_code == 410  # type: ignore[attr-defined]
    Suppression.objects.all().delete()
    raw = mail("somebody@else.example", "unsubscribe").replace(
        b"house@house.example", tagged(f"u-{out}").encode()
    )
    assert arrive(raw).kind == Kind.OPT_OUT
    assert Suppression.objects.get().digest == digest_of("reader@elsewhere.example")


def test_what_nobody_settles_waits_for_a_person(
    arrive: Callable[..., InboundMessage], facilitator: User, outsider: User
) -> None:
    kept = arrive(mail("stranger@elsewhere.example", "A question", "May I bring my sister?"))
    assert (kept.kind, kept.state) == (Kind.MESSAGE, State.OPEN)
    with pytest.raises(NotAllowed):
        act.take_on(actor=outsider, inbound=kept, now=NOON)
    act.take_on(actor=facilitator, inbound=kept, now=NOON)
    act.answer(actor=facilitator, inbound=kept, text="Gladly.", language="en", now=NOON)
    kept.refresh_from_db()
    assert (kept.owner, kept.state) == (facilitator, State.DONE)
    assert Message.objects.get().purpose == "channels.answer"
    with pytest.raises(act.AlreadyDone):
        act.finish(actor=facilitator, inbound=kept, now=NOON)


def test_a_reader_that_breaks_is_tried_again_and_then_a_person_looks(
    sent: Callable[..., Message], arrive: Callable[..., InboundMessage], clock: Clock
) -> None:
    post.register_inbound(BULK, lambda _received: 1 / 0)  # type: ignore[arg-type,return-value]
    kept = arrive(mail("reader@elsewhere.example", In_Reply_To=message_id(sent())))
    assert kept.state == State.ARRIVED
    for _time in range(act.MOST_TRIES):
        read_arrived(clock)
    kept.refresh_from_db()
    assert (kept.kind, kept.state) == (Kind.UNREADABLE, State.OPEN)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff\xfe",
        b"From: =?utf-8?b?////?= <a@b>\r\nContent-Type: text/plain; charset=nonsense\r\n\r\n\xff",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n" * 300,
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n"
        b"Content-Type: message/delivery-status\r\n\r\n\r\n--b--",
        b"Subject: " + b"x" * 200_000 + b"\r\n\r\n",
        b"To: " + b"a@b, " * 4_000 + b"\r\n\r\n",
    ],
)
def test_no_mail_breaks_the_reading(arrive: Callable[..., InboundMessage], raw: bytes) -> None:
    assert arrive(raw).state in {State.OPEN, State.DONE}


def test_words_of_what_was_done_are_deleted(
    arrive: Callable[..., InboundMessage], clock: Clock
) -> None:
    kept = arrive(mail("reader@elsewhere.example", text="STOP"))
    assert act.forget_inbound(before=NOON + timedelta(days=1)) == 1
    kept.refresh_from_db()
    assert bytes(kept.sealed) == b""
