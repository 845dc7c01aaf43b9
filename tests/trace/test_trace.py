"""The ways from what was heard to what was changed, and what a reader sees of them."""

from __future__ import annotations

import hashlib
import io
import json
import random
import re
import zipfile
from typing import TYPE_CHECKING

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from factories.accounts import InstitutionFactory, UserFactory, sign_in_fully
from factories.asks import AddresseeFactory, AnswerFactory, AskPointFactory
from factories.contacts import PostFactory
from factories.dialogues import DialogueFactory, StatementFactory
from factories.dossiers import BarrierFactory, FactFactory
from factories.events import EventFactory
from factories.papers import make_paper, make_ready
from factories.trace import NOW, make_chain, publish_results
from hiwar.asks.models import Addressee, Answer, AnswerPoint, Ask, AskPoint, Commitment
from hiwar.dialogues.models import Dialogue, Statement
from hiwar.events.models import Conclusion, Event
from hiwar.papers.actions.evidence import cite
from hiwar.papers.actions.papers import reopen_paper
from hiwar.papers.actions.versions import freeze_paper, publish_paper
from hiwar.papers.models import Block, Paper, Recommendation
from hiwar.trace.exports.drawing import draw_river, longest_way
from hiwar.trace.queries.edges import CITED, LINKS, NOT_LINKS
from hiwar.trace.queries.graphs import graph_for, graph_of, walk_from
from hiwar.trace.queries.kinds import KINDS, Node
from hiwar.trace.queries.river import orphans_of, river_of, scores_of
from hiwar.trace.queries.scopes import scope_around, scope_of
from roles import PERMITS, roles_that_differ

if TYPE_CHECKING:
    from hiwar.accounts.models import User

SECRET = "withheldword"


def test_every_key_to_something_traced_is_a_link_or_is_none() -> None:
    traced = {kind.model for kind in KINDS.values()}
    read = {(link.model._meta.label, path) for link in LINKS
            for path in (link.source_path, link.target_path)}  # fmt: skip
    read |= {("papers.Citation", key) for key in CITED}
    open_questions = [
        f"{model._meta.label}.{field.name}"
        for room in ("papers", "asks", "forums", "legislation")
        for model in apps.get_app_config(room).get_models()
        for field in (*model._meta.fields, *model._meta.many_to_many)
        if field.related_model in traced and not field.auto_created
        and (model._meta.label, field.name) not in read
        and f"{model._meta.label}.{field.name}" not in NOT_LINKS
    ]  # fmt: skip
    assert open_questions == []


def random_graph(seed: int) -> tuple[list[Node], set[tuple[tuple[str, str], tuple[str, str]]]]:
    """Return 200 nodes with titles of their own and about 400 edges between stations."""
    chance = random.Random(seed)
    kinds = sorted(KINDS)
    nodes = [
        Node(kind, f"{at:032x}", {"en": f"{SECRET}-{at}-"}, f"code-{at}-", str(at))
        for at, kind in enumerate(chance.choices(kinds, k=200))
    ]
    edges = set()
    for _try in range(400):
        source, target = chance.sample(nodes, 2)
        if source.station <= target.station or chance.random() < 0.05:
            edges.add((source.at, target.at))
    return nodes, edges


@pytest.mark.parametrize("seed", range(12))
def test_nothing_of_what_is_hidden_comes_out_of_a_random_graph(seed: int) -> None:
    nodes, edges = random_graph(seed)
    chance = random.Random(1000 + seed)
    share = chance.choice((0.1, 0.5, 0.9))
    seen = [node for node in nodes if chance.random() < share]
    hidden = [node for node in nodes if node not in seen]
    graph = graph_of(seen, edges)
    answer = repr((graph, walk_from(graph, range(min(3, len(seen)))), river_of(graph),
                   scores_of(graph), orphans_of(graph)))  # fmt: skip
    assert [node for node in hidden if node.texts["en"] in answer or node.key in answer] == []
    # A gap stands between two that are seen and not joined, and a way through what is not seen
    # joins them; nothing else is told, and a row that leads nowhere changes nothing.
    assert all((gap.source, gap.target) not in graph.edges for gap in graph.gaps)
    dead_end = Node("amended", "f" * 32, {"en": SECRET}, "", "")
    more = {*edges, *((node.at, dead_end.at) for node in nodes)}
    assert graph_of(seen, more) == graph
    assert scores_of(graph_of(seen, more)) == scores_of(graph)


