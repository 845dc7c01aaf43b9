"""The words that were signed: kept for good, and a kind of documents that is declared once."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import date

import pytest

from factories.accounts import UserFactory
from factories.dossiers import DossierFactory
from hiwar.dossiers.actions import joint
from hiwar.dossiers.models import JointText
from hiwar.dossiers.queries.joint import latest_text
from hiwar.dossiers.queries.signing import KIND
from hiwar.signatures.actions import signings
from hiwar.signatures.rules import kind_of, register_kind

TITLE, TEXT = {"en": "A statement"}, {"en": "The first.\n\nThe second."}


@pytest.mark.django_db
def test_what_becomes_of_a_document_changes_nothing_under_a_name(roles, now):
    manager = UserFactory.create(roles=["programme_manager"])
    statement = joint.create_statement(
        actor=manager, dossier=DossierFactory.create(), title=TITLE, text=TEXT, now=now,
        settings=joint.Settings(date(2026, 12, 1)),
    )  # fmt: skip
    version = joint.open_text(actor=manager, text=latest_text(statement), now=now).version
    JointText.objects.update(text={"en": "Other words"})
    version.refresh_from_db()
    content = json.dumps([TITLE, dict(version.text)], ensure_ascii=False, sort_keys=True)
    assert dict(version.text) == TEXT
    assert version.checksum == hashlib.sha256(content.encode()).hexdigest()
    assert kind_of(version.signing) is KIND
    own = signings.open_version(
        signing=version.signing, number=2, title=TITLE, text=TEXT, now=now, checksum="ab" * 32
    )
    version.refresh_from_db()
    assert (own.checksum, version.is_open, version.replaced_at) == ("ab" * 32, False, now)
    signings.end_signing(signing=version.signing, reason="", now=now)
    with pytest.raises(signings.SigningEnded):
        signings.open_version(signing=version.signing, number=3, title=TITLE, text=TEXT, now=now)


def test_a_kind_of_documents_is_declared_once():
    register_kind(KIND)
    with pytest.raises(ValueError, match="two kinds"):
        register_kind(replace(KIND, may_read=lambda _user, _signing: True))
