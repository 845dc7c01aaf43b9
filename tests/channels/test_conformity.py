"""What every way out must do, whatever it speaks: one more adapter adds one entry to `EVERY`.

The counterpart of mail answers as a provider does: it takes, refuses, asks to wait, hangs up before
and after it took a message, and is silent. A folder answers nothing: it is not among `WAYS`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from channels.conftest import BULK, NOON, URGENT
from hiwar.channels.actions import delivery, outbox
from hiwar.channels.adapters import Practising, Unreachable
from hiwar.channels.adapters.folder import MessageFolder
from hiwar.channels.adapters.smtp import SmtpRelay
from hiwar.channels.models import Address, Channel, Message
from hiwar.channels.queries.parts import count_parts
from hiwar.channels.queries.ways import mail_channel
from hiwar.channels.tasks import send_due
from hiwar.common import post

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytest_django.fixtures import SettingsWrapper

    from channels.conftest import Clock
    from channels.relay import Relay
    from hiwar.channels.adapters import Outward

pytestmark = pytest.mark.django_db
State, Why = Message.State, Message.Why
Make = "Callable[..., post.Draft]"
# A loaded machine needs its time; only who is answered by silence shall not wait for long.
PATIENT, IMPATIENT = 60.0, 1.0
WAYS: dict[str, Callable[[float], Outward]] = {"smtp": SmtpRelay}


@pytest.fixture(params=WAYS.values(), ids=WAYS.keys())
def way(request: pytest.FixtureRequest) -> Outward:
    return request.param(PATIENT)


@pytest.fixture(params=WAYS.values(), ids=WAYS.keys())
def impatient_way(request: pytest.FixtureRequest) -> Outward:
    return request.param(IMPATIENT)


@dataclass
class Side:
    """A way out with its counterpart: what it took, how it is taken away, whom one writes to."""

    way: Outward
    kind: str
    recipients: list[str]
    taken: Callable[[], list[tuple[str, str]]]
    vanish: Callable[[], None]
    channel: str


def _by_mail(relay: Relay, settings: SettingsWrapper) -> Side:
    def taken() -> list[tuple[str, str]]:
        bodies = [(each.recipient, each.mail.get_body(("plain",))) for each in relay.taken]
        return [(to, body.get_content().replace("\r\n", "\n")) for to, body in bodies if body]

    def vanish() -> None:
        settings.MAIL_OUT = {**settings.MAIL_OUT, "port": 1}

    recipients = [f"r{n}@x.example" for n in range(30)]
    return Side(SmtpRelay(PATIENT), "mail", recipients, taken, vanish, "mail")


def _by_folder(folder: Path, settings: SettingsWrapper) -> Side:
    settings.TEXT_FOLDER = str(folder)

    def taken() -> list[tuple[str, str]]:
        files = [json.loads(path.read_text("utf-8")) for path in folder.glob("*.json")]
        return [(words["to"], words["text"] + "\n") for words in files]

    recipients = [f"+9705990000{n:02}" for n in range(30)]
    return Side(MessageFolder(), "phone", recipients, taken, folder.rmdir, "text")


EVERY = ("mail", "folder")


@pytest.fixture(params=EVERY)
def side(
    request: pytest.FixtureRequest, relay: Relay, settings: SettingsWrapper, tmp_path: Path
) -> Side:
    if request.param == "mail":
        return _by_mail(relay, settings)
    settings.DATA = tmp_path / "var"
    folder = tmp_path / "texts"
    folder.mkdir()
    return _by_folder(folder, settings)


def test_any_way_takes_each_message_once_and_as_it_was_written(
    side: Side, draft: Make, clock: Clock
) -> None:
    text = "نص عربي مع English 123 😀\n\nفقرة ثانية"
    letters = [draft(recipient=to, kind=side.kind, text=text) for to in side.recipients]
    for letter in [*letters, *reversed(letters)]:
        post.post(letter, at=NOON)
    Channel.objects.update(per_hour=3600)
    assert send_due(clock, side.way) == 30
    assert sorted(side.taken()) == sorted((to, text + "\n") for to in side.recipients)
    clock.move(hours=-5)
    assert send_due(clock, side.way) == 0
    assert len(side.taken()) == 30


def test_any_way_that_is_not_there_loses_nothing_and_doubts_nothing(
    side: Side, draft: Make, clock: Clock
) -> None:
    post.post(draft(recipient=side.recipients[0], kind=side.kind), at=NOON)
    side.vanish()
    assert send_due(clock, side.way) == 0
    assert Channel.objects.get(code=side.channel).trouble
    assert (one().state, one().attempts) == (State.WAITING, 0)


def test_any_way_is_asked_nothing_in_practice(
    side: Side, draft: Make, clock: Clock, settings: SettingsWrapper
) -> None:
    settings.PRACTICE = True
    post.post(draft(recipient=side.recipients[0], kind=side.kind), at=NOON)
    assert send_due(clock, side.way) == 0
    assert side.taken() == []
    assert one().why == Why.PRACTICE
    with pytest.raises(Practising):
        side.way.open()


def test_any_way_whose_worker_died_leaves_the_message_not_known(
    side: Side, draft: Make, clock: Clock
) -> None:
    post.post(draft(recipient=side.recipients[0], kind=side.kind), at=NOON)
    Message.objects.update(state=State.SENDING, claimed_at=NOON)
    clock.move(minutes=11)
    assert send_due(clock, side.way) == 0
    assert one().state == State.UNKNOWN
    assert side.taken() == []


def test_any_way_harms_nobody_else_by_an_address_that_is_none(
    side: Side, draft: Make, clock: Clock
) -> None:
    wrong = {"mail": '"@"@@x', "phone": "12"}[side.kind]
    post.post(draft(recipient=wrong, kind=side.kind), at=NOON)
    post.post(draft(recipient=side.recipients[0], kind=side.kind), at=NOON)
    assert send_due(clock, side.way) == 1
    assert Message.objects.filter(state=State.FAILED).count() == 1


def test_a_folder_in_the_data_takes_nothing_and_a_message_is_one_file(
    settings: SettingsWrapper, tmp_path: Path
) -> None:
    settings.PRACTICE = settings.DEMO = False
    settings.DATA = tmp_path / "var"
    inside, beside = tmp_path / "var/texts", tmp_path / "texts"
    for folder in (inside, beside):
        folder.mkdir(parents=True)
    settings.TEXT_FOLDER = str(inside)
    way = MessageFolder()
    with pytest.raises(Unreachable):
        way.open()
    settings.TEXT_FOLDER = str(beside)
    way.open()
    for _time in range(2):
        said = way.send(sender="k1", recipient="0599000001", content="مرحبا".encode())
        assert said.kind == "accepted"
    assert [path.name for path in beside.iterdir()] == ["k1.json"]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a" * 160, 1), ("a" * 161, 2), ("€" * 80, 1), ("€" * 81, 2), ("ا" * 70, 1), ("ا" * 71, 2),
        ("ا" * 134, 2), ("ا" * 135, 3), ("ا" * 66 + "😀" + "ا" * 66, 3), ("’" + "a" * 70, 2),
        ("", 1),
    ],
)  # fmt: skip
def test_parts_are_counted_as_a_telephone_company_does(text: str, parts: int) -> None:
    assert count_parts(text) == parts


def one() -> Message:
    return Message.objects.select_related("address").get()


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("دعوة إلى لقاء 🌿", "نص عربي مع English وأرقام 123 😀\n\nفقرة ثانية"),
        (
            "A subject of many words " * 10,
            "." * 3 + "\n.\n..dots at the start\n" + "long " * 20_000,
        ),
        ("\u202eturned", "zero\u200bwidth \u2067isolated\u2069 \U0001f469\u200d\U0001f469"),
    ],
    ids=["right-to-left", "long", "controls"],
)
def test_words_arrive_as_they_were_written(  # noqa: PLR0917 - fixtures
    way: Outward, relay: Relay, draft: Make, clock: Clock, subject: str, text: str
) -> None:
    post.post(draft(subject=subject, text=text, language="ar"), at=NOON)
    assert send_due(clock, way) == 1
    mail = relay.taken[0].mail
    assert mail["Subject"] == " ".join(subject.split())
    plain = mail.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert plain.rstrip("\n") == text.rstrip("\n")
    assert 'dir="rtl"' in mail.get_body(("html",)).get_content()


def test_a_large_attachment_arrives_whole(
    way: Outward, relay: Relay, draft: Make, clock: Clock
) -> None:
    content = bytes(range(256)) * 8_000
    file = post.Attachment("figures.bin", "application/octet-stream", content)
    post.post(draft(attachments=(file,)), at=NOON)
    assert send_due(clock, way) == 1
    (attached,) = relay.taken[0].mail.iter_attachments()
    assert attached.get_content() == content


def test_many_arrive_once_each_on_one_connection(
    way: Outward, relay: Relay, draft: Make, clock: Clock
) -> None:
    letters = [draft(recipient=f"r{n}@x.example") for n in range(30)]
    for letter in [*letters, *reversed(letters)]:
        post.post(letter, at=NOON)
    assert send_due(clock, way) == 30
    assert len({taken.recipient for taken in relay.taken}) == len(relay.taken) == 30
    assert relay.connections == 1


def test_a_temporary_refusal_is_tried_again_later(
    way: Outward, relay: Relay, draft: Make, clock: Clock
) -> None:
    relay.to_recipient = lambda _address: "450 4.2.1 busy"
    post.post(draft(expires_at=NOON.replace(year=2027)), at=NOON)
    Channel.objects.update(quiet_from=None, quiet_until=None)
    tries = []
    for _step in range(9):
        send_due(clock, way)
        tries.append(one().attempts)
        clock.now = max(one().due_at, clock.now)
    assert tries == [1, 2, 3, 4, 5, 6, 7, 7, 7]
    assert (one().state, one().why) == (State.FAILED, Why.UNREACHED)


def test_what_the_server_asks_to_wait_is_obeyed_to_the_second(
    way: Outward, relay: Relay, draft: Make, clock: Clock
) -> None:
    relay.to_content = lambda _taken: "451 4.7.1 retry after 2282"
    post.post(draft(), at=NOON)
    send_due(clock, way)
    assert (one().due_at - NOON).total_seconds() == 2282


@pytest.mark.parametrize(
    ("answer", "why", "address", "alarm"),
    [
        ("550 5.1.1 no such user", Why.REFUSED, Address.State.SUSPENDED, False),
        ("552 5.3.4 too large", Why.REFUSED, Address.State.GOOD, False),
        ("550 5.7.1 blocked by policy", Why.POLICY, Address.State.GOOD, True),
    ],
)
def test_a_permanent_refusal_is_not_tried_again(  # noqa: PLR0917 - fixtures
    way: Outward,
    relay: Relay,
    draft: Make,
    clock: Clock,
    answer: str,
    why: str,
    address: str,
    alarm: bool,
) -> None:
    relay.to_recipient = lambda _address: answer
    post.post(draft(), at=NOON)
    send_due(clock, way)
    clock.move(days=1)
    send_due(clock, way)
    assert (one().state, one().why, one().attempts) == (State.FAILED, why, 1)
    assert one().address.state == address
    channel = mail_channel()
    assert channel is not None
    assert bool(channel.trouble) is alarm


def test_no_connection_loses_nothing_and_doubts_nothing(
    way: Outward, relay: Relay, draft: Make, clock: Clock, settings: object
) -> None:
    settings.MAIL_OUT = {**settings.MAIL_OUT, "port": 1}  # type: ignore[attr-defined]
    post.post(draft(), at=NOON)
    assert send_due(clock, way) == 0
    channel = mail_channel()
    assert channel is not None
    assert channel.trouble
    assert (one().state, one().attempts) == (State.WAITING, 0)


def test_silence_and_hanging_up_after_hand_over_are_not_known(
    impatient_way: Outward, relay: Relay, draft: Make, clock: Clock
) -> None:
    for answer in ("silence", "hang up after taking"):
        relay.to_content = lambda _taken, answer=answer: answer
        letter = draft(purpose=BULK)
        post.post(letter, at=clock())
        assert send_due(clock, impatient_way) == 0
        message = Message.objects.get(pk=letter.key)
        assert (message.state, message.why) == (State.UNKNOWN, Why.BROKEN)
        relay.to_content = lambda _taken: "250 2.0.0 taken"
        clock.move(hours=1)
        assert send_due(clock, impatient_way) == 0, "nothing is sent again by itself"


def test_what_somebody_waits_for_is_sent_again(
    way: Outward, relay: Relay, draft: Make, clock: Clock
) -> None:
    answers = iter(["hang up", "250 2.0.0 taken"])
    relay.to_content = lambda _taken: next(answers)
    post.post(draft(purpose=URGENT), at=NOON)
    assert send_due(clock, way) == 1
    assert one().state == State.HANDED_OVER


def test_hanging_up_before_hand_over_is_only_temporary(
    way: Outward, relay: Relay, draft: Make, clock: Clock
) -> None:
    relay.to_recipient = lambda _address: "421 4.3.2 closing"
    post.post(draft(), at=NOON)
    send_due(clock, way)
    assert (one().state, one().why) == (State.WAITING, Why.AGAIN)


def test_a_worker_that_died_leaves_its_message_not_known(
    way: Outward, relay: Relay, draft: Make, clock: Clock
) -> None:
    post.post(draft(), at=NOON)
    Message.objects.update(state=State.SENDING, claimed_at=NOON)
    clock.move(minutes=9)
    send_due(clock, way)
    assert one().state == State.SENDING
    clock.move(minutes=2)
    send_due(clock, way)
    assert one().state == State.UNKNOWN
    assert relay.taken == []


def test_a_clock_that_was_put_back_sends_nothing_twice(
    way: Outward, relay: Relay, draft: Make, clock: Clock
) -> None:
    post.post(draft(), at=NOON)
    assert send_due(clock, way) == 1
    clock.move(hours=-5)
    assert send_due(clock, way) == 0
    assert outbox.ORDER[State(one().state)] == outbox.ORDER[State.HANDED_OVER]


def test_an_address_that_is_none_harms_nobody_else(
    way: Outward, relay: Relay, draft: Make, clock: Clock
) -> None:
    post.post(draft(recipient='"@"@@x'), at=NOON)
    post.post(draft(), at=NOON)
    assert send_due(clock, way) == 1
    assert Message.objects.filter(state=State.FAILED).count() == 1


def test_an_address_in_arabic_is_handed_over(
    way: Outward, relay: Relay, draft: Make, clock: Clock
) -> None:
    post.post(draft(recipient="سلمى@مثال.example"), at=NOON)
    assert send_due(clock, way) == 1
    assert relay.taken[0].recipient == "سلمى@مثال.example"


def test_outcome_of_a_message_that_was_settled_meanwhile_changes_nothing(
    way: Outward, relay: Relay, draft: Make, clock: Clock
) -> None:
    post.post(draft(), at=NOON)
    send_due(clock, way)
    parcel = delivery.Parcel(one(), "reader@elsewhere.example", post.Content("en", "", ""))
    outcome = delivery.Outcome("permanent", "5.1.1", "late news")
    assert delivery.record_outcome(parcel=parcel, outcome=outcome, now=NOON) == State.HANDED_OVER
