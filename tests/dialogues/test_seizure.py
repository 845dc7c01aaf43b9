"""A copied data folder of an open dialogue gives no telephone number and no way from one to a vote.

`DRILL_NUMBERS=10000000 pytest tests/dialogues/test_seizure.py` tries ten million numbers.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from typing import TYPE_CHECKING

import pytest
from django.apps import apps
from django.db import connection

from factories.dialogues import DialogueFactory, ParticipantFactory
from hiwar.common.checks import keys_beside_their_locks
from hiwar.dialogues.actions.dialogues import close_dialogue
from hiwar.dialogues.models import Participant
from hiwar.dialogues.queries.people import contact_key

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from pytest_django.fixtures import SettingsWrapper

    from hiwar.accounts.models import User

CANDIDATES = int(os.environ.get("DRILL_NUMBERS", "50000"))
PLANTED = ("0599004321", "+970 59 903 1234", "٠٥٩٩٠٠٠٠٠٧")
KEY = "only-the-machine-knows-this-and-no-copy-of-its-data-does"


def copied_text() -> str:
    """Return every value of every table, as a copy of the database holds it."""
    found = []
    for model in apps.get_models():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
            found += [str(value) for row in cursor.fetchall() for value in row]
    return "\n".join(found)


@pytest.mark.django_db
def test_numbers_cannot_be_tried_against_a_copy(settings: SettingsWrapper) -> None:
    settings.OUTER_KEY = KEY
    dialogue = DialogueFactory.create()
    for number in PLANTED:
        key = contact_key(dialogue.contact_secret, number)
        ParticipantFactory.create(dialogue=dialogue, contact_key=key)
    copy = copied_text()
    kept = set(Participant.objects.values_list("contact_key", flat=True))
    assert dialogue.contact_secret in copy, "the copy holds the half that is the dialogue's"
    for shape in (KEY, KEY.encode().hex(), base64.b64encode(KEY.encode()).decode()):
        assert shape not in copy
    secret = bytes.fromhex(dialogue.contact_secret)
    found = 0
    for last in range(CANDIDATES):
        plain = b"59%07d" % (9_000_000 + last)
        inner = hmac.digest(secret, plain, "sha256").hex()
        # What stands in the code, with no key, or with what the copy holds for a key.
        known = hashlib.sha256(f"hiwar.outer.contact:{dialogue.contact_secret}".encode()).digest()
        found += inner in kept or hmac.digest(known, inner.encode(), "sha256").hex() in kept
    assert found == 0
    # With the key they are found: the test tries the right numbers.
    assert contact_key(dialogue.contact_secret, "599004321") in kept


@pytest.mark.django_db
def test_closing_destroys_the_half_that_is_the_dialogues(director: User, now: datetime) -> None:
    dialogue = DialogueFactory.create()
    key = contact_key(dialogue.contact_secret, PLANTED[0])
    ParticipantFactory.create(dialogue=dialogue, contact_key=key)
    secret = dialogue.contact_secret
    close_dialogue(actor=director, dialogue=dialogue, now=now)
    copy = copied_text()
    assert secret not in copy
    assert key not in copy


def test_a_key_in_the_data_folder_is_refused(settings: SettingsWrapper, tmp_path: Path) -> None:
    settings.DATA = tmp_path / "var"
    settings.DATA.mkdir()
    beside, inside = tmp_path / "hiwar.key", settings.DATA / "hiwar.key"
    for path in (beside, inside):
        path.write_text(KEY)
    settings.KEY_FILES = [str(beside)]
    assert keys_beside_their_locks() == []
    settings.KEY_FILES = [str(beside), str(inside)]
    assert [error.id for error in keys_beside_their_locks()] == ["hiwar.E114"]
