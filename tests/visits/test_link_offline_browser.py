"""A link that is withdrawn while the phone has no network is gone when the network is back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from browsing import wait_until
from hiwar.common.models import PrivateLink
from hiwar.visits.actions.sharing import make_link, withdraw_link

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

    from hiwar.visits.models import Visit

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.exhaustive("screens"),
]
KEPT = "caches.open('visit').then((kept) => kept.keys()).then((keys) => keys.length >= 3)"


def test_withdrawn_without_a_network_it_is_gone_when_the_network_is_back(
    window: BrowserContext, visit: Visit, staff: dict
) -> None:
    head = visit.travellers.get(is_head=True)
    made, token = make_link(actor=staff["IR"], visit=visit, kind="programme", traveller=head,
                            now=datetime(2027, 3, 20, tzinfo=UTC))  # fmt: skip
    PrivateLink.objects.update(ends_on=max(made.private_link.ends_on, timezone.localdate()))
    page = window.new_page()
    page.goto(f"/v/{token}/?language=ar")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    wait_until(page, KEPT)
    wait_until(page, "caches.match(location.pathname).then((found) => Boolean(found))")
    window.set_offline(True)
    page.reload()
    page.locator("[data-offline]").wait_for(state="visible")
    withdraw_link(actor=staff["IR"], link=made, now=datetime(2027, 3, 23, 10, tzinfo=UTC))
    window.set_offline(False)
    page.get_by_role("heading", name="هذا الرابط مغلق").wait_for()
    assert page.locator("[data-visit], .stop").count() == 0
    assert page.title() == "هذا الرابط مغلق"
    wait_until(page, "caches.has('visit').then((kept) => !kept)")
