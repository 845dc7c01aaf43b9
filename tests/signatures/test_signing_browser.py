"""Signing in a real browser: what a test client does not see, such as a form that is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from factories.accounts import InstitutionFactory, UserFactory
from factories.contacts import OrganisationFactory
from factories.dossiers import DossierFactory
from hiwar.common.dates import local_day
from hiwar.dossiers.actions import joint
from hiwar.dossiers.queries.joint import latest_text, signatories
from hiwar.signatures.actions import letters as outbox
from hiwar.signatures.exports.letters import compose
from hiwar.signatures.models import Signature, SigningLetter

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.exhaustive("screens"),
]


def faults(page):
    """Return what keeps somebody from reading a page, and whether it runs off the side."""
    found = [one["id"] for one in Axe().run(page).response["violations"]]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("runs off the side")
    return found


@pytest.mark.parametrize("language", ["ar", "en"])
def test_an_organisation_signs_with_reservation_and_withdraws(window, live_server, roles, language):
    InstitutionFactory.create()
    manager, now = UserFactory.create(roles=["director"]), timezone.now()
    statement = joint.create_statement(
        actor=manager, dossier=DossierFactory.create(), title={"ar": "بيان", "en": "A statement"},
        text={"ar": "أولاً.\n\nثانياً.", "en": "First.\n\nSecond."}, now=now, code="councils",
        settings=joint.Settings(local_day(now) + timedelta(days=5)),
    )  # fmt: skip
    outbox.ask_organisations(
        actor=manager, signing=statement.signing, organisations=[OrganisationFactory.create()],
        compose=compose, now=now,
    )  # fmt: skip
    text = joint.open_text(actor=manager, text=latest_text(statement), now=now)
    outbox.write_letters(actor=manager, version=text.version, now=now)
    link = f"/sign/{outbox.token_of(SigningLetter.objects.get())}/?language={language}"
    page = window.new_page()
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(link)
    assert page.locator("html").get_attribute("lang") == language
    assert not page.locator("[name=reservation]").is_visible()
    page.check("input[value=reserve]")
    page.fill("[name=reservation]", "Heldback")
    page.fill("[name=signer]", "Hala Samir")
    page.fill("[name=function]", "Chair")
    page.select_option("[name=paragraph]", "2")
    found = faults(page)
    page.click(".joint-answer button.button-primary")
    assert not Signature.objects.exists()
    found += faults(page)
    page.click("main button.button-primary")
    page.wait_for_url("**/receipt/**")
    found += faults(page)
    assert [row.paragraph for row in signatories(text).rows] == [2]
    page.goto(link.replace("/?", "/withdraw/?"))
    found += faults(page)
    page.click("button.button-danger")
    page.wait_for_url(f"**{link}")
    assert signatories(text).count == 0
    page.check("input[value=decline]")
    page.click(".joint-answer button.button-primary")
    page.click("main button.button-primary")
    page.wait_for_url("**/receipt/**")
    assert statement.signing.requests.get().declined_version == text.version
    assert found == []
