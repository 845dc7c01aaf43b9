"""Where records at the stations are read, how they stand in addresses, and what they are called."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from hiwar.asks.models import AnswerPoint, Ask, Commitment, Outcome, Proof
from hiwar.common.multilingual import MultilingualText
from hiwar.dialogues.models import Finding, Statement
from hiwar.dossiers.queries.dossiers import all_readable
from hiwar.events.models import Conclusion, Event
from hiwar.legislation.models import AmendmentOutcome
from hiwar.legislation.queries.laws import laws_for
from hiwar.legislation.queries.public import article_eid, article_slug, public_laws
from hiwar.papers.models import Recommendation
from hiwar.trace.queries.graphs import graph_for
from hiwar.trace.queries.kinds import CITED_BY, KINDS
from hiwar.trace.queries.rows import DISPUTED, OF_ASKS, OF_LAWS
from hiwar.trace.queries.scopes import scope_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django.db.models import TextChoices

    from hiwar.accounts.models import User
    from hiwar.legislation.models import Law
    from hiwar.trace.queries.graphs import Graph
    from hiwar.trace.queries.kinds import Node

STATES: Mapping[str, type[TextChoices]] = {
    "finding": Finding.Kind, "conclusion": Conclusion.Kind, "amended": AmendmentOutcome.Result,
    "ask": Ask.State,
    "answer": AnswerPoint.Verdict, "commitment": Commitment.State, "outcome": Outcome.Result,
    "proof": Proof.Says,
}  # fmt: skip
WITH_NUMBERS = {
    "statement": gettext_lazy("Statement %(number)s"),
    "recommendation": gettext_lazy("Recommendation %(number)s"),
    "proposal": gettext_lazy("Proposal %(number)s"),
    "comment": gettext_lazy("Comment %(number)s"),
    "ask": gettext_lazy("Ask %(number)s"),
    "point": gettext_lazy("Point %(number)s"),
    "answer": gettext_lazy("Answer to point %(number)s"),
    "draft": gettext_lazy("Draft %(number)s"),
}
PUBLIC_PAGES = {
    "statement": "public_dialogues:results", "finding": "public_dialogues:results",
    "draft": "public_dialogues:results", "session": "public_events:minutes",
    "conclusion": "public_events:minutes", "question": "public_events:minutes",
}  # fmt: skip
# Words whose language nobody noted.
UNKNOWN = "und"
LONGEST_NUMBER = 6


def code_of(node: Node) -> str:
    """Return how a node stands in an address of the trace."""
    if node.kind == "statement":
        return f"{node.code}-{node.number}"
    # What a paper cites and is not for everybody has no code of its own here.
    return node.code if node.kind == "session" and node.state != CITED_BY else node.key


def place_of(kind: str, code: str) -> tuple[str, str] | None:
    """Return the kind and key behind an address; None where it cannot be one."""
    if kind == "statement":
        dialogue, _dash, number = code.rpartition("-")
        if not (number.isdecimal() and len(number) <= LONGEST_NUMBER):
            return None
        statements = Statement.objects.filter(dialogue__code=dialogue, number=int(number))
        key = statements.values_list("pk", flat=True).first()
        return None if key is None else (kind, str(key))
    if kind == "session":
        event = Event.objects.filter(code=code).values_list("pk", flat=True).first()
        if event is not None:
            return kind, event.hex
    try:
        record = UUID(code)
    except ValueError:
        return None
    if kind == "recommendation":
        # A paper knows its recommendations by their blocks.
        rows = Recommendation.objects.filter(Q(pk=record) | Q(block=record))
        record = rows.values_list("pk", flat=True).first() or record
    return (kind, record.hex) if kind in KINDS else None


def name_of(node: Node) -> str:
    """Return what a node is called in short: its kind with its number, where it has one."""
    if node.state == CITED_BY:
        return str(KINDS[node.kind].word)
    if node.kind == "provision":
        return article_slug(node.number)
    if node.kind == "amended":
        return _("Article %(number)s") % {"number": article_slug(node.number.partition("__")[0])}
    if node.kind in WITH_NUMBERS and node.number:
        return str(WITH_NUMBERS[node.kind]) % {"number": node.number}
    return str(KINDS[node.kind].word)


def words_of(node: Node) -> MultilingualText:
    """Return the words of a node in every language it has; what is in none stands for all."""
    if UNKNOWN in node.texts:
        return MultilingualText({get_language() or settings.LANGUAGE_CODE: node.texts[UNKNOWN]})
    return MultilingualText(node.texts)


def state_of(node: Node) -> str:
    """Return what a node is or became in the reader's language; empty where nothing is to say."""
    if node.state == DISPUTED:
        return pgettext("asks", "disputed")
    states = STATES.get(node.kind)
    is_known = states is not None and node.state in states.values
    return str(states(node.state).label) if states is not None and is_known else ""


