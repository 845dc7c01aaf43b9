"""What a visitor finds on the first page: what is open and new, and nothing that is not for all."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from django.utils.translation import override

from factories.accounts import InstitutionFactory
from factories.dialogues import DialogueFactory
from factories.events import EventFactory
from factories.legislation import make_consultation, make_law, make_version
from hiwar.common.home_page import HomeItem, filled_sections
from hiwar.dialogues.models import Publication

if TYPE_CHECKING:
    from django.test import Client

    from hiwar.dialogues.models import Dialogue

pytestmark = [pytest.mark.django_db, pytest.mark.walk]

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


def shown(code: str, now: datetime = NOW) -> list[HomeItem]:
    with override("en"):
        sections = {section.code: items for section, items in filled_sections("en", now)}
    return sections.get(code, [])


def open_dialogue(name: str, ends_on: date | None = None, **facts: object) -> Dialogue:
    dialogue = DialogueFactory.create(
        state="open", question={"en": name}, title={"en": name}, **facts
    )
    dialogue.rounds.update(state="open", ends_on=ends_on)
    return dialogue


def test_the_question_that_closes_next_stands_first_and_none_that_is_not_for_everybody(
    client: Client,
) -> None:
    InstitutionFactory.create()
    open_dialogue("Later", date(2026, 12, 9))
    open_dialogue("Without an end")
    open_dialogue("Soon", date(2026, 11, 23))
    open_dialogue("Over", date(2026, 11, 22))
    open_dialogue("By code alone", accepts_open_link=False)
    open_dialogue("In danger", risk="high", publication_tier="A")
    DialogueFactory.create(state="draft", question={"en": "A draft"})
    items = shown("questions")
    assert [str(item.title) for item in items] == ["Soon", "Later", "Without an end"]
    assert items[0].facts == ("open until the end of Monday, 23 November 2026",)
    page = client.get("/en/").content.decode()
    assert 'href="/en/d/"' in page
    for hidden in ("By code alone", "In danger", "A draft"):
        assert hidden not in page


def test_a_code_can_be_entered_where_every_dialogue_asks_for_one(client: Client) -> None:
    InstitutionFactory.create()
    assert 'href="/en/d/"' not in client.get("/en/").content.decode()
    open_dialogue("By code alone", accepts_open_link=False)
    page = client.get("/en/").content.decode()
    assert 'href="/en/d/"' in page
    assert "By code alone" not in page


def test_results_are_those_of_the_newest_version_unless_it_was_withdrawn() -> None:
    document = {
        "outcome": "none", "gap": {}, "answer": {"shared": 3, "statements": 9, "groups": 0},
        "tier": "A",
    }  # fmt: skip
    first, second, third = (DialogueFactory.create(state="closed") for _ in range(3))
    facts = {"document": document, "made_at": NOW, "published_at": NOW}
    for dialogue, version, state in (
        (first, 1, "published"), (first, 2, "published"), (second, 1, "published"),
        (second, 2, "withdrawn"), (third, 1, "draft"),
    ):  # fmt: skip
        Publication.objects.create(dialogue=dialogue, version=version, state=state, **facts)
    items = shown("results")
    assert [item.url for item in items] == [f"/en/d/{first.code}/results/"]
    assert items[0].text.startswith("People did not form clear opinion groups")


def test_events_and_drafts_are_shown_while_somebody_can_still_come_or_comment(
    roles: None,
) -> None:
    public = {"visibility": "public", "published_at": NOW}
    event = EventFactory.create(**public)
    EventFactory.create(**public, state="cancelled")
    EventFactory.create(published_at=NOW)
    EventFactory.create(**public, starts_on=date(2026, 11, 2), ends_on=date(2026, 11, 2))
    assert [item.url for item in shown("events")] == [f"/en/events/{event.code}/"]
    consultation = make_consultation(make_version(make_law()))
    address = f"/en/laws/{consultation.law_id}/"
    during, after = (datetime(2027, month, 1, tzinfo=UTC) for month in (5, 9))
    assert [item.url for item in shown("consultations", during)] == [
        f"{address}consultations/{consultation.pk}/"
    ]
    assert shown("consultations", after) == []
    assert [item.url for item in shown("laws", after)] == [address]
