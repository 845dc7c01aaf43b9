"""What papers and results say to everybody: as it was frozen, never as it is being written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from hiwar.common.pauses import shown_at
from hiwar.dialogues.models import Publication, Statement
from hiwar.dialogues.queries.results import is_public
from hiwar.papers.models import Citation, Recommendation
from hiwar.papers.queries.content import content_in
from hiwar.papers.queries.papers import public_papers
from hiwar.trace.queries.edges import CITED
from hiwar.trace.queries.kinds import CITED_BY, Node
from hiwar.trace.queries.rows import as_text, plain_key

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from hiwar.trace.queries.scopes import Scope

Edge = tuple[tuple[str, str], tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation: its paper and number, what it cites, and for which recommendation, if any."""

    paper: UUID
    number: int
    at: tuple[str, str]
    recommendation: str
    is_dropped: bool


def citations_in(scope: Scope) -> list[Cited]:
    """Return every citation of the papers of a scope, dropped ones too; one query.

    ``recommendation`` is empty where none rests on it, or one that was deleted.
    """
    keys = tuple(CITED)
    # As text: thousands of keys are compared here, and none of them is made an object.
    named = {
        "t_paper": "paper", "t_recommendation": "recommendation", "t_dropped": "dropped_at",
        "t_deleted": "recommendation__block__deleted_at", **{f"t_{key}": key for key in keys},
    }  # fmt: skip
    columns = {name: as_text(path) for name, path in named.items()}
    rows = Citation.objects.filter(paper__in=scope.papers).order_by().annotate(**columns)
    # Databases write the same key with and without dashes.
    papers = {key: paper for paper in scope.papers for key in (str(paper), paper.hex)}
    cited = []
    for number, paper, recommendation, dropped, deleted, *targets in rows.values_list(
        "number", *columns
    ):
        at = next(at for at, key in enumerate(targets) if key is not None)
        stands = recommendation is not None and deleted is None
        cited.append(
            Cited(
                papers[paper], number, (CITED[keys[at]], plain_key(targets[at])),
                plain_key(recommendation) if stands else "", dropped is not None,
            )
        )  # fmt: skip
    return cited


@dataclass(frozen=True, slots=True)
class Published:
    """What is public of papers and dialogues: nodes with their frozen words, and citations."""

    nodes: tuple[Node, ...]
    edges: frozenset[Edge]
    papers: frozenset[UUID]


def published_in(scope: Scope, cited: Iterable[Cited], now: datetime) -> Published:
    """Return what everybody may read of the papers and dialogues of a scope; four queries."""
    contents = {
        version.paper_id: content_in(version)
        for version in public_papers().filter(paper__in=scope.papers)
    }
    blocks = {
        block["key"]: (paper, place, block)
        for paper, content in contents.items()
        for place, block in enumerate(content["blocks"])
        if block["kind"] == "recommendation"
    }
    rows = Recommendation.objects.filter(block__in=list(blocks)).order_by()
    nodes: dict[tuple[str, str], Node] = {}
    numbers: dict[str, set[int]] = {}
    edges: set[Edge] = set()
    for key, block_key in rows.values_list("pk", "block"):
        paper, place, block = blocks[str(block_key)]
        plain = plain_key(key)
        node = Node(
            "recommendation", plain, block["texts"], contents[paper]["code"], str(place)
        )  # fmt: skip
        nodes[node.at] = node
        numbers[plain] = set(block["recommendation"]["citations"])
        proposal = block["recommendation"].get("proposal")
        if proposal is not None:
            edges.add((node.at, ("proposal", plain_key(proposal["key"]))))
    for citation in cited:
        if citation.number not in numbers.get(citation.recommendation, ()):
            continue
        content = contents[citation.paper]
        value = next(
            entry["value"] for entry in content["citations"] if entry["number"] == citation.number
        )
        kind, cited_key = citation.at
        if kind != "statement":
            nodes.setdefault(
                citation.at,
                Node(
                    kind,
                    cited_key,
                    value.get("words", {}),
                    content["code"],
                    str(citation.number),
                    CITED_BY,
                ),
            )
        edges.add((citation.at, ("recommendation", citation.recommendation)))
    for node in published_statements(scope, now):
        nodes[node.at] = node
    return Published(tuple(nodes.values()), frozenset(edges), frozenset(contents))


def published_statements(scope: Scope, now: datetime) -> Iterable[Node]:
    """Yield the statements of published results, with the words that were published."""
    statements = Statement.objects.filter(scope.holds("statement"))
    documents = results_of(
        Publication.objects.filter(dialogue__in=statements.order_by().values("dialogue")), now
    )
    rows = {
        dialogue: {row["number"]: row for row in publication.document.get("statements", [])}
        for dialogue, publication in documents.items()
    }
    for key, dialogue, code, number in (
        statements.order_by().distinct().values_list("pk", "dialogue", "dialogue__code", "number")
    ):
        row = rows.get(dialogue, {}).get(number)
        if row is not None:
            yield Node("statement", plain_key(key), dict(row["texts"]), code, str(number))


def results_of(publications: Any, now: datetime) -> dict[Any, Publication]:
    """Return by dialogue the results that everybody reads, with their document; one query.

    A dialogue whose newest public version was withdrawn has none.
    """
    seen = (Publication.State.PUBLISHED, Publication.State.WITHDRAWN)
    publications = publications.filter(
        Q(state__in=seen) | Q(state=Publication.State.EMBARGO, embargo_until__lte=shown_at(now))
    )
    newest: dict[Any, Publication] = {}
    for publication in publications.defer("bundle").order_by("dialogue", "version"):
        newest[publication.dialogue_id] = publication
    return {
        dialogue: publication
        for dialogue, publication in newest.items()
        if is_public(publication, now)
    }
