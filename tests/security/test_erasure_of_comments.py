"""Whoever commented on a draft leaves nothing, and takes nothing of others along."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from factories.accounts import InstitutionFactory, UserFactory
from factories.legislation import make_consultation, make_law, make_version
from hiwar.channels.models import Address, Message
from hiwar.common import post
from hiwar.common.files.types import TEXT
from hiwar.common.files.uploads import SentFile
from hiwar.common.models import AuditEntry, PrivateLink, StoredFile
from hiwar.common.personal import actions, proof
from hiwar.common.personal.holdings import subject_of
from hiwar.common.personal.retention import end_keeping
from hiwar.legislation.actions.answer_letters import letter_of
from hiwar.legislation.actions.comment_files import send_comment_file
from hiwar.legislation.actions.consultations import Said, take_comment
from hiwar.legislation.actions.erasure import erase_own_comment
from hiwar.legislation.models import Comment
from hiwar.legislation.queries.consultations import contact_of, letters_of

pytestmark = pytest.mark.django_db

WITHIN = datetime(2027, 5, 1, 9, tzinfo=UTC)
NAME, MAIL = "زرقاء الكناري المفقودة", "zarqa.canary@example.org"
CANARIES = (NAME, MAIL, "Canary note")


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.DATA, settings.FILES = tmp_path, tmp_path / "files"


@pytest.fixture
def eraser(roles):
    InstitutionFactory.create()
    return UserFactory.create(roles=["director"])


@pytest.fixture
def consultation(eraser):
    return make_consultation(make_version(make_law(eraser)))


def said_by(name, mail, consultation):
    """Take a comment of somebody without an account; return it with its token."""
    said = Said("The notice is too short.", "en", "worker", name=name, contact=mail)
    return take_comment(consultation=consultation, said=said, key=uuid4(), now=WITHIN)


def test_somebody_who_commented_leaves_nothing(eraser, consultation, now):
    other, _token = said_by("somebody else", MAIL, consultation)
    comment, token = said_by(NAME, MAIL, consultation)
    for words in (NAME, f"https://house.example/comment/{token}/"):
        assert list(subject_of("legislation.comment").look_up(eraser, words)) == [comment]
    assert set(subject_of("legislation.comment").look_up(eraser, MAIL)) == {comment, other}
    file = send_comment_file(
        comment=comment, sent=SentFile("a.txt", b"Canary note", TEXT), now=WITHIN
    )
    numbers = [comment.number, other.number]
    assert letters_of(consultation, numbers).comments == 2
    actions.erase(actor=eraser, kind="legislation.comment", keys=[comment.pk], now=now)
    assert proof.search(CANARIES)["found"] == {}
    assert not StoredFile.objects.filter(pk=file.file_id).exists()
    assert [link.pk for link in PrivateLink.objects.all()] == [other.link_id]
    assert "Canary note" not in str(AuditEntry.objects.values_list("changed"))
    # The next one may get the number that is free: it stands in the letters all the same.
    next_one, _token = said_by("a third", "", consultation)
    letters = letters_of(consultation, [other.number, next_one.number])
    assert {other.pk, next_one.pk} == set(letters.leaders)


def test_a_letter_with_an_answer_goes_and_letters_of_others_stay(eraser, consultation, now):
    """Who comments may type anybody's address: their letters are not the commenter's."""
    comment, _token = said_by("somebody", MAIL, consultation)
    keys = [letter_of(comment), uuid4()]
    for key in keys:
        post.post(
            post.Draft(
                key=key, purpose="legislation.answer", language="en", recipient=MAIL, subject="x",
                text="y", actor=eraser.pk,
            ),
            at=now,
        )  # fmt: skip
    assert Message.objects.count() == 2
    erase_own_comment(comment=comment, now=now)
    assert [message.pk for message in Message.objects.all()] == keys[1:]
    assert Address.objects.count() == 1


def test_a_comment_goes_by_its_own_page_and_no_other_button(consultation, settings):
    comment, token = said_by(NAME, MAIL, consultation)
    said_by("another", MAIL, consultation)
    client, page = Client(), reverse("public_laws:own_comment", args=[token])
    assert client.post(page, {"act": "erase"}).status_code == 200, "asked for, and not confirmed"
    client.post(page, {"confirm": "yes"})
    client.post(page, {"act": "other", "confirm": "yes"})
    assert Comment.objects.count() == 2
    gone = client.post(page, {"act": "erase", "confirm": "yes"})
    assert (gone.status_code, gone["Cache-Control"]) == (200, "no-store")
    assert [each.name for each in Comment.objects.all()] == ["another"]
    assert client.get(page).status_code == 404
    assert client.post(page, {"act": "erase", "confirm": "yes"}).status_code == 404
    assert comment.pk


def test_an_address_for_an_answer_that_nobody_gives_is_forgotten(consultation, now):
    comment, _token = said_by(NAME, MAIL, consultation)
    for days, kept in ((364, True), (366, False)):
        end_keeping(now=consultation.closes_at + timedelta(days=days))
        comment.refresh_from_db()
        assert (contact_of(comment) == MAIL, bool(comment.link.sealed)) == (kept, kept)
        comment = Comment.objects.get(pk=comment.pk)