def test_a_gap_is_announced_and_an_end_is_not() -> None:
    heard, paper, ask = (Node(kind, kind * 2, {"en": kind}) for kind in
                         ("statement", "recommendation", "ask"))  # fmt: skip
    edges = {(heard.at, paper.at), (paper.at, ask.at)}
    graph = graph_of([heard, ask], edges)
    walk = walk_from(graph, [graph.places[ask.at]])
    assert [(step.station, step.is_withheld, len(step.nodes)) for step in walk.back] == [
        (3, True, 0), (1, False, 1),
    ]  # fmt: skip
    alone = graph_of([heard], edges)
    assert (alone.gaps, alone.edges) == ((), ())


@pytest.fixture
def reader(db: None, roles: object) -> User:
    InstitutionFactory.create()
    return UserFactory.create(roles=["programme_manager"])


def test_a_recommendation_leads_to_its_statements_and_the_session(reader: User) -> None:
    make_chain(reader)
    recommendation = Block.objects.get(kind="recommendation").recommendation
    client = Client()
    sign_in_fully(client, reader)
    page = client.get(reverse("trace:walk", args=["recommendation", recommendation.pk.hex]))
    text = page.content.decode()
    first = reverse("trace:walk", args=["statement", "SOC-1"])
    assert first in text
    assert reverse("events:event", args=["S2"]) in text
    back = client.get(first).content.decode()
    assert recommendation.pk.hex in back


def queries_of(client: Client, path: str) -> tuple[int, str]:
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path)
    assert response.status_code == 200, path
    return len(captured), response.content.decode()


def test_without_script_the_drawing_is_a_picture_and_takes_no_stop(reader: User) -> None:
    client = Client()
    sign_in_fully(client, reader)
    shown = client.get(reverse("trace:dossier", args=[make_chain(reader).code])).text
    drawing = shown.partition('<svg class="river-drawing"')[2].partition("</svg>")[0]
    assert 'aria-hidden="true"' in drawing
    assert 'tabindex="0"' not in drawing
    assert 'data-links="0-' in drawing


def test_pages_ask_as_often_for_much_as_for_little(reader: User) -> None:
    dossier = make_chain(reader, 3)
    recommendation = Block.objects.get(kind="recommendation").recommendation
    client = Client()
    sign_in_fully(client, reader)
    paths = [
        reverse("trace:dossier", args=[dossier.code]),
        reverse("trace:walk", args=["recommendation", recommendation.pk.hex]),
        reverse("trace:walk", args=["statement", "SOC-1"]),
    ]
    for path in paths:
        client.get(path)
    few = [queries_of(client, path)[0] for path in paths]
    dialogue = Dialogue.objects.get(code="SOC")
    for number in range(50, 90):
        StatementFactory.create(dialogue=dialogue, number=number)
        Conclusion.objects.create(
            event=EventFactory.create(dossier=dossier), kind="agreed", text={"en": "Agreed"}
        )
    many = [queries_of(client, path) for path in paths]
    assert [count for count, _text in many] == few
    assert max(few) <= 12


