"""Everything that stops a paper from being frozen or published, each with its place."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hiwar.engine import blocks as engine
from hiwar.papers.models import Block, LanguageCheck, ReviewComment
from hiwar.papers.queries.citations import Readings, citations_of
from hiwar.papers.queries.interests import Kind, interest_notes, is_stated
from hiwar.papers.queries.papers import blocks_of, open_conflicts
from hiwar.papers.queries.vocabularies import parts_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from hiwar.papers.models import Citation, Paper, Recommendation
    from hiwar.papers.queries.citations import Reading

DIFFERENCES = {
    "missing": gettext_lazy("is missing"),
    "citations": gettext_lazy("cites other things"),
    "rows": gettext_lazy("has another number of rows"),
    "columns": gettext_lazy("has another number of columns"),
    "cells": gettext_lazy("has other numbers in its cells"),
    "items": gettext_lazy("has another number of lines"),
    "digits": gettext_lazy("has other numbers"),
    "length": gettext_lazy("is much longer or shorter"),
}


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Something that is owed: what, and the address of its place; a soft one only warns."""

    code: str
    text: str
    url: str
    is_hard: bool = True


def obstacles(paper: Paper, now: datetime) -> list[Obstacle]:
    """Return everything that stops freezing and publishing, hard before soft.

    Recommendations without evidence, post or equity note, languages that differ, open reviews,
    comments without disposition, conflicts, empty parts, numbers that moved, evidence that ended,
    who paid and what authors declared where neither is said.
    """
    blocks = blocks_of(paper)
    readings = Readings(now)
    cited = [(citation, readings.of(citation)) for citation in citations_of(paper)]
    owed = [
        *_conflicts(paper),
        *_parts(paper, blocks),
        *_languages(paper, blocks),
        *_recommendations(paper, blocks, [citation for citation, _reading in cited]),
        *_evidence(paper, blocks, cited, readings),
        *_reviews(paper),
        *_interests(paper),
    ]
    return sorted(owed, key=lambda obstacle: not obstacle.is_hard)


def digest_of(block: Block, source: str, language: str) -> str:
    """Return a digest of a block in two languages, by which a check of a person ends by itself."""
    texts = f"{block.texts.get(source, '')}\0{block.texts.get(language, '')}"
    return sha256(texts.encode()).hexdigest()


def at_block(paper: Paper, block: Block) -> str:
    """Return the address of a block in the editor."""
    return f"{reverse('papers:paper', args=[paper.code])}#b-{block.pk}"


def _conflicts(paper: Paper) -> Iterator[Obstacle]:
    for conflict in open_conflicts(paper):
        text = _("Two versions of a block wait for a decision: “%(block)s”")
        url = reverse("papers:conflict", args=[conflict.pk])
        yield Obstacle("conflict", text % {"block": str(conflict.block)}, url)


def _parts(paper: Paper, blocks: Sequence[Block]) -> Iterator[Obstacle]:
    filled = {
        block.part for block in blocks
        if block.kind != Block.Kind.HEADING and any(t.strip() for t in block.texts.values())
    }  # fmt: skip
    for part in parts_of(paper.kind):
        if part.is_required and part.code not in filled:
            own = next((block for block in blocks if block.part == part.code), None)
            url = at_block(paper, own) if own else reverse("papers:paper", args=[paper.code])
            yield Obstacle("part", _("“%(part)s” is empty.") % {"part": str(part.name)}, url)


def _languages(paper: Paper, blocks: Sequence[Block]) -> Iterator[Obstacle]:
    checks = {
        (check.block_id, check.language): check.digest
        for check in LanguageCheck.objects.filter(block__paper=paper)
    }
    names = dict(settings.LANGUAGES)
    for language in paper.languages:
        if language not in paper.title:
            text = _("The title in %(language)s is missing.") % {"language": names[language]}
            yield Obstacle("language", text, reverse("papers:edit", args=[paper.code]))
    for block in blocks:
        if block.only_reason:
            continue
        unequal = engine.differences(block.kind, block.texts, paper.language, paper.languages)
        for difference in unequal:
            checked = checks.get((block.pk, difference.language))
            is_checked = checked == digest_of(block, paper.language, difference.language)
            if is_checked and not difference.is_hard:
                continue
            text = _("%(language)s %(difference)s: “%(block)s”") % {
                "language": names.get(difference.language, difference.language),
                "difference": DIFFERENCES[difference.what], "block": str(block),
            }  # fmt: skip
            url = f"{reverse('papers:languages', args=[paper.code])}#b-{block.pk}"
            yield Obstacle("language", text, url, difference.is_hard)


