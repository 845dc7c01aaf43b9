"""The power map of an issue: placed, named, logged, and read by nobody else anywhere."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse

from factories.accounts import UserFactory, sign_in_fully
from factories.asks import AddresseeFactory, AskFactory, PowerEntryFactory
from factories.contacts import OrganisationFactory, PostFactory
from factories.dossiers import DossierFactory
from hiwar.accounts.actions.people import NotAllowed
from hiwar.asks.actions import power as act
from hiwar.asks.models import Influence, PowerEntry
from hiwar.asks.queries.power import marks_of, may_read_map
from hiwar.common.models import AuditEntry, SearchDocument
from hiwar.common.search.indexing import reindex
from roles import roles_that_differ

if TYPE_CHECKING:
    from hiwar.accounts.models import User

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
SECRET = "Quicksilver"


@pytest.fixture
def officer(roles: object) -> User:
    user: User = UserFactory.create(roles=["programme_manager"])
    return user


def client_of(user: User) -> Client:
    client = Client()
    sign_in_fully(client, user)
    client.cookies["hiwar_language"] = "en"
    return client


def thought(**more: object) -> act.Assessment:
    fields = {"power": 5, "interest": 2, "stance": -1, "confidence": "high",
              "evidence": SECRET, "seen_on": NOW.date()}  # fmt: skip
    return act.Assessment(**{**fields, **more})  # type: ignore[arg-type]


def test_marks_stand_by_power_and_interest_and_never_on_each_other(officer: User) -> None:
    dossier = DossierFactory.create(owner=officer)
    for n in range(12):
        PowerEntryFactory.create(dossier=dossier, power=4, interest=4, stance=None,
                                 seen_on=date(2026, 1, 1 + n))  # fmt: skip
    high = act.place_on_map(
        actor=officer, dossier=dossier, subject=OrganisationFactory.create(), now=NOW,
        assessment=thought(),
    )  # fmt: skip
    marks = marks_of(officer, dossier, NOW.date(), mirrored=False)
    assert len({(mark.x, mark.y) for mark in marks}) == 13
    top = marks[0]
    assert (top.entry, top.sign, top.quadrant, top.is_old) == (high, "▼", "satisfied", False)
    assert all(mark.is_old and mark.sign == "○" for mark in marks[1:])
    assert all(top.y < mark.y and top.x < mark.x for mark in marks[1:])
    mirrored = marks_of(officer, dossier, NOW.date(), mirrored=True)
    assert [mark.x + other.x for mark, other in zip(marks, mirrored, strict=True)] == [560] * 13
    with pytest.raises(act.OnTheMap):
        act.place_on_map(
            actor=officer, dossier=dossier, subject=high.organisation, now=NOW,
            assessment=thought(),
        )  # fmt: skip
    with pytest.raises(act.ReachesItself):
        act.draw_influence(actor=officer, source=high, target=high, how="brother", now=NOW)


def test_it_is_filled_in_at_the_desk_and_each_opening_is_logged(officer: User) -> None:
    dossier = DossierFactory.create(owner=officer)
    post = PostFactory.create(title={"en": "Minister of work"})
    client = client_of(officer)
    page = reverse("asks:power_map", args=[dossier.code])
    assert "Nobody stands on the map yet" in client.get(page).content.decode()
    fields = {"power": 5, "interest": 4, "stance": 1, "confidence": "medium", "evidence": "said so",
              "seen_on": "2026-11-20", "post": str(post.pk), "organisation": ""}  # fmt: skip
    sent = client.post(reverse("asks:add_power", args=[dossier.code]), fields)
    assert sent.status_code == 302, sent.context["form"].errors
    entry = PowerEntry.objects.get()
    other = PowerEntryFactory.create(dossier=dossier)
    drawn = {"source": str(other.pk), "target": str(entry.pk), "how": "sits in her council"}
    client.post(reverse("asks:add_influence", args=[dossier.code]), drawn)
    client.post(reverse("asks:edit_power", args=[entry.pk]), {**fields, "power": 3})
    text = client.get(page).content.decode()
    for word in ("Minister of work", "rather for", "said so", "sits in her council"):
        assert word in text, word
    opened = AuditEntry.objects.filter(verb=act.OPENED, actor=officer.reference)
    assert opened.count() == 1  # once an hour
    assert not any("said so" in str(row.changed) for row in AuditEntry.objects.all())
    client.post(reverse("asks:remove_influence", args=[Influence.objects.get().pk]))
    client.post(reverse("asks:remove_power", args=[entry.pk]))
    assert list(PowerEntry.objects.all()) == [other]


def test_who_is_named_reads_it_alone(officer: User) -> None:
    dossier = DossierFactory.create(owner=officer)
    director = UserFactory.create(roles=["director"])
    media = UserFactory.create(roles=["media"])
    entry = PowerEntryFactory.create(dossier=dossier)
    assert may_read_map(director, dossier)
    assert not may_read_map(media, dossier)
    with pytest.raises(act.NotAReader):
        act.name_map_readers(actor=officer, dossier=dossier, users=[media], now=NOW)
    client_of(officer).post(
        reverse("asks:map_readers", args=[dossier.code]), {"users": [str(officer.pk)]}
    )
    assert not may_read_map(director, dossier)
    assert may_read_map(officer, dossier)
    with pytest.raises(NotAllowed):
        act.assess_again(actor=director, entry=entry, assessment=thought(), now=NOW)
    client = client_of(director)
    for name, key in (("power_map", dossier.code), ("add_power", dossier.code),
                      ("edit_power", entry.pk)):  # fmt: skip
        assert client.get(reverse(f"asks:{name}", args=[key])).status_code == 404


@pytest.mark.parametrize("role", roles_that_differ())
def test_nothing_of_a_map_stands_anywhere_else(officer: User, role: str) -> None:
    dossier = DossierFactory.create(owner=officer, visibility="public")
    put = AddresseeFactory.create(ask=AskFactory.create(dossier=dossier, visibility="public"))
    entry = act.place_on_map(
        actor=officer, dossier=dossier, subject=put.post, assessment=thought(), now=NOW
    )
    act.draw_influence(actor=officer, source=PowerEntryFactory.create(dossier=dossier),
                       target=entry, how=SECRET, now=NOW)  # fmt: skip
    act.name_map_readers(actor=officer, dossier=dossier, users=[officer], now=NOW)
    reindex()
    client = client_of(UserFactory.create(roles=[role]))
    pages = [
        reverse("dossiers:dossier", args=[dossier.code]), reverse("asks:ask", args=[put.ask_id]),
        reverse("asks:plan", args=[dossier.code]), reverse("asks:power_map", args=[dossier.code]),
        reverse("trace:dossier", args=[dossier.code]), reverse("accounts:morning"),
        reverse("accounts:activity"), reverse("public_asks:ask", args=["en", put.ask_id.hex]),
        reverse("public_trace:dossier", args=["en", dossier.code]),
    ]  # fmt: skip
    for page in pages:
        assert SECRET not in client.get(page).content.decode(), page
    assert not any(SECRET in str(vars(row)) for row in SearchDocument.objects.all())
