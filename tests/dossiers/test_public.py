"""A public dossier: who opens it, what everybody reads of it, and what stays inside."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from factories.accounts import InstitutionFactory, UserFactory, sign_in_fully
from factories.dialogues import DialogueFactory
from factories.dossiers import (
    BarrierFactory,
    DocumentFactory,
    DossierFactory,
    FactFactory,
    NextStepFactory,
    ProgrammeFactory,
    StateChangeFactory,
)
from factories.events import MADE, EventFactory
from factories.legislation import make_law, make_version
from factories.papers import make_paper
from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.search.indexing import reindex
from hiwar.dossiers.actions.dossiers import create_dossier, update_dossier
from hiwar.legislation.models import Law
from roles import roles_that_differ

if TYPE_CHECKING:
    from datetime import datetime

    from django.test import Client

    from hiwar.accounts.models import User
    from hiwar.dossiers.models import Dossier

pytestmark = pytest.mark.django_db
SECRET = "Quicksilver"


@pytest.fixture
def subject(roles: None) -> Dossier:
    """Return a public dossier with something public and something internal of each kind."""
    InstitutionFactory.create()
    owner = UserFactory.create(roles=["programme_manager"])
    dossier = DossierFactory.create(
        code="OPEN", title={"ar": "ملف مفتوح", "en": "Open matter"}, visibility="public",
        owner=owner,
        programme=ProgrammeFactory.create(), state="dormant",
        where_it_stands={"ar": "ينتظر", "en": "It waits"}, aim={"en": "A better fund"},
    )  # fmt: skip
    StateChangeFactory.create(
        dossier=dossier, after="dormant", on=date(2020, 1, 5), by=owner,
        reason={"en": f"{SECRET} reason"}, source=f"{SECRET} source",
    )  # fmt: skip
    FactFactory.create(dossier=dossier, text={"en": f"{SECRET} fact"})
    DocumentFactory.create(dossier=dossier, title={"en": f"{SECRET} document"})
    BarrierFactory.create(dossier=dossier, title={"en": f"{SECRET} barrier"})
    NextStepFactory.create(
        dossier=dossier, owner=owner, what={"en": f"{SECRET} step"}, due_on=date(2026, 1, 1)
    )
    for secret in ({"state": "draft"}, {"accepts_open_link": False}, {"risk": "high"}):
        DialogueFactory.create(dossier=dossier, title={"en": f"{SECRET} dialogue"}, **secret)
    DialogueFactory.create(
        dossier=dossier, title={"en": "Open dialogue"}, accepts_open_link=True, risk="low"
    )
    EventFactory.create(dossier=dossier, title={"en": f"{SECRET} event"})
    EventFactory.create(dossier=dossier, title={"en": f"{SECRET} event"}, visibility="public")
    EventFactory.create(
        dossier=dossier, title={"en": "Open evening"}, visibility="public", published_at=MADE
    )
    law = make_law()
    make_version(law)
    Law.objects.filter(pk=law.pk).update(dossier=dossier, title={"en": f"{SECRET} law"})
    make_paper(owner, dossier=dossier, title={"en": f"{SECRET} paper"})
    return dossier


def page_of(client: Client, code: str = "OPEN", language: str = "en") -> str:
    return client.get(f"/{language}/work/{code}/").content.decode()


def test_everybody_reads_what_is_public_of_each_room(client: Client, subject: Dossier) -> None:
    page = page_of(client)
    for words in ("Open matter", "It waits", "A better fund", "Open dialogue", "Open evening"):
        assert words in page
    assert page.count("<h1") == 1
    assert "/desk/" not in page
    listed = client.get("/ar/work/").content.decode()
    assert "ملف مفتوح" in listed
    assert "/ar/work/OPEN/" in listed
    assert reverse("public_dossiers:work", args=["ar"]) in client.get("/ar/").content.decode()
    assert "/en/work/OPEN/" in client.get("/sitemap.xml").content.decode()


@pytest.mark.parametrize("role", ["", *roles_that_differ("dossiers")])
def test_nothing_internal_leaves_whoever_looks(client: Client, subject: Dossier, role: str) -> None:
    for visibility in ("personal", "team", "institution", "coalition", "official", "press"):
        DossierFactory.create(
            code=visibility,
            title={"en": SECRET},
            visibility=visibility,
            programme=subject.programme,
        )
    DossierFactory.create(code="old", title={"en": SECRET}, visibility="public", archived_at=MADE)
    if role:
        sign_in_fully(client, UserFactory.create(email="x@house.example", roles=[role]))
    reindex()
    for path in ("/en/work/", "/en/work/OPEN/", "/sitemap.xml"):
        assert SECRET not in client.get(path).content.decode()
    for words, expected in ((SECRET, set()), ("matter", {"OPEN"})):
        answer = client.get(f"/en/search/?q={words}").content.decode()
        assert set(re.findall(r"/work/(\w+)/", answer)) == expected
    for code in ("personal", "team", "institution", "coalition", "official", "press", "old", "no"):
        assert client.get(f"/en/work/{code}/").status_code == 404


def test_only_who_decides_opens_a_dossier_to_everybody(
    client: Client, director: User, now: datetime
) -> None:
    editor = UserFactory.create(email="e@house.example", roles=["researcher"])
    own = create_dossier(actor=editor, title={"en": "Own"}, now=now)
    with pytest.raises(NotAllowed):
        update_dossier(actor=editor, dossier=own, changes={"visibility": "public"}, now=now)
    with pytest.raises(NotAllowed):
        create_dossier(actor=editor, title={"en": "New"}, visibility="public", now=now)
    desk = f"/desk/dossiers/{own.code}/readers/"
    sign_in_fully(client, editor)
    assert 'value="public"' not in client.get(desk).content.decode()
    sign_in_fully(client, director)
    assert 'value="public"' in client.get(desk).content.decode()
    client.post(desk, {"visibility": "public", "owner": editor.pk})
    client.logout()
    assert client.get(f"/en/work/{own.code}/").status_code == 200
    found = client.get("/en/search/?q=Own").content.decode()
    assert f"/en/work/{own.code}/" in found
    own.refresh_from_db()
    update_dossier(actor=director, dossier=own, changes={"visibility": "institution"}, now=now)
    assert client.get(f"/en/work/{own.code}/").status_code == 404
    assert f"/work/{own.code}/" not in client.get("/en/search/?q=Own").content.decode()


def test_pages_ask_no_more_for_more(client: Client, subject: Dossier) -> None:
    def questions() -> list[int]:
        counts = []
        for path in ("/en/work/", "/en/work/OPEN/"):
            with CaptureQueriesContext(
                connection,
            ) as asked:
                client.get(path)
            counts.append(len(asked))
        return counts

    questions()
    before = questions()
    for number in range(6):
        DossierFactory.create(visibility="public", programme=ProgrammeFactory.create())
        EventFactory.create(dossier=subject, visibility="public", published_at=MADE)
        DialogueFactory.create(dossier=subject, accepts_open_link=True, slug=f"more-{number}")
    assert questions() == before
