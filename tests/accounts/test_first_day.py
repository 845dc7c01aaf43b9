"""The first day of an empty house is a path that reads from what is there how far one is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from factories.accounts import InstitutionFactory, UserFactory, sign_in_fully
from factories.contacts import PersonFactory
from factories.dialogues import DialogueFactory
from factories.places import CalendarFactory, PlaceFactory
from hiwar.common.navigation import first_steps

if TYPE_CHECKING:
    from collections.abc import Callable

    from hiwar.accounts.models import User

pytestmark = pytest.mark.django_db
NOTICE = "The first day of this house"


def desk(user: User) -> Client:
    client = Client()
    sign_in_fully(client, user)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def test_each_step_counts_as_done_once_it_is_and_the_path_ends_with_a_dialogue(
    roles: object,
) -> None:
    client = desk(UserFactory.create(roles=["director"]))
    makers: list[Callable[[], object]] = [
        lambda: InstitutionFactory.create(seat={"ar": "القدس", "en": "Jerusalem"}),
        lambda: UserFactory.create(roles=["facilitator"]),
        PlaceFactory.create,
        CalendarFactory.create,
        PersonFactory.create,
    ]
    for done, make in enumerate(makers):
        assert [is_done for _step, is_done in first_steps()].count(True) == done
        morning = client.get(reverse("accounts:morning")).content.decode()
        assert f"{NOTICE}: {done} of 6" in morning
        step = next(step for step, is_done in first_steps() if not is_done)
        assert f'href="{step.url}"' in morning
        assert client.get(step.url).status_code == 200
        page = client.get(reverse("accounts:first_day")).content.decode()
        assert page.count("Look at it") == done
        make()
    DialogueFactory.create()
    assert NOTICE not in client.get(reverse("accounts:morning")).content.decode()
    assert all(is_done for _step, is_done in first_steps())


def test_steps_in_another_order_are_left_and_taken_up_again(roles: object) -> None:
    client = desk(UserFactory.create(roles=["director"]))
    PersonFactory.create()
    assert f"{NOTICE}: 1 of 6" in client.get(reverse("accounts:morning")).content.decode()
    assert next(step for step, is_done in first_steps() if not is_done).order == 10


def test_whoever_cannot_take_the_steps_is_not_asked_to(facilitator: User) -> None:
    client = desk(facilitator)
    assert NOTICE not in client.get(reverse("accounts:morning")).content.decode()
    assert client.get(reverse("accounts:first_day")).status_code == 403
