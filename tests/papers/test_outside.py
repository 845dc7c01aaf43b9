"""Reviewers from outside read what was sent, comment, and are told what became of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from factories.accounts import InstitutionFactory, UserFactory, sign_in_fully
from factories.papers import NOW, blocks_in, make_paper, make_ready, write
from hiwar.accounts.actions.people import NotAllowed
from hiwar.channels.models import Message
from hiwar.channels.queries.contents import content_of, text_with_secrets
from hiwar.common.links.actions import LinkClosed
from hiwar.common.links.queries import token_of
from hiwar.engine.blocks import Place
from hiwar.papers.actions import outside, reviews, versions
from hiwar.papers.actions.blocks import Edit, save_block
from hiwar.papers.actions.reviews import Said
from hiwar.papers.models import Paper, Review, ReviewComment
from hiwar.papers.queries.papers import blocks_of
from hiwar.papers.queries.readiness import obstacles
from hiwar.papers.queries.reviews import placed_comments
from roles import PERMITS, roles_that_differ

if TYPE_CHECKING:
    from hiwar.accounts.models import User

pytestmark = pytest.mark.django_db
DUE = date(2099, 7, 20)
LATER = "كلامكتبناهبعدالإرسال"
REMARK = "ملاحظةقارئمنالخارج"


@pytest.fixture
def paper(roles: object) -> Paper:
    InstitutionFactory.create()
    return make_ready(make_paper())


@pytest.fixture
def writer(paper: Paper) -> User:
    assert paper.owner is not None
    return paper.owner


def send(paper: Paper, writer: User, email: str = "") -> tuple[Review, str]:
    review, token = outside.send_for_review(
        actor=writer, paper=paper, outsider="د. ليلى", email=email, language="ar", due_on=DUE,
        now=NOW,
    )  # fmt: skip
    return review, reverse("public_papers:review", args=[token])


def say(review: Review, paper: Paper, quote: str = "", text: str = REMARK) -> ReviewComment:
    block = blocks_in(paper)[1]
    return outside.comment_by_link(
        review=review, block=str(block.pk), said=Said("ar", text, quote), now=NOW
    )


def letters() -> list[str]:
    """Return what the outbox has for the reviewer, as they read it, in the order of writing."""
    messages = Message.objects.filter(purpose__in=["papers.review", "papers.answers"])
    contents = [content_of(message) for message in messages.order_by("posted_at", "pk")]
    return [text_with_secrets(content) for content in contents if content is not None]


def test_they_read_what_was_sent_and_comments_keep_their_place_or_say_so(
    paper: Paper, writer: User, client: Client
) -> None:
    _review, address = send(paper, writer)
    paper.refresh_from_db()
    assert paper.state == "review"
    block = blocks_in(paper)[1]
    write(paper, block, {"ar": f"تأخر صرف بدل التدريب {LATER}"})
    page = client.get(address)
    assert "تأخر صرف بدل التدريب عن كثيرين" in page.text
    assert LATER not in page.text
    assert (page["Cache-Control"], page["X-Robots-Tag"]) == ("no-store", "noindex")
    # Opening it changes nothing; a comment comes by a form.
    assert not ReviewComment.objects.exists()
    client.post(address, {"block": block.pk, "quote": "بدل التدريب", "text": REMARK})
    client.post(address, {"block": block.pk, "quote": "عن كثيرين", "text": "كم عددهم؟"})
    client.post(address, {"block": block.pk, "quote": "", "text": "المقطع كله"})
    refused = client.post(address, {"block": block.pk, "quote": LATER, "text": "كلامي الطويل"})
    assert refused.status_code == 422
    assert "كلامي الطويل" in refused.text
    places = {each.comment.text: each.place for each in placed_comments(paper, blocks_of(paper))}
    assert places == {
        REMARK: Place.SAME, "كم عددهم؟": Place.CHANGED, "المقطع كله": Place.CHANGED,
    }  # fmt: skip
    block.refresh_from_db()
    save_block(actor=writer, block=block, edit=Edit(block.revision, None, None), now=NOW)
    assert {each.place for each in placed_comments(paper, blocks_of(paper))} == {Place.GONE}
    told = client.get(address).text
    assert REMARK in told
    assert "its block is gone" in told or "لم يعد مقطعها" in told or "المقطع" in told


def test_each_comment_gets_an_answer_and_they_are_told(
    paper: Paper, writer: User, client: Client
) -> None:
    review, address = send(paper, writer, "laila@university.example")
    comments = [say(review, paper, text=f"{REMARK} {n}") for n in (1, 2)]
    # Freezing waits for the review, then for answers.
    assert [each.code for each in obstacles(paper, NOW) if each.is_hard] == ["review", "review"]
    client.post(address, {"verdict": "جيدة في مجملها"})
    review.refresh_from_db()
    assert (review.finished_at is not None, review.verdict) == (True, "جيدة في مجملها")
    with pytest.raises(LinkClosed):
        say(review, paper)
    reviews.answer_comment(
        actor=writer, comment=comments[0], disposition="taken_up", answer="", now=NOW
    )
    with pytest.raises(reviews.AnswerMissing):
        reviews.answer_comment(
            actor=writer, comment=comments[1], disposition="not_taken_up", answer="", now=NOW
        )
    review.refresh_from_db()
    assert review.told_at is None
    comments[1].review.refresh_from_db()
    reviews.answer_comment(
        actor=writer, comment=comments[1], disposition="not_taken_up", answer="خارج ما نعرفه",
        now=NOW,
    )  # fmt: skip
    review.refresh_from_db()
    assert review.told_at == NOW
    page = client.get(address).text
    assert "خارج ما نعرفه" in page
    (request,) = [text for text in letters() if address in text]
    (answers,) = [text for text in letters() if text != request]
    for words in (f"{REMARK} 1", f"{REMARK} 2", "خارج ما نعرفه"):
        assert words in answers
    paper.refresh_from_db()
    assert [each for each in obstacles(paper, NOW) if each.is_hard] == []
    versions.freeze_paper(actor=writer, paper=paper, now=NOW)


def test_a_review_that_is_ended_closes_its_link(paper: Paper, writer: User, client: Client) -> None:
    review, address = send(paper, writer)
    reviews.finish_review(actor=writer, review=review, verdict="", now=NOW)
    assert client.get(address).status_code == 410
    assert client.post(address, {"verdict": "x"}).status_code == 410
    with pytest.raises(LinkClosed):
        say(review, paper)
    assert client.get(reverse("public_papers:review", args=["x" * 43])).status_code == 404
    with pytest.raises(reviews.DayPast):
        outside.send_for_review(
            actor=writer, paper=paper, outsider="د. ليلى", email="", language="ar",
            due_on=date(2020, 1, 1), now=NOW,
        )  # fmt: skip
    with pytest.raises(NotAllowed):
        send(paper, UserFactory.create(roles=["media"]))


def test_a_review_is_of_a_colleague_or_of_an_outsider(paper: Paper, writer: User) -> None:
    review, _address = send(paper, writer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(reviewer=writer)


@pytest.mark.parametrize("role", roles_that_differ("papers", among=tuple(PERMITS)))
def test_links_and_remarks_stay_with_who_may_read_and_write(
    paper: Paper, writer: User, role: str
) -> None:
    review, _address = send(paper, writer)
    say(review, paper)
    assert review.private_link is not None
    token = token_of(review.private_link)
    client = Client()
    public = [reverse("public_papers:papers", args=["ar"]), "/ar/"]
    seen = [client.get(page).text for page in public]
    assert paper.code not in client.get(f"/ar/search/?q={REMARK}").text
    assert not any(word in text for text in seen for word in (REMARK, token))
    sign_in_fully(client, UserFactory.create(roles=[] if role == "outsider" else [role]))
    board = client.get(reverse("papers:reviews", args=[paper.code]))
    assert (REMARK in board.text) is ("papers.see" in PERMITS[role])
    assert (token in board.text) is ("papers.edit" in PERMITS[role])
    others = [reverse("papers:list"), "/desk/activity/", reverse("accounts:morning"),
              f"/desk/search/?q={REMARK}"]  # fmt: skip
    shown = [client.get(page).text.replace(f'value="{REMARK}"', "") for page in others]
    assert not any(word in text for text in shown for word in (REMARK, token))


def test_the_desk_sends_a_draft_and_keeps_what_was_filled_in(
    paper: Paper, writer: User, client: Client
) -> None:
    sign_in_fully(client, writer)
    address = reverse("papers:ask_outside", args=[paper.code])
    filled = {"outside-outsider": "د. ليلى", "outside-email": "no", "outside-language": "ar",
              "outside-due_on": "2099-07-20"}  # fmt: skip
    refused = client.post(address, filled)
    assert "د. ليلى" in refused.text
    assert not Review.objects.exists()
    assert client.post(address, filled | {"outside-email": ""}).status_code == 302
    review = Review.objects.get()
    assert review.private_link is not None
    board = client.get(reverse("papers:reviews", args=[paper.code])).text
    assert token_of(review.private_link) in board
    assert "د. ليلى" in board
