"""Nothing is frozen or published while something is owed; what is frozen stays as it was."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from factories.accounts import UserFactory, sign_in_fully
from factories.evidence import make_item, make_source
from factories.papers import (
    NOW,
    TEXTS,
    blocks_in,
    make_citation,
    make_paper,
    make_ready,
    make_review,
    write,
)
from hiwar.accounts.actions.people import NotAllowed
from hiwar.evidence.actions.items import correct_item
from hiwar.evidence.queries.uses import uses_of
from hiwar.papers.actions import evidence, languages, papers, reviews, versions
from hiwar.papers.exports.reading import Reader
from hiwar.papers.models import Block, Paper, PaperVersion
from hiwar.papers.queries.readiness import obstacles

if TYPE_CHECKING:
    from django.test import Client

    from hiwar.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper(roles: object) -> Paper:
    return make_ready(make_paper())


@pytest.fixture
def writer(paper: Paper) -> User:
    assert paper.owner is not None
    return paper.owner


def owed(paper: Paper) -> list[tuple[str, str]]:
    return [(each.code, each.text) for each in obstacles(paper, NOW) if each.is_hard]


def freeze(paper: Paper, writer: User, **more: object) -> PaperVersion:
    return versions.freeze_paper(actor=writer, paper=paper, now=NOW, **more)  # type: ignore[arg-type]  # a correction in words


def test_an_empty_paper_is_refused_with_every_reason_and_its_place(roles: object) -> None:
    paper = make_paper()
    assert paper.owner is not None
    with pytest.raises(versions.NotReady) as refused:
        freeze(paper, paper.owner)
    assert [obstacle.code for obstacle in refused.value.owed] == (
        ["part"] * 3 + ["recommendation"] * 4 + ["interests"] * 2
    )
    block = Block.objects.get(paper=paper, kind="recommendation")
    own = reverse("papers:recommendation", args=[block.pk])
    assert {each.url for each in refused.value.owed[3:7]} == {own}
    stated = reverse("papers:interests", args=[paper.code])
    assert {each.url for each in refused.value.owed[7:]} == {
        f"{stated}#funder", f"{stated}#interest",
    }  # fmt: skip


def test_each_thing_that_is_owed_stops_freezing(paper: Paper, writer: User) -> None:
    assert owed(paper) == []
    # Languages differ.
    block = blocks_in(paper)[1]
    write(paper, block, {"en": "Training pay came late for many people [[1]]"})
    assert [code for code, _text in owed(paper)] == ["language"]
    write(paper, block, {**TEXTS}, block.revision + 1)
    # A review is open, then a comment has no answer.
    reviewer = UserFactory.create(roles=["researcher"])
    review = make_review(paper, reviewer)
    comment = reviews.comment_on(
        actor=reviewer, review=review, block=block, language="ar", quote="بدل التدريب",
        text="أي بدل؟", now=NOW,
    )  # fmt: skip
    assert [code for code, _text in owed(paper)] == ["review", "review"]
    reviews.finish_review(actor=reviewer, review=review, verdict="جيدة", now=NOW)
    with pytest.raises(reviews.AnswerMissing):
        reviews.answer_comment(
            actor=writer, comment=comment, disposition="not_taken_up", answer="", now=NOW
        )
    reviews.answer_comment(
        actor=writer, comment=comment, disposition="taken_up", answer="", now=NOW
    )
    # An equity note that was emptied, money without its budget.
    recommendation = Block.objects.get(paper=paper, kind="recommendation").recommendation
    evidence.update_recommendation(
        actor=writer, recommendation=recommendation, values={"touches_money": True}, equity=[],
        now=NOW,
    )  # fmt: skip
    assert [code for code, _text in owed(paper)] == ["recommendation"] * 3
    # A mark that cites nothing.
    write(paper, block, {"ar": TEXTS["ar"] + " [[9]]", "en": TEXTS["en"] + " [[9]]"},
          Block.objects.get(pk=block.pk).revision)  # fmt: skip
    assert "evidence" in [code for code, _text in owed(paper)]


def test_a_number_that_moved_is_read_again(paper: Paper, writer: User) -> None:
    item = make_item(make_source(writer))
    citation = evidence.cite(actor=writer, paper=paper, target="item", record=item, now=NOW)
    assert owed(paper) == []
    correct_item(actor=writer, item=item, text={}, figure="45% (57/126)", reason="عد ثان", now=NOW)
    assert [code for code, _text in owed(paper)] == ["evidence"]
    citation.refresh_from_db()
    assert not evidence.see_value(actor=writer, citation=citation, value=citation.seen, now=NOW)
    seen = {**citation.seen, "figure": "45% (57/126)"}
    assert evidence.see_value(actor=writer, citation=citation, value=seen, now=NOW)
    assert owed(paper) == []
    # The source says which papers rest on it, to those who may read them.
    item.refresh_from_db()
    assert [use.title for use in uses_of(writer, item)] == [str(paper)]
    Paper.objects.filter(pk=paper.pk).update(visibility="personal")
    assert uses_of(UserFactory.create(roles=["researcher"]), item) == []


def test_evidence_that_is_closed_is_not_cited(paper: Paper, writer: User) -> None:
    closed = make_item(make_source(writer), visibility="personal")
    with pytest.raises(evidence.NotCitable):
        evidence.cite(actor=writer, paper=paper, target="item", record=closed, now=NOW)
    with pytest.raises(NotAllowed):
        evidence.cite(
            actor=UserFactory.create(roles=["researcher"]), paper=paper, target="item",
            record=closed, now=NOW,
        )  # fmt: skip


def test_soft_differences_are_ticked_away_with_a_name_until_a_text_changes(
    paper: Paper, writer: User
) -> None:
    block = blocks_in(paper)[1]
    write(paper, block, {"ar": "قال 41 منهم", "en": "Forty-one of them said so"})
    block.refresh_from_db()
    soft = [each for each in obstacles(paper, NOW) if not each.is_hard and each.code == "language"]
    assert len(soft) == 1
    languages.check_language(
        actor=writer, block=block, language="en", revision=block.revision, now=NOW
    )
    assert not [e for e in obstacles(paper, NOW) if not e.is_hard and e.code == "language"]
    write(paper, block, {"ar": "قال 42 منهم"})
    assert [e for e in obstacles(paper, NOW) if not e.is_hard and e.code == "language"]


def test_what_is_frozen_is_canonical_and_stays(paper: Paper, writer: User) -> None:
    version = freeze(paper, writer)
    assert version.sha256 == sha256(version.content.encode()).hexdigest()
    content = json.loads(version.content)
    assert content["version"] == 1
    assert content["blocks"][1]["texts"] == TEXTS
    (recommendation,) = [b for b in content["blocks"] if b["kind"] == "recommendation"]
    assert recommendation["recommendation"]["citations"] == [1]
    (cited,) = content["citations"]
    assert cited["cited"] == "رنا التميمي، «سوق العمل والشباب»، معهد البحوث، 2024."
    (note,) = Reader(content, "ar").notes()
    assert (note.words, note.origin, note.language) == (cited["cited"], "", "ar")
    # What was frozen before sources had citations is read as it was.
    (note,) = Reader({**content, "citations": [{**cited, "cited": ""}]}, "ar").notes()
    assert (note.words, note.origin) == (
        "سوق العمل والشباب", "رنا التميمي · معهد البحوث · 2024",
    )  # fmt: skip
    with pytest.raises(papers.PaperClosed):
        write(paper, blocks_in(paper)[1], {"ar": "شيء آخر"})
    versions.publish_paper(actor=writer, paper=paper, now=NOW)
    papers.reopen_paper(actor=writer, paper=paper, now=NOW)
    write(paper, blocks_in(paper)[1], {"ar": "بدل التدريب تأخر كثيراً عن كثيرين"})
    with pytest.raises(versions.CorrectionMissing):
        freeze(paper, writer)
    second = freeze(paper, writer, correction={"ar": "صححنا الجملة الأولى"})
    paper.refresh_from_db()
    versions.publish_paper(actor=writer, paper=paper, now=NOW)
    paper.refresh_from_db()
    assert (second.number, paper.state) == (2, "corrected")
    assert PaperVersion.objects.get(paper=paper, number=1).content == version.content


def test_evidence_that_ended_after_freezing_stops_publication(paper: Paper, writer: User) -> None:
    item = make_item(make_source(writer))
    evidence.cite(actor=writer, paper=paper, target="item", record=item, now=NOW)
    freeze(paper, writer)
    item.visibility = "personal"
    item.save()
    with pytest.raises(versions.NotReady):
        versions.publish_paper(actor=writer, paper=paper, now=NOW)
    paper.refresh_from_db()
    assert paper.state == "frozen"


def test_a_writer_without_the_permission_does_not_freeze(paper: Paper) -> None:
    with pytest.raises(NotAllowed):
        freeze(paper, UserFactory.create(roles=["researcher"]))


def test_comments_keep_their_place_or_say_that_they_lost_it(paper: Paper, client: Client) -> None:
    reviewer = UserFactory.create(roles=["researcher"])
    review = make_review(paper, reviewer)
    block = blocks_in(paper)[1]
    sign_in_fully(client, reviewer)
    url = reverse("papers:review", args=[review.pk])
    client.post(url, {"block": str(block.pk), "quote": "بدل التدريب", "text": "أي بدل؟"})
    client.post(url, {"block": str(block.pk), "quote": "ليست هنا", "text": "؟"})
    assert review.comments.count() == 1
    page = client.get(reverse("papers:reviews", args=[paper.code])).text
    assert "يقف حيث كان" in page
    write(paper, block, {"ar": "شيء آخر تماماً"})
    page = client.get(reverse("papers:reviews", args=[paper.code])).text
    assert "تغيّر النص منذئذ" in page
    assert "أي بدل؟" in page


def test_citations_are_dropped_and_their_numbers_not_given_again(
    paper: Paper, writer: User
) -> None:
    first = make_citation(paper)
    assert make_citation(paper).number == first.number + 1
    evidence.drop_citation(actor=writer, citation=first, now=NOW)
    assert make_citation(paper).number == first.number + 2
