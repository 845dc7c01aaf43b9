"""What you said, what happened: who left an address, who is told, and what is left of it after."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from django.db import connection
from django.urls import reverse

from channels.conftest import Clock
from dialogues.test_seizure import copied_text
from factories.dialogues import DialogueFactory, ParticipantFactory
from hiwar.accounts.actions.people import NotAllowed
from hiwar.channels.actions.outbox import (
    StillWritten,
    approve_batch,
    stop_batch,
    stop_message,
)
from hiwar.channels.models import Address, Batch, Channel, Message, Suppression
from hiwar.channels.tasks import send_due
from hiwar.common import mailings, opt_outs
from hiwar.common import post as common_post
from hiwar.common.jobs.worker import work_off
from hiwar.common.multilingual import MultilingualText
from hiwar.common.opt_outs import MAIL, PHONE, OptOut
from hiwar.common.personal.actions import erase
from hiwar.dialogues.actions import telling as act
from hiwar.dialogues.actions.dialogues import close_dialogue
from hiwar.dialogues.models import Dialogue, Participant, Telling, ToldAddress
from hiwar.dialogues.queries.telling import audience_of, in_person, owner_key
from hiwar.dialogues.queries.tokens import Bearer, cookie_name, make_token

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from django.test import Client
    from pytest_django.fixtures import SettingsWrapper

    from hiwar.accounts.models import User

pytestmark = pytest.mark.django_db
State = ToldAddress.State
KEY = "only-the-machine-knows-this-and-no-copy-of-its-data-does"
NUMBERS = ("0599004321", "+970 59 903 1234", "٠٥٩٩٠٠٠٠٠٧")
MAILED = "rana@elsewhere.example"
WORDS = {
    "subject": MultilingualText({"en": "What you said", "ar": "ما قلتموه"}),
    "text": MultilingualText({"en": "Good day, this came of it.", "ar": "تحية، هذا ما حدث."}),
    "short": MultilingualText({"en": "This came of it.", "ar": "هذا ما حدث."}),
}


@pytest.fixture
def dialogue() -> Dialogue:
    """Return an open dialogue of five, four of whom left an address; two left the same."""
    dialogue = DialogueFactory.create()
    people = ParticipantFactory.create_batch(6, dialogue=dialogue)
    left = [*NUMBERS, "00970599004321", MAILED]
    for person, address in zip(people, left, strict=False):
        act.ask_to_be_told(participant=person, address=address, language="ar")
    return dialogue


@pytest.fixture
def folder(settings: SettingsWrapper, tmp_path: Path) -> Path:
    """Return the folder of text messages."""
    settings.PRACTICE = settings.DEMO = False
    settings.DATA = tmp_path / "var"
    folder = tmp_path / "texts"
    folder.mkdir()
    settings.TEXT_FOLDER = str(folder)
    return folder


def post(director: User, dialogue: Dialogue, now: datetime) -> Batch:
    close_dialogue(actor=director, dialogue=dialogue, now=now)
    dialogue.refresh_from_db()
    act.write_telling(actor=director, dialogue=dialogue, words=WORDS, now=now)
    return Batch.objects.get(pk=act.post_telling(actor=director, dialogue=dialogue, now=now))


def send(director: User, batch: Batch, now: datetime) -> None:
    approve_batch(actor=director, batch=batch, at=now)
    Channel.objects.update(quiet_from=None, quiet_until=None, per_hour=36000)
    send_due(Clock(now))


def states(dialogue: Dialogue) -> list[str]:
    return sorted(dialogue.told_addresses.values_list("state", flat=True))


def test_each_address_is_told_once_and_then_nothing_of_it_is_left(
    dialogue: Dialogue, director: User, folder: Path, now: datetime, settings: SettingsWrapper
) -> None:
    settings.OUTER_KEY = KEY
    dialogue.told_addresses.all().delete()
    people = dialogue.participants.filter(is_to_be_told=True).order_by("pk")
    for person, address in zip(people, [*NUMBERS, "00970599004321"], strict=False):
        act.ask_to_be_told(participant=person, address=address, language="ar")
    opt_outs.opt_out(OptOut(PHONE, NUMBERS[2], opt_outs.WORD), at=now)
    batch = post(director, dialogue, now)
    assert batch.messages.count() == 2
    assert sorted(batch.left_out.values()) == [1, 1]
    send(director, batch, now)
    written = [path.read_text("utf-8") for path in folder.glob("*.json")]
    assert len(written) == 2
    assert all("هذا ما حدث" in text for text in written)
    assert states(dialogue) == [State.OUT, State.TOLD, State.TOLD]
    assert set(dialogue.told_addresses.values_list("sealed", "language")) == {(b"", "")}
    assert not Address.objects.exclude(sealed=b"").exists()
    assert not Message.objects.exclude(sealed=b"").exists()
    assert Suppression.objects.count() == 1
    send_due(Clock(now + timedelta(hours=1)))
    assert len(list(folder.glob("*.json"))) == 2


def test_a_copy_of_the_data_gives_no_address_and_no_way_to_a_vote(
    dialogue: Dialogue, director: User, now: datetime, settings: SettingsWrapper, folder: Path
) -> None:
    settings.OUTER_KEY = KEY
    other = DialogueFactory.create()
    people = ParticipantFactory.create_batch(3, dialogue=other)
    for person, number in zip(people, NUMBERS, strict=True):
        act.ask_to_be_told(participant=person, address=number, language="en")
    copy = copied_text()
    for shape in (*NUMBERS, "599004321", "599031234", KEY, KEY.encode().hex()):
        assert shape not in copy
    named = {field.name for field in ToldAddress._meta.get_fields()}
    assert not {"participant", "person", "registration"} & named
    owners = set(other.told_addresses.values_list("owner", flat=True))
    settings.OUTER_KEY = "a-guess-of-somebody-who-holds-a-copy" * 2
    assert not owners & {owner_key(other, person.pk) for person in people}
    settings.OUTER_KEY = KEY
    assert owners == {owner_key(other, person.pk) for person in people}
    batch = post(director, other, now)
    assert set(other.told_addresses.values_list("owner", flat=True)) == {""}
    copy = copied_text()
    assert not any(owner in copy for owner in owners)
    assert not any(shape in copy for shape in ("599004321", "599031234", *NUMBERS))
    assert batch.messages.count() == 3
    # Nothing of a message leads to a participant either.
    keys = {str(person.pk) for person in people}
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM channels_message")
        assert not any(key in str(row) for row in cursor.fetchall() for key in keys)


def test_what_was_stopped_is_kept_and_can_be_sent_anew(
    dialogue: Dialogue, director: User, folder: Path, now: datetime
) -> None:
    dialogue.told_addresses.filter(kind=MAIL).delete()
    batch = post(director, dialogue, now)
    with pytest.raises(act.LeftAlready):
        act.post_telling(actor=director, dialogue=dialogue, now=now)
    stop_batch(actor=director, batch=batch, at=now)
    assert states(dialogue) == [State.KEPT] * 3
    assert Telling.objects.get().batch is None
    again = Batch.objects.get(pk=act.post_telling(actor=director, dialogue=dialogue, now=now))
    send(director, again, now)
    assert len(list(folder.glob("*.json"))) == 3
    assert states(dialogue) == [State.TOLD] * 3


def test_thousands_are_written_in_a_job_that_dies_and_goes_on(
    dialogue: Dialogue, director: User, folder: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of four the action writes one; the job dies after the second, and again nothing is twice."""
    monkeypatch.setattr(mailings, "PORTION", 1)
    batch = post(director, dialogue, now)
    assert batch.messages.count() == 1
    for refused in (approve_batch, stop_batch):
        with pytest.raises(StillWritten):
            refused(actor=director, batch=batch, at=now)
    with pytest.raises(StillWritten):
        stop_message(actor=director, message=batch.messages.get(), at=now)
    sending = common_post.Batch(batch.pk, "", director.pk)
    subject = Telling.objects.get().pk

    def dies() -> datetime:
        if batch.messages.count() == 2:
            raise KeyboardInterrupt
        return now

    with pytest.raises(KeyboardInterrupt):
        mailings.go_on("dialogues.telling", subject, sending, dies)
    assert (batch.messages.count(), states(dialogue).count(State.POSTED)) == (2, 2)
    work_off()
    assert (batch.messages.count(), states(dialogue)) == (4, [State.POSTED] * 4)
    mailings.go_on("dialogues.telling", subject, sending, lambda: now)
    assert batch.messages.count() == 4
    assert mailings.state_of_mailing(batch.pk) is None
    monkeypatch.setattr("hiwar.channels.actions.outbox.PORTION", 1)
    stop_batch(actor=director, batch=batch, at=now)
    work_off()
    assert states(dialogue) == [State.KEPT] * 4


