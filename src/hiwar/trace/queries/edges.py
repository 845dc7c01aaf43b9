"""Which keys of the rooms are read as links, from the earlier station to the later one.

What stands here is all that the trace knows. A key of `papers`, `asks`, `forums` or
`legislation` to something that is traced stands either in `LINKS`, in `CITED`, or in `NOT_LINKS`;
a test fails else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hiwar.asks.models import AnswerPoint, AskPoint, Commitment, Outcome, Proof
from hiwar.dialogues.models import Finding, Statement
from hiwar.events.models import Conclusion, OpenQuestion
from hiwar.legislation.models import Amendment, AmendmentOutcome
from hiwar.papers.models import Recommendation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db import models
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class Link:
    """A key that is read as a link.

    Attributes
    ----------
    source, target : str
        Codes of the kinds at both ends, the earlier station first.
    model : type of Model
        Whose rows are read.
    source_path, target_path : str
        Where in a row the keys of both ends stand.
    sentence : str
        What the link says, with ``%(source)s`` and ``%(target)s``.
    where : Q
        Which rows alone are read.
    """

    source: str
    target: str
    model: type[models.Model]
    source_path: str
    target_path: str
    sentence: _StrPromise
    where: Q = field(default_factory=Q)


LINKS: tuple[Link, ...] = (
    Link("statement", "statement", Statement, "derived_from", "pk",
         _("%(target)s was made out of %(source)s")),
    Link("session", "statement", Statement, "event", "pk",
         _("%(target)s was said in %(source)s")),
    Link("statement", "finding", Finding, "rests_on__statement", "pk",
         _("%(target)s rests on %(source)s")),
    Link("draft", "recommendation", Recommendation, "draft", "pk",
         _("%(target)s goes back to %(source)s")),
    Link("recommendation", "proposal", Recommendation, "pk", "amendment",
         _("%(target)s puts %(source)s into words of law")),
    Link("session", "conclusion", Conclusion, "event", "pk",
         _("%(source)s ended with %(target)s")),
    Link("conclusion", "evidence", Conclusion, "pk", "item",
         _("%(target)s states %(source)s"), Q(item__isnull=False)),
    Link("session", "question", OpenQuestion, "event", "pk",
         _("%(source)s left %(target)s open")),
    Link("question", "question", OpenQuestion, "carried_from", "pk",
         _("%(target)s takes up %(source)s again")),
    Link("comment", "proposal", Amendment, "comments", "pk",
         _("%(target)s rests on %(source)s")),
    Link("recommendation", "point", AskPoint, "recommendation", "pk",
         _("%(target)s asks for %(source)s")),
    Link("proposal", "point", AskPoint, "amendment", "pk", _("%(target)s asks for %(source)s")),
    Link("point", "answer", AnswerPoint, "point", "pk", _("%(target)s answers %(source)s")),
    Link("answer", "commitment", Commitment, "answer__answer_points", "pk",
         _("%(target)s was promised in %(source)s"), Q(answer__answer_points__point=F("point"))),
    Link("point", "commitment", Commitment, "point", "pk",
         _("%(target)s was promised on %(source)s")),
    Link("conclusion", "commitment", Commitment, "conclusion", "pk",
         _("%(target)s was promised in %(source)s")),
    Link("evidence", "commitment", Commitment, "item", "pk",
         _("%(target)s is known from %(source)s")),
    Link("point", "outcome", Outcome, "point", "pk",
         _("%(target)s is what became of %(source)s")),
    Link("commitment", "outcome", Outcome, "commitment", "pk",
         _("%(target)s is what became of %(source)s")),
    Link("commitment", "proof", Proof, "commitment", "pk",
         _("%(target)s speaks on %(source)s")),
    Link("proposal", "amended", AmendmentOutcome, "amendment", "pk",
         _("%(target)s is what became of %(source)s")),
)  # fmt: skip

RESTS_ON = _("%(target)s rests on %(source)s")
# By the name of the key of a citation: the kind that it cites for a recommendation.
CITED: Mapping[str, str] = {
    "statement": "statement",
    "finding": "finding",
    "conclusion": "conclusion",
    "event": "session",
    "fact": "fact",
    "provision": "provision",
    "comment": "comment",
    "item": "evidence",
    "article": "instrument",
    "media_item": "media",
    "source": "source",
}
# Keys to something traced that are no link: they say where it belongs, what is being worked on, or
# who did it.
NOT_LINKS: Mapping[str, str] = {
    "papers.EquityNote.recommendation": "part of a recommendation",
    "papers.Citation.recommendation": "the later end of what is cited",
    "asks.Position.ask": "no position stands for an answer",
    "asks.AskPoint.ask": "an ask holds its points",
    "asks.MeetingEntry.point": "what was talked of, told in words of its own",
    "asks.AskPoint.provision": "what it is about",
    "asks.Addressee.ask": "to whom it was put",
    "asks.Proof.item": "what it is shown by",
    "asks.Outcome.provision": "where it stands",
    "asks.Outcome.item": "what it is shown by",
    "asks.Dispute.outcome": "part of an outcome",
    "asks.TalkingLine.facts": "words for talks, which are not traced",
    "asks.StateChange.commitment": "part of a commitment",
    "asks.Dispute.commitment": "part of a commitment",
    "forums.Stage.event": "a forum holds its stages",
    "legislation.CommentFile.comment": "part of a comment",
    "legislation.EquityNote.amendment": "part of a proposal",
    "legislation.Provision.parent": "part of a text",
}


def sentence_of(source: str, target: str) -> _StrPromise:
    """Return what a link between two kinds says; what is cited is rested on."""
    for link in LINKS:
        if (link.source, link.target) == (source, target):
            return link.sentence
    return RESTS_ON
