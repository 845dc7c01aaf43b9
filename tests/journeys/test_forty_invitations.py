"""A facilitator invites forty people by mail: real mailboxes, answers, one that comes back."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage
from typing import TYPE_CHECKING
from uuid import uuid4

import icalendar
import pytest
from django.utils import timezone

from channels import mailserver
from channels.relay import Relay, RelayServer, Taken
from factories.accounts import InstitutionFactory
from factories.events import EventFactory
from hiwar.channels.models import Batch, Channel, InboundMessage, Message
from hiwar.channels.tasks import receive, send_due
from hiwar.events.actions import invitations as act
from hiwar.events.models import Event, Invitation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hiwar.accounts.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive("journeys")]
GONE = "gone@people.example"
BOUNCE = """\
From: MAILER-DAEMON@relay.example
To: {back}
Subject: Undelivered Mail Returned to Sender
Message-ID: <{own}@relay.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It came back.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example

Final-Recipient: rfc822; {gone}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such mailbox

--b--
"""


@pytest.fixture
def mailboxes() -> Iterator[mailserver.MailServer]:
    with mailserver.running() as server:
        yield server


@pytest.fixture
def office(mailboxes: mailserver.MailServer, settings: object) -> Iterator[Relay]:
    """The office's relay: it delivers to the mailboxes, and returns what nobody takes."""

    def forward(taken: Taken) -> None:
        if taken.recipient == GONE:
            back = BOUNCE.format(back=taken.sender, own=uuid4(), gone=GONE)
            mailboxes.deliver("", taken.sender, back.encode())
        else:
            mailboxes.deliver(taken.sender, taken.recipient, taken.content)

    relay = Relay(forward=forward)
    server = RelayServer(relay, hostname="127.0.0.1", port=mailserver.free_port())
    server.start()
    common = {"host": "127.0.0.1", "user": "", "password": "", "security": "", "folder": ""}
    settings.DEMO = settings.PRACTICE = False  # type: ignore[attr-defined]
    settings.MAIL_OUT = {**common, "port": server.port}  # type: ignore[attr-defined]
    settings.MAIL_IN = {  # type: ignore[attr-defined]
        **common, "port": mailboxes.imap, "user": "house", "password": mailserver.PASSWORD,
        "folder": "INBOX",
    }  # fmt: skip
    settings.DEFAULT_FROM_EMAIL = "house@house.example"  # type: ignore[attr-defined]
    yield relay
    server.stop()


def calendar_answer(request: EmailMessage, answer: str) -> bytes:
    """Write what a calendar program answers to a request."""
    part = next(p for p in request.walk() if p.get_content_type() == "text/calendar")
    assert part.get_param("method") == "REQUEST"
    calendar = icalendar.Calendar.from_ical(part.get_payload(decode=True))
    calendar["method"] = icalendar.vText("REPLY")
    component = calendar.walk("VEVENT")[0]
    component["attendee"].params["partstat"] = icalendar.vText(answer)
    component.pop("dtstamp")
    component.add("dtstamp", timezone.now())
    del component["organizer"]
    address = str(component["attendee"]).removeprefix("mailto:")
    reply = EmailMessage()
    reply["From"], reply["To"] = address, "house@house.example"
    reply["Subject"] = f"{answer}: {request['Subject']}"
    reply["Message-ID"], reply["In-Reply-To"] = f"<{uuid4()}@people.example>", request["Message-ID"]
    reply.set_content("An answer.")
    reply.add_alternative(
        calendar.to_ical(), maintype="text", subtype="calendar", params={"method": "REPLY"}
    )
    return reply.as_bytes()


def test_forty_letters_arrive_the_answers_come_back_and_one_returns(
    mailboxes: mailserver.MailServer, office: Relay, facilitator: User, at_desk: object
) -> None:
    InstitutionFactory.create()
    now = timezone.now()
    starts = now + timedelta(days=20)
    event: Event = EventFactory.create(
        owner=facilitator, published_at=now, starts_on=starts.date(), ends_on=starts.date()
    )
    for number in range(40):
        email = GONE if number == 39 else f"r{number}@people.example"
        act.add_invitation(
            actor=facilitator, event=event, now=now, name=f"Reader {number}", email=email,
            language="ar" if number % 2 else "en",
        )  # fmt: skip
    client = at_desk(facilitator)  # type: ignore[operator]
    answer = client.post(f"/desk/events/{event.code}/invitations/send/")
    batch = Batch.objects.get()
    assert answer.url == f"/desk/messages/sendings/{batch.pk}/"
    page = client.get(answer.url, {"language": "en"}).content.decode()
    assert "40" in page
    assert send_due() == 0, "nothing leaves before somebody looked"
    client.post(answer.url, {"approve": "yes"})
    # Whatever the hour of this run, it is no quiet hour.
    Channel.objects.update(quiet_from=None, quiet_until=None)
    assert send_due() == 40
    received = {str(number): next(mailboxes.mails(f"r{number}")) for number in range(39)}
    assert len(received) == 39
    for number, mail in received.items():
        side = "rtl" if int(number) % 2 else "ltr"
        assert f'dir="{side}"' in mail.get_body(("html",)).get_content()
    answers = {"0": "ACCEPTED", "1": "DECLINED", "2": "TENTATIVE", "3": "ACCEPTED"}
    for number, said in answers.items():
        reply = calendar_answer(received[number], said)
        for _twice in range(2):
            mailboxes.deliver(f"r{number}@people.example", "house@house.example", reply)
    question = EmailMessage()
    question["From"], question["To"] = "r5@people.example", "house@house.example"
    question["Subject"], question["Message-ID"] = "May I bring my sister?", f"<{uuid4()}@x>"
    question["In-Reply-To"] = received["5"]["Message-ID"]
    question.set_content("She is a teacher.")
    mailboxes.deliver("r5@people.example", "house@house.example", question.as_bytes())
    assert receive() == 10
    assert receive() == 0
    states = dict(Invitation.objects.values_list("email", "state"))
    assert [states[f"r{n}@people.example"] for n in range(5)] == [
        "accepted", "declined", "tentative", "accepted", "invited",
    ]  # fmt: skip
    failed = Message.objects.get(state=Message.State.FAILED)
    assert (failed.why, failed.said[:5]) == (Message.Why.BOUNCED, "5.1.1")
    assert Message.objects.filter(state=Message.State.HANDED_OVER).count() == 39
    waiting = InboundMessage.objects.get(state=InboundMessage.State.OPEN)
    page = client.get(f"/desk/messages/inbox/{waiting.pk}/").content.decode()
    assert "She is a teacher." in page
    gone = Invitation.objects.get(email=GONE)
    assert gone.messages.get().state == "failed"
