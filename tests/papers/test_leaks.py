"""What is not published stays inside: drafts, remarks, conflicts, on every page, as each role."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse

from factories.accounts import InstitutionFactory, UserFactory, sign_in_fully
from factories.papers import NOW, blocks_in, make_paper, make_ready, make_review, write
from hiwar.papers.actions import reviews, versions
from hiwar.papers.actions.papers import reopen_paper
from hiwar.papers.models import Block, Paper
from roles import PERMITS, roles_that_differ

if TYPE_CHECKING:
    from hiwar.papers.models import Review

pytestmark = pytest.mark.django_db
SECRET, REMARK = "سرمسودةلاينشر", "ملاحظةمراجعسرية"


@pytest.fixture
def paper(roles: object) -> Paper:
    InstitutionFactory.create()
    return make_ready(make_paper())


def remarked(paper: Paper) -> Review:
    reviewer = UserFactory.create(roles=["researcher"])
    review = make_review(paper, reviewer)
    reviews.comment_on(
        actor=reviewer, review=review, block=blocks_in(paper)[1], language="ar", quote="",
        text=REMARK, now=NOW,
    )  # fmt: skip
    return review


def desk_pages(paper: Paper, review: Review) -> list[str]:
    block = Block.objects.get(paper=paper, kind="recommendation")
    names = ("paper", "edit", "languages", "citations", "pick", "reviews", "ready")
    return [
        *(reverse(f"papers:{name}", args=[paper.code]) for name in names),
        reverse("papers:list"), reverse("papers:review", args=[review.pk]),
        reverse("papers:history", args=[block.pk]),
        reverse("papers:recommendation", args=[block.pk]),
        f"/desk/search/?q={SECRET}", "/desk/activity/", reverse("accounts:morning"),
    ]  # fmt: skip


@pytest.mark.costly("opens every page of papers twice")
@pytest.mark.parametrize("role", roles_that_differ("papers", among=tuple(PERMITS)))
def test_the_desk_shows_drafts_and_remarks_to_readers_of_papers_alone(
    paper: Paper, role: str
) -> None:
    review = remarked(paper)
    write(paper, blocks_in(paper)[1], {"ar": SECRET})
    client = Client()
    sign_in_fully(client, UserFactory.create(roles=[] if role == "outsider" else [role]))
    may = "papers.see" in PERMITS[role]
    seen = [
        path for path in desk_pages(paper, review)
        if any(word in client.get(path).text.replace(f'value="{SECRET}"', "")
               for word in (SECRET, REMARK, str(paper.title)))
    ]  # fmt: skip
    assert bool(seen) is may, seen
    # Closed to all but its owner, it is closed on every page.
    Paper.objects.filter(pk=paper.pk).update(visibility="personal")
    assert [
        path for path in desk_pages(paper, review)
        if any(word in client.get(path).text.replace(f'value="{SECRET}"', "")
               for word in (SECRET, REMARK, "بدل التدريب"))
        and path.startswith("/desk/papers/")
    ] == []  # fmt: skip


def public_pages(paper: Paper) -> list[str]:
    return [
        reverse("public_papers:papers", args=["ar"]),
        reverse("public_papers:paper", args=["ar", paper.code]),
        *(reverse(f"public_papers:{name}", args=["ar", paper.code, number])
          for name in ("version", "text") for number in (1, 2)),
        "/", "/ar/",
    ]  # fmt: skip


def test_the_public_reads_published_versions_and_nothing_else(paper: Paper) -> None:
    assert paper.owner is not None
    client = Client()
    client.cookies["language"] = "ar"
    pages = public_pages(paper)
    assert not any("بدل التدريب" in client.get(path).text for path in pages)
    versions.freeze_paper(actor=paper.owner, paper=paper, now=NOW)
    # Frozen is not published.
    assert not any("بدل التدريب" in client.get(path).text for path in pages)
    version = versions.publish_paper(actor=paper.owner, paper=paper, now=NOW)
    page = client.get(pages[1])
    assert page.status_code == 200
    assert version.sha256 in page.text
    assert "تأخر صرف بدل التدريب" in page.text
    assert client.get(pages[4]).text == version.content
    # The next draft, and what reviewers say about it, are no part of it.
    paper.refresh_from_db()
    reopen_paper(actor=paper.owner, paper=paper, now=NOW)
    remarked(paper)
    write(paper, blocks_in(paper)[1], {"ar": SECRET})
    shown = "".join(client.get(path).text for path in pages)
    assert SECRET not in shown
    assert REMARK not in shown
    assert client.get(pages[3]).status_code == 404
    # A withdrawn one says why and shows no text.
    versions.withdraw_paper(actor=paper.owner, paper=paper, reason={"ar": "خطأ في العد"}, now=NOW)
    page = client.get(pages[1])
    assert "خطأ في العد" in page.text
    assert "تأخر صرف" not in page.text
    assert client.get(pages[4]).status_code == 404
