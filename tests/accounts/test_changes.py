"""What changed since somebody last looked: of others, as far as the reader may read."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from factories.accounts import InstitutionFactory, UserFactory, sign_in_fully
from factories.asks import AskFactory
from factories.dossiers import DossierFactory
from hiwar.accounts.actions.looks import note_look
from hiwar.accounts.models import Look
from hiwar.accounts.queries import MOST, changes_since
from hiwar.common.actions import audit
from hiwar.common.models import Held, Pause
from hiwar.common.pauses import forget, refresh
from hiwar.dossiers.queries.records import records_of

if TYPE_CHECKING:
    from hiwar.accounts.models import User
    from hiwar.dossiers.models import Dossier

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(roles: object) -> User:
    InstitutionFactory.create()
    user: User = UserFactory.create(roles=["director"])
    return user


def page_of(user: User, dossier: Dossier, language: str = "en") -> str:
    client = Client()
    sign_in_fully(client, user)
    client.cookies["hiwar_language"] = language
    return client.get(reverse("dossiers:dossier", args=[dossier.code])).content.decode()


def looked_before(user: User, dossier: Dossier) -> None:
    Look.objects.update_or_create(
        user=user, record=dossier.reference,
        defaults={"looked_at": timezone.now() - timedelta(days=2)},
    )  # fmt: skip


def test_a_first_visit_says_nothing_and_the_next_tells_what_others_did(reader: User) -> None:
    dossier = DossierFactory.create()
    other = UserFactory.create(roles=["researcher"], name={"en": "Rima Colleague"})
    audit(other, "dossiers.dossier.update", dossier, at=timezone.now() - timedelta(days=1))
    audit(reader, "dossiers.dossier.archive", dossier, at=timezone.now() - timedelta(days=1))
    assert "Since you last looked" not in page_of(reader, dossier)
    looked_before(reader, dossier)
    for _twice in range(2):  # opened again it says the same
        text = page_of(reader, dossier)
        assert "Since you last looked" in text
        assert "Rima Colleague" in text
        assert "put a dossier away" not in text
    assert "منذ آخر اطلاع لك" in page_of(reader, dossier, "ar")
    Look.objects.update(looked_at=timezone.now() - timedelta(hours=2))
    assert "Since you last looked" not in page_of(reader, dossier)  # nothing since then


def test_opening_writes_once_an_hour_and_never_in_a_pause(reader: User) -> None:
    dossier, now = DossierFactory.create(), timezone.now()
    assert note_look(user=reader, record=dossier, now=now) is None
    assert note_look(user=reader, record=dossier, now=now + timedelta(minutes=59)) is None
    assert Look.objects.get().looked_at == now
    later = now + timedelta(hours=2)
    assert note_look(user=reader, record=dossier, now=later) == now
    assert note_look(user=reader, record=dossier, now=later + timedelta(minutes=9)) == now
    Pause.objects.create(since=now, held=list(Held.values))
    refresh(at_once=True)
    try:
        assert note_look(user=reader, record=dossier, now=later + timedelta(days=1)) == later
        assert note_look(user=UserFactory.create(), record=dossier, now=later) is None
    finally:
        forget()
    look = Look.objects.get()
    assert (look.looked_at, look.before) == (later, now)
    reader.delete()
    assert not Look.objects.exists()


def test_nothing_is_told_of_what_the_reader_may_not_read(reader: User) -> None:
    dossier, now = DossierFactory.create(), timezone.now()
    since = now - timedelta(days=1)
    other = UserFactory.create(roles=["director"])
    hidden = AskFactory.create(dossier=dossier, visibility="personal")
    shown = AskFactory.create(dossier=dossier)
    for ask in (hidden, shown):
        audit(other, "asks.ask.change", ask, at=now)
    audit(other, "asks.map.change", dossier, at=now)  # of the power map: private
    audit(other, "dossiers.dossier.update", DossierFactory.create(), at=now)
    changes = changes_since(reader, since, records_of(reader, dossier))
    assert changes is not None
    assert [line.latest.entry.object for line in changes.shown] == [shown.reference]
    finance = UserFactory.create(roles=["finance"])
    assert changes_since(finance, since, records_of(finance, dossier)) is None
    assert changes_since(reader, None, records_of(reader, dossier)) is None


def test_at_most_ten_are_shown_with_a_way_to_all(reader: User) -> None:
    dossier, now = DossierFactory.create(), timezone.now()
    for n in range(MOST + 3):
        other = UserFactory.create(roles=["director"], name={"en": f"Colleague {n}"})
        audit(other, "dossiers.dossier.update", dossier, at=now - timedelta(minutes=n))
    looked_before(reader, dossier)
    text = page_of(reader, dossier)
    assert "and 3 more changes" in text
    assert reverse("accounts:activity") + "?since=" in text
    researcher = UserFactory.create(roles=["researcher"])
    looked_before(researcher, dossier)
    text = page_of(researcher, dossier)
    assert "and 3 more changes" in text
    assert "?since=" not in text


def test_what_somebody_did_again_and_again_is_one_line(reader: User) -> None:
    dossier, now = DossierFactory.create(), timezone.now()
    other = UserFactory.create(roles=["director"])
    for n in range(MOST + 3):
        audit(other, "dossiers.dossier.update", dossier, at=now - timedelta(minutes=n))
    audit(other, "dossiers.dossier.archive", dossier, at=now - timedelta(hours=1))
    looked_before(reader, dossier)
    changes = changes_since(reader, now - timedelta(days=1), records_of(reader, dossier))
    assert changes is not None
    assert [(line.times, line.latest.at) for line in changes.shown] == [
        (MOST + 3, now),
        (1, now - timedelta(hours=1)),
    ]
    assert changes.more == 0
    assert f"{MOST + 3} times" in page_of(reader, dossier)