def test_what_is_missing_or_names_the_dialogue_does_not_leave(
    dialogue: Dialogue, director: User, outsider: User, now: datetime
) -> None:
    with pytest.raises(act.NotClosed):
        act.post_telling(actor=director, dialogue=dialogue, now=now)
    close_dialogue(actor=director, dialogue=dialogue, now=now)
    dialogue.refresh_from_db()
    title = str(dialogue.title.in_language("ar"))
    for change in (
        {"short": MultilingualText({"en": "only English"})},
        {"short": MultilingualText({"ar": f"عن {title}"})},
        {"short": MultilingualText({"ar": "كلام " * 30})},
        {"subject": MultilingualText({"ar": title})},
    ):
        act.write_telling(actor=director, dialogue=dialogue, words=WORDS | change, now=now)
        with pytest.raises(act.NotReady):
            act.post_telling(actor=director, dialogue=dialogue, now=now)
    with pytest.raises(NotAllowed):
        act.write_telling(actor=outsider, dialogue=dialogue, words=WORDS, now=now)
    assert not Message.objects.exists()


def test_an_address_is_taken_back_erased_and_destroyed_in_time(
    dialogue: Dialogue, director: User, now: datetime
) -> None:
    one, two, *_rest = Participant.objects.filter(is_to_be_told=True).order_by("pk")
    act.stop_being_told(participant=one)
    assert dialogue.told_addresses.count() == 4
    erase(actor=director, kind="dialogues.participant", keys=[two.pk], now=now)
    assert dialogue.told_addresses.count() == 3
    close_dialogue(actor=director, dialogue=dialogue, now=now)
    three = Participant.objects.filter(is_to_be_told=True).first()
    assert three is not None
    with pytest.raises(act.NotKept):
        act.stop_being_told(participant=three)
    assert act.forget_told_addresses(closed_before=now) == 0
    assert act.forget_told_addresses(closed_before=now + timedelta(seconds=1)) == 3
    assert not dialogue.told_addresses.exclude(sealed=b"").exists()


