"""Who testified is known to those alone who may know, and to nobody once they take it back."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import hiwar.accounts
from factories.accounts import UserFactory, sign_in_fully
from factories.dossiers import DossierFactory
from factories.evidence import NOW, WITNESS, make_testimony
from hiwar.common.models import AuditEntry, SearchDocument
from hiwar.common.search.query import find
from hiwar.evidence import models
from hiwar.evidence.actions import items
from hiwar.evidence.models import EvidenceItem
from hiwar.evidence.queries.library import items_for
from hiwar.evidence.queries.testimony import Witness, witness_of

if TYPE_CHECKING:
    from hiwar.accounts.models import User

pytestmark = pytest.mark.django_db

ROLES = [
    role["code"]
    for role in json.loads((Path(hiwar.accounts.__file__).parent / "roles.json").read_text())
]
MAY_KNOW = {"director", "programme_manager"}
CANARIES = (WITNESS.name, WITNESS.contact, WITNESS.agreed_how, WITNESS.agreed_to)
WORDS = "عملت أربعة أشهر"


@pytest.fixture
def officer(roles: object) -> User:
    return UserFactory.create(roles=["researcher"])


def pages(client: Client, item: EvidenceItem) -> dict[str, str]:
    assert item.dossier is not None
    code = item.dossier.code
    addresses = [
        reverse("evidence:items"),
        *(f"{reverse('evidence:items')}?q={words}" for words in (*CANARIES[:2], WORDS)),
        *(f"{reverse('accounts:search')}?q={words}" for words in (*CANARIES[:2], WORDS)),
        *(reverse(f"evidence:{name}", args=[item.pk])
          for name in ("item", "edit_item", "correct_item", "withdraw_consent")),
        reverse("dossiers:dossier", args=[code]), reverse("accounts:activity"),
        reverse("accounts:morning"), "/en/", f"/en/search/?q={WITNESS.contact}",
    ]  # fmt: skip
    return {
        address: client.get(address).content.decode(errors="replace").split("<main", 1)[-1]
        for address in addresses
    }


def test_no_role_but_two_opens_the_seal(officer: User) -> None:
    testimony = make_testimony(officer).testimony
    for role in ROLES:
        witness = witness_of(UserFactory.create(roles=[role]), testimony)
        assert witness == (WITNESS if role in MAY_KNOW else None)


def test_no_page_count_or_search_tells_who_testified(officer: User) -> None:
    item = make_testimony(officer, dossier=DossierFactory.create())
    own = reverse("evidence:item", args=[item.pk])
    for role in ("director", "researcher", "public"):
        client = Client()
        if role != "public":
            sign_in_fully(client, UserFactory.create(roles=[role]))
        shown = pages(client, item)
        leaks = {
            (address, canary) for address, page in shown.items() for canary in CANARIES
            # A page of results repeats what was asked for.
            if canary in page and f"q={canary}" not in address
        }  # fmt: skip
        assert leaks == ({(own, canary) for canary in CANARIES} if role in MAY_KNOW else set())
        lists = [address for address in shown if "?q=" in address and WORDS not in address]
        assert not any(str(item.pk) in shown[address] for address in lists)


def test_nothing_of_a_witness_lies_readable_in_the_database(officer: User) -> None:
    make_testimony(officer)
    readable: list[str] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            readable += [
                table for row in cursor.fetchall() for cell in row for canary in CANARIES
                if canary in (bytes(cell).decode(errors="replace")
                              if isinstance(cell, bytes | memoryview) else str(cell))
            ]  # fmt: skip
    assert readable == []
    assert not AuditEntry.objects.filter(changed__icontains=WITNESS.contact).exists()


def test_a_withdrawn_consent_destroys_who_it_was_and_closes_the_words(officer: User) -> None:
    director = UserFactory.create(roles=["director"])
    item = make_testimony(officer)
    testimony = item.testimony
    assert witness_of(director, testimony) == WITNESS
    assert witness_of(officer, testimony) is None
    assert find(officer, WORDS).count == 1
    items.withdraw_consent(actor=officer, item=item, on=date(2027, 7, 3), now=NOW)
    testimony = models.Testimony.objects.get(item=item)
    assert bytes(testimony.sealed_person) == b""
    assert witness_of(director, testimony) is None
    assert find(director, WORDS).count == 0
    assert not SearchDocument.objects.filter(record=item.pk).exists()
    assert list(items_for(officer)) == []
    assert list(items_for(director)) == [item]
    with pytest.raises(items.ConsentGone):
        items.withdraw_consent(actor=officer, item=item, on=date(2027, 7, 3), now=NOW)


def test_a_consent_that_ended_closes_the_words_on_its_day(officer: User) -> None:
    today = timezone.localdate()
    item = make_testimony(officer)
    models.Testimony.objects.filter(item=item).update(consent_ends_on=today)
    assert list(items_for(officer, today)) == [item]
    assert list(items_for(officer, today + timedelta(days=1))) == []


def test_testimony_without_a_consent_is_refused(officer: User) -> None:
    for witness, on in (
        (Witness("x", "y", "", "z"), date(2027, 7, 1)),
        (WITNESS, date(2027, 8, 1)),
    ):
        with pytest.raises(items.ConsentMissing):
            items.record_testimony(
                actor=officer, values={"text": {"ar": "ن"}}, chosen_name="نور", witness=witness,
                consent=items.Consent(on), now=NOW,
            )  # fmt: skip
    assert not EvidenceItem.objects.exists()


def test_evidence_of_a_closed_dossier_or_person_is_closed(officer: User) -> None:
    reader = UserFactory.create(roles=["director"])
    closed = DossierFactory.create(visibility="personal", owner=officer)
    own = make_testimony(officer, dossier=closed)
    alone = make_testimony(officer, visibility="personal")
    client = Client()
    sign_in_fully(client, reader)
    for item in (own, alone):
        for name in ("item", "correct_item", "withdraw_consent"):
            assert client.get(reverse(f"evidence:{name}", args=[item.pk])).status_code == 404
    assert find(reader, WORDS).count == 0
    assert WORDS not in client.get(reverse("accounts:activity")).content.decode()
