from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import User
from hiwar.common.models import Record
from hiwar.common.multilingual import MultilingualField
from hiwar.contacts.models import Post
from hiwar.dialogues.models import Finding, Statement
from hiwar.dialogues.models import Recommendation as DraftRecommendation
from hiwar.dossiers.models import Barrier, Fact
from hiwar.events.models import Conclusion, Event
from hiwar.evidence.models import EvidenceItem, InstrumentArticle, MediaItem, Source
from hiwar.legislation.models import Amendment, Comment, Provision
from hiwar.papers.models.blocks import Block
from hiwar.papers.models.papers import Paper

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

TARGETS = (
    "statement", "finding", "conclusion", "event", "fact", "provision", "comment", "item",
    "article", "media_item", "source",
)  # fmt: skip


def _key(model: type[models.Model], label: _StrPromise) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        model, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=label
    )


def _exactly_one() -> models.Q:
    condition = models.Q()
    for name in TARGETS:
        condition |= models.Q(**{f"{other}__isnull": other != name for other in TARGETS})
    return condition


class Recommendation(Record):
    """What a paper recommends, to which post, and whom it serves; its words are its block."""

    class GenderMarker(models.IntegerChoices):
        NONE = 0, _("0: does not contribute to equality")
        LIMITED = 1, _("1: contributes in a limited way")
        SIGNIFICANT = 2, _("2: equality is a significant objective")
        PRINCIPAL = 3, _("3: equality is the principal objective")

    block = models.OneToOneField(Block, models.CASCADE, related_name="recommendation")
    post = _key(Post, pgettext_lazy("recommendation", "to which post"))
    barrier = _key(Barrier, _("barrier"))
    draft = _key(DraftRecommendation, _("draft that was put to people"))
    amendment = _key(Amendment, pgettext_lazy("recommendation", "proposal in words of law"))
    touches_money = models.BooleanField(_("touches money"), default=False)
    budget = MultilingualField(_("what it costs, and from which head"), blank=True, is_long=True)
    gender_marker = models.PositiveSmallIntegerField(
        _("gender marker"), choices=GenderMarker, null=True, blank=True
    )

    def __str__(self) -> str:
        return str(self.block)


class EquityNote(Record):
    """Who of a group gains by a recommendation, and who of it may lose."""

    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="equity_notes")
    group = models.CharField(_("group"), max_length=30)  # words are data of dossiers
    gains = MultilingualField(_("who gains, and what"), blank=True, is_long=True)
    loses = MultilingualField(_("who may lose, and what softens it"), blank=True, is_long=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["recommendation", "group"], name="papers_equitynote_once"
            ),
        )

    def __str__(self) -> str:
        return self.group


class Citation(Record):
    """A reference of a paper to exactly one thing that is known, by a key down to its room.

    ``seen`` is the value as somebody last read the sentences with it; a value that moved since has
    to be read again before freezing.
    """

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="citations")
    number = models.PositiveSmallIntegerField(editable=False)
    recommendation = models.ForeignKey(
        Recommendation, models.SET_NULL, null=True, blank=True, related_name="citations"
    )
    statement = _key(Statement, _("statement"))
    finding = _key(Finding, _("finding"))
    conclusion = _key(Conclusion, _("conclusion"))
    event = _key(Event, _("event"))
    fact = _key(Fact, _("fact"))
    provision = _key(Provision, _("provision"))
    comment = _key(Comment, _("comment"))
    item = _key(EvidenceItem, _("evidence"))
    article = _key(InstrumentArticle, _("article"))
    media_item = _key(MediaItem, _("media item"))
    source = _key(Source, _("source"))
    locator = models.CharField(_("place in the source"), max_length=60, blank=True)
    seen = models.JSONField(default=dict, editable=False)
    seen_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    seen_at = models.DateTimeField(editable=False)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(editable=False)
    dropped_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["paper", "number"], name="papers_citation_number"),
            models.CheckConstraint(condition=_exactly_one(), name="papers_citation_of_one"),
        )

    def __str__(self) -> str:
        return f"[{self.number}]"

    @property
    def target(self) -> str:
        """The name of the one key that is set."""
        return next(name for name in TARGETS if getattr(self, f"{name}_id") is not None)