def test_no_address_is_kept_where_the_risk_is_high_or_it_is_none() -> None:
    dialogue = DialogueFactory.create(risk="high", publication_tier="A")
    person = ParticipantFactory.create(dialogue=dialogue)
    with pytest.raises(act.NotKept):
        act.ask_to_be_told(participant=person, address=NUMBERS[0], language="ar")
    other = ParticipantFactory.create(dialogue=DialogueFactory.create())
    with pytest.raises(act.NoAddress):
        act.ask_to_be_told(participant=other, address="tomorrow", language="ar")
    assert not ToldAddress.objects.exists()


def test_who_is_told_in_person_is_a_number_and_small_ones_are_a_few(dialogue: Dialogue) -> None:
    found = in_person(dialogue)
    assert found.people == 1
    assert audience_of(dialogue).in_person == 1
    assert {n for _name, n in found.places} <= {None}


def test_a_participant_leaves_an_address_and_destroys_it(
    client: Client, dialogue: Dialogue
) -> None:
    page = reverse("public_dialogues:tell_me", args=["en", dialogue.code])
    assert "have not taken part" in client.get(page).content.decode()
    person = ParticipantFactory.create(dialogue=dialogue)
    token = make_token(dialogue.code, Bearer(person.pk, is_stored=True))
    client.cookies[cookie_name(dialogue.code)] = token
    before = dialogue.told_addresses.count()
    refused = client.post(page, {"keep": "1", "address": NUMBERS[0]})
    assert refused.status_code == 422
    assert dialogue.told_addresses.count() == before, "nothing without agreeing"
    assert client.post(page, {"keep": "1", "address": "x", "is_agreed": "on"}).status_code == 422
    said = {"keep": "1", "address": "0599 111 222", "is_agreed": "on"}
    assert client.post(page, said).status_code == 302
    assert client.post(page, said | {"address": MAILED}).status_code == 302
    assert dialogue.told_addresses.count() == before + 1, "the later takes the place of the earlier"
    assert "Destroy it" in client.get(page).content.decode()
    client.post(page, {"stop": "1"})
    assert dialogue.told_addresses.count() == before


def test_the_desk_writes_looks_and_posts(
    at_desk: Callable[[User], Client], director: User, dialogue: Dialogue, now: datetime
) -> None:
    desk, code = at_desk(director), dialogue.code
    page = reverse("dialogues:telling", args=[code])
    assert desk.get(page).status_code == 200
    close_dialogue(actor=director, dialogue=dialogue, now=now)
    words: dict[str, Any] = {
        f"{name}_{language}": text
        for name, texts in WORDS.items()
        for language, text in texts.items()
    }
    assert desk.post(page, words).status_code == 302
    assert str(Telling.objects.get().short["ar"]) == "هذا ما حدث."
    look = reverse("dialogues:send_telling", args=[code])
    assert "هذا ما حدث." in desk.get(look).content.decode()
    answer = desk.post(look)
    batch = Batch.objects.get()
    assert answer.headers["Location"] == reverse("channels:batch", args=[batch.pk])
    assert (batch.messages.count(), UUID(str(Telling.objects.get().batch))) == (4, batch.pk)
    assert desk.get(reverse("dialogues:told_in_person", args=[code])).status_code == 200
