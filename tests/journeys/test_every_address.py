"""Every address opens over the demonstration, in both languages, for who may open it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.conf import settings as installation
from django.core.management import call_command
from django.db import transaction

from addresses import walk
from addresses.dialogues import demo_participant
from hiwar.accounts.models import Role, User
from hiwar.dialogues.queries.tokens import Bearer, cookie_name, make_token

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.walk,
    pytest.mark.costly("opens every address there is"),
]

# Addresses whose example is still owed: the list only gets shorter.
OWED: set[str] = set()


def test_every_address_opens(settings: SettingsWrapper) -> None:
    settings.DEMO = True
    call_command("load_demo", verbosity=0)
    settings.DEMO = False
    user = User.objects.filter(roles__code="director").earliest("pk")
    user.roles.set(Role.objects.all())
    person = demo_participant()
    code = person.dialogue.code
    token = make_token(code, Bearer(person.pk, is_stored=True))
    for language, _ in installation.LANGUAGES:
        # What the examples add is of one language: the next begins at the demonstration again.
        before = transaction.savepoint()
        walked = walk(language, user, {cookie_name(code): token})
        assert walked.faults == []
        assert set(walked.without_example()) <= OWED
        transaction.savepoint_rollback(before)