def desk_page(node: Node) -> str:
    """Return the address at the desk where a record is kept."""
    key = str(UUID(node.key)) if node.kind != "statement" else node.key
    pages = {
        "statement": ("dialogues:statements", node.code),
        "finding": ("dialogues:publications", node.code),
        "draft": ("dialogues:recommendations", node.code),
        "session": ("events:event", node.code), "conclusion": ("events:event", node.code),
        "question": ("events:event", node.code), "evidence": ("evidence:item", key),
        "fact": ("dossiers:facts", node.code), "media": ("evidence:media_item", key),
        "source": ("evidence:source", key), "recommendation": ("papers:paper", node.code),
        "ask": ("asks:ask", key),
    }  # fmt: skip
    if node.kind in pages:
        name, argument = pages[node.kind]
        return reverse(name, args=[argument])
    if node.kind == "instrument":
        return reverse("evidence:instruments")
    if node.kind in OF_ASKS:
        return reverse("asks:ask", args=[str(UUID(node.code))])
    law = str(UUID(node.code))
    if node.kind == "proposal":
        return reverse("legislation:amendment", args=[law, node.number])
    return reverse("legislation:law", args=[law])


def public_page(node: Node, language: str) -> str:
    """Return the address on the public site where a record is read; empty where there is none.

    What is known only from a paper that cites it is read in the notes of that paper.
    """
    paper = "public_papers:paper"
    if node.state == CITED_BY:
        return f"{reverse(paper, args=[language, node.code])}#note-{node.number}"
    if node.kind == "recommendation":
        return f"{reverse(paper, args=[language, node.code])}#r-{node.number}"
    if node.kind in PUBLIC_PAGES:
        return reverse(PUBLIC_PAGES[node.kind], args=[language, node.code])
    if node.kind in OF_ASKS or node.kind == "ask":
        ask = node.key if node.kind == "ask" else node.code
        return reverse("public_asks:ask", args=[language, ask])
    return _in_law(node, language) if node.kind in OF_LAWS else ""


def _in_law(node: Node, language: str) -> str:
    law = str(UUID(node.code))
    eid = node.number if node.kind == "amended" else node.state
    if not eid:
        return reverse("public_laws:law", args=[language, law])
    slug = article_slug(eid.partition("__")[0])
    return reverse("public_laws:article", args=[language, law, slug])


def law_behind(user: User | None, code: str) -> tuple[Law, str] | None:
    """Return the law and the address of an article within, from an address of the trace.

    ``user`` is None for everybody. None where the law is none that the reader may read.
    """
    key, _dot, slug = code.partition(".")
    laws = public_laws() if user is None else laws_for(user)
    try:
        law = laws.filter(pk=UUID(key)).first()
    except ValueError:
        return None
    return None if law is None or not slug else (law, article_eid(slug))


def on_article(graph: Graph, law: Law, eid: str) -> list[int]:
    """Return the places of what is on an article: comments, proposals, results, its text."""
    places = []
    for place, node in enumerate(graph.nodes):
        if node.code != law.pk.hex:
            continue
        own = node.number if node.kind in {"provision", "amended"} else node.state
        if own == eid or own.startswith(f"{eid}__"):
            places.append(place)
    return places


def owned_graph(user: User, now: datetime) -> Graph:
    """Return the graph of all dossiers that a person owns; five queries, however many."""
    owned = all_readable(user).filter(owner=user, archived_at=None)
    return graph_for(user, scope_of(owned.values_list("pk", flat=True)), now)
