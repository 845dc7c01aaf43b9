"""The site at the desk, through its pages: the second person, the clock, history, the profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse

from factories.accounts import InstitutionFactory, UserFactory, sign_in_fully
from factories.publishing import make_item
from hiwar.publishing.models import Item
from hiwar.publishing.queries.profile import the_profile

if TYPE_CHECKING:
    from hiwar.accounts.models import User

pytestmark = pytest.mark.django_db


def at_desk(role: str) -> tuple[User, Client]:
    user, client = UserFactory.create(roles=[role]), Client()
    sign_in_fully(client, user)
    return user, client


def test_an_item_goes_its_way_from_page_to_page(roles: object) -> None:
    InstitutionFactory.create()
    (writer, at_writer), (_second, at_second) = at_desk("media"), at_desk("director")
    item = make_item(writer)

    def post(client: Client, name: str, **values: str) -> str:
        address = reverse(f"publishing:{name}", args=[item.code])
        page = client.post(address, values, follow=True)
        assert page.status_code == 200
        item.refresh_from_db()
        return str(item.state)

    assert post(at_writer, "ask") == "review"
    assert item.code in at_second.get(reverse("accounts:morning")).text
    assert post(at_writer, "decide", number="1", verb="publish") == "review"
    assert post(at_second, "decide", number="1", verb="back", remark="العدد") == "draft"
    assert post(at_writer, "ask") == "review"
    opening = {"day": "2099-03-01", "at": "07:30", "zone": "Asia/Hebron"}
    assert post(at_second, "decide", number="1", verb="schedule", **opening) == "scheduled"
    assert item.opens_wall == "2099-03-01T07:30"
    assert post(at_second, "take_back") == "review"
    assert post(at_second, "decide", number="1", verb="publish") == "published"
    assert post(at_second, "withdraw", reason_ar="") == "published"
    assert post(at_second, "withdraw", reason_ar="خطأ في العد") == "withdrawn"
    history = at_writer.get(reverse("publishing:history", args=[item.code]))
    assert history.status_code == 200
    restored = at_writer.post(reverse("publishing:restore", args=[item.code, 9]))
    assert restored.status_code == 404
    assert Item.objects.get().published is not None


def test_the_profile_is_changed_by_the_director_alone(roles: object) -> None:
    InstitutionFactory.create()
    _director, client = at_desk("director")
    address = reverse("publishing:profile")
    sent = {"email": "info@house.example", "funders_ar": "2026 | 60 | الصندوق"}
    assert client.post(address, sent).status_code == 302
    profile = the_profile()
    assert profile is not None
    assert profile.funders == [{"year": 2026, "share": 60, "name": {"ar": "الصندوق"}}]
    assert "2026 | 60 | الصندوق" in client.get(address).text
    assert at_desk("media")[1].get(address).status_code == 403
