"""O3: sixty days of consultation on a draft decree-law, by hand, with its numbers."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from factories.accounts import UserFactory, sign_in_fully
from factories.contacts import OrganisationFactory
from factories.dossiers import DossierFactory
from hiwar.common.models import ImportRun
from hiwar.legislation.models import (
    Amendment,
    Comment,
    Consultation,
    Law,
    LawVersion,
    Memorandum,
)
from hiwar.legislation.views import consultations as pages
from hiwar.places.actions import load_place_pack
from hiwar.signatures.actions import letters, signing
from hiwar.signatures.exports.letters import compose

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive("journeys")]
DEMO = Path(__file__).resolve().parents[2] / "demo"
DRAFT: dict[str, Any] = json.loads((DEMO / "legislation/draft-law.json").read_text("utf-8"))
LIST = DEMO / "legislation/comments.csv"
APRIL = datetime(2027, 4, 11, 10, tzinfo=UTC)
MAY = datetime(2027, 5, 20, 10, tzinfo=UTC)
JUNE = datetime(2027, 6, 12, 10, tzinfo=UTC)
JULY = datetime(2027, 7, 5, 10, tzinfo=UTC)
# What is asked of each article: kind, words in force, new text.
ASKED = (
    ("art_3", "substitution", "", "تسري أحكامه على كل منشأة تضم عاملاً واحداً أو أكثر."),
    ("art_5", "phrase", "وثلاثة تسميهم نقابات العمال",
     "وأربعة ينتخبهم المؤمن عليهم، وخبير مستقل"),
    ("art_5", "phrase", "ويرأسه الوزير", "ولا يقل عدد النساء عن أربع"),
    ("art_6", "substitution", "", "ينشر الصندوق حسابات مدققة كل ثلاثة أشهر."),
    ("art_8", "phrase", "ويدفع المؤمن عليه 7%", "ويدفع المؤمن عليه 6%"),
    ("art_8", "phrase", "من الأجر",
     "من الأجر، وتدفع المنشآت التي تقل عن عشرة عاملين نسبة مخفضة خلال أول عامين"),
    ("art_9", "phrase", "180", "120"),
    ("art_11", "phrase", "تستحق الأرملة والأبناء", "تستحق الأرملة أو الأرمل والأبناء"),
    ("art_14", "substitution", "",
     "يجوز تقديم الشكوى مجاناً إلى مكتب شكاوى مستقل يرد خلال ثلاثين يوماً."),
)  # fmt: skip


def text_of_draft(at: int, language: str) -> str:
    word, mark = ("مادة", "مكرر") if language == "ar" else ("Article", "bis")
    lines = [DRAFT["title"][language]]
    for article in DRAFT["versions"][at]["articles"]:
        base, _blank, bis = article["no"].partition(" ")
        number = f"({base}) {mark}" if bis and language == "ar" else article["no"]
        number = f"({base})" if language == "ar" and not bis else number
        lines += [f"{word} {number}", article["title"][language], article["text"][language]]
    return "\n".join(lines) + "\n"


class Rand:
    """The legal researcher, who works at the desk at some instant."""

    def __init__(self, client: Client, clock: pytest.MonkeyPatch) -> None:
        self.client, self.clock = client, clock
        self.user = UserFactory.create(roles=["researcher"])

    def works_at(self, now: datetime) -> None:
        self.clock.setattr(pages.timezone, "now", lambda: now)
        sign_in_fully(self.client, self.user)
        session = self.client.session
        session["seen"] = session["confirmed"] = now.timestamp()
        session.save()

    def get(self, name: str, *args: object, **query: str) -> HttpResponse:
        return self.client.get(reverse(f"legislation:{name}", args=args), query)

    def post(self, name: str, *args: object, **form: object) -> HttpResponse:
        answer = self.client.post(reverse(f"legislation:{name}", args=args), form)
        shown = answer.context or {}
        assert answer.status_code == 302, (name, shown["form"].errors if "form" in shown else "")
        return answer

    def adds(self, law: Law, at: int, language: str, **more: object) -> LawVersion:
        self.post(
            "add_version", law.pk, text=text_of_draft(at, language), language=language,
            dated_on=DRAFT["versions"][at]["date"], authority="official", source="ديوان التشريع",
            visibility="institution", confirm="yes", **more,
        )  # fmt: skip
        version = LawVersion.objects.get(law=law, number=at + 1, language=language)
        self.post("publish", law.pk, version.pk)
        return version


@pytest.fixture
def rand(roles: object, client: Client, monkeypatch: pytest.MonkeyPatch) -> Rand:
    load_place_pack(actor=None, folder=DEMO / "places", now=APRIL)
    rand = Rand(client, monkeypatch)
    rand.works_at(APRIL)
    return rand


@pytest.fixture
def law(rand: Rand) -> Law:
    dossier = DossierFactory.create()
    rand.post(
        "new", dossier.code, title_ar=DRAFT["title"]["ar"], title_en=DRAFT["title"]["en"],
        sort="decree-law", procedure="ps-decree-law", country="PS", jurisdiction="ps",
        visibility="institution",
    )  # fmt: skip
    return Law.objects.get()


def opened(rand: Rand, version: LawVersion) -> Consultation:
    address = ("new_consultation", version.law_id, version.pk)
    form = {"opens_on": "2027-04-11", "opens": "09:00", "closes_on": "2027-06-10",
            "closes": "16:00", "time_zone": "Asia/Hebron"}  # fmt: skip
    look = rand.client.post(reverse(f"legislation:{address[0]}", args=address[1:]), form)
    assert look.context["days"] == 60
    assert look.context["warnings"]
    known = list(Consultation.objects.values_list("pk", flat=True))
    rand.post(*address, **form, confirm="yes")
    return Consultation.objects.exclude(pk__in=known).get()


def enters_the_draft(rand: Rand, law: Law) -> LawVersion:
    # 1. The draft with 16 articles, its English version, sixty days.
    first = rand.adds(law, 0, "ar")
    assert first.provisions.filter(kind="article").count() == 16
    english = rand.adds(law, 0, "en", other_language_of=first.pk, is_unofficial="on")
    assert set(english.provisions.filter(kind="article").values_list("eid", flat=True)) == set(
        first.provisions.filter(kind="article").values_list("eid", flat=True)
    )
    return first


def hears_everybody(rand: Rand, law: Law, first: LawVersion) -> Consultation:
    client = rand.client
    # 2. A comment by web, one by mail, one on paper, in one list.
    three = opened(rand, first)
    rand.works_at(MAY)
    web = reverse("public_laws:consultation", args=["ar", law.pk, three.pk])
    client.post(web, {"key": str(uuid4()), "eid": "art_8", "text": "خفضوا النسبة",
                      "submitter": "citizen", "confirm": "yes"})  # fmt: skip
    for channel, eid in (("email", "art_6"), ("paper", "art_3")):
        rand.post("enter_comment", three.pk, channel=channel, eid=eid, text="ملاحظة",
                  language="ar", received_on="2027-05-02", submitter="employer")  # fmt: skip
    listed = Comment.objects.filter(consultation=three).order_by("number")
    assert list(listed.values_list("channel", "eid")) == [
        ("web", "art_8"), ("email", "art_6"), ("paper", "art_3"),
    ]  # fmt: skip
    # 3. The 96 comments.
    rand.works_at(APRIL)
    main = opened(rand, first)
    rand.works_at(JUNE)
    start = reverse("accounts:import_files_of", args=["legislation.comments", main.pk])
    client.post(start, {"comments": SimpleUploadedFile("list.csv", LIST.read_bytes())})
    run = ImportRun.objects.get()
    client.post(reverse("accounts:confirm_import", args=[run.pk]))
    counts = rand.get("consultation", main.pk).context["counts"]
    assert (counts.comments, counts.texts) == (96, 85)
    assert {eid.removeprefix("art_"): n for eid, _name, n in counts.by_article} == {
        "3": 21, "5": 12, "6": 9, "7": 6, "8": 12, "9": 9, "10": 9, "11": 4, "13": 4, "14": 6,
        "16": 4,
    }  # fmt: skip
    assert len(counts.without) == 5
    senders = [n for _comment, _name, n in rand.get("consultation", main.pk, eid="art_3")
               .context["page"].object_list]  # fmt: skip
    assert max(senders) == 12
    # 4. Substance and drafting, stance.
    rand.post("accept_kinds", main.pk)
    counts = rand.get("consultation", main.pk).context["counts"]
    assert dict(counts.kinds) == {"substantive": 64, "drafting": 32}
    assert dict(counts.stances) == {"amend": 76, "support": 12, "oppose": 8}
    return main


def proposes(rand: Rand, law: Law, first: LawVersion, main: Consultation) -> None:
    # 5. Nine proposals with equity notes; no comment without a disposition.
    for eid, kind, words, text in ASKED:
        page = rand.get("new_amendment", law.pk, first.pk, eid=eid)
        letters = [key for key, _label in page.context["form"].fields["letters"].choices]
        rand.post("new_amendment", law.pk, first.pk, eid=eid, kind=kind, words_ar=words,
                  text_ar=text, reason_ar="من ملاحظات الناس", letters=letters)  # fmt: skip
    assert Amendment.objects.count() == 9
    bench = rand.get("amendments", law.pk, first.pk)
    assert bench.context["problems"] == []
    owed = Counter()
    for proposal, _name, lenses in bench.context["proposals"]:
        owed[proposal.number] = len(lenses)
        rand.post("step_amendment", law.pk, proposal.number, step="adopt")
        assert Amendment.objects.get(pk=proposal.pk).state == ("draft" if lenses else "adopted")
        for lens in lenses:
            rand.post("amendment", law.pk, proposal.number, lens=lens.code, text="أثره مدروس.")
        if lenses:
            rand.post("step_amendment", law.pk, proposal.number, step="adopt")
    assert owed[3]  # women on the council
    assert owed[8]  # widows and widowers
    assert Amendment.objects.filter(state="adopted").count() == 9
    rand.client.post(reverse("legislation:close_consultation", args=[main.pk]))
    main.refresh_from_db()
    assert main.answered_at is None
    for comment, _name, _n in [
        row for page in range(1, 6)
        for row in rand.get("consultation", main.pk, page=str(page)).context["page"].object_list
    ]:  # fmt: skip
        rand.post("comment", main.pk, comment.number, disposition="taken_up", why="",
                  whole_letter="on")  # fmt: skip
    counts = rand.get("consultation", main.pk).context["counts"]
    assert (counts.settled, counts.comments) == (96, 96)
    rand.post("close_consultation", main.pk)
    main.refresh_from_db()
    assert main.answered_at is not None


def sends_a_memorandum(rand: Rand, law: Law, first: LawVersion) -> None:
    # 6. A memorandum that eleven sign, one of them with reservation on article 3.
    rand.post("new_memorandum", law.pk, first.pk, title_ar="مذكرة ملاحظات", title_en="Memorandum",
              addressee_ar="ديوان التشريع", letter_ar="نرفق ملاحظاتنا.")  # fmt: skip
    memorandum = Memorandum.objects.get()
    rand.post("fix_memorandum", law.pk, memorandum.pk, sign_by="2027-06-30")
    version = memorandum.editions.get().signed_version
    assert version is not None
    requests = letters.ask_organisations(
        actor=rand.user, signing=memorandum.signing, now=JUNE, compose=compose,
        organisations=[OrganisationFactory.create() for _each in range(12)],
    )  # fmt: skip
    for at, request in enumerate(requests):
        terms = signing.Terms(
            "سمر", "المديرة", at == 4, "تحفظ على المادة 3" if at == 4 else "", "ar"
        )
        signing.type_signature(
            actor=rand.user, request=request, version=version, terms=terms, way="mail",
            source="رسالة", signed_at=JUNE, now=JUNE,
        )  # fmt: skip
    signing.withdraw_signature(
        version=version, why="قرار مجلس الإدارة", now=JUNE, request=requests[-1], actor=rand.user
    )
    page = rand.get("memorandum", law.pk, memorandum.pk)
    signed = page.context["signed"]
    assert (signed.count, len(signed.reserved), len(page.context["annex"])) == (11, 1, 9)
    rand.post("send_memorandum", law.pk, memorandum.pk, seen=signed.mark)
    memorandum.refresh_from_db()
    assert memorandum.number is not None
    with pytest.raises(signing.ListClosed):
        signing.withdraw_signature(
            version=version, why="بعد الإرسال", now=JUNE, request=requests[0], actor=rand.user
        )
    printed = rand.get("memorandum_file", law.pk, memorandum.pk, 1, "ar.pdf")
    document = rand.get("memorandum_file", law.pk, memorandum.pk, 1, "ar.docx")
    assert (printed.content[:5], document.content[:2]) == (b"%PDF-", b"PK")


def reads_the_next_version(rand: Rand, law: Law, first: LawVersion) -> None:
    # 7. Version 2 arrives.
    rand.works_at(JULY)
    second = rand.adds(law, 1, "ar")
    arrival = rand.get("arrival", law.pk, second.pk)
    assert arrival.context["counts"] == {"changed": 6, "added": 1, "removed": 0, "same": 10}
    changed = rand.get("compare", law.pk, old=str(first.pk), new=str(second.pk))
    assert [change.eid for change in changed.context["changes"]] == [
        "art_3", "art_5", "art_6", "art_8", "art_11", "art_14", "art_14bis",
    ]  # fmt: skip
    carried = {each.eid: (each.count, each.carried.state)
               for each, *_rest in arrival.context["comments"]}  # fmt: skip
    assert sum(count for count, _state in carried.values()) == 99
    assert (carried["art_3"], carried["art_9"]) == ((22, "changed"), (9, "applies"))
    # 8. What became of each proposal, as it is proposed, confirmed by a person.
    for row, *_rest in arrival.context["rows"]:
        rand.post("arrival", law.pk, second.pk, number=row.amendment.number,
                  result=row.suggested.result)  # fmt: skip
    after = rand.get("arrival", law.pk, second.pk)
    results = [row.outcome.result for row, *_rest in after.context["rows"]]
    assert results == ["weaker", *["same"] * 5, "absent", "same", "same"]
    rates = after.context["rates"]
    assert (rates.fulfilled, rates.proposals, round(rates.of_proposals, 1)) == (8, 9, 88.9)
    assert (rates.articles_fulfilled, rates.articles, round(rates.of_articles, 1)) == (6, 7, 85.7)


def publishes(rand: Rand, law: Law, first: LawVersion) -> None:
    client = rand.client
    # 9. What everybody reads.
    rand.post("publish_amendments", law.pk, first.pk)
    rand.post("answer", law.pk, eid="art_6", body="ديوان التشريع", answered_on="2027-07-04",
              text_ar="أُخذ بالمقترح.", source="كتاب 31", is_published="on")  # fmt: skip
    rand.post("summary", law.pk, summary_ar="صندوق يؤمّن العاملين.", summary_en="A fund insures.")
    client.logout()
    article = client.get(reverse("public_laws:article", args=["ar", law.pk, "6"]))
    text = article.content.decode()
    for words in ("مرة في السنة", "بصيغة يمكن لأي شخص تنزيلها", "حسابات مدققة كل ثلاثة أشهر.",
                  "أُخذ بالمقترح."):  # fmt: skip
        assert words in text
    assert article.context["comments"] == 10  # nine of the list and one by mail
    feed = client.get(reverse("public_laws:feed", args=["ar", law.pk])).content.decode()
    assert "ديوان التشريع" in feed
    # 10. Suspended, with every address kept, and resumed.
    rand.works_at(JULY)
    for what in ("suspended", "resumed"):
        rand.post("step", law.pk, what=what, happened_on="2027-07-05",
                  evidence="official_statement", source="بيان")  # fmt: skip
        page = client.get(reverse("public_laws:article", args=["en", law.pk, "14-bis"]))
        assert page.status_code == 200
        assert what in client.get(reverse("public_laws:law", args=["en", law.pk])).content.decode()


def test_o3_from_a_draft_to_what_became_of_it(rand: Rand, law: Law) -> None:
    first = enters_the_draft(rand, law)
    main = hears_everybody(rand, law, first)
    proposes(rand, law, first, main)
    sends_a_memorandum(rand, law, first)
    reads_the_next_version(rand, law, first)
    publishes(rand, law, first)
