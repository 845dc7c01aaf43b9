"""Reminders to posts: near days and drafts for the owner, by data; nothing twice or by itself."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone

from factories.accounts import UserFactory, sign_in_fully
from factories.asks import AddresseeFactory, AskFactory, AskPointFactory
from factories.contacts import PostHoldingFactory
from hiwar.asks.actions.reminders import draft_reminder
from hiwar.asks.desk import due
from hiwar.asks.models import Addressee, Letter
from hiwar.asks.queries.reminders import owed_answers
from hiwar.asks.tasks import reminders_that_are_due

if TYPE_CHECKING:
    from django.test import Client

    from hiwar.accounts.models import User

pytestmark = pytest.mark.django_db
DUE = date(2026, 11, 2)
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)


@pytest.fixture
def owner(roles: object) -> User:
    user: User = UserFactory.create(roles=["programme_manager"])
    return user


@pytest.fixture
def put(owner: User) -> Addressee:
    addressee: Addressee = AddresseeFactory.create(
        ask=AskFactory.create(owner=owner), answer_due=DUE, state="delivered"
    )
    AskPointFactory.create(ask=addressee.ask)
    PostHoldingFactory.create(post=addressee.post, starts_on=date(2026, 1, 1))
    return addressee


def test_a_reminder_is_drafted_once_and_then_a_second_letter(owner: User, put: Addressee) -> None:
    # Without a calendar every day is a working day.
    def drafted(days: int) -> Letter | None:
        return draft_reminder(key=put.pk, now=NOW + timedelta(days=days))

    assert drafted(4) is None
    first = drafted(5)
    assert first is not None
    assert (first.number, first.issued_at, first.drafted_by) == (None, None, owner)
    assert set(first.body) == set(put.ask.text)
    assert drafted(6) is None
    assert not list(reminders_that_are_due(NOW + timedelta(days=6)))
    assert [wish.args for wish in reminders_that_are_due(NOW + timedelta(days=15))] == [
        (str(put.pk),)
    ]
    assert drafted(15) is not None
    assert drafted(40) is None
    assert Letter.objects.filter(issued_at=None).count() == 2


def test_nobody_is_written_to_who_is_not_there(owner: User, put: Addressee) -> None:
    late = NOW + timedelta(days=20)
    owner.is_active = False
    owner.save()
    assert draft_reminder(key=put.pk, now=late) is None
    owner.is_active = True
    owner.save()
    vacant = AddresseeFactory.create(ask=put.ask, answer_due=DUE)
    assert draft_reminder(key=vacant.pk, now=late) is None
    Addressee.objects.filter(pk=put.pk).update(state="answered")
    assert draft_reminder(key=put.pk, now=late) is None


def test_near_days_and_drafts_stand_on_the_morning_page_of_the_owner(
    owner: User, put: Addressee, client: Client
) -> None:
    sign_in_fully(client, owner)
    request = client.get(reverse("asks:list")).wsgi_request
    Addressee.objects.filter(pk=put.pk).update(answer_due=timezone.localdate() + timedelta(days=3))
    assert [row.on for row in due(request)] == [timezone.localdate() + timedelta(days=3)]
    assert owed_answers(Addressee.objects.all(), timezone.localdate())[0].is_near
    today = timezone.now()
    Addressee.objects.filter(pk=put.pk).update(answer_due=timezone.localdate() - timedelta(days=9))
    assert draft_reminder(key=put.pk, now=today) is not None
    assert reverse("asks:letter", args=[Letter.objects.get().pk]) in [
        row.url for row in due(request)
    ]
