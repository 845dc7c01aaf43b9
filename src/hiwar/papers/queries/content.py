"""The canonical text of a paper: what is frozen, signed, printed and read; and what is not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hiwar.accounts.queries import the_institution
from hiwar.papers.models import Block
from hiwar.papers.queries.citations import Readings, citations_of, cited
from hiwar.papers.queries.interests import interest_notes
from hiwar.papers.queries.papers import blocks_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hiwar.papers.models import Citation, Paper, PaperVersion, Recommendation

    Json = dict[str, Any]

SCHEMA = 2


def content_of(paper: Paper, number: int, correction: Json, now: datetime) -> Json:
    """Return what a version of a paper holds, as canonical text takes it.

    Comments, names of editors, looks, readers and signatures are left out. Values are as they are
    at ``now``; a hidden number is None, with the threshold that hides it. Interests that are empty
    were declared to be none; texts frozen by the first schema say nothing of them.
    """
    institution = the_institution()
    citations = list(citations_of(paper))
    readings = Readings(now)
    return {
        "schema": SCHEMA,
        "code": paper.code,
        "version": number,
        "kind": paper.kind,
        "language": paper.language,
        "languages": list(paper.languages),
        "title": dict(paper.title),
        "byline": [line.strip() for line in paper.byline.splitlines() if line.strip()],
        "institution": dict(institution.name) if institution else {},
        "correction": correction,
        "blocks": [_block(block, citations) for block in blocks_of(paper)],
        "citations": [
            {"number": citation.number, "kind": citation.target,
             "value": dict(readings.of(citation).value), "locator": citation.locator}
            | cited(citation)
            for citation in citations
        ],
        "interests": {
            kind: [{"who": dict(note.who), "text": dict(note.text)} for note in notes]
            for kind, notes in interest_notes(paper).items()
        },
    }  # fmt: skip


def content_in(version: PaperVersion) -> Json:
    """Return the content of a version as it was frozen."""
    content: Json = json.loads(version.content)
    return content


def _block(block: Block, citations: Sequence[Citation]) -> Json:
    entry: Json = {
        "key": str(block.pk), "kind": block.kind, "part": block.part, "texts": dict(block.texts),
    }  # fmt: skip
    if block.only_reason:
        entry["only_reason"] = block.only_reason
    if block.kind == Block.Kind.RECOMMENDATION:
        entry["recommendation"] = _recommendation(block.recommendation, citations)
    return entry


def _recommendation(recommendation: Recommendation, citations: Sequence[Citation]) -> Json:
    post, proposal = recommendation.post, recommendation.amendment
    entry: Json = {
        "post": dict(post.title) if post else {},
        "organisation": dict(post.organisation.name) if post else {},
        "money": recommendation.touches_money,
        "budget": dict(recommendation.budget),
        "gender_marker": recommendation.gender_marker,
        "equity": [
            {"group": note.group, "gains": dict(note.gains), "loses": dict(note.loses)}
            for note in sorted(recommendation.equity_notes.all(), key=lambda note: note.group)
        ],
        "citations": [
            citation.number for citation in citations
            if citation.recommendation_id == recommendation.pk
        ],
    }  # fmt: skip
    if proposal is not None:
        entry["proposal"] = {
            "key": str(proposal.pk), "law": dict(proposal.law.title), "number": proposal.number,
        }  # fmt: skip
    return entry
