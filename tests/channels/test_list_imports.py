"""Addresses brought in: never onto the list, asked once, forgotten without an answer."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from factories.accounts import InstitutionFactory, UserFactory
from factories.newsletter import subscribe
from hiwar.channels.actions.outbox import approve_batch, stop_batch
from hiwar.channels.actions.subscribers import forget_unconfirmed
from hiwar.channels.actions.ways import the_channel
from hiwar.channels.models import Batch, Channel, Subscriber
from hiwar.channels.queries.list_imports import batch_of, is_waiting_to_leave
from hiwar.channels.tasks import send_due
from hiwar.common import opt_outs
from hiwar.common.models import ImportRun, PrivateLink
from hiwar.common.opt_outs import MAIL, OptOut

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from django.test import Client
    from pytest_django.fixtures import SettingsWrapper

    from channels.conftest import Clock
    from channels.relay import Relay
    from hiwar.accounts.models import User

pytestmark = pytest.mark.django_db
START = "/desk/imports/"
ROWS = (
    "email,evidence,language\n"
    "rana@one.example,signed in Nablus 2026-03-01,ar\n"
    "tom@one.example,asked by mail 2026-04-02,en\n"
    "bare@one.example,,en\n"
    "no address,signed,en\n"
    "silent@one.example,signed,en\n"
    "known@one.example,signed,en\n"
    "RANA@one.example,signed twice,ar\n"
)


@pytest.fixture
def desk(
    at_desk: Callable[[User], Client], director: User, settings: SettingsWrapper, tmp_path: Path
) -> Client:
    settings.DATA, settings.FILES = tmp_path, tmp_path / "files"
    InstitutionFactory.create()
    the_channel(code="mail")
    Channel.objects.update(quiet_from=None, quiet_until=None)
    opt_outs.opt_out(OptOut(MAIL, "silent@one.example", opt_outs.WORD), at=timezone.now())
    subscribe("known@one.example")
    return at_desk(director)


def _bring(desk: Client) -> ImportRun:
    start = reverse("accounts:import_files", args=["channels.subscribers"])
    desk.post(start, {"list": SimpleUploadedFile("list.csv", ROWS.encode())}, follow=True)
    return ImportRun.objects.get()


def test_nobody_comes_straight_onto_the_list(
    desk: Client, director: User, relay: Relay, clock: Clock
) -> None:
    run = _bring(desk)
    assert Subscriber.objects.count() == 1, "looking writes nothing"
    desk.post(reverse("accounts:confirm_import", args=[run.pk]))
    brought = Subscriber.objects.filter(import_run=run)
    assert {(each.state, each.source, each.language) for each in brought} == {
        ("pending", "file", "ar"), ("pending", "file", "en"),
    }  # fmt: skip
    assert {each.evidence for each in brought} == {
        "signed in Nablus 2026-03-01", "asked by mail 2026-04-02",
    }  # fmt: skip
    assert relay.taken == []
    assert is_waiting_to_leave(run)
    clock.now = timezone.now() + timedelta(days=1)
    assert forget_unconfirmed(now=clock()) == 0, "their hours have not begun"
    batch = Batch.objects.get(pk=batch_of(run))
    approve_batch(actor=director, batch=batch, at=clock())
    send_due(clock)
    assert {taken.recipient for taken in relay.taken} == {"rana@one.example", "tom@one.example"}
    for taken in relay.taken:
        body = taken.mail.get_body(("plain",))
        assert body is not None
        assert "/subscription/" in body.get_content()
    assert not brought.filter(confirmed_on__isnull=False).exists()
    forget_unconfirmed(now=clock() + timedelta(hours=49))
    assert not Subscriber.objects.filter(import_run=run).exists()
    assert not PrivateLink.objects.exists()


def test_a_list_is_taken_back_and_what_was_stopped_is_forgotten(
    desk: Client, director: User, relay: Relay, clock: Clock
) -> None:
    run = _bring(desk)
    desk.post(reverse("accounts:confirm_import", args=[run.pk]))
    batch = Batch.objects.get(pk=batch_of(run))
    desk.post(reverse("accounts:undo_import", args=[run.pk]))
    assert Subscriber.objects.count() == 1
    clock.now = timezone.now()
    approve_batch(actor=director, batch=batch, at=clock())
    send_due(clock)
    assert relay.taken == [], "nobody is left to ask"


def test_stopping_the_letters_forgets_the_addresses(desk: Client, director: User) -> None:
    run = _bring(desk)
    desk.post(reverse("accounts:confirm_import", args=[run.pk]))
    now = timezone.now()
    stop_batch(actor=director, batch=Batch.objects.get(pk=batch_of(run)), at=now)
    assert not Subscriber.objects.filter(import_run=run).exists()


def test_only_those_who_see_addresses_bring_them(
    at_desk: Callable[[User], Client], roles: None
) -> None:
    InstitutionFactory.create()
    other = at_desk(UserFactory.create(roles=["facilitator"]))
    start = reverse("accounts:import_files", args=["channels.subscribers"])
    assert other.get(start).status_code in {403, 404}
