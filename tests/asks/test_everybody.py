"""Asks that are open to everybody are found where people look, and the others nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command
from django.urls import reverse

from factories.accounts import InstitutionFactory
from factories.asks import AskFactory
from factories.dossiers import DossierFactory

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