def test_a_paper_without_a_dossier_brings_what_it_cites_wherever_it_is_cited(reader: User) -> None:
    event = EventFactory.create(code="S9")
    dialogue = DialogueFactory.create()
    said = StatementFactory.create(dialogue=dialogue, number=1, event=event)
    in_text = StatementFactory.create(dialogue=dialogue, number=2)
    publish_results(dialogue, range(1, 3))
    paper = make_paper(reader)
    recommendation = Block.objects.get(paper=paper, kind="recommendation").recommendation
    assert kinds_of(reader, paper) == ["recommendation"]
    cite(actor=reader, paper=paper, target="statement", record=said, now=NOW,
         recommendation=recommendation)  # fmt: skip
    cite(actor=reader, paper=paper, target="statement", record=in_text, now=NOW)
    fact = FactFactory.create()
    cite(actor=reader, paper=paper, target="fact", record=fact, now=NOW)
    # A session comes with what was said in it; what is cited in the text alone is joined to none.
    assert kinds_of(reader, paper) == [
        "fact",
        "recommendation",
        "session",
        "statement",
        "statement",
    ]
    graph = graph_for(reader, scope_of([], [paper.pk]), NOW)
    at = graph.places["statement", str(in_text.pk)]
    assert all(at not in line for line in graph.lines())
    at = graph.places["statement", str(said.pk)]
    assert {graph.nodes[place].kind for place in graph.after([at])} == {
        "statement", "recommendation",
    }  # fmt: skip
    # Who owns nothing has nothing that stands alone, and nothing is asked for it.
    assert graph_for(reader, scope_of([]), NOW).nodes == ()


def kinds_of(user: User, paper: Paper) -> list[str]:
    graph = graph_for(user, scope_of([], [paper.pk]), NOW)
    return sorted(node.kind for node in graph.nodes)


def publish(paper: Paper) -> None:
    paper.refresh_from_db()
    freeze_paper(actor=paper.started_by, paper=paper, now=NOW)
    paper.refresh_from_db()
    publish_paper(actor=paper.started_by, paper=paper, now=NOW)


def test_everybody_walks_what_was_frozen_and_nothing_else(reader: User) -> None:
    dossier = make_chain(reader)
    paper = Paper.objects.get()
    recommendation = Block.objects.get(kind="recommendation").recommendation
    walk = reverse("public_trace:walk", args=["en", "recommendation", recommendation.pk.hex])
    client = Client()
    assert client.get(walk).status_code == 404
    publish(make_ready(paper))
    text = client.get(walk).content.decode()
    statement = reverse("public_trace:walk", args=["en", "statement", "SOC-1"])
    assert statement in text
    assert "Said 1" in text
    assert "9 of 12 agree" in text
    assert "women" in text
    assert reverse("public_events:minutes", args=["en", "S2"]) in text
    back = client.get(statement).content.decode()
    assert recommendation.pk.hex in back
    assert reverse("public_dialogues:results_statements", args=["en", "SOC", 1]) in back
    # The dossier is for staff alone, and so is what is added to the paper after it was frozen.
    assert dossier.title["en"] not in text + back
    assert client.get(reverse("public_trace:dossier", args=["en", dossier.code])).status_code == 404
    paper.refresh_from_db()
    reopen_paper(actor=reader, paper=paper, now=NOW)
    fourth = Statement.objects.get(number=4)
    cite(actor=reader, paper=paper, target="statement", record=fourth, now=NOW,
         recommendation=recommendation)  # fmt: skip
    assert "Said 4" not in client.get(walk).content.decode()
    alone = client.get(reverse("public_trace:walk", args=["en", "statement", "SOC-4"]))
    assert recommendation.pk.hex not in alone.content.decode()
    river = client.get(reverse("public_trace:paper", args=["en", paper.code])).content.decode()
    assert "Said 1" in river
    # The page of the paper leads to the ways of its recommendation, by the key of its block.
    page = client.get(reverse("public_papers:paper", args=["en", paper.code])).content.decode()
    block = str(recommendation.block_id)
    by_block = reverse("public_trace:walk", args=["en", "recommendation", block])
    assert by_block in page
    assert "Said 1" in client.get(by_block).content.decode()
    # A session that only the paper cites, and that is for staff, is named by its key.
    session = Event.objects.get(code="S2")
    Event.objects.filter(pk=session.pk).update(visibility="institution")
    cited = reverse("public_trace:walk", args=["en", "session", session.pk.hex])
    text = client.get(walk).content.decode()
    assert reverse("public_events:minutes", args=["en", "S2"]) not in text
    assert (cited in text) == ("/trace/session/" in text)
    assert client.get(cited).status_code == (200 if cited in text else 404)


