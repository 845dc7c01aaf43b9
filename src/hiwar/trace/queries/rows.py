"""Rows of every kind in one query: what stands at the stations, as one reader may read it.

The door to the rights of each room: a row comes from the room's own question for the reader.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from django.db.models import (
    Case,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast

from hiwar.accounts.queries import readable_by
from hiwar.asks.models import (
    Answer,
    AnswerPoint,
    Ask,
    AskPoint,
    Commitment,
    Dispute,
    Outcome,
    Proof,
)
from hiwar.asks.queries.positions import asks_for
from hiwar.asks.queries.standing import standing
from hiwar.common.models import Visibility
from hiwar.common.personal.details import masked
from hiwar.dialogues.models import Finding, Publication, Statement
from hiwar.dialogues.models import Recommendation as Draft
from hiwar.dialogues.rules import can_see_dialogue
from hiwar.dossiers.models import Fact
from hiwar.dossiers.queries.dossiers import all_readable
from hiwar.dossiers.rules import can_see_dossiers
from hiwar.events.models import Conclusion, Event, Minutes, OpenQuestion
from hiwar.events.queries.events import events_for
from hiwar.events.rules import can_see_events
from hiwar.evidence.models import InstrumentArticle
from hiwar.evidence.queries.library import instruments_for, items_for, media_for, sources_for
from hiwar.legislation.models import Amendment, AmendmentOutcome, Comment, LawVersion, Provision
from hiwar.legislation.queries.consultations import consultations_for
from hiwar.legislation.queries.laws import laws_for
from hiwar.legislation.queries.public import public_laws
from hiwar.papers.models import Recommendation
from hiwar.papers.queries.papers import papers_for
from hiwar.trace.queries.edges import LINKS
from hiwar.trace.queries.kinds import KINDS, Node

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from django.db.models.expressions import Combinable

    from hiwar.accounts.models import User
    from hiwar.trace.queries.scopes import Scope

PUBLIC = Visibility.PUBLIC
UPHELD = Dispute.State.UPHELD
# The state of an outcome that a post disputes, until somebody decided.
DISPUTED = "disputed"
# What belongs to a law or an ask is named by the key of that.
OF_ASKS = frozenset(["point", "answer", "commitment", "outcome", "proof"])
OF_LAWS = frozenset(["comment", "provision", "proposal", "amended"])
NAMED_BY_KEY = OF_ASKS | OF_LAWS
NAMES = ("t_kind", "t_key", "t_words", "t_language", "t_code", "t_number", "t_state")
# Where the words of a kind stand, their language (empty: the words are by language), what it
# belongs to, its number there, and its state.
COLUMNS: Mapping[str, tuple[str, str, str, str, str]] = {
    "statement": ("text", "", "dialogue__code", "number", ""),
    "comment": ("text", "language", "consultation__law", "number", "eid"),
    "question": ("text", "", "event__code", "position", ""),
    "session": ("title", "", "code", "", "kind"),
    "finding": ("text", "", "publication__dialogue__code", "publication__version", "kind"),
    "draft": ("text", "", "round__dialogue__code", "code", ""),
    "conclusion": ("text", "", "event__code", "position", "kind"),
    "evidence": ("text", "", "", "", "kind"),
    "fact": ("text", "", "dossier__code", "", ""),
    "provision": ("text", "version__language", "version__law", "eid", "version__number"),
    "instrument": ("text", "", "instrument__symbol", "article", ""),
    "media": ("headline", "language", "", "", ""),
    "source": ("title", "language", "", "", ""),
    "recommendation": ("block__texts", "", "block__paper__code", "block__position", ""),
    "proposal": ("reason", "", "law", "number", "eid"),
    "amended": ("version__law__title", "", "version__law", "amendment__eid", "result"),
    "ask": ("text", "", "dossier__code", "number", "state"),
    "point": ("act", "", "ask", "number", ""),
    "answer": ("answer__words", "=und", "point__ask", "point__number", "verdict"),
    "commitment": ("words", "", "point__ask", "", "state"),
    "outcome": ("note", "=und", "point__ask", "", ""),
    "proof": ("note", "=und", "commitment__point__ask", "", "says"),
}


def as_text(source: str | Combinable) -> Cast:
    """Return a column as text, whatever it holds."""
    return Cast(F(source) if isinstance(source, str) else source, TextField())


def _column(name: str) -> Cast:
    return as_text(name if name and name[0] != "=" else Value(name[1:]))


def _rows(kind: str, records: QuerySet[Any]) -> QuerySet[Any, Any]:
    words, language, code, number, state = COLUMNS[kind]
    columns = [as_text(Value(kind)), as_text("pk")]
    columns += [_column(name) for name in (words, language, code, number)]
    columns.append(as_text(_state_of_outcome()) if kind == "outcome" else _column(state))
    named = dict(zip(NAMES, columns, strict=True))
    rows: QuerySet[Any, Any] = records.order_by().annotate(**named).values_list(*NAMES)
    return rows


def _state_of_outcome() -> Case:
    """Return the result of an outcome, or that a post disputes it while nobody has decided."""
    disputes = Dispute.objects.filter(outcome=OuterRef("pk"), state=Dispute.State.OPEN)
    return Case(When(Exists(disputes), then=Value(DISPUTED)), default=F("result"))


def desk_records(user: User, scope: Scope, today: date) -> dict[str, QuerySet[Any]]:
    """Return by kind what of a scope a member of staff may read."""
    asks = asks_for(user).exclude(state=Ask.State.DROPPED)
    sees_dialogues, sees_events = can_see_dialogue(user), can_see_events(user)
    events = events_for(user).order_by() if sees_events else Event.objects.none()
    versions = LawVersion.objects.filter(readable_by(user, LawVersion)).values("pk")
    laws = laws_for(user).order_by().values("pk")
    dossiers = all_readable(user).order_by() if can_see_dossiers(user) else None
    facts = Fact.objects.none() if dossiers is None else Fact.objects.filter(dossier__in=dossiers)
    statements = Statement.objects.filter(state=Statement.State.OPEN)
    amendments = Amendment.objects.filter(law__in=laws, version__in=versions)
    findings = Finding.objects.filter(
        publication__state__in=(Publication.State.PUBLISHED, Publication.State.EMBARGO)
    )
    points = AskPoint.objects.filter(ask__in=asks.order_by().values("pk"))
    records: dict[str, Callable[[], QuerySet[Any]]] = {
        "statement": lambda: statements if sees_dialogues else Statement.objects.none(),
        "comment": lambda: Comment.objects.filter(
            consultation__in=consultations_for(user).order_by().values("pk"),
            consultation__version__in=versions,
        ),
        "question": lambda: OpenQuestion.objects.filter(event__in=events.values("pk")),
        "session": lambda: events,
        "finding": lambda: findings if sees_dialogues else Finding.objects.none(),
        "draft": lambda: Draft.objects.all() if sees_dialogues else Draft.objects.none(),
        "conclusion": lambda: Conclusion.objects.filter(event__in=events.values("pk")),
        "evidence": lambda: items_for(user, today),
        "fact": lambda: facts.filter(withdrawn_at=None),
        "provision": lambda: Provision.objects.filter(
            version__in=versions, version__law__in=laws
        ),
        "instrument": lambda: InstrumentArticle.objects.filter(
            instrument__in=instruments_for(user).order_by().values("pk")
        ),
        "media": lambda: media_for(user),
        "source": lambda: sources_for(user),
        "recommendation": lambda: Recommendation.objects.filter(
            block__paper__in=papers_for(user).order_by().values("pk")
        ),
        "proposal": lambda: amendments,
        "amended": lambda: AmendmentOutcome.objects.filter(
            amendment__in=amendments.values("pk"), version__in=versions
        ),
        "ask": lambda: asks.filter(points=None),
    }  # fmt: skip
    return {
        **{kind: rows() for kind, rows in records.items() if scope.may_hold(kind)},
        **_records_of_asks(points),
    }


def _records_of_asks(points: QuerySet[AskPoint]) -> dict[str, QuerySet[Any]]:
    """Return what hangs on points: answers that stand, outcomes that a second person verified."""
    keys = points.values("pk")
    commitments = Commitment.objects.filter(point__in=keys).exclude(disputes__state=UPHELD)
    return {
        "point": points,
        "answer": AnswerPoint.objects.filter(
            point__in=keys, answer__corrected_by=None, answer__kind=Answer.Kind.ANSWER
        ),
        "commitment": commitments,
        "outcome": standing(Outcome.objects.filter(point__in=keys, confirmed_by__isnull=False)),
        "proof": Proof.objects.filter(commitment__in=commitments.values("pk")),
    }


def public_records() -> dict[str, QuerySet[Any]]:
    """Return by kind what everybody may read where it is kept; papers and results say the rest."""
    asks = Ask.objects.filter(visibility=PUBLIC, state=Ask.State.APPROVED)
    records = _records_of_asks(AskPoint.objects.filter(ask__in=asks.values("pk")))
    minutes = Minutes.objects.filter(
        event=OuterRef("pk"), audience=Minutes.Audience.PUBLIC, published_at__isnull=False
    )
    events = Event.objects.filter(
        Exists(minutes), visibility=PUBLIC, published_at__isnull=False
    )  # fmt: skip
    versions = LawVersion.objects.filter(
        visibility=PUBLIC, law__in=public_laws().order_by().values("pk")
    ).values("pk")  # fmt: skip
    amendments = Amendment.objects.filter(is_published=True, version__in=versions)
    return {
        "comment": Comment.objects.filter(
            is_published=True, may_publish=True, consultation__version__in=versions
        ),
        "question": OpenQuestion.objects.filter(event__in=events.values("pk")),
        "session": events,
        "conclusion": Conclusion.objects.filter(event__in=events.values("pk")),
        "proposal": amendments,
        "amended": AmendmentOutcome.objects.filter(
            amendment__in=amendments.values("pk"), version__in=versions
        ),
        "ask": asks.filter(points=None),
        "point": records["point"],
        "answer": records["answer"]
        .filter(answer__may_publish=True)
        .exclude(answer__way=Answer.Way.LINK, answer__confirmed_as=""),
        "commitment": records["commitment"].filter(is_public=True),
        "outcome": records["outcome"],
    }  # fmt: skip


def nodes_of(records: Mapping[str, QuerySet[Any]], scope: Scope) -> list[Node]:
    """Return what of a scope is among the records a reader may read; one query for all kinds."""
    arms = [
        _rows(kind, rows.filter(scope.holds(kind)))
        for kind, rows in records.items()
        if scope.may_hold(kind)
    ]
    if not arms:
        return []
    # What comes twice is one node all the same, and nothing is sorted to find it.
    everything: Iterable[Any] = arms[0].union(*arms[1:], all=True)
    return [_node(row) for row in everything]


_read = msgspec.json.decode


def _node(row: tuple[str, ...]) -> Node:
    kind, key, words, language, code, number, state = row
    if language:
        texts = {language: masked(words, language) if kind == "comment" else words}
    else:
        texts = _read(words) if words else {}
    code = plain_key(code) if kind in NAMED_BY_KEY else code or ""
    return Node(kind, plain_key(key), texts, code, number or "", state or "")


def plain_key(key: object) -> str:
    """Return a key as edges have it: databases write the same key with and without dashes."""
    return str(key).replace("-", "")


def links_of(scope: Scope) -> set[tuple[tuple[str, str], tuple[str, str]]]:
    """Return the links of a scope but citations, whoever reads; one query for all.

    Both ends are kind and key, the earlier station first.
    """
    arms = []
    for at, link in enumerate(LINKS):
        kind = link.target if KINDS[link.target].model is link.model else link.source
        if not scope.may_hold(kind):
            continue
        rows = link.model._default_manager.filter(
            scope.holds(kind), link.where, ~Q(**{f"{link.source_path}": None})
        ).order_by()
        columns = {
            "t_at": as_text(Value(str(at))), "t_source": as_text(link.source_path),
            "t_target": as_text(link.target_path),
        }  # fmt: skip
        arms.append(rows.annotate(**columns).values_list(*columns))
    if not arms:
        return set()
    return {
        ((LINKS[int(at)].source, plain_key(source)), (LINKS[int(at)].target, plain_key(target)))
        for at, source, target in arms[0].union(*arms[1:], all=True)
    }
