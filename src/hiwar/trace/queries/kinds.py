"""The seven stations, and the kinds of records that stand at them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import pgettext_lazy

from hiwar.asks.models import AnswerPoint, Ask, AskPoint, Commitment, Outcome, Proof
from hiwar.dialogues.models import Finding, Statement
from hiwar.dialogues.models import Recommendation as Draft
from hiwar.dossiers.models import Fact
from hiwar.events.models import Conclusion, Event, OpenQuestion
from hiwar.evidence.models import EvidenceItem, InstrumentArticle, MediaItem, Source
from hiwar.legislation.models import Amendment, AmendmentOutcome, Comment, Provision
from hiwar.papers.models import Recommendation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db import models
    from django.utils.functional import _StrPromise

HEARD, FOUND, RECOMMENDED, ASKED, ANSWERED, PROMISED, CHANGED = STATIONS = (1, 2, 3, 4, 5, 6, 7)
STATION_WORDS: Mapping[int, _StrPromise] = {
    HEARD: pgettext_lazy("station", "Heard"),
    FOUND: pgettext_lazy("station", "Found"),
    RECOMMENDED: pgettext_lazy("station", "Recommended"),
    ASKED: pgettext_lazy("station", "Asked"),
    ANSWERED: pgettext_lazy("station", "Answered"),
    PROMISED: pgettext_lazy("station", "Promised"),
    CHANGED: pgettext_lazy("station", "Changed"),
}
# The state of what everybody knows only because a published paper cites it: its code and number are
# those of the paper and of the note.
CITED_BY = "cited"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record that stands at a station.

    Attributes
    ----------
    code : str
        Stands in addresses and files; never changes.
    station : int
        1 to 7.
    model : type of Model
    word : str
        In the reader's language, in the singular.
    icon : str
        A symbol of the sprite ``common/icons.svg``.
    """

    code: str
    station: int
    model: type[models.Model]
    word: _StrPromise
    icon: str


KINDS: Mapping[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind("statement", HEARD, Statement, pgettext_lazy("traced", "statement"), "dialogue"),
        Kind("comment", HEARD, Comment, pgettext_lazy("traced", "comment on a draft"), "edit"),
        Kind("question", HEARD, OpenQuestion, pgettext_lazy("traced", "open question"), "more"),
        Kind("session", HEARD, Event, pgettext_lazy("traced", "session"), "calendar"),
        Kind("finding", FOUND, Finding, pgettext_lazy("traced", "finding"), "chart"),
        Kind("draft", FOUND, Draft, pgettext_lazy("traced", "draft put to people"), "flag"),
        Kind("conclusion", FOUND, Conclusion, pgettext_lazy("traced", "conclusion"), "check"),
        Kind("evidence", FOUND, EvidenceItem, pgettext_lazy("traced", "evidence"), "fact"),
        Kind("fact", FOUND, Fact, pgettext_lazy("traced", "fact"), "fact"),
        Kind("provision", FOUND, Provision, pgettext_lazy("traced", "text of a law"), "law"),
        Kind("instrument", FOUND, InstrumentArticle,
             pgettext_lazy("traced", "article of an instrument"), "law"),
        Kind("media", FOUND, MediaItem, pgettext_lazy("traced", "media item"), "paper"),
        Kind("source", FOUND, Source, pgettext_lazy("traced", "source"), "paper"),
        Kind("recommendation", RECOMMENDED, Recommendation,
             pgettext_lazy("traced", "recommendation"), "flag"),
        Kind("proposal", RECOMMENDED, Amendment,
             pgettext_lazy("traced", "proposed amendment"), "edit"),
        Kind("ask", ASKED, Ask, pgettext_lazy("traced", "ask"), "ask"),
        Kind("point", ASKED, AskPoint, pgettext_lazy("traced", "point of an ask"), "ask"),
        Kind("answer", ANSWERED, AnswerPoint,
             pgettext_lazy("traced", "answer to a point"), "letter"),
        Kind("commitment", PROMISED, Commitment, pgettext_lazy("traced", "commitment"), "flag"),
        Kind("outcome", CHANGED, Outcome,
             pgettext_lazy("traced", "what became of a point"), "check"),
        Kind("proof", CHANGED, Proof, pgettext_lazy("traced", "proof of a commitment"), "fact"),
        Kind("amended", CHANGED, AmendmentOutcome,
             pgettext_lazy("traced", "what became of an amendment"), "check"),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Node:
    """A record at a station, as one reader sees it.

    Attributes
    ----------
    kind, key : str
        Code of the kind, and the key of the record as text without dashes.
    texts : mapping
        Its words by language.
    code : str
        Of what it belongs to: a dialogue, an event, a paper, a law, a dossier.
    number : str
        Its number or place there.
    state : str
        What it is or became, as its room codes it.
    """

    kind: str
    key: str
    texts: Mapping[str, str]
    code: str = ""
    number: str = ""
    state: str = ""

    @property
    def station(self) -> int:
        """The station it stands at, 1 to 7."""
        return KINDS[self.kind].station

    @property
    def at(self) -> tuple[str, str]:
        """Kind and key, by which edges name it."""
        return self.kind, self.key
