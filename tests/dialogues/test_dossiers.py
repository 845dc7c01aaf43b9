"""A dialogue hangs on a dossier: on its timeline and beside it, for who may read both."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from factories.accounts import InstitutionFactory, UserFactory, sign_in_fully
from factories.dialogues import MADE, DialogueFactory
from factories.dossiers import DossierFactory
from hiwar.accounts.actions.people import NotAllowed
from hiwar.dialogues.actions.dialogues import update_dialogue
from hiwar.dialogues.queries.dossiers import facets, timeline_entries

pytestmark = pytest.mark.django_db


@pytest.fixture
def facilitator(roles):
    InstitutionFactory.create()
    return UserFactory.create(roles=["facilitator"])


def client_of(user):
    client = Client()
    sign_in_fully(client, user)
    client.cookies["hiwar_language"] = "en"
    return client


def test_its_opening_and_close_stand_on_the_spine(facilitator):
    dossier = DossierFactory.create()
    DialogueFactory.create(dossier=dossier, state="closed", closed_at=MADE)
    DialogueFactory.create()
    entries = list(timeline_entries(facilitator, dossier))
    assert [one.kind for one in entries] == ["dialogue", "dialogue"]
    assert [len(one.items) for one in facets(facilitator, dossier)] == [1]
    page = client_of(facilitator).get(reverse("dossiers:dossier", args=[dossier.code]))
    assert "A dialogue opens" in page.content.decode()
    without = UserFactory.create(roles=["finance_viewer"])
    assert list(timeline_entries(without, dossier)) == []
    assert list(facets(without, dossier)) == []


def test_nobody_hangs_a_dialogue_on_a_dossier_they_may_not_read(facilitator, now):
    closed = DossierFactory.create(visibility="personal", owner=UserFactory.create())
    dialogue = DialogueFactory.create()
    with pytest.raises(NotAllowed):
        update_dialogue(actor=facilitator, dialogue=dialogue, changes={"dossier": closed}, now=now)


def test_settings_offer_what_one_reads_and_keep_what_one_does_not(facilitator):
    secret = "Quicksilver"
    closed = DossierFactory.create(
        visibility="personal", owner=UserFactory.create(), title={"en": secret}
    )
    open_one = DossierFactory.create(title={"en": "Roads"})
    dialogue = DialogueFactory.create(
        dossier=closed, state="draft", ground_rules=[{"en": "Listen."}], created_by=facilitator
    )
    client = client_of(facilitator)
    address = reverse("dialogues:settings", args=[dialogue.code])
    page = client.get(address).content.decode()
    assert secret not in page
    assert "Roads" not in page  # the field is not shown at all
    given = {"title_en": "New", "question_en": "What?", "moderation": "hold_first",
             "risk": "ordinary", "publication_tier": "A"}  # fmt: skip
    assert client.post(address, given).status_code == 302
    dialogue.refresh_from_db()
    assert dialogue.dossier == closed
    dialogue.dossier = None
    dialogue.save()
    client.post(address, given | {"dossier": open_one.pk})
    dialogue.refresh_from_db()
    assert dialogue.dossier == open_one
