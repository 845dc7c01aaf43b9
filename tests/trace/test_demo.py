"""The chain of the demonstration: from what people said to an article that changed, and back."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from django.apps import apps
from django.conf import settings
from django.urls import reverse

from hiwar.accounts.actions.demo import load_demo, load_parts, remove_demo, remove_parts
from hiwar.accounts.models import User
from hiwar.asks.models import Ask, Commitment
from hiwar.asks.queries.standing import is_late, standing_of
from hiwar.common.dates import local_day
from hiwar.dialogues.actions import demo
from hiwar.dialogues.models import Dialogue
from hiwar.legislation.models import AmendmentOutcome, Law, Provision
from hiwar.papers.models import Block, Paper

if TYPE_CHECKING:
    from datetime import datetime

    from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive("demo")]
LANGUAGES = ("ar", "en")


@pytest.fixture
def loaded(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """Load the demonstration without the votes of the youth dialogue, which imports bring."""
    monkeypatch.setattr(demo, "fill_demo", lambda *_parts: None)
    document = json.loads((settings.DEMO_FOLDER / "institution.json").read_text("utf-8"))
    load_demo(document=document, at=now)
    assert load_parts(folder=settings.DEMO_FOLDER, at=now).wrong == []


def links_in(client: Client, path: str) -> str:
    page = client.get(path)
    assert page.status_code == 200, path
    return page.content.decode()


def two_papers_of_eleven_recommendations() -> None:
    assert Law.objects.count() == 1
    articles = Provision.objects.filter(kind="article", version__language="ar")
    assert Counter(articles.values_list("version__number", flat=True)) == {1: 16, 2: 17}
    states = dict(Paper.objects.values_list("code", "state"))
    assert states == {
        "a-fund-people-can-trust": "published", "from-training-to-decent-job": "review",
    }  # fmt: skip
    counts = Counter(
        Block.objects.filter(kind="recommendation").values_list("paper__code", flat=True)
    )
    assert sorted(counts.values()) == [5, 6]


def one_ask_is_refused_and_one_promise_late(now: datetime) -> None:
    today = local_day(now)
    # Everybody reads no more than that an answer came, where it may not be published.
    reader = User.objects.filter(roles__code="director").earliest("pk")
    asks = Ask.objects.exclude(points=None).distinct()
    states = {
        ask.short["en"]: {
            standing.state
            for _point, row in standing_of(reader, ask, today).rows
            for standing in row
        }
        for ask in asks
    }
    assert states["Budget of the training fund"] == {"declined"}
    assert "promise_late" in states["Training pay and transport"]
    # Nobody says *met* of a point but who confirmed what became of its amendment.
    assert states["Published accounts, an elected council"] == {"met", "unmet"}
    late = [each for each in Commitment.objects.all() if is_late(each, today)]
    assert [each.point.ask.dossier.code for each in late] == ["YE"]
    results = dict(AmendmentOutcome.objects.values_list("amendment__eid", "result"))
    assert results == {
        "art_5": "same", "art_6": "stronger", "art_8": "same", "art_9": "absent",
        "art_11": "same", "art_14": "stronger",
    }  # fmt: skip


def three_clicks_lead_to_statement_counts_and_minutes(client: Client, language: str) -> None:
    paper = Paper.objects.get(code="a-fund-people-can-trust")
    page = links_in(client, reverse("public_papers:paper", args=[language, paper.code]))
    fourth = Block.objects.filter(paper=paper, kind="recommendation").order_by("position")[3]
    # One: from the recommendation in the published paper to its ways.
    walk = reverse("public_trace:walk", args=[language, "recommendation", str(fourth.pk)])
    assert walk in page
    ways = links_in(client, walk)
    # Two: what was said. Three: the counts, also by sex, and the minutes of the session.
    code = Dialogue.objects.get(slug="social-security").code
    seventh, eighth = (
        reverse("public_trace:walk", args=[language, "statement", f"{code}-{number}"])
        for number in (7, 8)
    )
    assert seventh in ways
    assert eighth in ways
    by_sex = links_in(client, seventh)
    women = "116 من 144" if language == "ar" else "116 of 144"
    assert women in by_sex
    counts = reverse("public_dialogues:results_statements", args=[language, code, 1])
    assert counts in by_sex
    assert links_in(client, counts)
    said = links_in(client, eighth)
    minutes = reverse("public_events:minutes", args=[language, "T3"])
    assert minutes in said
    assert minutes in ways
    assert links_in(client, minutes)
    # And from the statement on: proposal, point, answer, and the article as it stands now.
    law = Law.objects.get()
    text = "للأرمل ما للأرملة" if language == "ar" else "a widower has what a widow has"
    assert text in said
    assert reverse("public_laws:article", args=[language, law.pk, "11"]) in said
    article = reverse("public_trace:article", args=[language, f"{law.pk}.11"])
    assert eighth in links_in(client, article)


def all_of_it_goes() -> None:
    assert remove_parts(folder=settings.DEMO_FOLDER) > 0
    remove_demo()
    rooms = ("legislation", "dialogues", "events", "papers", "asks", "forums", "evidence")
    kept = [
        (model.__name__, model._default_manager.count())
        for room in rooms
        for model in apps.get_app_config(room).get_models()
        if model._default_manager.exists()
    ]
    assert kept == []


def test_a_statement_leads_to_a_changed_article_and_back(
    loaded: None, client: Client, now: datetime
) -> None:
    two_papers_of_eleven_recommendations()
    one_ask_is_refused_and_one_promise_late(now)
    for language in LANGUAGES:
        three_clicks_lead_to_statement_counts_and_minutes(client, language)
    all_of_it_goes()
