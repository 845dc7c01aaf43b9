"""What every way in must do, whatever it speaks: one more adapter adds one entry to `WAYS`.

The counterpart of IMAP is a real Dovecot, to which mail is delivered as a relay does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from channels import mailserver
from hiwar.channels.adapters import Practising, Unreachable
from hiwar.channels.adapters.imap import ImapMailbox
from hiwar.channels.models import Channel, InboundMessage
from hiwar.channels.tasks import receive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from channels.conftest import Clock
    from channels.mailserver import MailServer

pytestmark = [pytest.mark.django_db, pytest.mark.waiting]
WAYS: dict[str, Callable[[], ImapMailbox]] = {"imap": lambda: ImapMailbox(timeout=20.0)}
ARABIC = "نص عربي مع English\n.\n..نقاط"


@pytest.fixture(scope="module")
def server() -> Iterator[MailServer]:
    with mailserver.running() as server:
        yield server


@pytest.fixture(params=WAYS.values(), ids=WAYS.keys())
def way(request: pytest.FixtureRequest) -> Callable[[], ImapMailbox]:
    return request.param


@pytest.fixture
def box(server: MailServer, settings: object, request: pytest.FixtureRequest) -> str:
    """Return the name of an empty mailbox that the settings name."""
    name = "box" + str(abs(hash(request.node.nodeid)) % 10**8)
    settings.MAIL_IN = {  # type: ignore[attr-defined]
        "host": "127.0.0.1", "port": server.imap, "user": name, "password": mailserver.PASSWORD,
        "security": "", "folder": "INBOX",
    }  # fmt: skip
    settings.PRACTICE = settings.DEMO = False  # type: ignore[attr-defined]
    return name


def letter(number: int, text: str = "Good day.") -> bytes:
    return (
        f"From: Reader <reader@elsewhere.example>\r\nTo: house@house.example\r\n"
        f"Message-ID: <{number}@elsewhere.example>\r\nSubject: word {number}\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
        f"Content-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n"
    ).encode()


def deliver(server: MailServer, box: str, *contents: bytes) -> None:
    for content in contents:
        server.deliver("reader@elsewhere.example", f"{box}@house.example", content)


def test_everything_is_taken_in_once_in_order_and_nothing_is_deleted(
    server: MailServer, box: str, clock: Clock
) -> None:
    deliver(server, box, *(letter(number, ARABIC) for number in range(5)))
    assert receive(clock) == 5
    assert receive(clock) == 0  # the last one is named by every range, and is not taken again
    deliver(server, box, letter(5))
    assert receive(clock) == 1
    assert InboundMessage.objects.count() == 6
    assert len(list(server.mails(box))) == 6


def test_words_come_in_as_they_were_written(
    way: Callable[[], ImapMailbox], server: MailServer, box: str
) -> None:
    deliver(server, box, letter(1, ARABIC))
    mailbox = way()
    assert mailbox.open() > 0
    (mail,) = mailbox.after(0)
    mailbox.close()
    assert ARABIC.replace("\n", "\r\n").encode() in mail.content


def test_who_dies_before_it_is_kept_finds_it_again(
    way: Callable[[], ImapMailbox], server: MailServer, box: str, clock: Clock
) -> None:
    deliver(server, box, letter(1), letter(2))
    mailbox = way()
    mailbox.open()
    assert len(list(mailbox.after(0))) == 2  # read, and never kept
    mailbox.close()
    assert receive(clock) == 2


def test_a_mailbox_that_was_made_anew_is_read_from_its_beginning_and_counts_nothing_twice(
    server: MailServer, box: str, clock: Clock
) -> None:
    deliver(server, box, letter(1))
    assert receive(clock) == 1
    Channel.objects.update(mailbox=1, last_uid=999)  # another UIDVALIDITY than the server's
    assert receive(clock) == 1
    assert InboundMessage.objects.count() == 1


def test_what_does_not_answer_raises_an_alarm_and_practice_opens_nothing(
    way: Callable[[], ImapMailbox], box: str, settings: object, clock: Clock
) -> None:
    wrong = {**settings.MAIL_IN, "password": "wrong"}  # type: ignore[attr-defined]
    settings.MAIL_IN = wrong  # type: ignore[attr-defined]
    with pytest.raises(Unreachable):
        way().open()
    assert receive(clock) == 0
    assert Channel.objects.get().trouble
    settings.PRACTICE = True  # type: ignore[attr-defined]
    with pytest.raises(Practising):
        way().open()
