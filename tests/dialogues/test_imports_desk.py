"""The desk's pages of files: seen before they are saved, and only by whoever may."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from factories.accounts import UserFactory
from factories.dialogues import DialogueFactory, ParticipantFactory, StatementFactory
from factories.imports import at, work
from factories.imports import send as send_files
from hiwar.common.models import AuditEntry, ImportRun
from hiwar.dialogues.models import (
    FormCheck,
    MergeProposal,
    MessageInQueue,
    Participant,
    Statement,
    Vote,
)
from hiwar.dialogues.queries.imports import KIND

if TYPE_CHECKING:
    from datetime import datetime

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


def send(
    desk: Client, forum: Dialogue, text: str, name: str = "votes.csv", kind: str = ""
) -> ImportRun:
    answer, run = send_files(desk, KIND, forum.pk, file=(name, text.encode()), kind=kind)
    assert run is not None, answer.context["form"].errors  # type: ignore[attr-defined]
    return run


def test_a_file_goes_from_upload_to_undo(desk: Client, forum: Dialogue) -> None:
    run = send(desk, forum, "registration_id,statement,vote\nA1,1,agree\nA7,1,agree\n")
    page = at("import_run", run)
    shown = desk.get(page).content.decode()
    assert shown.index("A7") < shown.index("key-figures"), "problems come first"
    assert shown.count("A1") == 1, "the rows as they will be"
    assert not Vote.objects.exists()
    for step, state, votes in (("confirm_import", "done", 1), ("undo_import", "undone", 0)):
        desk.post(at(step, run))
        run.refresh_from_db()
        assert (run.state, Vote.objects.count()) == (state, votes)
        assert desk.get(page).status_code == 200
    assert "votes.csv" in desk.get(reverse("dialogues:imports", args=[forum.code])).content.decode()


def test_columns_can_be_given_their_meaning(desk: Client, forum: Dialogue) -> None:
    run = send(desk, forum, "registration_id,statement,says\nA1,1,agree\n", kind="votes")
    chosen = {"file-column-0": "registration", "file-column-1": "statement",
              "file-column-2": "vote", "part": "file"}  # fmt: skip
    assert desk.post(at("import_run", run), chosen | {"file-column-1": "vote"}).status_code == 200
    desk.post(at("import_run", run), chosen)
    desk.post(at("confirm_import", run))
    assert Vote.objects.get().choice == 1


def test_unreadable_and_repeated_files_are_refused_in_words(desk: Client, forum: Dialogue) -> None:
    for content in (b"PK\x03\x04", b"what,is\nthis,no\n"):
        answer, run = send_files(desk, KIND, forum.pk, file=("x.csv", content))
        assert run is None
        assert answer.context["form"].non_field_errors()  # type: ignore[attr-defined]
    assert not ImportRun.objects.exists()


def test_a_long_file_is_worked_on_beside_the_request_and_may_come_as_another_kind(
    desk: Client, forum: Dialogue, now: datetime
) -> None:
    text = "registration_id,q1\n" + "".join(f"L{n},{1 + n % 3}\n" for n in range(320))
    people = send(desk, forum, text, kind="participants")
    for step, state, count in (
        ("", "preview", 1), ("confirm_import", "done", 321), ("undo_import", "undone", 1),
    ):  # fmt: skip
        if step:
            desk.post(at(step, people))
        assert Participant.objects.count() == (321 if step == "undo_import" else 1)
        work(now)
        people.refresh_from_db()
        assert (people.state, Participant.objects.count()) == (state, count)
    again = send(desk, forum, text, kind="participants")
    work(now)
    desk.post(at("confirm_import", again))
    work(now)
    votes = send(desk, forum, text, kind="votes")
    work(now)
    desk.post(at("confirm_import", votes))
    work(now)
    assert Vote.objects.filter(participant__registration__startswith="L").exists()


def test_private_details_are_masked_and_votes_that_were_there_are_not_shown(
    desk: Client, forum: Dialogue
) -> None:
    statements = send(desk, forum, "text,theme\nاتصلوا على 0599123456,ماء\n", "s.csv")
    shown = desk.get(at("import_run", statements)).content.decode()
    assert "0599123456" not in shown
    assert "اتصلوا" in shown
    desk.post(at("confirm_import", send(desk, forum, "registration,statement,vote,time\n"
                                        "A1,1,agree,2026-10-01\n")))  # fmt: skip
    later = send(desk, forum, "registration,statement,vote,time\nA1,1,pass,2026-10-02\n", "l.csv")
    report = desk.get(at("import_run", later))
    assert later.counts["replaced"] == 1
    assert report.context["changed"] == [], "how somebody voted before is nobody's business"
    assert Statement.objects.count() == 1


def test_forms_wait_for_a_second_person(desk: Client, forum: Dialogue, at_desk: object) -> None:
    run = send(desk, forum, "form,registration_id,date,q1\nF1,A1,2026-10-01,1\n", "forms.csv")
    desk.post(at("confirm_import", run))
    page = reverse("dialogues:compare_forms", args=[forum.code])
    assert page in desk.get(at("import_run", run)).content.decode()
    check = FormCheck.objects.get()
    sent = {"check": str(check.pk), "result": "same"}
    desk.post(page, sent)
    check.refresh_from_db()
    assert check.result == "", "who brought them in does not compare them"
    other: Client = at_desk(UserFactory.create(roles=["field_coordinator"]))  # type: ignore[operator]
    assert "F1" in other.get(page).content.decode()
    other.post(page, sent)
    check.refresh_from_db()
    assert check.result == "same"
    assert AuditEntry.objects.filter(verb="dialogues.formcheck.compare").count() == 1


def test_messages_and_registrations_wait_for_a_person(desk: Client, forum: Dialogue) -> None:
    people = "registration_id,channel,phone\nB1,sms,0590000001\nB2,web,+970590000001\n"
    for name, text in (
        ("people.csv", people),
        ("sms.csv", "time,from,text\n2026-10-01T09:00,0590000001,نعم بالتأكيد\n"),
    ):
        desk.post(at("confirm_import", send(desk, forum, text, name)))
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


def test_others_see_no_file(at_desk: object, desk: Client, forum: Dialogue, roles: None) -> None:
    run = send(desk, forum, "registration_id,statement,vote\nA1,1,agree\n")
    client: Client = at_desk(UserFactory.create(roles=["researcher"]))  # type: ignore[operator]
    for name in ("imports", "messages_to_read", "merges", "compare_forms"):
        assert client.get(reverse(f"dialogues:{name}", args=[forum.code])).status_code == 403
    assert client.get(at("import_run", run)).status_code == 403
