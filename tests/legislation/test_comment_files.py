"""Files with comments: kept sealed, opened by few and on record, never shown to everybody."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from factories.accounts import UserFactory, sign_in_fully
from factories.legislation import make_consultation, make_law, make_version
from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.files.actions import read_file
from hiwar.common.files.storage import storage
from hiwar.common.files.types import PNG, TEXT
from hiwar.common.files.uploads import SentFile
from hiwar.common.models import AuditEntry, StoredFile, Visibility
from hiwar.legislation.actions import comment_files as act
from hiwar.legislation.actions import consultations
from hiwar.legislation.models import Comment, CommentFile, Law
from hiwar.legislation.queries import comment_files as queries
from hiwar.legislation.views import consultations as pages

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

    from hiwar.accounts.models import User
    from hiwar.legislation.models import Consultation

pytestmark = pytest.mark.django_db
WITHIN = datetime(2027, 5, 1, 9, tzinfo=UTC)
AFTER = datetime(2027, 6, 11, 9, tzinfo=UTC)
NAME = "دراسة سمر.txt"
WORDS = "رقم هاتفي 0599123456 في هذه الدراسة"
PAGE = b"<!doctype html><html><script>alert(1)</script></html>"


@pytest.fixture
def officer(roles: object) -> User:
    return UserFactory.create(roles=["researcher"])


@pytest.fixture
def consultation(officer: User) -> Consultation:
    return make_consultation(make_version(make_law(officer)))


def by_web(consultation: Consultation, **more: Any) -> tuple[Comment, str]:
    said = consultations.Said("نشر الحسابات", "ar", "citizen", may_publish=True, **more)
    return consultations.take_comment(consultation=consultation, said=said, key=uuid4(), now=WITHIN)


def study(content: str | bytes = WORDS, name: str = NAME) -> SimpleUploadedFile:
    raw = content.encode() if isinstance(content, str) else content
    return SimpleUploadedFile(name, raw, content_type="image/png")


def sends(comment: Comment, words: str, now: datetime = WITHIN) -> CommentFile:
    sent = SentFile("a.txt", words.encode(), TEXT)
    return act.send_comment_file(comment=comment, sent=sent, now=now)


def test_an_author_sends_files_by_their_own_address_while_comments_are_taken(
    client: Client, consultation: Consultation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages.timezone, "now", lambda: WITHIN)
    comment, token = by_web(consultation)
    own = reverse("public_laws:own_comment", args=[token])

    def send(**form: Any) -> HttpResponse:
        return client.post(f"{own}?language=en", form)

    page = client.get(f"{own}?language=en")
    assert "Send the file" in page.content.decode()
    assert page["Referrer-Policy"] == "strict-origin"
    assert send(file=study()).status_code == 200
    # The line broke and it is sent again: kept once.
    assert send(file=study()).status_code == 200
    row = CommentFile.objects.get()
    assert (row.comment, row.added_by, row.file.content_type) == (comment, None, TEXT)
    assert row.file.is_sealed
    assert WORDS.encode() not in storage().get(row.file_id)
    assert read_file(row.file) == WORDS.encode()
    for wrong in (PAGE, b"", b"%PDF-1.4" + b"0" * (1 << 20)):
        assert send(file=study(wrong)).status_code == 422
    assert send().status_code == 422
    assert StoredFile.objects.count() == 1
    assert NAME.removesuffix(".txt") in client.get(own).content.decode()
    other, _token = by_web(consultation)
    theirs = sends(other, "ملف آخر")
    assert send(take_back=theirs.pk).status_code == 404
    assert send(take_back="x").status_code == 404
    monkeypatch.setattr(pages.timezone, "now", lambda: AFTER)
    assert send(take_back=row.pk).status_code == 422
    assert send(file=study("متأخر")).status_code == 422
    assert "Send the file" not in client.get(f"{own}?language=en").content.decode()
    assert CommentFile.objects.count() == 2
    monkeypatch.setattr(pages.timezone, "now", lambda: WITHIN)
    assert send(take_back=row.pk).status_code == 200
    assert not StoredFile.objects.filter(pk=row.file_id).exists()
    assert theirs.file in StoredFile.objects.all()


def test_a_comment_has_three_files_and_a_consultation_only_so_many_bytes(
    client: Client, officer: User, consultation: Consultation, monkeypatch: pytest.MonkeyPatch
) -> None:
    comment, token = by_web(consultation)
    other, _token = by_web(consultation)
    for words in ("أ" * 10, "ب" * 10, "ت" * 10):
        sends(comment, words)
    before = set(storage().keys())
    with pytest.raises(act.EnoughFiles):
        sends(comment, "ث")
    with pytest.raises(act.EnoughFiles):
        act.add_comment_file(
            actor=officer, comment=comment, sent=SentFile("a.txt", b"four", TEXT), now=WITHIN
        )
    monkeypatch.setattr(act, "MOST_SENT_BYTES", 64)
    with pytest.raises(act.ConsultationFull):
        sends(other, "ج" * 10)
    with pytest.raises(act.NotOpen):
        sends(other, "ج", AFTER)
    # What is refused for room or time has put no byte.
    assert set(storage().keys()) == before
    sends(other, "ج" * 2)
    assert queries.sent_bytes(consultation) == 64
    monkeypatch.setattr(pages.timezone, "now", lambda: WITHIN)
    monkeypatch.setattr(pages.COMMENTS, "free", 0)
    pages.COMMENTS.forget()
    own = reverse("public_laws:own_comment", args=[token])
    pages.COMMENTS.count("127.0.0.1", pages.stopwatch())
    slowed = client.post(own, {"file": study()})
    assert slowed.status_code == 429
    assert slowed.context["patience"]
    pages.COMMENTS.forget()


def test_files_are_opened_by_who_may_look_at_details_on_record_and_never_inline(
    client: Client, officer: User, consultation: Consultation
) -> None:
    comment, _token = by_web(consultation)
    page = reverse("legislation:comment", args=[consultation.pk, comment.number])
    at = [consultation.pk, comment.number]
    sign_in_fully(client, officer)
    client.post(reverse("legislation:add_comment_file", args=at), {"file": study()})
    client.post(reverse("legislation:add_comment_file", args=at), {"file": study(PAGE)})
    row = CommentFile.objects.get()
    assert row.added_by == officer
    address = reverse("legislation:comment_file", args=[*at, row.pk])
    opened = AuditEntry.objects.filter(verb="legislation.comment.open_file")
    assert client.get(address).status_code == 405
    assert not opened.exists()
    answer = client.post(address)
    assert answer.content == WORDS.encode()
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]
    assert opened.get().actor == officer.reference
    assert row.file.name in client.get(page).content.decode()
    for role in ("media", "facilitator", "finance", "administrator"):
        reader = UserFactory.create(roles=[role])
        sign_in_fully(client, reader)
        assert client.post(address).status_code in {403, 404}, role
        assert not queries.may_open_comment_file(reader, row.file)
        assert address not in client.get(page).content.decode()
    client.logout()
    assert client.post(address).status_code in {302, 403}
    assert not queries.may_open_comment_file(None, row.file)
    assert opened.count() == 1
    # A law that is closed to its reader closes the file with it.
    stranger = UserFactory.create(roles=["researcher"])
    assert queries.may_open_comment_file(stranger, row.file)
    Law.objects.update(visibility=Visibility.PERSONAL)
    assert not queries.may_open_comment_file(stranger, row.file)
    with pytest.raises(NotAllowed):
        act.open_comment_file(
            actor=stranger, row=CommentFile.objects.select_related(
                "comment__consultation__law__dossier"
            ).get(), now=WITHIN,
        )  # fmt: skip


def test_nothing_of_a_file_is_in_what_everybody_reads_or_in_lists(
    client: Client, officer: User, consultation: Consultation, monkeypatch: pytest.MonkeyPatch
) -> None:
    comment, _token = by_web(consultation)
    sent = SentFile(NAME, WORDS.encode(), TEXT)
    act.send_comment_file(comment=comment, sent=sent, now=WITHIN)
    consultations.show_comments(
        actor=officer, consultation=consultation, comments=[comment], is_shown=True, now=WITHIN
    )
    sign_in_fully(client, officer)
    home = reverse("legislation:consultation", args=[consultation.pk])
    lists = [client.get(f"{home}?as={kind}").content.decode() for kind in ("", "csv")]
    assert all("نشر الحسابات" in text for text in lists)
    client.logout()
    monkeypatch.setattr(pages.timezone, "now", lambda: AFTER)
    law = consultation.law_id
    addresses = [
        reverse("public_laws:consultation", args=["ar", law, consultation.pk]),
        reverse("public_laws:law", args=["ar", law]), reverse("public_laws:feed", args=["ar", law]),
        reverse("public_laws:article", args=["ar", law, "2"]),
    ]  # fmt: skip
    shown = [client.get(address).content.decode() for address in addresses]
    assert "نشر الحسابات" in shown[0]
    for text in shown + lists:
        assert "سمر" not in text
        assert "0599123456" not in text
    audited = [str(changed) for changed in AuditEntry.objects.values_list("changed", flat=True)]
    assert not any("سمر" in changed for changed in audited)


def test_a_comment_entered_from_paper_brings_its_scan(
    client: Client, officer: User, consultation: Consultation
) -> None:
    sign_in_fully(client, officer)
    scan = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
    form = {"channel": "paper", "received_on": "2026-05-02", "text": "نص", "language": "ar",
            "submitter": "union", "file": study(scan, "scan.png")}  # fmt: skip
    answer = client.post(reverse("legislation:enter_comment", args=[consultation.pk]), form)
    assert answer.status_code == 302, answer.context["form"].errors
    row = CommentFile.objects.get()
    assert (row.comment.channel, row.file.content_type, row.added_by) == ("paper", PNG, officer)
    at = [consultation.pk, row.comment.number, row.pk]
    client.post(reverse("legislation:erase_comment_file", args=at))
    assert not CommentFile.objects.exists()
    assert not StoredFile.objects.exists()
