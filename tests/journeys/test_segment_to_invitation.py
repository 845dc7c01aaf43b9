"""From who is connected with whom to a segment, and from the segment to a list of invitees."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client

from factories.accounts import InstitutionFactory, sign_in_fully
from factories.contacts import OrganisationFactory, PersonFactory
from factories.events import EventFactory
from hiwar.contacts.models import Consent, Membership, Relationship, Segment

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page
    from pytest_django.live_server_helper import LiveServer

    from hiwar.accounts.models import User

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.exhaustive("screens"),
]


def is_well(page: Page) -> list[str]:
    """Return what is wrong with a page: off the side of a small phone, or not accessible."""
    faults = [f"{one['id']}: {node['html']}" for one in Axe().run(page).response["violations"]
              for node in one["nodes"]]  # fmt: skip
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        faults.append("runs off the side")
    return faults


@pytest.mark.parametrize("language", ["ar", "en"])
def test_from_a_network_to_a_list_of_invitees(
    window: BrowserContext, live_server: LiveServer, director: User, language: str
) -> None:
    InstitutionFactory.create()
    muna = PersonFactory.create(shown_name={"ar": "منى عودة", "en": "Muna Odeh"})
    sami = PersonFactory.create(shown_name={"ar": "سامي طه", "en": "Sami Taha"})
    league = OrganisationFactory.create(name={"ar": "ائتلاف", "en": "League"}, kind="coalition")
    Membership.objects.create(organisation=league, person=muna, source="minutes")
    Relationship.objects.create(person=muna, other=sami, kind="adviser", source="said by both")
    Consent.objects.create(
        person=muna, purpose="invitation", channel="any", source="x", given_on=date(2026, 1, 1)
    )
    event = EventFactory.create()
    client = Client()
    sign_in_fully(client, director)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    window.add_cookies(
        [
            {"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url},
            {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": live_server.url},
        ]
    )
    page = window.new_page()
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"/desk/contacts/people/{muna.pk}/")
    assert page.locator("svg.network a").count() == 3
    assert is_well(page) == []
    page.locator(f"a[href$='/person/{muna.pk}/network/']:not(.node)").click()
    page.wait_for_url(f"**/of/person/{muna.pk}/network/**")
    assert page.locator(".table tbody tr").count() == 2
    assert is_well(page) == []
    # By keyboard alone: the box of the coalition leads to its own connections.
    page.locator("svg.network a.node-group").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/of/organisation/{league.pk}/network/**")
    page.goto("/desk/contacts/segments/new/")
    page.fill("[name=name_ar]", "Friends of the League")
    page.fill("[name=purpose_ar]", "Inviting them")
    page.locator("main form .button-primary").click()
    page.wait_for_url("**/segments/*-*/")
    segment = Segment.objects.get()
    page.goto(f"/desk/contacts/segments/{segment.pk}/conditions/body/")
    assert is_well(page) == []
    page.check(f"input[value='{league.pk}']")
    page.locator("main form .button-primary").click()
    page.wait_for_url(f"**/segments/{segment.pk}/")
    assert page.locator(".list-title").all_inner_texts() == [muna.shown_name[language]]
    page.reload()  # what was just said is gone
    assert is_well(page) == []
    page.goto(f"/desk/contacts/people/{muna.pk}/")
    assert page.locator(".why-name").all_inner_texts() == ["Friends of the League"]
    page.goto(f"/desk/events/{event.code}/invitations/segment/")
    page.select_option("[name=segment]", str(segment.pk))
    page.locator("main form[method=get] .button:not(.button-quiet)").click()
    page.wait_for_url("**segment=**")
    assert is_well(page) == []
    page.locator("main form[method=post] .button-primary").click()
    page.wait_for_url(f"**/events/{event.code}/invitations/")
    assert [one.person for one in event.invitations.all()] == [muna]