@pytest.mark.parametrize("role", roles_that_differ("papers", "events", among=tuple(PERMITS)))
def test_the_desk_joins_only_what_the_reader_may_read(reader: User, role: str) -> None:
    dossier = make_chain(reader)
    Event.objects.update(visibility="personal", owner=reader, title={"en": SECRET})
    Paper.objects.update(visibility="personal")
    Block.objects.update(texts={"en": SECRET})
    Conclusion.objects.update(text={"en": SECRET})
    key = Block.objects.get(kind="recommendation").recommendation.pk.hex
    client = Client()
    sign_in_fully(client, UserFactory.create(roles=[] if role == "outsider" else [role]))
    paths = [
        reverse("trace:dossier", args=[dossier.code]), reverse("trace:orphans"),
        reverse("trace:walk", args=["statement", "SOC-1"]),
        reverse("trace:walk", args=["session", "S2"]),
        reverse("trace:walk", args=["recommendation", key]),
        reverse("dossiers:dossier", args=[dossier.code]), reverse("accounts:morning"),
    ]  # fmt: skip
    for path in paths:
        text = client.get(path).content.decode()
        assert SECRET not in text, path
        assert path.endswith(f"{key}/") or key not in text, path


def test_figures_say_what_they_are_of_and_what_stands_alone_is_told_its_owner(
    reader: User,
) -> None:
    dossier = make_chain(reader)
    client = Client()
    sign_in_fully(client, reader)
    page = client.get(reverse("trace:dossier", args=[dossier.code]))
    scores = {score.code: (score.count, score.of) for score in page.context["scores"]}
    assert scores == {"origin": (1, 1), "evidence": (1, 1), "voice": (3, 4), "changed": (0, 0)}
    groups = client.get(reverse("trace:orphans")).context["groups"]
    assert [(group.code, len(nodes)) for group, nodes in groups] == [("cited_nowhere", 1)]
    assert reverse("trace:orphans") in client.get(reverse("accounts:morning")).content.decode()


def test_a_statement_leads_to_the_answer_and_the_promise_on_its_own_point(reader: User) -> None:
    dossier = make_chain(reader)
    recommendation = Block.objects.get(kind="recommendation").recommendation
    ask = Ask.objects.create(
        dossier=dossier, number=1, text={"en": "Pay in time"}, short={"en": "Pay"},
        state="approved", created_at=NOW,
    )  # fmt: skip
    points = [
        AskPoint.objects.create(ask=ask, number=at + 1, act={"en": f"Act {at + 1}"}, **more)
        for at, more in enumerate(({"recommendation": recommendation}, {}))
    ]
    addressee = Addressee.objects.create(ask=ask, post=PostFactory.create())
    answer = Answer.objects.create(
        addressee=addressee, way="letter", words="We agree", answered_on=NOW, recorded_at=NOW,
        recorded_by=reader,
    )  # fmt: skip
    for point in points:
        AnswerPoint.objects.create(answer=answer, point=point, verdict="part")
        Commitment.objects.create(
            point=point, post=addressee.post, words={"en": f"Promise {point.number}"},
            made_on=NOW, answer=answer, recorded_by=reader, recorded_at=NOW,
        )  # fmt: skip
    graph = graph_for(
        reader, scope_around("statement", str(Statement.objects.get(number=1).pk)), NOW
    )
    start = next(at for at, node in enumerate(graph.nodes) if node.texts.get("ar") == "رأي رقم 1")
    forward = walk_from(graph, [start]).forward
    assert [(step.station, len(step.nodes)) for step in forward] == [
        (3, 1), (4, 1), (5, 1), (6, 1),
    ]  # fmt: skip
    assert forward[-1].nodes[0].texts == {"en": "Promise 1"}
    client = Client()
    sign_in_fully(client, reader)
    page = client.get(reverse("trace:walk", args=["point", points[0].pk.hex])).content.decode()
    assert "Promise 1" in page
    assert "Promise 2" not in page
    assert recommendation.pk.hex in page
    # Nobody outside reads an ask that is for staff.
    assert (
        Client().get(reverse("public_trace:walk", args=["en", "point", points[0].pk.hex]))
    ).status_code == 404


