"""The secret behind receipts: kept for some weeks after publishing, then destroyed for good."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from dialogues.test_publications import make_closed
from factories.dialogues import DialogueFactory
from hiwar.common.models import AuditEntry
from hiwar.dialogues import tasks
from hiwar.dialogues.actions import publications
from hiwar.dialogues.models import Dialogue, Publication
from hiwar.dialogues.queries.erasure import participants_known_by
from hiwar.dialogues.queries.results import bundle_of, receipts_end_at
from hiwar.dialogues.queries.tokens import Bearer, cookie_name, make_token
from hiwar.engine.ledger.verifier import main

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from hiwar.accounts.models import User

pytestmark = pytest.mark.django_db
DAYS = timedelta(days=30)


@pytest.fixture(autouse=True)
def _settings(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path
    settings.RECEIPT_DAYS = DAYS.days


@pytest.fixture
def published(director: User, now: datetime) -> Publication:
    dialogue = make_closed(now)
    made = publications.prepare_publication(actor=director, dialogue=dialogue, now=now)
    return publications.publish(actor=director, publication=made, now=now + timedelta(days=2))


def browser(dialogue: Dialogue) -> Client:
    person = dialogue.participants.order_by("pk")[0]
    client = Client()
    token = make_token(dialogue.code, Bearer(person.pk, is_stored=True))
    client.cookies[cookie_name(dialogue.code)] = token
    return client


def test_the_secret_lives_until_its_day_and_no_longer(
    published: Publication, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialogue = published.dialogue
    end = now + timedelta(days=2) + DAYS
    assert receipts_end_at(dialogue) == end
    monkeypatch.setattr("django.utils.timezone.now", lambda: end - timedelta(seconds=1))
    tasks.forget_secrets.func()
    dialogue.refresh_from_db()
    assert dialogue.log_secret
    client, path = browser(dialogue), f"/en/d/{dialogue.code}/receipt/"
    page = client.get(path).content.decode()
    assert "25 December 2026" in page
    receipt = client.get(f"{path}votes.zip")
    assert receipt.status_code == 200
    # Whoever brings her receipt to the desk is known by it, and by no other way.
    person = dialogue.participants.order_by("pk")[0]
    with zipfile.ZipFile(io.BytesIO(receipt.content)) as archive:
        proofs = [archive.read(name).decode() for name in archive.namelist()]
    proofs = [text for text in proofs if "index " in text]
    assert proofs
    assert [participants_known_by(text) for text in proofs] == [[person]] * len(proofs)
    monkeypatch.setattr("django.utils.timezone.now", lambda: end)
    tasks.forget_secrets.func()
    tasks.forget_secrets.func()
    dialogue.refresh_from_db()
    assert dialogue.log_secret == ""
    entry = AuditEntry.objects.get(verb="dialogues.dialogue.destroy_secret")
    assert (entry.actor, entry.at) == ("system", end)
    assert "Receipts can no longer be had" in client.get(path).content.decode()
    assert client.get(f"{path}votes.zip").status_code == 410


def test_a_later_version_gives_its_readers_time(
    published: Publication, director: User, now: datetime
) -> None:
    dialogue = published.dialogue
    later = now + timedelta(days=20)
    made = publications.prepare_publication(
        actor=director, dialogue=dialogue, now=later, correction="A name was wrong."
    )
    assert receipts_end_at(dialogue) == now + timedelta(days=2) + DAYS
    publications.publish(actor=director, publication=made, now=later)
    assert receipts_end_at(dialogue) == later + DAYS


def test_a_version_made_after_that_is_recounted_and_has_no_receipts(
    published: Publication, director: User, now: datetime, tmp_path: Path
) -> None:
    dialogue = published.dialogue
    publications.destroy_secrets(now=now + timedelta(days=400))
    dialogue.refresh_from_db()
    made = publications.prepare_publication(
        actor=director, dialogue=dialogue, now=now + timedelta(days=401), correction="A typo."
    )
    first = bundle_of(made)
    file = tmp_path / "votes.zip"
    file.write_bytes(first)
    assert main([str(file)]) == 0
    dialogue.refresh_from_db()
    assert dialogue.log_secret == ""
    # An empty key would be everybody's: two versions have no slot in common.
    again = publications.prepare_publication(
        actor=director, dialogue=dialogue, now=now + timedelta(days=402), correction="A typo."
    )
    assert slots(first).isdisjoint(slots(bundle_of(again)))


def slots(content: bytes) -> set[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        lines = archive.read("openings.csv").decode().splitlines()
    heading = lines[0].split(",")
    return {line.split(",")[heading.index("slot")] for line in lines[1:]}


def test_an_open_dialogue_keeps_its_secret_and_an_unpublished_one_a_year(now: datetime) -> None:
    assert receipts_end_at(DialogueFactory.create()) is None
    closed = DialogueFactory.create(state="closed", closed_at=now)
    assert receipts_end_at(closed) == now + timedelta(days=365)
    assert publications.destroy_secrets(now=now + timedelta(days=364)) == []
    assert publications.destroy_secrets(now=now + timedelta(days=365)) == [closed]
    assert Dialogue.objects.exclude(log_secret="").get().state == "open"
