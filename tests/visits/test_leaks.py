"""What must stay inside is searched for in every page, as every role and by every link."""

from __future__ import annotations

from datetime import UTC, datetime, time
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from factories.accounts import UserFactory, sign_in_fully
from hiwar.common.models import PrivateLink
from hiwar.visits.actions.programme import ItemChange, change_programme
from hiwar.visits.actions.sharing import make_link
from hiwar.visits.actions.stops import StopChange
from hiwar.visits.actions.travellers import keep_document
from hiwar.visits.models import VisitItem
from roles import PERMITS, roles_that_differ

pytestmark = pytest.mark.django_db

PASSPORT, REASON = "PASSPORT-771199", "closed-road-reason"
DESK = ("visit", "programme", "travellers", "bookings", "pack", "links", "afterwards", "settings",
        "step", "copy", "change", "add_item", "publish",
        "preview", "add_text", "add_point")  # fmt: skip
ITEMS = ("item", "edit_item", "leg", "note")
NOW = datetime(2027, 3, 22, 9, tzinfo=UTC)


@pytest.fixture
def full(visit, staff):
    traveller = visit.travellers.get(number=1)
    keep_document(actor=staff["IR"], traveller=traveller, kind="passport", text=PASSPORT, now=NOW)
    item = VisitItem.objects.get(event__code="velmark-01")
    change = ItemChange(item=item, stop=StopChange(starts=time(9, 15)))
    change_programme(actor=staff["IR"], visit=visit, changes=[change], reason=REASON, now=NOW)
    visit.refresh_from_db()
    return visit


def pages(code):
    found = [reverse(f"visits:{name}", args=[code]) for name in DESK]
    found += [reverse(f"visits:{name}", args=[code, "01"]) for name in ITEMS]
    found += [reverse(f"visits:{name}", args=[code, "1"])
              for name in ("traveller", "permit", "remove_traveller", "documents")]  # fmt: skip
    found += [reverse("visits:list"), reverse("visits:figures"), reverse("accounts:morning")]
    return [*found, "/desk/activity/", "/desk/search/?q=velmark"]


@pytest.mark.costly("opens every page of a delegation")
@pytest.mark.parametrize("role", roles_that_differ("visits", "dossiers", among=tuple(PERMITS)))
def test_desk_tells_each_role_what_it_may_know(full, role):
    client = Client()
    sign_in_fully(client, UserFactory.create(roles=[] if role == "outsider" else [role]))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    may_see = "visits.see" in PERMITS[role]
    for path in pages(full.code):
        answer = client.get(path)
        text = answer.content.decode()
        assert PASSPORT not in text, path
        if not may_see:
            assert answer.status_code in {302, 403, 404} or "/visits/" not in path, path
            for secret in (REASON, "Zaytun", "+970 59", "+46 70", "Onsager", "Working lunch"):
                assert secret not in text, (path, secret)
        if "papers" in path:
            allowed = "visits.see_documents" in PERMITS[role]
            assert (answer.status_code == 200) == allowed, path
    assert ("visits.see_documents" in PERMITS["field_coordinator"]) is False


@pytest.mark.parametrize("number", [1, 7, 9])
def test_private_link_tells_each_traveller_what_they_may_know(full, staff, number):
    traveller = full.travellers.get(number=number)
    _link, token = make_link(actor=staff["IR"], visit=full, kind="programme", traveller=traveller,
                             now=NOW)  # fmt: skip
    PrivateLink.objects.update(ends_on=max(full.ends_on, timezone.localdate()))
    text = ""
    for name in ("programme", "calendar", "state"):
        for language in ("ar", "en"):
            path = reverse(f"public_visits:{name}", args=[token])
            answer = Client().get(path, {"language": language})
            assert answer.status_code == 200
            assert answer.headers["X-Robots-Tag"] == "noindex"
            text += answer.content.decode()
    never = (PASSPORT, REASON, "Working lunch", "wheelchair", "vegan", "Hala Samir", "Onsager")
    press = ("+970", "+46", "Zaytun", "الزيتون")
    hidden = never + (press if traveller.variant == "press" else ())
    assert [one for one in hidden if one in text] == []
    if traveller.variant != "press":
        assert "Zaytun" in text


def test_visit_for_named_colleagues_is_found_by_nobody_else(full, staff):
    full.visibility = "team"
    full.save()
    client = Client()
    sign_in_fully(client, staff["ED"])
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    for path in pages(full.code):
        text = client.get(path).content.decode()
        assert "National Assembly of Velmark" not in text, path
    assert urlsplit(client.get(reverse("visits:list")).request["PATH_INFO"]).path
    assert client.get(reverse("visits:visit", args=[full.code])).status_code == 404


def test_fact_of_a_visit_is_unknown_until_it_is_public(full):
    for path in (f"/en/visits/{full.code}/", f"/en/visits/{full.code}/programme.ics"):
        assert Client().get(path).status_code == 404


def test_reading_by_a_link_changes_nothing(full, staff):
    traveller = full.travellers.get(number=2)
    _link, token = make_link(actor=staff["IR"], visit=full, kind="feedback", traveller=traveller,
                             now=NOW)  # fmt: skip
    PrivateLink.objects.update(ends_on=max(full.ends_on, timezone.localdate()))
    before = list(PrivateLink.objects.values())
    assert Client().get(reverse("public_visits:feedback", args=[token])).status_code == 200
    assert list(PrivateLink.objects.values()) == before
    assert not full.feedback.exists()
