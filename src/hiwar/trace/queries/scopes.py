"""Where to look for the way of a record: the dossiers it belongs to, their papers and laws."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from hiwar.asks.models import AnswerPoint, Ask, AskPoint, Commitment, Outcome, Proof
from hiwar.dialogues.models import Finding, Statement
from hiwar.dialogues.models import Recommendation as Draft
from hiwar.dossiers.models import Fact
from hiwar.events.models import Conclusion, Event, OpenQuestion
from hiwar.evidence.models import EvidenceItem
from hiwar.legislation.models import Amendment, AmendmentOutcome, Comment, Law, Provision
from hiwar.papers.models import Citation, Paper, Recommendation
from hiwar.trace.queries.edges import CITED

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID


@dataclass(frozen=True, slots=True)
class Scope:
    """Keys of the dossiers, papers and laws whose links are read."""

    dossiers: tuple[UUID, ...]
    papers: tuple[UUID, ...]
    laws: tuple[UUID, ...]

    def cited(self, key: str) -> Any:
        """Return the subquery of what the papers cite by one key."""
        citations = Citation.objects.filter(paper__in=self.papers, **{f"{key}__isnull": False})
        return citations.values(key)

    def holds(self, kind: str) -> Q:
        """Return the filter that leaves what of a kind lies within."""
        return _WITHIN[kind](self)


def _with_cited(scope: Scope, condition: Q, key: str) -> Q:
    return condition | Q(pk__in=scope.cited(key))


def _asked(scope: Scope, path: str) -> Q:
    proposed = Recommendation.objects.filter(
        block__paper__in=scope.papers, amendment__isnull=False
    ).values("amendment")
    return (
        Q(**{f"{path}ask__dossier__in": scope.dossiers})
        | Q(**{f"{path}recommendation__block__paper__in": scope.papers})
        | Q(**{f"{path}amendment__in": proposed})
    )


_WITHIN = {
    "statement": lambda scope: _with_cited(
        scope,
        Q(dialogue__dossier__in=scope.dossiers)
        | Q(derived__dialogue__dossier__in=scope.dossiers),
        "statement",
    ),
    "comment": lambda scope: _with_cited(
        scope, Q(consultation__law__in=scope.laws), "comment"
    ),
    "question": lambda scope: Q(event__dossier__in=scope.dossiers),
    "session": lambda scope: _with_cited(
        scope,
        Q(dossier__in=scope.dossiers)
        | Q(pk__in=Conclusion.objects.filter(pk__in=scope.cited("conclusion")).values("event"))
        | Q(pk__in=Statement.objects.filter(
            Q(dialogue__dossier__in=scope.dossiers) | Q(pk__in=scope.cited("statement")),
            event__isnull=False).values("event")),
        "event",
    ),
    "finding": lambda scope: _with_cited(
        scope, Q(publication__dialogue__dossier__in=scope.dossiers), "finding"
    ),
    "draft": lambda scope: Q(pk__in=Recommendation.objects.filter(
        block__paper__in=scope.papers, draft__isnull=False).values("draft")),
    "conclusion": lambda scope: _with_cited(
        scope, Q(event__dossier__in=scope.dossiers), "conclusion"
    ),
    "evidence": lambda scope: _with_cited(scope, Q(dossier__in=scope.dossiers), "item"),
    "fact": lambda scope: _with_cited(scope, Q(dossier__in=scope.dossiers), "fact"),
    "provision": lambda scope: Q(pk__in=scope.cited("provision")),
    "instrument": lambda scope: Q(pk__in=scope.cited("article")),
    "media": lambda scope: Q(pk__in=scope.cited("media_item")),
    "source": lambda scope: Q(pk__in=scope.cited("source")),
    "recommendation": lambda scope: Q(block__paper__in=scope.papers, block__deleted_at=None),
    "proposal": lambda scope: Q(law__in=scope.laws),
    "amended": lambda scope: Q(amendment__law__in=scope.laws),
    "ask": lambda scope: Q(dossier__in=scope.dossiers),
    "point": lambda scope: _asked(scope, ""),
    "answer": lambda scope: _asked(scope, "point__"),
    "commitment": lambda scope: _asked(scope, "point__"),
    "outcome": lambda scope: _asked(scope, "point__"),
    "proof": lambda scope: _asked(scope, "commitment__point__"),
}  # fmt: skip


def scope_of(dossiers: Iterable[UUID | None], papers: Iterable[UUID] = ()) -> Scope:
    """Return the scope of some dossiers and single papers; two queries."""
    keys = tuple({key for key in dossiers if key is not None})
    own = Paper.objects.filter(Q(dossier__in=keys) | Q(pk__in=list(papers))).order_by("pk")
    proposed = Recommendation.objects.filter(block__paper__in=own.values("pk"))
    laws = Law.objects.filter(
        Q(dossier__in=keys) | Q(pk__in=proposed.order_by().values("amendment__law"))
    ).order_by("pk")
    return Scope(
        keys, tuple(own.values_list("pk", flat=True)), tuple(laws.values_list("pk", flat=True))
    )


# From where the dossier of a record is read, for what is not cited alone.
_DOSSIER = {
    "statement": (Statement, "dialogue__dossier"),
    "comment": (Comment, "consultation__law__dossier"),
    "question": (OpenQuestion, "event__dossier"),
    "session": (Event, "dossier"),
    "finding": (Finding, "publication__dialogue__dossier"),
    "draft": (Draft, "round__dialogue__dossier"),
    "conclusion": (Conclusion, "event__dossier"),
    "evidence": (EvidenceItem, "dossier"),
    "fact": (Fact, "dossier"),
    "provision": (Provision, "version__law__dossier"),
    "recommendation": (Recommendation, "block__paper__dossier"),
    "proposal": (Amendment, "law__dossier"),
    "amended": (AmendmentOutcome, "amendment__law__dossier"),
    "ask": (Ask, "dossier"),
    "point": (AskPoint, "ask__dossier"),
    "answer": (AnswerPoint, "point__ask__dossier"),
    "commitment": (Commitment, "point__ask__dossier"),
    "outcome": (Outcome, "point__ask__dossier"),
    "proof": (Proof, "commitment__point__ask__dossier"),
}


def scope_around(kind: str, key: str) -> Scope:
    """Return where to look for the ways of one record: its dossier, and papers that cite it."""
    dossiers: set[UUID | None] = set()
    if kind in _DOSSIER:
        model, path = _DOSSIER[kind]
        rows: Any = model._default_manager.filter(pk=key).values_list(path, flat=True)
        dossiers.update(rows)
    papers: set[UUID] = set()
    if kind == "recommendation":
        papers.update(Recommendation.objects.filter(pk=key).values_list("block__paper", flat=True))
    if kind in _DOSSIER and _DOSSIER[kind][1].endswith("ask__dossier"):
        model, path = _DOSSIER[kind]
        of_paper = path.replace("ask__dossier", "recommendation__block__paper")
        papers.update(
            model._default_manager.filter(pk=key)
            .exclude(**{of_paper: None})
            .values_list(of_paper, flat=True)
        )
    for name, cited in CITED.items():
        if cited == kind:
            citing = Citation.objects.filter(**{name: key}, dropped_at=None)
            rows = citing.values_list("paper", "paper__dossier").distinct().order_by()
            for paper, dossier in rows:
                papers.add(paper)
                dossiers.add(dossier)
    return scope_of(dossiers, papers)
