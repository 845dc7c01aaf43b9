"""The papers of the demonstration: one published on the results of a dialogue, one in review."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import transaction

from hiwar.accounts.actions.demo import demo_email
from hiwar.accounts.models import User
from hiwar.common.dates import local_day
from hiwar.common.files.actions import erase_file
from hiwar.common.refusals import Refused
from hiwar.common.search.indexing import remove_record
from hiwar.contacts.models import Post
from hiwar.dialogues.models import Finding, Statement
from hiwar.dialogues.models import Recommendation as Draft
from hiwar.dossiers.models import Dossier
from hiwar.events.models import Event
from hiwar.evidence.models import EvidenceItem
from hiwar.forums.models import Forum
from hiwar.legislation.models import Amendment
from hiwar.papers.actions.blocks import Edit, add_block, save_block
from hiwar.papers.actions.evidence import Equity, cite, update_recommendation
from hiwar.papers.actions.interests import add_interest, declare_none
from hiwar.papers.actions.languages import check_language
from hiwar.papers.actions.papers import RECOMMENDATIONS, start_paper
from hiwar.papers.actions.reviews import answer_comment, ask_review, comment_on, finish_review
from hiwar.papers.actions.versions import freeze_paper, publish_paper
from hiwar.papers.models import Block, Citation, Paper, PaperFile, Recommendation
from hiwar.papers.queries.papers import blocks_of
from hiwar.papers.queries.search_documents import PUBLISHED
from hiwar.signatures.models import Signing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from pathlib import Path

    Entry = Mapping[str, Any]


def load_demo_papers(folder: Path, at: datetime) -> tuple[int, int, list[str]]:
    """Load the papers that are missing: how many were made, were there, and what was wrong."""
    staff = {
        user.email.partition("@")[0].upper(): user for user in User.objects.filter(is_demo=True)
    }
    if not User.objects.filter(email=demo_email("PR1"), is_demo=True).exists():
        return 0, 0, ["papers: the staff of the demonstration is not there"]
    loaded, there, wrong = 0, 0, []
    for file in sorted((folder / "papers").glob("*.json")):
        entry = json.loads(file.read_text("utf-8"))
        if Paper.objects.filter(code=entry["code"]).exists():
            there += 1
            continue
        try:
            _load(entry=entry, staff=staff, at=at)
        except (KeyError, IndexError, ValidationError, Refused, ObjectDoesNotExist) as error:
            wrong.append(f"papers: {file.name}: {error or type(error).__name__}")
            continue
        loaded += 1
    return loaded, there, wrong


def remove_demo_papers(folder: Path) -> int:
    """Remove the papers of the demonstration with their versions and files; return how many."""
    with transaction.atomic():
        papers = list(Paper.objects.filter(is_demo=True))
        for paper in papers:
            remove_record(PUBLISHED, paper.pk)
            for paper_file in PaperFile.objects.filter(version__paper=paper).select_related("file"):
                paper_file.delete()
                if paper_file.file is not None:
                    erase_file(actor=None, file=paper_file.file, now=paper_file.asked_at)
            Citation.objects.filter(paper=paper).delete()
            paper.delete()
            if paper.signing_id is not None:
                Signing.objects.filter(pk=paper.signing_id).delete()
    return len(papers)


@transaction.atomic
def _load(*, entry: Entry, staff: Mapping[str, User], at: datetime) -> None:
    """Write one paper as its people would; days of the entry are days before ``at``."""
    writer, began = staff[entry["writer"]], _ago(at, entry["began"])
    values = {name: entry[name] for name in ("code", "kind", "title", "byline")}
    paper = start_paper(actor=writer, now=began, is_demo=True, values={
        **values, "language": "ar", "languages": ["ar", "en"],
        "dossier": Dossier.objects.get(code=entry["dossier"], is_demo=True),
        "forum": Forum.objects.filter(code=entry.get("forum", ""), is_demo=True).first(),
    })  # fmt: skip
    for block in blocks_of(paper):
        texts = entry["parts"].get(block.part)
        if texts and block.kind == Block.Kind.PARAGRAPH:
            _write(writer, block, texts, began)
    for kind, notes in entry.get("interests", {}).items():
        for note in notes:
            add_interest(actor=writer, paper=paper, kind=kind, now=began, **note)
        if not notes:
            declare_none(actor=writer, paper=paper, kind=kind, is_none=True, now=began)
    recommended = _recommend(paper, entry["recommendations"], writer, began)
    for block, recommendation_entry in zip(recommended, entry["recommendations"], strict=True):
        _rest_on(
            paper, block.recommendation, recommendation_entry, writer, _ago(at, entry["cited"])
        )
    for review_entry in entry["reviews"]:
        _review(paper, review_entry, staff, at)
    if "frozen" in entry:
        for block in blocks_of(paper):
            check_language(
                actor=writer, block=block, language="en", revision=block.revision,
                now=_ago(at, entry["frozen"]),
            )  # fmt: skip
        freeze_paper(actor=staff["PM1"], paper=paper, now=_ago(at, entry["frozen"]))
        publish_paper(actor=staff["ED"], paper=paper, now=_ago(at, entry["published"]))


def _ago(at: datetime, days: int) -> datetime:
    return at - timedelta(days=days)


def _write(writer: User, block: Block, texts: Mapping[str, str], now: datetime) -> None:
    save_block(actor=writer, block=block, edit=Edit(block.revision, None, texts), now=now)


def _recommend(
    paper: Paper, entries: Sequence[Entry], writer: User, now: datetime
) -> list[Block]:  # fmt: skip
    """Write one block for each recommendation, behind the one that the template has."""
    own = [block for block in blocks_of(paper) if block.part == RECOMMENDATIONS]
    blocks = [block for block in own if block.kind == Block.Kind.RECOMMENDATION]
    while len(blocks) < len(entries):
        blocks.append(
            add_block(
                actor=writer, paper=paper, after=blocks[-1], kind=Block.Kind.RECOMMENDATION,
                now=now,
            )
        )  # fmt: skip
    for block, entry in zip(blocks, entries, strict=True):
        _write(writer, block, entry["text"], now)
    return [block for block in blocks_of(paper) if block.kind == Block.Kind.RECOMMENDATION]


def _rest_on(
    paper: Paper, recommendation: Recommendation, entry: Entry, writer: User, now: datetime
) -> None:
    """Cite what a recommendation rests on, and say to whom it goes and whom it serves."""
    for target, records in _evidence(paper, entry).items():
        for record in records:
            cite(
                actor=writer, paper=paper, target=target, record=record, now=now,
                recommendation=recommendation,
            )  # fmt: skip
    posts = Post.objects.filter(organisation__code=entry.get("post", ""), is_demo=True)
    values = {
        "post": posts.order_by("pk").first(),
        "draft": Draft.objects.filter(
            round__dialogue__dossier=paper.dossier, code=entry["code"]
        ).first(),
        "amendment": Amendment.objects.filter(
            law__dossier=paper.dossier, eid=entry.get("amendment", "")
        ).first(),
        "touches_money": "budget" in entry, "budget": entry.get("budget", {}),
        "gender_marker": entry.get("gender_marker"),
    }  # fmt: skip
    equity = [Equity(each["group"], each["gains"], each["loses"]) for each in entry["equity"]]
    update_recommendation(
        actor=writer, recommendation=recommendation, values=values, equity=equity, now=now
    )


def _evidence(paper: Paper, entry: Entry) -> dict[str, list[Any]]:
    """Return by kind what an entry names: statements, findings, sessions, evidence."""
    dossier = paper.dossier
    return {
        "statement": [
            Statement.objects.get(dialogue__dossier=dossier, number=number)
            for number in entry.get("statements", ())
        ],
        "finding": [
            Finding.objects.get(publication__dialogue__dossier=dossier, kind=kind)
            for kind in entry.get("findings", ())
        ],
        "event": [Event.objects.get(code=code, is_demo=True) for code in entry.get("sessions", ())],
        "item": list(
            EvidenceItem.objects.filter(
                dossier=dossier, source__title__in=entry.get("sources", ())
            ).order_by("pk")
        ),
    }


def _review(paper: Paper, entry: Entry, staff: Mapping[str, User], at: datetime) -> None:
    """Let a colleague read a paper, comment on the first words of a part, and finish."""
    asked, owner = _ago(at, entry["asked"]), paper.owner
    assert owner is not None  # noqa: S101 - whoever began it owns it
    review = ask_review(
        actor=owner, paper=paper, reviewer=staff[entry["by"]], due_on=_day(asked, entry["days"]),
        now=asked,
    )  # fmt: skip
    for said in entry["comments"]:
        block = next(
            block for block in blocks_of(paper)
            if block.part == said["part"] and block.kind != Block.Kind.HEADING
        )  # fmt: skip
        comment = comment_on(
            actor=staff[entry["by"]], review=review, block=block, language="ar", text=said["text"],
            quote="", now=asked,
        )  # fmt: skip
        if "disposition" in said:
            answer_comment(
                actor=owner, comment=comment, disposition=said["disposition"],
                answer=said["answer"], now=asked,
            )  # fmt: skip
    if "verdict" in entry:
        finish_review(
            actor=staff[entry["by"]], review=review, verdict=entry["verdict"], now=asked
        )  # fmt: skip


def _day(instant: datetime, days: int) -> date:
    return local_day(instant + timedelta(days=days))