def _recommendations(
    paper: Paper, blocks: Sequence[Block], citations: Sequence[Citation]
) -> Iterator[Obstacle]:
    evidence = defaultdict(list)
    for citation in citations:
        evidence[citation.recommendation_id].append(citation)
    recommendations = [
        block for block in blocks if block.kind == Block.Kind.RECOMMENDATION
    ]  # fmt: skip
    for number, block in enumerate(recommendations, 1):
        recommendation = block.recommendation
        url = reverse("papers:recommendation", args=[block.pk])
        for sentence in _owed(recommendation, has_evidence=bool(evidence[recommendation.pk])):
            text = _("Recommendation %(number)s: %(sentence)s")
            yield Obstacle("recommendation", text % {"number": number, "sentence": sentence}, url)


def _owed(recommendation: Recommendation, *, has_evidence: bool) -> Iterator[str]:
    """Yield what a recommendation still owes."""
    if not any(text.strip() for text in recommendation.block.texts.values()):
        yield _("it says nothing.")
    if recommendation.post is None:
        yield _("it is addressed to no post.")
    elif recommendation.post.abolished_on is not None:
        yield _("its post was abolished.")
    if not has_evidence:
        yield _("it has no evidence.")
    if not any(note.gains or note.loses for note in recommendation.equity_notes.all()):
        yield _("its equity note is empty: who gains, who may lose.")
    if recommendation.touches_money and not recommendation.budget:
        yield _("it touches money and does not say what it costs.")
    if recommendation.touches_money and recommendation.gender_marker is None:
        yield _("it touches money and has no gender marker.")


def _evidence(
    paper: Paper, blocks: Sequence[Block], cited: Sequence[tuple[Citation, Reading]],
    readings: Readings,
) -> Iterator[Obstacle]:  # fmt: skip
    for citation, reading in cited:
        url = f"{reverse('papers:citations', args=[paper.code])}#c-{citation.number}"
        if reading.ended:
            text = f"[{citation.number}] {reading.ended}"
            yield Obstacle("evidence", text, url)
        elif readings.is_moved(citation, reading):
            text = _("[%(number)s] says something else now; read the sentences with it again.")
            yield Obstacle("evidence", text % {"number": citation.number}, url)
        elif reading.is_stale:
            text = _("[%(number)s] has not been looked at for 12 months.")
            yield Obstacle("evidence", text % {"number": citation.number}, url, is_hard=False)
    known = {citation.number for citation, _reading in cited}
    for block in blocks:
        numbers = {number for text in block.texts.values() for number in engine.cited(text)}
        for number in sorted(numbers - known):
            text = _("[[%(number)s]] stands in the text and cites nothing.") % {"number": number}
            yield Obstacle("evidence", text, at_block(paper, block))


def _reviews(paper: Paper) -> Iterator[Obstacle]:
    url = reverse("papers:reviews", args=[paper.code])
    for review in paper.reviews.filter(finished_at=None).select_related("reviewer").order_by("pk"):
        text = _("%(name)s has not finished the review.") % {"name": review.by}
        yield Obstacle("review", text, url)
    waiting = ReviewComment.objects.filter(review__paper=paper, disposition="").count()
    if waiting:
        text = ngettext("%(n)s comment has no answer.", "%(n)s comments have no answer.", waiting)
        yield Obstacle("review", text % {"n": waiting}, url)


def _interests(paper: Paper) -> Iterator[Obstacle]:
    url, names = reverse("papers:interests", args=[paper.code]), dict(settings.LANGUAGES)
    notes = interest_notes(paper)
    missing = {
        Kind.FUNDER.value: _("It is not said who paid for the work."),
        Kind.INTEREST.value: _("It is not said whether the authors have interests of their own."),
    }
    for kind, text in missing.items():
        if not is_stated(paper, kind, notes):
            yield Obstacle("interests", text, f"{url}#{kind}")
        for note in notes[kind]:
            for language in paper.languages:
                if not (language in note.who and language in note.text):
                    lacks = _("“%(who)s” is missing in %(language)s.") % {
                        "who": str(note.who), "language": names.get(language, language),
                    }  # fmt: skip
                    yield Obstacle("interests", lacks, f"{url}#{kind}")
