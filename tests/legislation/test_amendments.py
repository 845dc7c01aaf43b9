"""Amendments: live text, conflicts in words, equity notes, the table that comes back."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from factories.accounts import UserFactory, sign_in_fully
from factories.legislation import NOW, make_consultation, make_law, make_version
from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.models import AuditEntry, ImportRun
from hiwar.engine.law import read_docx
from hiwar.legislation.actions import amendments as act
from hiwar.legislation.actions.consultations import Said, enter_comment
from hiwar.legislation.models import Amendment
from hiwar.legislation.queries.amendment_table import table_of
from hiwar.legislation.queries.amendments import (
    amendments_on,
    lenses_touched,
    letters_to_cite,
    workbench_of,
)
from hiwar.legislation.queries.laws import text_of

if TYPE_CHECKING:
    from django.test import Client

    from hiwar.accounts.models import User
    from hiwar.legislation.models import LawVersion

pytestmark = pytest.mark.django_db
LATER = datetime(2027, 7, 5, 9, tzinfo=UTC)
SCOPE = "تسري أحكامه على كل منشأة تضم عاملاً واحداً أو أكثر."
WHY = "شمول العاملين في المنشآت الصغيرة"


@pytest.fixture
def officer(roles: object) -> User:
    return UserFactory.create(roles=["researcher"])


@pytest.fixture
def version(officer: User) -> LawVersion:
    return make_version(make_law(officer))


def propose(officer: User, version: LawVersion, kind: str, eid: str, **facts: Any) -> Amendment:
    texts = {
        name: {"ar": facts.pop(name)} for name in ("text", "words", "affected") if name in facts
    }
    given = {"text": {}, "words": {}, "affected": {}, "reason": {"ar": WHY}} | texts | facts
    return act.propose_amendment(
        actor=officer, version=version, facts=act.AmendmentFacts(kind, eid, **given), now=NOW
    )


def test_the_text_with_proposals_is_carried_out_by_the_engine(
    officer: User, version: LawVersion
) -> None:
    propose(officer, version, "substitution", "art_2", text=SCOPE)
    propose(officer, version, "phrase", "art_14", words="ستين يوماً", text="ثلاثين يوماً")
    added = propose(officer, version, "insertion", "art_14", text="ينشر الصندوق دليلاً مبسطاً.")
    gone = propose(officer, version, "repeal", "art_1")
    act.withdraw_amendment(actor=officer, amendment=gone, now=NOW)
    bench = workbench_of(version, amendments_on(officer, version))
    made = {article.eid: article for article in bench.consolidated.articles()}
    assert list(made) == ["art_1", "art_2", "art_14", "art_14bis"]
    assert made["art_2"].full_text() == SCOPE
    assert "ثلاثين يوماً" in made["art_14"].full_text()
    assert made["art_14bis"].label == "مادة (14) مكرر"
    assert "ملغاة" not in made["art_1"].full_text()
    assert (added.number, bench.clashes, bench.refused, bench.unspoken) == (3, (), (), ())


@pytest.mark.parametrize(
    ("order", "facts", "refusal"),
    [
        (("substitution", "art_99"), {"text": SCOPE}, act.UnknownProvision),
        (("substitution", "art_2"), {}, act.NoNewText),
        (("substitution", "art_2"), {"text": "تسري أحكامه على كل منشأة تضم خمسة عاملين."},
         act.NothingChanges),
        (("phrase", "art_14"), {"words": "تسعين يوماً", "text": "ثلاثين يوماً"},
         act.WordsNotThere),
    ],
)  # fmt: skip
def test_what_proposes_nothing_is_refused(
    officer: User, version: LawVersion, order: tuple[str, str], facts: dict[str, str],
    refusal: type[Exception],
) -> None:  # fmt: skip
    with pytest.raises(refusal):
        propose(officer, version, *order, **facts)
    assert not Amendment.objects.exists()


def test_conflicts_are_told_in_words(client: Client, officer: User, version: LawVersion) -> None:
    propose(officer, version, "substitution", "art_2", text=SCOPE)
    propose(officer, version, "repeal", "art_2")
    sign_in_fully(client, officer)
    page = client.get(reverse("legislation:amendments", args=[version.law_id, version.pk]))
    assert page.context["problems"] == ["المقترحان 1 و2: أحدهما يلغي ما يعدله الآخر (مادة (2))."]


def test_a_touched_lens_owes_a_note_before_adoption(officer: User, version: LawVersion) -> None:
    amendment = propose(
        officer, version, "substitution", "art_2", text=SCOPE + " وللنساء مقعدان.", lenses=["place"]
    )
    lenses = {lens.code: lens for lens in lenses_touched(amendment, text_of(version))}
    assert {code: (lens.word, lens.is_owed) for code, lens in lenses.items()} == {
        "women": ("وللنساء", True), "place": ("", True),
    }  # fmt: skip
    with pytest.raises(act.NotesOwed) as refusal:
        act.adopt_amendment(actor=officer, amendment=amendment, now=LATER)
    assert [str(name) for name in refusal.value.lenses] == ["النساء", "المكان"]
    for lens in lenses:
        act.write_equity_note(
            actor=officer, amendment=amendment, lens=lens, text="يصل إليهن.", now=LATER
        )
    act.adopt_amendment(actor=officer, amendment=amendment, now=LATER)
    amendment.refresh_from_db()
    assert (amendment.state, amendment.adopted_by, amendment.adopted_at) == (
        "adopted", officer, LATER,
    )  # fmt: skip
    facts = act.AmendmentFacts("repeal", "art_2", {"ar": WHY}, {}, {}, {})
    with pytest.raises(act.NotADraft):
        act.change_amendment(actor=officer, amendment=amendment, facts=facts, now=LATER)
    act.reopen_amendment(actor=officer, amendment=amendment, now=LATER)
    act.change_amendment(actor=officer, amendment=amendment, facts=facts, now=LATER)
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {f"legislation.amendment.{verb}" for verb in ("propose", "note", "adopt", "reopen",
                                                         "change")} <= verbs  # fmt: skip
    with pytest.raises(NotAllowed):
        act.adopt_amendment(
            actor=UserFactory.create(roles=["media"]), amendment=amendment, now=LATER
        )


def test_all_senders_of_a_letter_are_sources(officer: User, version: LawVersion) -> None:
    consultation = make_consultation(version)
    letter = "نطالب بتوسيع نطاق سريان القانون ليشمل جميع العاملين دون استثناء"
    for text in (letter, letter, "المادة واضحة"):
        said = Said(text, "ar", "citizen", eid="art_2", channel="paper",
                    received_on=date(2027, 5, 1))  # fmt: skip
        enter_comment(actor=officer, consultation=consultation, said=said, now=NOW)
    letters = letters_to_cite(officer, version.law, "art_2")
    assert [len(each.comments) for each in letters] == [2, 1]
    assert letters_to_cite(officer, version.law, "art_14") == []
    amendment = propose(
        officer, version, "substitution", "art_2", text=SCOPE, comments=letters[0].comments
    )
    assert amendment.comments.count() == 2
    foreign = make_version(make_law(officer))
    with pytest.raises(act.ForeignComment):
        propose(officer, foreign, "substitution", "art_2", text=SCOPE,
                comments=letters[0].comments)  # fmt: skip


def test_only_adopted_proposals_on_a_published_text_are_published(
    officer: User, version: LawVersion
) -> None:
    amendment = propose(officer, version, "repeal", "art_14")
    publish = {"actor": officer, "law": version.law, "amendments": [amendment], "now": LATER}
    with pytest.raises(act.NotAdopted):
        act.publish_amendments(is_shown=True, **publish)
    with pytest.raises(IntegrityError), transaction.atomic():
        Amendment.objects.update(is_published=True)
    make_consultation(version)
    act.adopt_amendment(actor=officer, amendment=amendment, now=LATER)
    assert act.publish_amendments(is_shown=True, **publish) == 1
    act.withdraw_amendment(actor=officer, amendment=amendment, now=LATER)
    amendment.refresh_from_db()
    assert not amendment.is_published


def test_the_table_goes_out_and_comes_back_with_a_preview_of_what_others_changed(
    client: Client, officer: User, version: LawVersion
) -> None:
    first = propose(officer, version, "substitution", "art_2", text=SCOPE)
    second = propose(officer, version, "phrase", "art_14", words="ستين", text="ثلاثين")
    adopted = propose(officer, version, "repeal", "art_1")
    act.adopt_amendment(actor=officer, amendment=adopted, now=NOW)
    rows = table_of(version, None, amendments_on(officer, version))
    assert [(row.number, row.eid) for row in rows] == [
        (3, "art_1"), (1, "art_2"), (2, "art_14"),
    ]  # fmt: skip
    sign_in_fully(client, officer)
    address = reverse("legislation:amendments", args=[version.law_id, version.pk])
    sheet = client.get(f"{address}?as=csv").content.decode("utf-8-sig")
    edited = (
        sheet.replace(SCOPE, "تسري أحكامه على كل عامل.")
        .replace("يرد الصندوق خلال ثلاثين يوماً.", "يرد الصندوق خلال عشرين يوماً.")
    )  # fmt: skip
    upload = SimpleUploadedFile("edited.csv", edited.encode())
    page = client.get(address)
    assert page.context["import_url"]
    client.post(page.context["import_url"], {"table": upload})
    run = ImportRun.objects.get()
    look = client.get(reverse("accounts:import_run", args=[run.pk])).content.decode()
    for text in (SCOPE, "تسري أحكامه على كل عامل.", "خلال عشرين يوماً."):
        assert text in look
    act.change_amendment(
        actor=officer, amendment=first, now=LATER,
        facts=act.AmendmentFacts("substitution", "art_2", {"ar": "سبب آخر"}, {"ar": SCOPE}, {}, {}),
    )  # fmt: skip
    client.post(reverse("accounts:confirm_import", args=[run.pk]))
    run.refresh_from_db()
    first.refresh_from_db()
    second.refresh_from_db()
    # What was changed here meanwhile is not taken over by the older table.
    assert (run.state, run.counts["changed"], first.text["ar"]) == ("done", 1, SCOPE)
    assert (second.kind, second.text["ar"]) == ("substitution", "يرد الصندوق خلال عشرين يوماً.")
    client.post(reverse("accounts:undo_import", args=[run.pk]))
    second.refresh_from_db()
    assert (second.kind, dict(second.words)) == ("phrase", {"ar": "ستين"})


def test_the_table_as_a_document_bears_tracked_changes(
    client: Client, officer: User, version: LawVersion
) -> None:
    propose(officer, version, "substitution", "art_2", text=SCOPE)
    sign_in_fully(client, officer)
    address = reverse("legislation:amendments", args=[version.law_id, version.pk])
    content = client.get(f"{address}?as=docx").content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        xml = archive.read("word/document.xml").decode()
    assert "<w:bidiVisual/>" in xml
    assert xml.count("<w:tc>") == 6
    text = read_docx(content)
    assert SCOPE in {paragraph.text for paragraph in text.accepted}
    assert "تسري أحكامه على كل منشأة تضم خمسة عاملين." in {
        paragraph.text for paragraph in text.before
    }
    assert client.get(f"{address}?as=xlsx").content[:2] == b"PK"
    assert client.get(f"{address}?as=odt").status_code == 404


def test_a_proposal_is_written_looked_at_and_adopted_by_hand(
    client: Client, officer: User, version: LawVersion
) -> None:
    sign_in_fully(client, officer)
    law = version.law_id
    form = {"eid": "art_2", "kind": "substitution"}
    address = reverse("legislation:new_amendment", args=[law, version.pk])
    page = client.get(f"{address}?eid=art_2")
    assert "خمسة عاملين" in page.content.decode()
    form |= {"text_ar": "للنساء.", "reason_ar": WHY}
    answer = client.post(address, form)
    assert answer.status_code == 302, answer.context["form"].errors
    own = reverse("legislation:amendment", args=[law, 1])
    client.post(reverse("legislation:step_amendment", args=[law, 1]), {"step": "adopt"})
    assert Amendment.objects.get().state == "draft"
    client.post(own, {"lens": "women", "text": "يشملهن."})
    client.post(reverse("legislation:step_amendment", args=[law, 1]), {"step": "adopt"})
    assert Amendment.objects.get().state == "adopted"
    text = client.get(reverse("legislation:consolidated", args=[law, version.pk]))
    assert text.context["counts"]["changed"] == 1
    assert client.get(reverse("legislation:change_amendment", args=[law, 1])).status_code == 200
    other = UserFactory.create(roles=["finance"])
    sign_in_fully(client, other)
    assert client.get(own).status_code == 403
