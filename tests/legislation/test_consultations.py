"""Consultations: comments by every way in one list, letters counted both ways, none unanswered."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from factories.accounts import UserFactory, sign_in_fully
from factories.legislation import NOW, make_consultation, make_law, make_version
from hiwar.accounts.actions.people import NotAllowed
from hiwar.common import patience, post
from hiwar.common.files.uploads import SentFile
from hiwar.common.models import AuditEntry, ImportRun, StoredFile
from hiwar.legislation.actions import consultations as act
from hiwar.legislation.actions.comment_files import add_comment_file
from hiwar.legislation.models import Comment
from hiwar.legislation.queries.consultations import (
    comments_of,
    contact_of,
    counts_of_comments,
    letters_of,
)
from hiwar.legislation.views import consultations as pages

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

    from hiwar.accounts.models import User
    from hiwar.legislation.models import Consultation

pytestmark = pytest.mark.django_db
WITHIN = datetime(2027, 5, 1, 9, tzinfo=UTC)
AFTER = datetime(2027, 6, 11, 9, tzinfo=UTC)
MAIL = "samar@federation.example"
LETTER = "نطالب بتوسيع نطاق سريان القانون ليشمل جميع العاملين دون استثناء"


@pytest.fixture
def officer(roles: object) -> User:
    return UserFactory.create(roles=["researcher"])


@pytest.fixture
def consultation(officer: User) -> Consultation:
    return make_consultation(make_version(make_law(officer)))


def by_web(consultation: Consultation, text: str = LETTER, **more: Any) -> tuple[Comment, str]:
    said = act.Said(text, "ar", "citizen", **more)
    return act.take_comment(consultation=consultation, said=said, key=uuid4(), now=WITHIN)


def entered(officer: User, consultation: Consultation, text: str, **more: Any) -> Comment:
    said = act.Said(
        text, "ar", "employer", received_on=date(2027, 4, 30), **{"channel": "email"} | more
    )
    return act.enter_comment(actor=officer, consultation=consultation, said=said, now=WITHIN)


def answer(officer: User, comment: Comment, disposition: str, **more: Any) -> int:
    facts = {"reason": "", "whole_letter": False} | more
    return act.dispose(actor=officer, comment=comment, disposition=disposition, now=AFTER, **facts)


def public_page(consultation: Consultation, language: str = "en") -> str:
    return reverse(
        "public_laws:consultation", args=[language, consultation.law_id, consultation.pk]
    )


def test_a_form_sent_again_to_another_consultation_is_a_comment_there(
    officer: User, consultation: Consultation
) -> None:
    other = make_consultation(make_version(make_law(officer)))
    said = act.Said(LETTER, "ar", "citizen")
    first, token = act.take_comment(
        consultation=consultation, said=said, key=(key := uuid4()), now=WITHIN
    )
    again, none = act.take_comment(consultation=consultation, said=said, key=key, now=WITHIN)
    assert (again, none) == (first, "")
    elsewhere, new = act.take_comment(consultation=other, said=said, key=key, now=WITHIN)
    assert elsewhere.pk != first.pk
    assert elsewhere.consultation == other
    assert new not in {"", token}


def test_it_opens_and_closes_on_the_clock_of_its_zone(
    officer: User, consultation: Consultation
) -> None:
    assert consultation.days == 60
    assert consultation.opens_at == datetime(2027, 4, 11, 6, tzinfo=UTC)
    last = consultation.closes_at - timedelta(seconds=1)
    assert (consultation.state(last), consultation.state(consultation.closes_at)) == (
        "open", "closed",
    )  # fmt: skip
    said = act.Said(LETTER, "ar", "citizen")
    for now in (consultation.closes_at, consultation.opens_at - timedelta(seconds=1)):
        with pytest.raises(act.NotOpen):
            act.take_comment(consultation=consultation, said=said, key=uuid4(), now=now)
    act.move_end(
        actor=officer, consultation=consultation, closes_on=date(2027, 6, 20), closes=time(12),
        now=AFTER,
    )  # fmt: skip
    act.take_comment(consultation=consultation, said=said, key=uuid4(), now=AFTER)


def test_only_a_published_version_is_open_to_comments(officer: User) -> None:
    version = make_version(make_law(officer))
    facts = act.ConsultationFacts(
        date(2027, 4, 11), time(9), date(2027, 6, 10), time(16), "Asia/Hebron", {}
    )
    with pytest.raises(act.NotPublished):
        act.open_consultation(actor=officer, version=version, facts=facts, now=NOW)
    with pytest.raises(NotAllowed):
        act.open_consultation(
            actor=UserFactory.create(roles=["media"]), version=version, facts=facts, now=NOW
        )


def test_the_public_form_takes_a_comment_once_and_shows_its_address_once(
    client: Client, consultation: Consultation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages.timezone, "now", lambda: WITHIN)
    page = client.get(f"{public_page(consultation)}?article=2")
    assert len(page.content) < 100_000
    assert page.context["form"].initial["eid"] == "art_2"
    form = {"key": str(uuid4()), "eid": "art_2", "text": "هاتفي 0599123456", "submitter": "citizen",
            "may_publish": "on", "contact": MAIL}  # fmt: skip
    asked = client.post(public_page(consultation), form)
    assert asked.status_code == 422
    assert "1 telephone number" in asked.content.decode()
    assert not Comment.objects.exists()
    sent = client.post(public_page(consultation), form | {"confirm": "yes"})
    address = sent.context["address"]
    assert address in sent.content.decode()
    again = client.post(public_page(consultation), form | {"confirm": "yes"})
    assert again.context["address"] == ""
    comment = Comment.objects.get()
    assert (comment.channel, comment.eid, comment.entered_by) == ("web", "art_2", None)
    own = client.get(address.partition("8000")[2] or address.removeprefix("http://testserver"))
    assert own.status_code in {200, 404}
    wrong = client.post(public_page(consultation), form | {"key": str(uuid4()), "eid": "art_99"})
    assert wrong.status_code == 422


def test_a_network_that_sends_much_waits_and_nobody_is_shut_out(
    client: Client, consultation: Consultation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages.timezone, "now", lambda: WITHIN)
    monkeypatch.setattr(pages.COMMENTS, "free", 2)

    def send(**more: str) -> Any:
        form = {"key": str(uuid4()), "text": LETTER, "submitter": "worker"}
        return client.post(public_page(consultation), form | more)

    assert [send().status_code for _ in range(2)] == [200, 200]
    slowed = send()
    assert slowed.status_code == 429
    assert LETTER in slowed.content.decode()
    ticket = slowed.context["patience"]
    assert send(patience=ticket).status_code == 429
    monkeypatch.setattr(patience, "WAIT", -1)
    assert send(patience=ticket).status_code == 200
    assert send(patience=ticket).status_code == 429
    assert Comment.objects.count() == 3


def test_all_ways_stand_in_one_list_and_letters_are_counted_both_ways(
    officer: User, consultation: Consultation, client: Client
) -> None:
    by_web(consultation, "نشر الحسابات كل ثلاثة أشهر", eid="art_2")
    entered(officer, consultation, "خفض النسبة", eid="art_14")
    entered(officer, consultation, "الصياغة غير واضحة", channel="session")
    for _ in range(3):
        by_web(consultation)
    comments = comments_of(consultation)
    letters = letters_of(consultation, [comment.number for comment in comments])
    counts = counts_of_comments(consultation, comments, letters)
    assert (counts.comments, counts.texts, counts.whole) == (6, 4, 4)
    assert counts.channels == {"web": 4, "email": 1, "session": 1}
    assert counts.suggested == {"substantive": 5, "drafting": 1}
    sign_in_fully(client, officer)
    home = reverse("legislation:consultation", args=[consultation.pk])
    page = client.get(f"{home}?language=en")
    text = page.content.decode()
    assert text.count(LETTER) == 1
    assert "3 senders" in text
    single = client.get(f"{home}?single=yes").content.decode()
    assert single.count(LETTER) == 3
    table = client.get(f"{home}?as=csv").content.decode()
    assert table.count(LETTER) == 3


def test_another_kind_than_suggested_needs_a_reason(
    officer: User, consultation: Consultation
) -> None:
    comment = entered(officer, consultation, "الصياغة غير واضحة")
    assert (comment.suggested_kind, comment.suggested_reason) == ("drafting", "الصياغة")
    facts = {"actor": officer, "comment": comment, "stance": "amend", "now": WITHIN}
    with pytest.raises(act.NoReason):
        act.sort_comment(kind="substantive", reason=" ", **facts)
    act.sort_comment(kind="substantive", reason="تمس الحق نفسه", **facts)
    comment.refresh_from_db()
    assert (comment.kind, comment.kind_reason) == ("substantive", "تمس الحق نفسه")
    other = entered(officer, consultation, "خفض النسبة")
    assert act.accept_suggestions(actor=officer, consultation=consultation, now=WITHIN) == 1
    other.refresh_from_db()
    assert other.kind == "substantive"


def test_nothing_is_closed_before_every_comment_has_its_answer_and_authors_are_told(
    officer: User, consultation: Consultation, client: Client
) -> None:
    comment, token = by_web(consultation, contact=MAIL)
    by_web(consultation)
    other = entered(officer, consultation, "خفض النسبة")
    close = {"actor": officer, "consultation": consultation}
    with pytest.raises(act.StillOpen):
        act.close_as_answered(now=WITHIN, **close)
    with pytest.raises(act.Owed, match=r"^3 "):
        act.close_as_answered(now=AFTER, **close)
    with pytest.raises(act.NoReason):
        answer(officer, other, "not_taken_up")
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.filter(pk=other.pk).update(disposition="not_taken_up")
    assert answer(officer, comment, "taken_up", whole_letter=True) == 2
    answer(officer, other, "not_taken_up", reason="خارج قدرة الصندوق")
    own = reverse("public_laws:own_comment", args=[token])
    assert "not answered yet" in client.get(f"{own}?language=en").content.decode()
    assert contact_of(Comment.objects.get(pk=comment.pk)) == MAIL
    carried: list[post.Draft] = []
    carriers = list(post._carriers)
    post.register_carrier(lambda draft, _at: carried.append(draft))
    try:
        assert act.close_as_answered(now=AFTER, **close) == 1
    finally:
        post._carriers[:] = carriers
    [draft] = carried
    assert draft.recipient == MAIL
    assert next(iter(draft.secrets.values())).endswith(f"/comment/{token}/")
    assert token not in draft.text
    assert not Comment.objects.exclude(contact=b"").exists()
    assert "taken up" in client.get(f"{own}?language=en").content.decode()
    with pytest.raises(act.AlreadyAnswered):
        answer(officer, other, "taken_up")


def test_the_public_reads_counts_and_only_what_authors_agreed_to(
    officer: User, consultation: Consultation, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    agreed, _ = by_web(consultation, "ليشمل الجميع", may_publish=True, name="أم خالد")
    by_web(consultation, "سرّي جدًا", name="فلان", contact=MAIL)
    named, _ = by_web(consultation, "نعم", may_publish=True, may_name=True, name="اتحاد النقابات")
    with pytest.raises(act.NotAgreed):
        act.show_comments(
            actor=officer, consultation=consultation, comments=comments_of(consultation),
            is_shown=True, now=AFTER,
        )  # fmt: skip
    act.show_comments(
        actor=officer, consultation=consultation, comments=[agreed, named], is_shown=True, now=AFTER
    )
    monkeypatch.setattr(pages.timezone, "now", lambda: AFTER)
    page = client.get(public_page(consultation)).content.decode()
    assert "3 comments" in page
    assert "ليشمل الجميع" in page
    assert "اتحاد النقابات" in page
    for secret in ("أم خالد", "سرّي جدًا", "فلان", MAIL):
        assert secret not in page
    law = reverse("public_laws:law", args=["en", consultation.law_id])
    assert "سرّي" not in client.get(law).content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.filter(may_publish=False).update(is_published=True)


def test_an_address_for_the_answer_is_shown_to_nobody(
    roles: object, officer: User, consultation: Consultation, client: Client
) -> None:
    comment, token = by_web(consultation, contact=MAIL)
    assert MAIL.encode() not in bytes(comment.contact)
    home = reverse("legislation:consultation", args=[consultation.pk])
    addresses = [home, f"{home}?as=csv", f"{home}?single=yes"]
    addresses += [reverse("legislation:comment", args=[consultation.pk, comment.number])]
    addresses += [public_page(consultation), reverse("public_laws:own_comment", args=[token])]
    for role in ("director", "researcher", "administrator"):
        sign_in_fully(client, UserFactory.create(roles=[role]))
        for address in addresses:
            assert MAIL not in client.get(address).content.decode()
    assert not AuditEntry.objects.filter(changed__icontains=MAIL).exists()


def test_private_details_are_masked_until_somebody_asks_on_record(
    officer: User, consultation: Consultation, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    comment, token = by_web(consultation, "اتصلوا على 0599123456 قبل الجلسة", may_publish=True)
    act.show_comments(
        actor=officer, consultation=consultation, comments=[comment], is_shown=True, now=AFTER
    )
    home = reverse("legislation:consultation", args=[consultation.pk])
    page = reverse("legislation:comment", args=[consultation.pk, comment.number])
    sign_in_fully(client, officer)
    for address in (home, f"{home}?as=csv", page):
        shown = client.get(address).content.decode()
        assert "0599123456" not in shown, address
        assert "[رقم هاتف]" in shown, address
    asked = AuditEntry.objects.filter(verb="legislation.comment.unmask")
    assert not asked.exists()
    assert "0599123456" in client.post(page, {"unmask": "yes"}).content.decode()
    assert "0599123456" not in str(asked.get().changed)
    assert "0599123456" not in client.get(page).content.decode()
    own = client.get(reverse("public_laws:own_comment", args=[token])).content.decode()
    assert "0599123456" in own
    monkeypatch.setattr(pages.timezone, "now", lambda: AFTER)
    public = client.get(public_page(consultation)).content.decode()
    assert "[رقم هاتف]" in public
    assert "0599123456" not in public


def test_the_desk_enters_sorts_and_answers_through_its_pages(
    officer: User, consultation: Consultation, client: Client
) -> None:
    sign_in_fully(client, officer)
    form = {"channel": "paper", "received_on": "2026-05-02", "eid": "art_14", "text": LETTER,
            "language": "ar", "submitter": "union", "reference": "K-007"}  # fmt: skip
    client.post(reverse("legislation:enter_comment", args=[consultation.pk]), form)
    comment = Comment.objects.get()
    assert (comment.reference, comment.channel, comment.entered_by) == ("K-007", "paper", officer)
    page = reverse("legislation:comment", args=[consultation.pk, comment.number])
    refused = client.post(page, {"kind": "drafting", "reason": ""})
    assert refused.status_code == 200
    client.post(page, {"kind": "substantive", "stance": "amend"})
    client.post(page, {"disposition": "in_part", "why": "على مراحل", "next": "yes"})
    comment.refresh_from_db()
    assert (comment.kind, comment.disposition) == ("substantive", "in_part")


@pytest.mark.shared_data
def test_the_96_comments_of_the_scenario_have_its_numbers(
    officer: User, shared_data: Path, client: Client
) -> None:
    law = make_law(officer)
    text = "\n".join(f"مادة ({n})\nنص المادة {n}." for n in range(1, 17))
    consultation = make_consultation(make_version(law, text))
    content = (shared_data / "demo/scenario-data/s3-comments.csv").read_bytes()
    listed = list(csv.DictReader(content.decode("utf-8-sig").splitlines()))
    said = [
        act.Said(
            row["text_ar"], "ar", row["submitter"], eid=f"art_{row['article']}",
            stance=row["stance"], channel=row["channel"], kind=row["suggested_kind"],
            received_on=date.fromisoformat(row["date"]), reference=row["id"],
        )
        for row in listed
    ]  # fmt: skip
    for each in said:
        act.enter_comment(actor=officer, consultation=consultation, said=each, now=AFTER)
    comments = comments_of(consultation)
    letters = letters_of(consultation, [comment.number for comment in comments])
    counts = counts_of_comments(consultation, comments, letters)
    assert (counts.comments, counts.texts) == (96, 85)
    assert max(len(members) for members in letters.same.values()) == 12
    assert {eid: n for eid, _name, n in counts.by_article} == {
        "art_3": 21, "art_5": 12, "art_6": 9, "art_7": 6, "art_8": 12, "art_9": 9, "art_10": 9,
        "art_11": 4, "art_13": 4, "art_14": 6, "art_16": 4,
    }  # fmt: skip
    assert len(counts.without) == 5
    act.accept_suggestions(actor=officer, consultation=consultation, now=AFTER)
    kinds = Counter(consultation.comments.values_list("kind", flat=True))
    assert kinds == {"substantive": 64, "drafting": 32}
    assert counts.stances == {"amend": 76, "support": 12, "oppose": 8}


def test_a_list_of_comments_comes_in_by_the_one_import(
    officer: User, consultation: Consultation, client: Client
) -> None:
    sign_in_fully(client, officer)
    rows = ("id,date,article,suggested_kind,stance,submitter,channel,text_ar\n"
            "K-1,2026-04-11,14,drafting,amend,citizen,session,تحديد مهلة\n"
            "K-2,2026-04-12,99,drafting,amend,union,web,لا شيء\n"
            "K-3,2026-04-12,2,,support,worker,email,أؤيد\n")  # fmt: skip
    start = reverse("accounts:import_files_of", args=["legislation.comments", consultation.pk])
    file = SimpleUploadedFile("list.csv", rows.encode())
    page = client.post(start, {"comments": file}, follow=True)
    text = page.content.decode()
    assert "K-1" in text
    assert not Comment.objects.exists()
    run = ImportRun.objects.get()
    client.post(reverse("accounts:confirm_import", args=[run.pk]))
    comments = list(Comment.objects.order_by("number"))
    assert [(c.reference, c.eid, c.channel) for c in comments] == [
        ("K-1", "art_14", "session"), ("K-3", "art_2", "email"),
    ]  # fmt: skip
    scan = SentFile("scan.txt", b"A scan.", "text/plain")
    add_comment_file(actor=officer, comment=comments[0], sent=scan, now=NOW)
    client.post(reverse("accounts:undo_import", args=[run.pk]))
    assert not Comment.objects.exists()
    assert not StoredFile.objects.filter(kind="legislation.comment_scan").exists()
