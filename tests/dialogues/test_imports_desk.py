"""The desk's pages of files: seen before they are saved, and only by whoever may."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from factories.accounts import UserFactory
from factories.dialogues import DialogueFactory, ParticipantFactory, StatementFactory
from hiwar.common.crypto import seal
from hiwar.common.models import AuditEntry
from hiwar.dialogues.models import ImportBatch, MergeProposal, MessageInQueue, Participant, Vote

if TYPE_CHECKING:
    from django.test import Client

    from hiwar.dialogues.models import Dialogue


@pytest.fixture
def desk(roles: None, at_desk: object) -> Client:
    user = UserFactory.create(email="yazan@house.example", roles=["field_coordinator"])
    client: Client = at_desk(user)  # type: ignore[operator]
    return client


@pytest.fixture
def forum(db: None) -> Dialogue:
    forum = DialogueFactory.create()
    StatementFactory.create(dialogue=forum, number=1)
    ParticipantFactory.create(dialogue=forum, registration="A1")
    return forum


def send(desk: Client, forum: Dialogue, text: str, name: str = "votes.csv") -> ImportBatch:
    file = SimpleUploadedFile(name, text.encode())
    answer = desk.post(reverse("dialogues:imports", args=[forum.code]), {"file": file})
    assert answer.status_code == 302, answer.context["form"].errors
    return ImportBatch.objects.get(file_name=name)


def test_a_file_goes_from_upload_to_undo(desk: Client, forum: Dialogue) -> None:
    batch = send(desk, forum, "registration_id,statement,vote\nA1,1,agree\nA7,1,agree\n")
    page = reverse("dialogues:import_file", args=[forum.code, batch.pk])
    shown = desk.get(page).content.decode()
    assert shown.index("A7") < shown.index("key-figures"), "problems come first"
    assert not Vote.objects.exists()
    for step, state, votes in (("confirm_file", "done", 1), ("undo_file", "undone", 0)):
        desk.post(reverse(f"dialogues:{step}", args=[forum.code, batch.pk]))
        batch.refresh_from_db()
        assert (batch.state, Vote.objects.count()) == (state, votes)
        assert desk.get(page).status_code == 200
    assert "votes.csv" in desk.get(reverse("dialogues:imports", args=[forum.code])).content.decode()


def test_columns_can_be_given_their_meaning(desk: Client, forum: Dialogue) -> None:
    batch = send(desk, forum, "registration_id,statement,says\nA1,1,agree\n")
    page = reverse("dialogues:import_file", args=[forum.code, batch.pk])
    chosen = {"column-0": "registration", "column-1": "statement", "column-2": "vote"}
    assert desk.post(page, chosen | {"column-1": "vote"}).status_code == 200
    desk.post(page, chosen)
    desk.post(reverse("dialogues:confirm_file", args=[forum.code, batch.pk]))
    assert Vote.objects.get().choice == 1


def test_unreadable_and_repeated_files_are_refused_in_words(desk: Client, forum: Dialogue) -> None:
    page = reverse("dialogues:imports", args=[forum.code])
    for content in (b"PK\x03\x04", b"what,is\nthis,no\n"):
        answer = desk.post(page, {"file": SimpleUploadedFile("x.csv", content)})
        assert answer.status_code == 200
        assert answer.context["form"].non_field_errors()
    assert not ImportBatch.objects.exists()


def test_messages_and_registrations_wait_for_a_person(desk: Client, forum: Dialogue) -> None:
    people = "registration_id,channel,phone\nB1,sms,0590000001\nB2,web,+970590000001\n"
    for name, text in (
        ("people.csv", people),
        ("sms.csv", "time,from,text\n2026-10-01T09:00,0590000001,نعم بالتأكيد\n"),
    ):
        batch = send(desk, forum, text, name)
        desk.post(reverse("dialogues:confirm_file", args=[forum.code, batch.pk]))
    message = MessageInQueue.objects.get()
    page = reverse("dialogues:messages_to_read", args=[forum.code])
    prefix = message.pk.hex
    assert "نعم بالتأكيد" in desk.get(page).content.decode()
    incomplete = {"message": str(message.pk), f"{prefix}-number": "1"}
    assert desk.post(page, incomplete).status_code == 200
    desk.post(page, incomplete | {f"{prefix}-choice": "1"})
    assert Vote.objects.get().channel == "sms"

    page = reverse("dialogues:merges", args=[forum.code])
    desk.post(page, {"do": "look"})
    proposal = MergeProposal.objects.get()
    assert desk.get(page).status_code == 200
    assert not Participant.objects.exclude(merged_into=None).exists()
    desk.post(page, {"do": "join", "selected": [str(proposal.pk)]})
    assert Participant.objects.exclude(merged_into=None).count() == 1


def test_pairs_are_kept_apart_or_joined_and_that_is_taken_back(
    at_desk: object, forum: Dialogue, roles: None
) -> None:
    desk: Client = at_desk(UserFactory.create(roles=["field_coordinator"]))  # type: ignore[operator]
    for key in ("a", "b", "c"):
        for channel in ("web", "sms"):
            ParticipantFactory.create(
                dialogue=forum, contact_key=key, channel=channel, registration=f"{key}-{channel}"
            )
    page = reverse("dialogues:merges", args=[forum.code])
    desk.post(page, {"do": "look"})
    first, second, third = MergeProposal.objects.order_by("kept__contact_key")
    shown = desk.get(page).content.decode()
    assert shown.count('name="selected"') == 3
    desk.post(page, {"do": "refuse"})
    assert MergeProposal.objects.filter(state="proposed").count() == 3, "nothing was chosen"

    desk.post(page, {"do": "refuse", "selected": [str(first.pk), str(second.pk)]})
    desk.post(page, {"do": "join", "selected": [str(third.pk), str(first.pk)]})
    states = MergeProposal.objects.order_by("kept__contact_key").values_list("state", flat=True)
    assert list(states) == ["refused", "refused", "accepted"]
    desk.post(page, {"do": "look"})
    assert MergeProposal.objects.filter(state="proposed").count() == 0, "not proposed again"

    desk.post(page, {"do": "reopen", "pair": str(first.pk)})
    desk.post(page, {"do": "undo", "pair": str(third.pk)})
    states = MergeProposal.objects.order_by("kept__contact_key").values_list("state", flat=True)
    assert list(states) == ["proposed", "refused", "undone"]
    assert not Participant.objects.exclude(merged_into=None).exists()
    verbs = AuditEntry.objects.filter(verb__startswith="dialogues.mergeproposal").order_by("pk")
    assert [one.verb.rpartition(".")[2] for one in verbs] == [
        "refuse", "refuse", "accept", "reopen", "undo",
    ]  # fmt: skip
    assert desk.post(page, {"do": "undo", "pair": "no key"}).status_code == 404


def test_others_see_no_file(at_desk: object, forum: Dialogue, roles: None) -> None:
    client: Client = at_desk(UserFactory.create(roles=["researcher"]))  # type: ignore[operator]
    for name in ("imports", "messages_to_read", "merges"):
        assert client.get(reverse(f"dialogues:{name}", args=[forum.code])).status_code == 403


def test_a_file_that_an_older_version_kept_says_so_in_words(desk: Client, forum: Dialogue) -> None:
    batch = send(desk, forum, "registration_id,statement,vote\nA1,1,agree\n")
    old = seal(zlib.compress(b'{"header": ["old"], "rows": []}'), batch.reference)
    ImportBatch.objects.filter(pk=batch.pk).update(content=old)
    step = reverse("dialogues:confirm_file", args=[forum.code, batch.pk])
    answer = desk.post(step, follow=True)
    assert answer.status_code == 200
    assert "notice" in answer.content.decode()
    assert not Vote.objects.exists()
    desk.post(reverse("dialogues:discard_file", args=[forum.code, batch.pk]))
    assert not ImportBatch.objects.exists()
