"""Asks that are open to everybody are found where people look, and the others nowhere."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command
from django.urls import reverse

from factories.accounts import InstitutionFactory, UserFactory
from factories.asks import AddresseeFactory, AnswerFactory, AskFactory, AskPointFactory
from factories.contacts import OrganisationFactory, PostFactory
from factories.dossiers import DossierFactory
from hiwar.asks.actions.commitments import Promised, record_commitment
from hiwar.asks.models import Commitment
from hiwar.common.dates import local_day

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


def test_public_ask_is_found_in_its_dossier_in_search_and_in_the_map_of_the_site(
    client: Client,
) -> None:
    InstitutionFactory.create()
    dossier = DossierFactory.create(visibility="public")
    shown, hidden = (
        AskFactory.create(
            dossier=dossier, visibility=visibility, state="approved",
            short={"ar": f"قارورة {name}", "en": f"Bottle {name}"},
        )
        for visibility, name in (("public", "زرقاء"), ("institution", "حمراء"))
    )  # fmt: skip
    call_command("reindex", verbosity=0)
    pages = (
        reverse("public_dossiers:dossier", args=["ar", dossier.code]),
        f"{reverse('public_publishing:search', args=['ar'])}?q=قارورة",
        reverse("public_publishing:sitemap"),
    )
    for page in pages:
        told = client.get(page).content.decode()
        assert reverse("public_asks:ask", args=["ar", shown.pk.hex]) in told, page
        assert hidden.pk.hex not in told
        assert "حمراء" not in told


def test_counts_hold_what_everybody_may_read_and_no_rank(client: Client, roles: object) -> None:
    InstitutionFactory.create()
    officer = UserFactory.create(roles=["programme_manager"])
    now = datetime(2026, 11, 20, 9, tzinfo=UTC)
    cases = (("public", "ب", True), ("public", "أ", True), ("public", "ج", False))
    for visibility, name, is_public in (*cases, ("institution", "د", True)):
        body = OrganisationFactory.create(name={"ar": f"هيئة {name}"})
        put = AddresseeFactory.create(
            ask=AskFactory.create(visibility=visibility, owner=officer), state="answered",
            post=PostFactory.create(organisation=body),
        )  # fmt: skip
        commitment = record_commitment(
            actor=officer, point=AskPointFactory.create(ask=put.ask), post=put.post, now=now,
            promised=Promised({"ar": "نظام"}, local_day(now), local_day(now)),
            origin=AnswerFactory.create(addressee=put),
        )  # fmt: skip
        Commitment.objects.filter(pk=commitment.pk).update(is_public=is_public)
    page = reverse("public_asks:scores", args=["ar"])
    text = client.get(page).content.decode()
    assert "هيئة ج" not in text
    assert "هيئة د" not in text
    assert text.index("هيئة أ") < text.index("هيئة ب")
    lines = client.get(page, {"as": "csv"}).content.decode("utf-8-sig").splitlines()
    assert len(lines) == 1 + 2 * 4