def test_files_say_what_the_page_says_and_nothing_that_is_withheld(reader: User) -> None:
    dossier = make_chain(reader)
    Conclusion.objects.update(text={"en": SECRET})
    Event.objects.update(visibility="personal", owner=None)
    client = Client()
    sign_in_fully(client, reader)
    path = reverse("trace:dossier_files", args=[dossier.code])
    content = client.get(path).content
    assert client.get(path).content == content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    assert SECRET.encode() not in b"".join(files.values())
    sums = dict(
        reversed(line.split("  ")) for line in files["SHA256SUMS"].decode().split("\n")[:-1]
    )
    assert sums == {
        name: hashlib.sha256(files[name]).hexdigest() for name in files if name != "SHA256SUMS"
    }
    linked = json.loads(files["trace.jsonld"])["@graph"]
    recommended = next(node for node in linked if node["kind"] == "recommendation")
    heard = {node["@id"] for node in linked if node["kind"] == "statement"}
    assert len(recommended["derived"]) == 3
    assert set(recommended["derived"]) < heard
    assert len(files["edges.csv"].splitlines()) == 4
    targets = set(re.findall(rb'href="#(n\d+)"', files["index.html"]))
    assert targets <= set(re.findall(rb'id="(n\d+)"', files["index.html"]))
    assert len(targets) == 4


def test_barriers_are_found_by_what_was_promised_about_them(reader: User) -> None:
    barrier = BarrierFactory.create(dossier=make_chain(reader), groups=["women"])
    Recommendation.objects.update(barrier=barrier)
    point = AskPointFactory.create(recommendation=Recommendation.objects.get())
    answer = AnswerFactory.create(addressee=AddresseeFactory.create(ask=point.ask))
    Commitment.objects.create(
        point=point, post=answer.addressee.post, words={"en": "Women drive by June"},
        made_on=NOW, answer=answer, recorded_by=reader, recorded_at=NOW, state="kept",
    )  # fmt: skip
    client = Client()
    sign_in_fully(client, reader)
    page = reverse("dossiers:barriers")
    kept = client.get(page, {"group": "women", "link": "commitment:kept"}).content.decode()
    assert "Women drive by June" in kept
    assert str(barrier.title) in kept
    asked_of = client.get(page, {"group": "youth", "link": "commitment:kept"}).content.decode()
    assert "Women drive by June" not in asked_of


def test_the_river_is_drawn_from_where_reading_begins_with_one_whole_way(reader: User) -> None:
    dossier = make_chain(reader)
    graph = graph_for(reader, scope_of([dossier.pk]), NOW)
    drawn = {
        is_mirrored: draw_river(
            graph, river_of(graph), lambda node: node.key, is_mirrored=is_mirrored
        )
        for is_mirrored in (False, True)
    }
    left, right = drawn[False], drawn[True]
    assert left is not None
    assert right is not None
    assert [node.name for node in left.way] == [node.name for node in right.way]
    assert len(left.way) > 1
    # Within a station too, in whatever order its kinds stand; what lies on a circle is on no way.
    nodes = [Node("proposal", "b", {}), Node("recommendation", "a", {}), Node("amended", "c", {}),
             Node("statement", "s", {}), Node("statement", "t", {})]  # fmt: skip
    edges = [
        (("recommendation", "a"), ("proposal", "b")),
        (("proposal", "b"), ("amended", "c")),
        (("statement", "s"), ("statement", "t")),
        (("statement", "t"), ("statement", "s")),
    ]
    small = graph_of(nodes, edges)
    way = longest_way(small, small.lines())
    assert [small.nodes[place].key for place in way] == ["a", "b", "c"]
    # From the left the way goes on to the right, and the other way round.
    assert [node.x for node in left.way] == sorted(node.x for node in left.way)
    assert [right.width - node.x - right.box_width for node in right.way] == [
        node.x for node in left.way
    ]
    assert {ribbon.is_on_way for ribbon in left.ribbons} == {True, False}
    assert len(left.ribbons) == len(set(graph.lines()))
    client = Client()
    sign_in_fully(client, reader)
    page = client.get(reverse("trace:dossier", args=[dossier.code])).content.decode()
    assert page.count('class="ribbon') == len(left.ribbons)
    # Who hears the page hears the list, once.
    assert '<path class="ribbon' in page
