"""The forum "First job, decent job": from its plan to what became of R4, with its known numbers."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import reverse

from factories.accounts import InstitutionFactory, UserFactory, sign_in_fully
from factories.contacts import PostFactory
from factories.dossiers import DossierFactory
from factories.events import EventFactory
from factories.evidence import make_item, make_source
from factories.papers import make_paper, make_ready
from hiwar.asks.actions.answers import Reply, record_answer
from hiwar.asks.actions.asks import write_ask
from hiwar.asks.actions.commitments import (
    Promised,
    add_proof,
    record_commitment,
    settle_commitment,
    verify_change,
)
from hiwar.asks.actions.points import (
    add_addressee,
    add_point,
    approve_addressees,
    record_addressee_state,
)
from hiwar.asks.queries.standing import is_late, standing_of
from hiwar.dialogues.actions.demo import load_dialogue
from hiwar.dialogues.actions.dialogues import close_dialogue, close_round, open_round
from hiwar.dialogues.actions.imports.scenario import bring_in, load_scenario
from hiwar.dialogues.actions.maps import refresh_opinion_map
from hiwar.dialogues.actions.publications import prepare_publication, publish
from hiwar.dialogues.actions.recommendations import set_recommendations
from hiwar.dialogues.models import Dialogue, Finding, MapRequest
from hiwar.dialogues.queries.results import mark_of_votes
from hiwar.events.models import Minutes
from hiwar.forums.actions.forums import approve_forum, start_forum
from hiwar.forums.actions.stages import PauseNotConfirmed, update_stage
from hiwar.forums.queries.forums import stages_of
from hiwar.forums.queries.warnings import calendar_of, warnings_of_days
from hiwar.papers.actions.evidence import cite
from hiwar.papers.actions.versions import freeze_paper, publish_paper
from hiwar.papers.models import Block
from hiwar.places.actions import load_place_pack

if TYPE_CHECKING:
    from hiwar.accounts.models import User
    from hiwar.forums.models import Forum

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive("journeys")]
DEMO = Path(__file__).resolve().parents[2] / "demo"
SCENARIO = DEMO / "scenario"
EXPECTED: dict[str, Any] = json.loads((SCENARIO / "expected.json").read_text("utf-8"))
PLANNED, HELD = datetime(2027, 1, 10, 9, tzinfo=UTC), datetime(2027, 3, 20, 9, tzinfo=UTC)
ASKED, ANSWERED = datetime(2027, 4, 1, 9, tzinfo=UTC), datetime(2027, 4, 14, 9, tzinfo=UTC)
OVERDUE = date(2027, 7, 1)


@pytest.fixture
def nadim(roles: None) -> User:
    InstitutionFactory.create()
    load_place_pack(actor=None, folder=DEMO / "places", now=PLANNED)
    return UserFactory.create(roles=["programme_manager"])


@pytest.fixture
def salma(roles: None) -> User:
    return UserFactory.create(roles=["director"])


@pytest.fixture
def dialogue(nadim: User, monkeypatch: pytest.MonkeyPatch) -> Dialogue:
    """Return the dialogue with all its votes and the answers of the third round."""
    monkeypatch.setattr("hiwar.dialogues.actions.demo.fill_demo", lambda *_parts: None)
    document = json.loads((DEMO / "dialogues/dialogue-youth-employment.json").read_text("utf-8"))
    subject = load_dialogue(
        document=document, folder=DEMO, runner=nadim, moderator=nadim, at=PLANNED
    )
    load_scenario(actor=nadim, dialogue=subject, folder=SCENARIO, now=PLANNED)
    texts = {code: {"ar": f"توصية {code}"} for code in EXPECTED["round3"]["result"]}
    last = subject.rounds.get(kind="recommend")
    set_recommendations(actor=nadim, round=last, texts=texts, now=PLANNED)
    close_round(actor=nadim, round=subject.rounds.get(kind="vote"), now=PLANNED)
    open_round(actor=nadim, round=last, now=PLANNED)
    bring_in(actor=nadim, dialogue=subject, file=SCENARIO / "s1-round3.csv", now=PLANNED)
    return subject


def plan(nadim: User, dialogue: Dialogue) -> Forum:
    """Plan the forum from its template, and put its rounds and the second session on the path."""
    dossier = DossierFactory.create(owner=nadim, visibility="public")
    dialogue.dossier = dossier
    dialogue.save(update_fields=["dossier"])
    forum = start_forum(
        actor=nadim, now=PLANNED, first_day=date(2027, 1, 31),
        values={
            "code": "first-job", "template": "policy_forum", "dossier": dossier,
            "title": {"ar": "أول وظيفة، وظيفة لائقة", "en": "First job, decent job"},
            "question": {"ar": "ما الذي يجعل أول وظيفة لائقة؟", "en": "What is a decent job?"},
            "who_decides": {"ar": "وزيرة العمل والمهارات"}, "decision_on": date(2027, 4, 15),
            "on_the_table": {"ar": "بدل التدريب"}, "visibility": "public",
        },
    )  # fmt: skip
    warned = warnings_of_days(calendar_of(forum), date(2027, 2, 14), date(2027, 2, 28))
    assert [warning.code for warning in warned] == ["fasting"]
    assert re.search(r"09:00.*14:00", warned[0].proposal)
    sessions = [stage for stage in stages_of(forum) if stage.kind == "session"]
    assert len(sessions) == 5
    friday = date(2027, 2, 5)
    values = {"starts_on": friday, "ends_on": friday, "starts": time(12), "ends": time(13)}
    with pytest.raises(PauseNotConfirmed):
        update_stage(actor=nadim, stage=sessions[0], values=values, now=PLANNED)
    event = EventFactory.create(
        code="S2", dossier=dossier, owner=nadim, visibility="public", published_at=PLANNED,
        held_at=HELD,
    )  # fmt: skip
    Minutes.objects.create(
        event=event, audience="public", drafted_by=nadim, drafted_at=HELD, published_at=HELD
    )
    update_stage(actor=nadim, stage=sessions[1], values={"event": event}, now=PLANNED)
    for part in dialogue.rounds.order_by("number"):
        stage = next(stage for stage in stages_of(forum) if stage.kind == part.kind)
        update_stage(actor=nadim, stage=stage, values={"round": part}, now=PLANNED)
    return forum


def check_desk(client: Client, forum: Forum) -> None:
    """One page tells who came back, what they said to each recommendation, and every floor."""
    page = client.get(reverse("forums:forum", args=[forum.code])).text
    plain = re.sub(r"<[^>]+>", " ", page)
    words = " ".join(plain.split())
    assert re.search(r"(وأجابوا|answered) 188\b", words)
    for code, support in (("R1", 176), ("R2", 157), ("R3", 167), ("R4", 158), ("R5", 150),
                          ("R6", 143)):  # fmt: skip
        result = EXPECTED["round3"]["result"][code]
        assert result["support"] == support
        row = f"{support} {result['object']} {result['abstain']}"
        assert re.search(rf"{code} .{{0,40}}{row}\b", words)
    assert page.count("tone-success") >= 4
    assert "tone-danger" not in page
    for share in ("52%", "68%", "6%"):
        assert share in words.replace("٪", "%"), share


def write_paper(basel: User, forum: Forum, dialogue: Dialogue) -> Block:
    """Write the paper whose R4 rests on statement 4 and the second session, and publish it."""
    paper = make_paper(basel, dossier=forum.dossier, forum=forum)
    block = Block.objects.get(paper=paper, kind="recommendation")
    event = next(stage.event for stage in stages_of(forum) if stage.event)
    for target, record in (("statement", dialogue.statements.get(number=4)), ("event", event)):
        cite(
            actor=basel, paper=paper, target=target, record=record, now=HELD,
            recommendation=block.recommendation,
        )  # fmt: skip
    make_ready(paper)
    freeze_paper(actor=basel, paper=paper, now=HELD)
    paper.refresh_from_db()
    publish_paper(actor=basel, paper=paper, now=HELD)
    return block


def check_three_clicks(block: Block, dialogue: Dialogue) -> None:
    """From R4 everybody comes to statement 4, its counts by sex, and the minutes of S2."""
    visitor = Client()
    page = visitor.get(
        reverse("public_trace:walk", args=["en", "recommendation", block.recommendation.pk.hex])
    ).text
    statement = reverse("public_trace:walk", args=["en", "statement", f"{dialogue.code}-4"])
    minutes = reverse("public_events:minutes", args=["en", "S2"])
    assert statement in page
    assert minutes in page
    counts = EXPECTED["statements"]["4"]
    second = visitor.get(statement).text
    assert f"{counts['agree']} of {counts['votes']} agree" in second
    assert re.search("(?i)women", second)
    assert visitor.get(minutes).status_code == 200
    assert block.recommendation.pk.hex in second


def test_the_question_goes_its_way_to_a_promise_that_is_kept_in_part(
    nadim: User, salma: User, dialogue: Dialogue
) -> None:
    forum = plan(nadim, dialogue)
    approve_forum(actor=salma, forum=forum, now=PLANNED)
    client = Client()
    sign_in_fully(client, nadim)
    check_desk(client, forum)
    close_dialogue(actor=nadim, dialogue=dialogue, now=HELD)
    dialogue.refresh_from_db()
    refresh_opinion_map(dialogue=dialogue, now=HELD)
    MapRequest.objects.update_or_create(
        dialogue=dialogue, defaults={"mark": mark_of_votes(dialogue)}
    )
    results = prepare_publication(actor=nadim, dialogue=dialogue, now=HELD)
    publish(actor=nadim, publication=results, now=HELD)
    shared = Finding.objects.get(kind="shared").rests_on.values_list("statement__number", flat=True)
    assert sorted(shared) == EXPECTED["shared_at_70_percent_in_both_groups"]
    block = write_paper(nadim, forum, dialogue)
    check_three_clicks(block, dialogue)

    assert forum.dossier is not None
    ask = write_ask(
        actor=nadim, dossier=forum.dossier, text={"ar": "نظام للتدريب المدفوع"},
        short={"ar": "بدل التدريب"}, now=ASKED,
    )  # fmt: skip
    post = PostFactory.create()
    point = add_point(
        actor=nadim, ask=ask, act={"ar": "بدل للمتدرب"}, target=block.recommendation,
        now=ASKED,
    )  # fmt: skip
    addressee = add_addressee(
        actor=nadim, ask=ask, post=post, answer_due=date(2027, 4, 15), now=ASKED
    )
    approve_addressees(actor=salma, ask=ask, now=ASKED)
    record_addressee_state(
        actor=nadim, addressee=addressee, state="delivered", day=date(2027, 4, 1), now=ASKED,
        source="سُلّم باليد",
    )  # fmt: skip
    answer = record_answer(
        actor=nadim, addressee=addressee, way="letter", answered_on=date(2027, 4, 14),
        reply=Reply({str(point.pk): "part"}, "نوافق جزئياً", date(2027, 6, 30)), now=ANSWERED,
    )  # fmt: skip
    promise = record_commitment(
        actor=nadim, point=point, post=post, origin=answer, now=ANSWERED,
        promised=Promised({"ar": "نظام لبدل التدريب"}, date(2027, 4, 14), date(2027, 6, 30)),
    )  # fmt: skip
    assert not is_late(promise, date(2027, 6, 30))
    assert is_late(promise, OVERDUE)
    item = make_item(make_source(nadim), dossier=forum.dossier)
    add_proof(
        actor=nadim, commitment=promise, shown_by=item, says="part", brought_on=date(2027, 6, 25),
        now=datetime(2027, 6, 25, 9, tzinfo=UTC),
    )  # fmt: skip
    change = settle_commitment(
        actor=nadim, commitment=promise, state="part", day=date(2027, 6, 25),
        reason="المادة عُدلت لمن يتجاوز تدريبه ثلاثين يوماً", source="الجريدة الرسمية",
        now=datetime(2027, 6, 25, 9, tzinfo=UTC),
    )  # fmt: skip
    verify_change(actor=salma, change=change, now=datetime(2027, 6, 26, 9, tzinfo=UTC))
    assert standing_of(nadim, ask, OVERDUE).state == "part"
    part = client.get(reverse("asks:of_forum", args=[forum.code])).text
    assert str(standing_of(nadim, ask, OVERDUE).label) in part
    papers = client.get(reverse("papers:of_forum", args=[forum.code])).text
    assert reverse("papers:paper", args=["training-pay"]) in papers
    # The way goes on from what was heard to the ask; everybody finds the forum and its results.
    public = Client().get(reverse("public_forums:forum", args=["en", forum.code])).text
    assert "240 people" in public
    assert reverse("public_trace:dossier", args=["en", forum.dossier.code]) in public
