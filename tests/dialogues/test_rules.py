from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser

from factories.accounts import UserFactory
from hiwar.accounts.rules import permission_labels
from hiwar.dialogues import rules

pytestmark = pytest.mark.django_db
MAY = {
    "director": "run moderate import publish see",
    "programme_manager": "run moderate import publish see",
    "facilitator": "run moderate import see",
    "field_coordinator": "import see",
    "media": "publish see",
    "researcher": "see",
    "me_officer": "see",
    "editor": "see",
    "international_relations": "see",
    "finance_viewer": "",
    "admin": "",
}
RULES = {
    "run": rules.can_run_dialogue,
    "moderate": rules.can_moderate_statement,
    "import": rules.can_import_file,
    "publish": rules.can_publish_results,
    "see": rules.can_see_dialogue,
}


@pytest.mark.parametrize(("role", "may"), MAY.items())
def test_role_may_do_exactly_this(roles, role, may):
    user = UserFactory.create(roles=[role])
    assert " ".join(word for word, rule in RULES.items() if rule(user)) == may


def test_outsiders_may_nothing(outsider):
    for somebody in (outsider, AnonymousUser()):
        assert [word for word, rule in RULES.items() if rule(somebody)] == []


def test_permissions_have_words():
    assert {f"dialogues.{word}" for word in RULES} <= set(permission_labels())
