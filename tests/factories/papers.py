"""Papers: begun from a template, filled in both languages, ready to be frozen."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from factories.accounts import UserFactory
from factories.contacts import PostFactory
from factories.evidence import make_source
from hiwar.papers.actions import blocks, embargo, evidence, interests, papers, reviews, versions
from hiwar.papers.models import Block

if TYPE_CHECKING:
    from hiwar.accounts.models import User
    from hiwar.papers.models import Citation, Paper, Review

NOW = datetime(2027, 7, 4, 9, tzinfo=UTC)
TEXTS = {"ar": "تأخر صرف بدل التدريب عن كثيرين", "en": "Training pay came late for many people"}


def make_writer() -> User:
    return UserFactory.create(roles=["programme_manager"])


def make_paper(writer: User | None = None, **values: Any) -> Paper:
    standard = {
        "code": "training-pay", "kind": "policy_brief", "language": "ar",
        "languages": ["ar", "en"], "title": {"ar": "بدل التدريب", "en": "Training pay"},
        "byline": "رنا التميمي",
    }  # fmt: skip
    return papers.start_paper(actor=writer or make_writer(), values=standard | values, now=NOW)


def blocks_in(paper: Paper) -> list[Block]:
    return list(Block.objects.filter(paper=paper, deleted_at=None).order_by("position"))


def write(paper: Paper, block: Block, texts: dict[str, str], base: int = 0) -> blocks.Saved:
    assert paper.owner is not None
    edit = blocks.Edit(base or block.revision, None, texts)
    return blocks.save_block(actor=paper.owner, block=block, edit=edit, now=NOW)


def make_citation(paper: Paper, **more: Any) -> Citation:
    assert paper.owner is not None
    return evidence.cite(
        actor=paper.owner, paper=paper, target="source", record=make_source(paper.owner),
        now=NOW, **more,
    )  # fmt: skip


def make_ready(paper: Paper) -> Paper:
    """Fill every part of a paper, its recommendation too, so that nothing stops it."""
    assert paper.owner is not None
    for block in blocks_in(paper):
        if not block.texts:
            write(paper, block, TEXTS)
    recommendation = Block.objects.get(paper=paper, kind="recommendation").recommendation
    make_citation(paper, recommendation=recommendation)
    evidence.update_recommendation(
        actor=paper.owner, recommendation=recommendation, now=NOW,
        values={"post": PostFactory.create()},
        equity=[evidence.Equity("women", {"ar": "أجر في موعده", "en": "Pay in time"}, {})],
    )  # fmt: skip
    for kind in ("funder", "interest"):
        interests.declare_none(actor=paper.owner, paper=paper, kind=kind, is_none=True, now=NOW)
    paper.refresh_from_db()
    return paper


def make_review(paper: Paper, reviewer: User) -> Review:
    assert paper.owner is not None
    return reviews.ask_review(
        actor=paper.owner, paper=paper, reviewer=reviewer, due_on=date(2099, 7, 20), now=NOW
    )


def make_embargoed(writer: User | None = None, **values: Any) -> Paper:
    """Make a paper whose frozen text opens on the first day of 2099, at nine in Jerusalem."""
    paper = make_ready(make_paper(writer, **values))
    assert paper.owner is not None
    versions.freeze_paper(actor=paper.owner, paper=paper, now=NOW)
    embargo.set_embargo(
        actor=paper.owner, paper=paper, wall=datetime.fromisoformat("2099-01-01T09:00"),
        zone="Asia/Jerusalem", now=NOW,
    )  # fmt: skip
    paper.refresh_from_db()
    return paper
