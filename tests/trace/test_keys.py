"""Findings, sessions of statements and drafts: keys that are read, and what they may not tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from factories.accounts import UserFactory
from factories.dialogues import DialogueFactory, StatementFactory
from factories.dossiers import DossierFactory
from factories.events import EventFactory
from factories.evidence import make_item, make_source
from factories.legislation import make_law, make_version
from factories.papers import NOW, make_paper, make_writer
from hiwar.accounts.actions.people import NotAllowed
from hiwar.dialogues.actions.publications import publish, withdraw
from hiwar.dialogues.actions.statements import set_session
from hiwar.dialogues.models import Finding, Publication, Recommendation
from hiwar.events.actions.minutes import state_by_evidence
from hiwar.events.models import Conclusion
from hiwar.legislation.models import Amendment, Law
from hiwar.papers.actions.evidence import NotCitable, cite, update_recommendation
from hiwar.papers.models import Block
from hiwar.papers.queries.citations import Readings
from hiwar.papers.queries.picker import citable, find_citable
from hiwar.trace.queries.graphs import graph_for, public_graph
from hiwar.trace.queries.scopes import scope_of

if TYPE_CHECKING:
    from hiwar.accounts.models import User
    from hiwar.dialogues.models import Dialogue
    from hiwar.papers.models import Paper

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer(roles: object) -> User:
    return make_writer()


@pytest.fixture
def dialogue(writer: User) -> Dialogue:
    """Return a closed dialogue of three statements: two shared, one dividing."""
    subject = DialogueFactory.create(dossier=DossierFactory.create(owner=writer), state="closed")
    for number in (1, 2, 3):
        StatementFactory.create(dialogue=subject, number=number)
    return subject


def results(dialogue: Dialogue, version: int = 1) -> Publication:
    rows = [
        {"number": number, "texts": {"en": f"Said {number}"}, "shared": number < 3,
         "dividing": number == 3, "counts": {"agree": 9, "disagree": 2, "pass": 1, "seen": 12}}
        for number in (1, 2, 3)
    ]  # fmt: skip
    return Publication.objects.create(
        dialogue=dialogue, version=version, made_at=NOW,
        document={"statements": rows, "tables": [], "tier": "A"},
    )  # fmt: skip


def paper_of(dialogue: Dialogue, writer: User) -> tuple[Paper, Block]:
    paper = make_paper(writer, dossier=dialogue.dossier)
    return paper, Block.objects.get(paper=paper, kind="recommendation")


def edges_by_kind(dialogue: Dialogue, reader: User) -> set[tuple[str, str]]:
    graph = graph_for(reader, scope_of([dialogue.dossier_id]), NOW)
    return {(graph.nodes[a].kind, graph.nodes[b].kind) for a, b in graph.edges}


def test_publishing_writes_findings_that_papers_rest_on(dialogue: Dialogue, writer: User) -> None:
    publication = results(dialogue)
    assert not Finding.objects.exists()
    publish(actor=writer, publication=publication, now=NOW)
    rests_on = {
        finding.kind: sorted(finding.rests_on.values_list("statement__number", flat=True))
        for finding in Finding.objects.all()
    }
    assert rests_on == {"shared": [1, 2], "dividing": [3]}
    shared = Finding.objects.get(kind="shared")
    assert {"ar", "en"} <= set(shared.text)
    assert "1" in shared.text["ar"]
    paper, block = paper_of(dialogue, writer)
    assert find_citable(writer, paper, "finding", "shared") == [shared]
    citation = cite(
        actor=writer, paper=paper, target="finding", record=shared, now=NOW,
        recommendation=block.recommendation,
    )  # fmt: skip
    assert citation.seen["round"] == 1
    assert {("statement", "finding"), ("finding", "recommendation")} <= edges_by_kind(
        dialogue, writer
    )
    # A newer version marks the use; a withdrawn one ends it.
    publish(actor=writer, publication=results(dialogue, 2), now=NOW)
    assert Readings(NOW).of(citation).is_stale
    withdraw(actor=writer, publication=publication, reason="counted twice", now=NOW)
    citation.finding.publication.refresh_from_db()
    assert Readings(NOW).of(citation).ended
    other = Finding.objects.get(kind="dividing", publication=publication)
    with pytest.raises((NotAllowed, NotCitable)):
        cite(actor=writer, paper=paper, target="finding", record=other, now=NOW)
    assert not citable(UserFactory.create(roles=["finance_viewer"]), "finding").exists()


def test_a_statement_says_in_which_session_it_was_said(dialogue: Dialogue, writer: User) -> None:
    statement = dialogue.statements.get(number=1)
    event = EventFactory.create(dossier=dialogue.dossier, owner=writer)
    set_session(actor=writer, statement=statement, event=event, now=NOW)
    statement.refresh_from_db()
    assert (statement.event, statement.source) == (event, "session")
    assert ("session", "statement") in edges_by_kind(dialogue, writer)
    closed = EventFactory.create(owner=UserFactory.create(), visibility="personal")
    with pytest.raises(NotAllowed):
        set_session(actor=writer, statement=statement, event=closed, now=NOW)
    with pytest.raises(NotAllowed):
        set_session(
            actor=UserFactory.create(roles=["media"]), statement=statement, event=None, now=NOW
        )
    # A session without public minutes is neither seen by everybody nor announced as a gap.
    publish(actor=writer, publication=results(dialogue), now=NOW)
    graph = public_graph(scope_of([dialogue.dossier_id]), NOW)
    assert {node.kind for node in graph.nodes} == {"statement"}
    assert graph.gaps == ()


def test_a_recommendation_goes_back_to_the_draft_that_people_answered(
    dialogue: Dialogue, writer: User
) -> None:
    draft = Recommendation.objects.create(
        round=dialogue.rounds.get(), code="R4", text={"en": "Pay within thirty days"}
    )
    paper, block = paper_of(dialogue, writer)
    assert paper.dossier == dialogue.dossier
    update_recommendation(
        actor=writer, recommendation=block.recommendation, values={"draft": draft}, equity=[],
        now=NOW,
    )  # fmt: skip
    assert ("draft", "recommendation") in edges_by_kind(dialogue, writer)


def test_a_conclusion_says_by_which_evidence_it_is_stated(dialogue: Dialogue, writer: User) -> None:
    event = EventFactory.create(dossier=dialogue.dossier, owner=writer)
    text = {"en": "Pay within thirty days"}
    conclusion = Conclusion.objects.create(event=event, kind="agreed", text=text)
    item = make_item(make_source(writer), dossier=dialogue.dossier)
    state_by_evidence(actor=writer, conclusion=conclusion, item=item, now=NOW)
    assert ("conclusion", "evidence") in edges_by_kind(dialogue, writer)
    closed = make_item(make_source(UserFactory.create(roles=["researcher"])), visibility="personal")
    with pytest.raises(NotAllowed):
        state_by_evidence(actor=writer, conclusion=conclusion, item=closed, now=NOW)
    with pytest.raises(NotAllowed):
        state_by_evidence(
            actor=UserFactory.create(roles=["media"]), conclusion=conclusion, item=None, now=NOW
        )


def test_a_recommendation_leads_to_the_proposal_that_puts_it_into_words_of_law(
    dialogue: Dialogue, writer: User
) -> None:
    paper, block = paper_of(dialogue, writer)
    law = make_law(writer)
    version = make_version(law)
    amendment = Amendment.objects.create(
        law=law, version=version, number=1, kind="repeal", eid="art_1", reason={"en": "Unclear"},
        created_by=writer, created_at=NOW,
    )  # fmt: skip
    values = {"amendment": amendment}

    def change(actor: User) -> None:
        update_recommendation(
            actor=actor, recommendation=block.recommendation, values=values, equity=[], now=NOW
        )

    # A draft is nobody's position yet, and a law that somebody may not read is not pointed at.
    with pytest.raises(NotAllowed):
        change(writer)
    Amendment.objects.update(state="adopted")
    Law.objects.update(visibility="personal", owner=UserFactory.create())
    with pytest.raises(NotAllowed):
        change(writer)
    Law.objects.update(visibility="institution")
    change(writer)
    graph = graph_for(writer, scope_of([], [paper.pk]), NOW)
    kinds = {(graph.nodes[a].kind, graph.nodes[b].kind) for a, b in graph.edges}
    assert ("recommendation", "proposal") in kinds
    # Everybody reads it where the paper was frozen, and there is no such paper yet.
    assert not public_graph(scope_of([], [paper.pk]), NOW).edges
