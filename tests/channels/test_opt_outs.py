"""Who wants no messages is asked before every message, wherever it was said and whoever sends."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.urls import reverse

from channels.conftest import NOON
from factories.contacts import ContactPointFactory, PersonFactory
from factories.dialogues import DialogueFactory, ParticipantFactory
from hiwar.accounts.actions.people import NotAllowed
from hiwar.channels.actions import opt_outs as act
from hiwar.channels.models import Message, Suppression
from hiwar.channels.queries.ways import digest_of
from hiwar.channels.tasks import send_due
from hiwar.common import opt_outs, post
from hiwar.common.dates import local_day
from hiwar.common.opt_outs import MAIL, PHONE, OptOut, opted_out, wish_in
from hiwar.contacts.actions.contact_points import add_point, record_consent, withdraw_consent
from hiwar.dialogues.actions.dialogues import close_dialogue
from hiwar.dialogues.queries.people import contact_key

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.test import Client
    from pytest_django.fixtures import SettingsWrapper

    from channels.conftest import Clock
    from channels.relay import Relay
    from hiwar.accounts.models import User

pytestmark = pytest.mark.django_db
READER = "reader@elsewhere.example"
NUMBER, WRITTEN = "+970 59 900 4321", "٠٥٩٩٠٠٤٣٢١"
WORDS = ("STOP", "إيقاف، شكرا", "Arrêter svp", "لا ترسلوا")
# What somebody waits for themselves is not held back by an opt-out of theirs.
WAITED_FOR = {
    "accounts.invitation", "accounts.password", "channels.alarm", "channels.answer",
    "channels.check", "channels.newsletter_test", "channels.notice", "channels.subscription",
}  # fmt: skip


def test_whatever_the_house_sends_asks(relay: Relay, clock: Clock) -> None:
    """A purpose that a room registers tomorrow is sent here as well, to somebody who said STOP."""
    opt_outs.opt_out(OptOut(MAIL, READER, opt_outs.WORD), at=NOON)
    codes = [code for code in post._purposes if not code.startswith("tests.")]
    urgent = {code for code in codes if post.purpose_of(code).is_urgent}
    assert urgent == WAITED_FOR, "a new purpose that nothing holds back is a decision"
    assert len(codes) > len(urgent)
    for code in sorted(set(codes) - urgent):
        post.post(
            post.Draft(key=uuid4(), purpose=code, language="en", recipient=READER, text="Hello"),
            at=NOON,
        )
    while Message.objects.filter(state="waiting", due_at__lte=clock()).exists():
        send_due(clock)
    assert relay.taken == []
    assert set(Message.objects.values_list("state", "why")) == {("stopped", "opted_out")}


def test_what_one_card_refuses_holds_for_the_address_whoever_writes_to_it(
    director: User, now: datetime
) -> None:
    person = PersonFactory.create()
    mail = ContactPointFactory.create(person=person, kind="email", value=READER, key=READER)
    said: dict[str, Any] = {"actor": director, "person": person, "source": "call", "now": now}
    day = local_day(now)
    given = record_consent(purpose="dialogue", channel="any", given_on=day, **said)
    assert not opted_out(MAIL, [mail.value], "dialogue")
    withdraw_consent(actor=director, consent=given, on=day, now=now)
    assert opted_out(MAIL, ["Reader@elsewhere.example"], "dialogue")
    assert not opted_out(MAIL, [READER], "invitation"), "one purpose is not all"
    # A number that is written down later carries what was refused before.
    add_point(actor=director, subject=person, kind="phone", value=NUMBER, now=now)
    assert opted_out(PHONE, [WRITTEN], "dialogue")
    record_consent(purpose="newsletter", channel="email", given_on=day, is_given=False, **said)
    assert opted_out(MAIL, [READER], "newsletter")
    assert not opted_out(PHONE, [NUMBER], "newsletter"), "that channel was not spoken of"
    later = day.replace(year=day.year + 1)
    later_on = now.replace(year=now.year + 1)
    record_consent(purpose="dialogue", channel="any", given_on=later, **(said | {"now": later_on}))
    assert not opted_out(MAIL, [READER], "dialogue")
    # What they wrote themselves is ended by no card.
    opt_outs.opt_out(OptOut(MAIL, READER, opt_outs.WORD), at=now)
    said |= {"now": later_on}
    record_consent(purpose="newsletter", channel="email", given_on=later, **said)
    assert opted_out(MAIL, [READER], "newsletter")


def test_the_key_of_an_open_dialogue_is_another_name_until_it_closes(
    director: User, now: datetime
) -> None:
    dialogue = DialogueFactory.create()
    key = contact_key(dialogue.contact_secret, NUMBER)
    ParticipantFactory.create(dialogue=dialogue, contact_key=key)
    act.suppress(digest=key, purpose="", why="word", at=now, kind=PHONE)
    assert opted_out(PHONE, [WRITTEN]) == {WRITTEN}
    assert opt_outs.opt_in(OptOut(PHONE, NUMBER, opt_outs.WORD), at=now) == 1
    act.suppress(digest=key, purpose="", why="word", at=now, kind=PHONE)
    close_dialogue(actor=director, dialogue=dialogue, now=now)
    assert not Suppression.objects.exists(), "nobody is recognised by it any more"


def test_what_dialogues_kept_is_carried_over_and_brought_back(now: datetime) -> None:
    step = import_module("hiwar.dialogues.migrations.0013_one_list_of_opt_outs")
    newest = [("channels", "0004_telephones"), ("dialogues", "0012_review_batches")]
    before = MigrationLoader(connection).project_state(newest).apps
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE dialogues_participant ADD COLUMN has_opted_out boolean"
            " DEFAULT FALSE NOT NULL"
        )
    dialogue = DialogueFactory.create(opened_at=now)
    key = contact_key(dialogue.contact_secret, NUMBER)
    person = ParticipantFactory.create(dialogue=dialogue, contact_key=key)
    other = ParticipantFactory.create(dialogue=dialogue, contact_key="f" * 64)
    people = before.get_model("dialogues", "Participant").objects
    people.filter(pk=person.pk).update(has_opted_out=True)
    step.carry(before, None)
    assert opted_out(PHONE, [WRITTEN])
    assert Suppression.objects.get().since == now
    people.update(has_opted_out=False)
    step.bring_back(before, None)
    assert dict(people.values_list("pk", "has_opted_out")) == {person.pk: True, other.pk: False}
    assert not Suppression.objects.exists()


def test_a_new_secret_key_forgets_no_opt_out(settings: SettingsWrapper) -> None:
    opt_outs.opt_out(OptOut(MAIL, READER, opt_outs.WORD), at=NOON)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-of-the-same-house" * 3
    assert opted_out(MAIL, [READER])


def test_words_of_ending_and_beginning() -> None:
    assert {wish_in(text) for text in WORDS} == {"stop"}
    assert wish_in("ابدأ") == "start"
    assert {wish_in(text) for text in ("stop the bill", "قف هنا يا حافلة", "", "12 نعم")} == {""}


def test_the_desk_ends_messages_looks_up_and_begins_again(
    at_desk: Callable[[User], Client], facilitator: User, now: datetime, outsider: User
) -> None:
    desk = at_desk(facilitator)
    page = reverse("channels:opt_outs")
    assert desk.get(page).status_code == 200
    refused = desk.post(page, {"address": "Rana", "end": "yes"}).content.decode()
    assert str(act.NoAddress.message) in refused
    answer = desk.post(page, {"address": NUMBER, "end": "yes", "purpose": ""})
    assert str(Suppression.Why.STAFF.label) in answer.content.decode()
    assert opted_out(PHONE, [WRITTEN])
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM channels_suppression")
        assert "599004321" not in str(cursor.fetchall())
    assert digest_of(NUMBER, PHONE) != digest_of(NUMBER)
    desk.post(page, {"address": WRITTEN, "begin": "yes"})
    assert not opted_out(PHONE, [NUMBER])
    with pytest.raises(NotAllowed):
        act.end_messages(actor=outsider, address=NUMBER, purpose="", at=now)
