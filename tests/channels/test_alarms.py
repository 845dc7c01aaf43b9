"""What is red is told to two people by mail: once for each change, and once when all is well."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from channels.conftest import NOON
from factories.accounts import UserFactory
from hiwar.channels.actions.ways import raise_alarm, the_channel
from hiwar.channels.models import Message
from hiwar.channels.queries.outbox import content_of
from hiwar.channels.queries.ways import installation_key
from hiwar.channels.tasks import tell
from hiwar.common.health import findings
from hiwar.common.health.findings import Finding, red
from hiwar.common.models import AuditEntry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from channels.relay import Relay

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


class Faults:
    """What is red in a house in which nothing else is looked at."""

    def __init__(self) -> None:
        self.codes: set[str] = set()

    def look(self, _now: datetime) -> Iterator[Finding]:
        for code in sorted(self.codes):
            yield red(code, f"Label {code}", f"Words of {code}.", f"What to do about {code}.")


@pytest.fixture
def faults(monkeypatch, settings, tmp_path) -> Faults:
    settings.DATA = tmp_path
    settings.ALARM_TO = []
    faults = Faults()
    monkeypatch.setattr(findings, "_looks", {"faults": faults.look})
    return faults


@pytest.fixture
def keepers(roles):
    return [UserFactory.create(roles=["admin"]) for _each in range(3)]


def letters() -> list[Message]:
    return list(Message.objects.filter(purpose="channels.alarm").order_by("pk"))


def test_told_once_for_each_change_and_when_all_is_well(faults, keepers, relay: Relay):
    assert tell(now=NOON) == ""
    faults.codes = {"backups"}
    assert tell(now=NOON) == "outbox"
    assert len(letters()) == 2, "two people, however many look after the house"
    for minutes in (10, 20, 70, 600):
        assert tell(now=NOON + timedelta(minutes=minutes)) == "", "once, not again and again"
    faults.codes = {"backups", "disk"}
    assert tell(now=NOON + 11 * HOUR) == "outbox"
    faults.codes = {"disk"}
    assert tell(now=NOON + 11.5 * HOUR) == "", "changes within an hour are one letter"
    assert tell(now=NOON + 12.1 * HOUR) == "outbox"
    assert tell(now=NOON + 37 * HOUR) == "outbox", "said again after a day"
    faults.codes = set()
    assert tell(now=NOON + 39 * HOUR) == "outbox"
    assert tell(now=NOON + 80 * HOUR) == "", "quiet again"
    assert len(letters()) == 10
    told = AuditEntry.objects.filter(verb="common.alarm.tell").order_by("at")
    assert [entry.changed["red"] for entry in told] == [
        ["backups"], ["backups", "disk"], ["disk"], ["disk"], [],
    ]  # fmt: skip


def test_letter_says_what_and_what_to_do_in_both_languages_and_names_nobody(
    faults, keepers, relay: Relay, settings
):
    settings.ALARM_TO = ["night@house.example"]
    faults.codes = {"backups"}
    tell(now=NOON)
    (letter,) = letters()
    content = content_of(letter)
    assert "Words of backups." in content.text
    assert "What to do about backups." in content.text
    assert "The house needs somebody" in content.subject
    for words in (content.subject, content.text):
        assert re.search(r"[\u0621-\u064a]", words)
    assert f"{settings.DESK_ORIGIN}/desk/house/security/" in content.text
    for person in keepers:
        assert person.email not in content.text
        assert str(person) not in content.text


def test_outbox_in_trouble_is_gone_past(faults, keepers, relay: Relay):
    channel = the_channel(code="mail")
    raise_alarm(channel=channel, text="the server did not answer", at=NOON)
    faults.codes = {"letters"}
    assert tell(now=NOON) == "direct"
    assert letters() == []
    recipients = {taken.recipient for taken in relay.taken}
    assert len(recipients) == 2
    assert recipients < {person.email for person in keepers}
    assert "Words of letters." in relay.taken[0].mail.get_content()
    assert tell(now=NOON + 2 * HOUR) == ""
    # What no server took was not told: it is tried again, and told then.
    faults.codes = {"letters", "disk"}
    relay.to_recipient = lambda _address: "450 4.2.0 later"
    assert tell(now=NOON + 3 * HOUR) == ""
    relay.to_recipient = lambda _address: "250 OK"
    assert tell(now=NOON + 3.2 * HOUR) == "direct"


def test_nothing_is_told_where_no_letter_may_leave(faults, keepers, relay: Relay, settings):
    faults.codes = {"backups"}
    channel = the_channel(code="mail")
    for values in ({"state": "off"}, {"state": "on", "installation": "another"}):
        type(channel).objects.update(**values)
        assert tell(now=NOON) == ""
    type(channel).objects.update(installation=installation_key())
    settings.PRACTICE = True
    assert tell(now=NOON) == ""
    settings.PRACTICE = False
    assert tell(now=NOON) == "outbox"
