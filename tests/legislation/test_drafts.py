"""Texts from files: read apart, put right line by line, undone to the letter, known by origin."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document

from factories.accounts import UserFactory, sign_in_fully
from factories.legislation import FIRST, NOW, SECOND, make_law, make_version
from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.files.actions import read_file
from hiwar.common.models import AuditEntry, StoredFile
from hiwar.legislation.actions import drafts as act
from hiwar.legislation.actions.laws import publish_version
from hiwar.legislation.models import DraftRemark, Law, LawDraft, LawVersion
from hiwar.legislation.queries.drafts import doubts_of, read_law_file, reading_of
from hiwar.legislation.queries.laws import text_of

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

    from hiwar.accounts.models import User

pytestmark = pytest.mark.django_db
GLUED = FIRST + "تعاريفمادة (15)\nوفقاً للمادة (2) من هذا القرار بقانون.\nيعمل به.\n"
KNOWN = {"dated_on": "2027-04-11", "authority": "official", "source": "الديوان",
         "visibility": "institution"}  # fmt: skip


@pytest.fixture
def officer(roles: object) -> User:
    return UserFactory.create(roles=["researcher"])


@pytest.fixture
def desk(client: Client, officer: User) -> Client:
    sign_in_fully(client, officer)
    return client


def brings(desk: Client, law: Law, content: bytes, name: str = "law.txt") -> HttpResponse:
    form = {"file": SimpleUploadedFile(name, content), "language": "ar"}
    answer = desk.post(reverse("legislation:bring_file", args=[law.pk]), form)
    assert answer.status_code == 302, answer.context["form"].errors
    return answer


def address(draft: LawDraft, name: str = "draft") -> str:
    return reverse(f"legislation:{name}", args=[draft.law_id, draft.pk])


def test_doubts_are_settled_one_by_one_and_undone_to_the_letter(
    desk: Client, officer: User
) -> None:
    law = make_law(officer)
    answer = brings(desk, law, GLUED.encode())
    draft = LawDraft.objects.get()
    assert answer["Location"] == address(draft)
    gap, doubt = doubts_of(draft, reading_of(draft))
    whole = draft.doubts
    assert (gap.text, doubt.text, doubt.kind, whole) == (
        "مادة (14)", "تعاريفمادة (15)", "heading", 2
    )  # fmt: skip
    page = desk.get(address(draft), {"language": "en", "after": gap.line}).content.decode()
    assert "<mark>تعاريفمادة (15)</mark>" in page
    seen = {"line": doubt.line, "turn": doubt.turn, "start": doubt.start, "before": doubt.text}
    desk.post(address(draft), seen | {"what": "accept"})
    draft.refresh_from_db()
    assert (draft.doubts, draft.accepted, draft.text) == (whole - 1, 1, GLUED)
    desk.post(address(draft), {"what": "undo"})
    desk.post(address(draft), seen | {"what": "split"})
    draft.refresh_from_db()
    assert draft.text == GLUED.replace("تعاريفمادة", "تعاريف\nمادة")
    assert not any(each.text.startswith("تعاريف") for each in doubts_of(draft, reading_of(draft)))
    # A line that changed meanwhile is not written over.
    desk.post(address(draft), seen | {"what": "edit", "after": "أخرى"})
    draft.refresh_from_db()
    assert "أخرى" not in draft.text
    line = draft.text.split("\n").index("يعمل به.")
    desk.post(address(draft), {"line": line, "before": "يعمل به.", "what": "join"})
    desk.post(address(draft), {
        "line": 0, "before": FIRST.split("\n")[0], "what": "edit", "after": "عنوان\r\nثان",
    })  # fmt: skip
    draft.refresh_from_db()
    assert draft.text.startswith("عنوان\nثان\nمادة (1)")
    assert draft.text.endswith("هذا القرار بقانون. يعمل به.\n")
    assert draft.changed == 3
    desk.post(address(draft), {"what": "undo"})
    draft.refresh_from_db()
    assert draft.text.startswith(FIRST.split("\n")[0])
    desk.post(address(draft), {"what": "undo_all"})
    draft.refresh_from_db()
    assert (draft.text, draft.repairs, draft.doubts) == (GLUED, [], whole)
    assert "أخرى" not in str(list(AuditEntry.objects.values_list("changed", flat=True)))


def test_a_version_says_where_its_text_comes_from_and_who_put_it_right(
    desk: Client, officer: User, client: Client
) -> None:
    law = make_law(officer)
    brings(desk, law, GLUED.encode(), "ورقةخفية.txt")
    draft = LawDraft.objects.get()
    assert read_file(draft.file) == GLUED.encode()
    other = UserFactory.create(roles=["director"])
    sign_in_fully(client, other)
    for name in ("draft", "save_draft", "draft_file"):
        assert client.get(address(draft, name)).status_code == 404
    assert "ورقةخفية" not in client.get(reverse("legislation:law", args=[law.pk])).content.decode()
    with pytest.raises(NotAllowed):
        act.undo_repairs(actor=other, draft=draft, is_all=True, now=NOW)
    sign_in_fully(client, officer)
    client.post(address(draft, "save_draft"), KNOWN)
    version = LawVersion.objects.get()
    assert (version.text, version.dated_on) == (GLUED, date(2027, 4, 11))
    assert client.get(address(draft)).status_code == 404
    sign_in_fully(client, other)
    page = client.get(
        reverse("legislation:version", args=[law.pk, version.pk]), {"language": "en"}
    ).content.decode()
    assert draft.file.sha256 in page
    assert "a plain text" in page
    assert client.get(address(draft, "draft_file")).content == GLUED.encode()
    publish_version(actor=officer, version=version, now=NOW)
    client.logout()
    public = client.get(reverse("public_laws:law", args=["en", law.pk])).content.decode()
    assert "ورقةخفية" not in public
    assert draft.file.sha256 not in public
    assert client.get(address(draft, "draft_file")).status_code == 302


def test_word_and_akoma_ntoso_keep_what_they_know(desk: Client, officer: User) -> None:
    law = make_law(officer)
    old, new = make_version(law), make_version(law, SECOND)
    compare = reverse("legislation:compare", args=[law.pk])
    tracked = desk.get(f"{compare}?old={old.pk}&new={new.pk}&as=docx").content
    brings(desk, law, tracked, "a.docx")
    after, before = LawDraft.objects.order_by("is_before_changes")
    assert "ثلاثين" in after.text
    assert "ستين" in before.text
    desk.post(address(before, "discard_draft"))
    assert StoredFile.objects.filter(pk=after.file_id).exists()
    desk.post(address(after, "discard_draft"))
    assert not StoredFile.objects.filter(pk=after.file_id).exists()
    structure = text_of(new)
    page = reverse("legislation:version", args=[law.pk, new.pk])
    other = make_law(officer)
    brings(desk, other, desk.get(f"{page}?as=xml").content, "a.xml")
    (draft,) = LawDraft.objects.all()
    assert draft.source_kind == "akoma_ntoso"
    desk.post(address(draft, "save_draft"), KNOWN)
    assert text_of(LawVersion.objects.get(law=other)).body == structure.body


def test_remarks_of_reviewers_stand_beside_the_provision_for_editors_alone(
    desk: Client, officer: User, client: Client
) -> None:
    law, document, stream = make_law(officer), Document(), BytesIO()
    for line in FIRST.strip().split("\n"):
        document.add_paragraph(line)
    for at, words in ((3, "أصلها خفي"), (-1, "ينقصها موعد")):
        document.add_comment(document.paragraphs[at].runs, words, author="ليلى الشاعر")
    document.save(stream)
    brings(desk, law, stream.getvalue(), "draft.docx")
    draft = LawDraft.objects.get()
    assert "أصلها خفي" in desk.get(address(draft)).content.decode()
    last = document.paragraphs[-1].text
    line = draft.text.split("\n").index(last)
    edited = {"line": line, "before": last, "what": "edit", "after": "بدل آخر."}
    desk.post(address(draft), edited)
    desk.post(address(draft, "save_draft"), KNOWN)
    version = LawVersion.objects.get()
    placed, unplaced = DraftRemark.objects.order_by("position")
    assert placed.paragraph in version.provisions.get(eid=placed.eid).text
    assert (placed.author, unplaced.eid) == ("ليلى الشاعر", "")
    url = reverse("legislation:version", args=[law.pk, version.pk])
    page = desk.get(url).content.decode()
    section = page[page.index(f'id="{placed.eid}"') :]
    assert "أصلها خفي" in section[: section.index("</section>")]
    assert page.index("ينقصها موعد") < page.index('class="read law-text"')
    publish_version(actor=officer, version=version, now=NOW)
    pages = [url, f"{url}?as=txt", f"{url}?as=xml", f"{url}?as=csv"]
    seen = [desk.get(each).content.decode() for each in pages[1:]]
    sign_in_fully(client, UserFactory.create(roles=["media"]))
    seen.append(client.get(url).content.decode())
    assert client.get(address(draft, "draft_file")).status_code == 404
    client.logout()
    public = reverse("public_laws:law", args=["ar", law.pk])
    seen += [client.get(each).content.decode() for each in (public, f"{public}feed/")]
    assert not any("خفي" in each or "الشاعر" in each for each in seen)
    assert "خفي" not in str(list(AuditEntry.objects.values_list("changed", flat=True)))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.7 nothing", "No text could be read"),
        (b"PK\x03\x04nothing", "not taken here"),
        ("كلمة ".encode() * 250_000, "too long"),
    ],
)
def test_a_hostile_file_is_refused_in_words_and_leaves_nothing(
    desk: Client, officer: User, content: bytes, words: str
) -> None:
    law = make_law(officer)
    form = {"file": SimpleUploadedFile("a", content), "language": "ar"}
    url = reverse("legislation:bring_file", args=[law.pk])
    answer = desk.post(f"{url}?language=en", form)
    assert words in answer.content.decode()
    assert not LawDraft.objects.exists()
    assert not StoredFile.objects.exists()


def test_a_thousand_articles_of_headings_are_read(officer: User) -> None:
    text = "\n".join(f"مادة ({n})" for n in range(1, 1001))
    file = read_law_file(text.encode(), "rtl")
    assert file.text == text
