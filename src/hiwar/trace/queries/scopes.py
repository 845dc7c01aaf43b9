"""Where to look for the way of a record: the dossiers it belongs to, their papers and laws."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db.models import Q, TextField, Value
from django.db.models.functions import Cast

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
    from collections.abc import Callable, Iterable, Mapping
    from uuid import UUID


@dataclass(frozen=True, slots=True)
class Scope:
    """Keys of the dossiers, papers and laws whose links are read.

    ``cites`` are the kinds that the papers cite, where that is known already: of the others nothing
    is looked for in citations.
    """

    dossiers: tuple[UUID, ...]
    papers: tuple[UUID, ...]
    laws: tuple[UUID, ...]
    cites: frozenset[str] = frozenset(CITED.values())

    def cited(self, key: str) -> Any:
        """Return the subquery of what the papers cite by one key."""
        citations = Citation.objects.filter(paper__in=self.papers, **{f"{key}__isnull": False})
        return citations.values(key)

    def citing(self, kinds: Iterable[str]) -> Scope:
        """Return the same scope, with what its papers cite known."""
        return replace(self, cites=frozenset(kinds))

    def holds(self, kind: str) -> Q:
        """Return the filter that leaves what of a kind lies within."""
        return _WITHIN[kind](self)

    def may_hold(self, kind: str) -> bool:
        """Whether anything of a kind can lie within; a kind of which nothing can is not read."""
        through = _HELD_THROUGH.get(kind, frozenset([kind]))
        return bool(through & self.cites) or any(getattr(self, of) for of in _HELD_BY.get(kind, ()))


# What a scope must have for a kind to lie within it; what is not here is there by citation alone.
_OF_DOSSIERS = (
    "statement", "question", "session", "finding", "conclusion", "evidence", "fact", "ask",
)  # fmt: skip
_HELD_BY: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(_OF_DOSSIERS, ("dossiers",)),
    **dict.fromkeys(("comment", "proposal", "amended"), ("laws",)),
    **dict.fromkeys(("draft", "recommendation"), ("papers",)),
    **dict.fromkeys(
        ("point", "answer", "commitment", "outcome", "proof"), ("dossiers", "papers")
    ),
}  # fmt: skip
# What was said or agreed in a session brings the session with it.
_HELD_THROUGH = {"session": frozenset(["session", "conclusion", "statement"])}


def _with_cited(scope: Scope, condition: Q, key: str) -> Q:
    return condition | Q(pk__in=scope.cited(key)) if CITED[key] in scope.cites else condition


def _asked(scope: Scope, path: str) -> Q:
    """Return the filter of what hangs on points; only what the scope has is asked about."""
    condition = Q(**{f"{path}ask__dossier__in": scope.dossiers})
    if scope.papers:
        condition |= Q(**{f"{path}recommendation__block__paper__in": scope.papers})
    # The laws of what the papers propose are laws of the scope: without laws nothing is proposed.
    if scope.papers and scope.laws:
        proposed = Recommendation.objects.filter(
            block__paper__in=scope.papers, amendment__isnull=False
        ).values("amendment")
        condition |= Q(**{f"{path}amendment__in": proposed})
    return condition


def _statement(scope: Scope) -> Q:
    """Return the filter of statements: of the dossiers, cited, or what one of these came out of.

    What came out of others names them: looked for from the other end, each statement would be
    compared with each.
    """
    own = Q(dialogue__dossier__in=scope.dossiers)
    origins = Statement.objects.filter(own, derived_from__isnull=False).values("derived_from")
    return _with_cited(scope, own | Q(pk__in=origins), "statement")


def _session(scope: Scope) -> Q:
    """Return the filter of sessions: of the dossiers, cited, or where something cited was said."""
    condition = _with_cited(scope, Q(dossier__in=scope.dossiers), "event")
    if "conclusion" in scope.cites:
        concluded = Conclusion.objects.filter(pk__in=scope.cited("conclusion"))
        condition |= Q(pk__in=concluded.values("event"))
    said = _with_cited(scope, Q(dialogue__dossier__in=scope.dossiers), "statement")
    return condition | Q(pk__in=Statement.objects.filter(said, event__isnull=False).values("event"))


_WITHIN: Mapping[str, Callable[[Scope], Q]] = {
    "statement": _statement,
    "comment": lambda scope: _with_cited(
        scope, Q(consultation__law__in=scope.laws), "comment"
    ),
    "question": lambda scope: Q(event__dossier__in=scope.dossiers),
    "session": _session,
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
    """Return the scope of some dossiers and single papers; one query."""
    keys = tuple({key for key in dossiers if key is not None})
    own = Paper.objects.filter(Q(dossier__in=keys) | Q(pk__in=list(papers))).order_by()
    proposed = Recommendation.objects.filter(block__paper__in=own.values("pk"))
    laws = Law.objects.filter(
        Q(dossier__in=keys) | Q(pk__in=proposed.order_by().values("amendment__law"))
    ).order_by()
    of = [
        rows.values_list(Cast(Value(kind), TextField()), "pk")
        for kind, rows in (("paper", own), ("law", laws))
    ]
    keys_of: dict[str, list[UUID]] = {"paper": [], "law": []}
    for kind, key in of[0].union(of[1], all=True):
        keys_of[kind].append(key)
    return Scope(keys, tuple(sorted(keys_of["paper"])), tuple(sorted(keys_of["law"])))


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
