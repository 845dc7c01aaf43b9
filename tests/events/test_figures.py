"""Attendance over many events: what is selected, and who is offered which series."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse

from factories.accounts import UserFactory, sign_in_fully
from factories.events import EventFactory, RoomFactory
from hiwar.events.models import Attendance, Series
from hiwar.events.queries.figures import Selection, figures, series_of

if TYPE_CHECKING:
    from hiwar.accounts.models import User

pytestmark = pytest.mark.django_db
AT = datetime(2026, 12, 2, 8, tzinfo=UTC)


@pytest.fixture
def officer(roles: None) -> User:
    return UserFactory.create(roles=["me_officer"])


def attended(series: Series | None, people: int, **given: object) -> None:
    """Hold an event of a series with so many people."""
    room = RoomFactory.create(event=EventFactory.create(series=series, **given))
    for number in range(people):
        Attendance.objects.create(event=room.event, room=room, name=f"n{number}", arrived_at=AT)


def test_a_series_is_counted_by_itself(officer: User) -> None:
    youth = Series.objects.create(title={"ar": "لقاءات الشباب", "en": "Youth meetings"})
    water = Series.objects.create(title={"ar": "منتدى المياه", "en": "Water forum"})
    attended(youth, 6)
    attended(youth, 5)
    attended(water, 7)
    attended(None, 8)
    found = figures(officer, Selection(series=str(youth.pk)))
    assert (found.activities, found.times) == (2, 11)
    assert figures(officer, Selection()).times == 26

    client = Client()
    sign_in_fully(client, officer)
    page = client.get(reverse("events:attendance"), {"series": str(water.pk)})
    assert page.context["found"].times == 7
    unknown = client.get(reverse("events:attendance"), {"series": "no-such"})
    assert unknown.context["form"].errors["series"]
    assert "لا يُحسب شيء حتى يستقيم الاختيار." in unknown.content.decode()
    assert 'class="lead"' not in unknown.content.decode()
    asked = client.get(reverse("events:attendance"), {"until": "2026-02-30", "as": "csv"})
    assert asked["content-type"].startswith("text/html"), "a file of what nobody asked for"


def test_a_series_of_closed_events_is_not_even_named(officer: User) -> None:
    closed = Series.objects.create(title={"ar": "لقاءات مغلقة", "en": "Closed meetings"})
    attended(closed, 9, visibility="team")
    assert series_of(officer) == []
    client = Client()
    sign_in_fully(client, officer)
    page = client.get(reverse("events:attendance"), {"series": str(closed.pk)})
    assert "لقاءات مغلقة" not in page.content.decode()
    assert "Closed meetings" not in page.content.decode()
    assert page.context["found"].times == 0
