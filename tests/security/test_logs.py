"""Nothing in the log of a walk gives anybody away, and a refusal is one line."""

from __future__ import annotations

import io
import logging
import re
from uuid import uuid4

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from factories.accounts import UserFactory
from factories.dialogues import DialogueFactory, StatementFactory
from factories.publishing import TITLE, make_item, make_public
from hiwar.accounts.models import Guarded
from hiwar.common import queries
from hiwar.common.links.logs import MaskingFormatter
from hiwar.common.links.purposes import all_purposes
from hiwar.dialogues.models import Dialogue

CANARIES = (
    "c4n4ryt0k3n",
    "canary@person.example",
    "203.0.113.77",
    "2001:db8:0:1::77",
    "canary-name",
)


@pytest.fixture
def log():
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    options = settings.LOGGING["formatters"]["line"]
    handler.setFormatter(MaskingFormatter(options["format"], style=options["style"]))
    root = logging.getLogger()
    root.addHandler(handler)
    yield stream
    root.removeHandler(handler)


@pytest.mark.django_db
def test_log_of_a_walk_names_nobody_and_has_a_line_for_each_refusal(log, at_desk, outsider):
    token, mail, address, address6, name = CANARIES
    from_there = {"REMOTE_ADDR": address, "HTTP_USER_AGENT": name, "HTTP_X_FORWARDED_FOR": address6}
    stranger = Client(raise_request_exception=False, **from_there)
    for purpose in all_purposes():
        stranger.get(f"{purpose.prefix}{token}/")
    stranger.get(f"/en/nowhere/?mail={mail}")
    stranger.get("/en/", headers={"host": "evil.example"})
    stranger.post("/desk/sign-in/", {"email": mail, "password": name})
    client = at_desk(outsider)
    client.raise_request_exception = False
    refused = client.get("/desk/accounts/people/", **from_there)
    client.get("/desk/people/", **from_there)
    client.get("/desk/jobs/", **from_there)
    logging.getLogger("hiwar.trial").warning("no relay for %s at %s or %s", mail, address, address6)
    told = log.getvalue()
    assert refused.status_code in {403, 404}
    assert "Not Found" in told
    assert "Forbidden" in told
    assert "evil.example" in told
    assert [canary for canary in CANARIES if canary in told] == []
    lines = told.splitlines()
    assert [line for line in lines if not re.match(r"\d{4}-\d\d-\d\d \d\d:", line)] == []


def test_fault_of_the_program_keeps_its_traceback():
    formatter = MaskingFormatter("{message}", style="{")
    try:
        raise ValueError("no@body.example")
    except ValueError as error:
        record = logging.makeLogRecord(
            {"msg": "broken", "exc_info": (type(error), error, error.__traceback__)}
        )
    told = formatter.format(record)
    assert "Traceback" in told
    assert "no@body.example" not in told


# Parts of what is guarded, which their whole hides.
PARTS = {"dossiers.document", "dossiers.fact", "dossiers.jointtext", "dossiers.nextstep"}
# Kinds that are not guarded, and why their names may stand in the log.
OPEN = {
    "accounts.institution": "everybody knows it",
    "accounts.invitation": "who works here is for staff",
    "accounts.role": "roles are for staff",
    "accounts.user": "who works here is for staff",
    "channels.batch": "it is called a sending",
    "channels.channel": "a code",
    "common.key": "which key was changed, never the key",
    "common.vocabularyentry": "words that forms offer",
    "dialogues.dialogue": "a draft is called by its code",
    "dialogues.publication": "of a dialogue that was open",
    "dialogues.round": "a draft is called by its code",
    "dialogues.statement": "a number, never the words",
    "dossiers.pillar": "the strategy is for staff",
    "dossiers.programme": "the strategy is for staff",
    "dossiers.project": "the strategy is for staff",
    "legislation.procedure": "words that forms offer",
    "places.calendar": "places are for everybody",
    "places.place": "places are for everybody",
    "publishing.issue": "a draft is called by its code",
    "publishing.item": "a draft is called by its code",
    "publishing.picture": "the beginning of its code",
    "signatures.signing": "the room asks whether its document is open to staff",
}


@pytest.mark.django_db
def test_what_is_not_public_yet_is_called_by_its_code(roles):
    draft = DialogueFactory.create(state="draft", opened_at=None, title={"en": "Quicksilver"})
    StatementFactory.create(dialogue=draft)
    item = make_item(UserFactory.create(roles=["director"]))
    keys = [draft.reference, draft.rounds.get().reference, draft.statements.get().reference]
    names = queries.names_of([*keys, item.reference])
    assert len(names) == 4
    assert all(draft.code in names[key] for key in keys)
    assert (names[item.reference], "Quicksilver" in str(names)) == (item.code, False)
    make_public(item)
    Dialogue.objects.update(state="open")
    names = queries.names_of([*keys, item.reference])
    assert all("Quicksilver" in names[key] for key in keys)
    assert names[item.reference] == TITLE["ar"]


@pytest.mark.django_db
def test_names_in_the_log_are_only_those_that_all_staff_may_read():
    """Who reads the log may not read every record: a namer of a guarded kind asks who may."""
    guarded = {model._meta.label_lower for model in apps.get_models() if issubclass(model, Guarded)}
    kinds = (guarded | PARTS) & queries._namers.keys()
    assert {"visits.visit", "contacts.person", "asks.ask"} | PARTS <= kinds
    assert queries._namers.keys() - kinds == OPEN.keys()
    for kind in sorted(kinds - {"events.event"}):  # it is named by its code, which tells nothing
        with CaptureQueriesContext(connection) as captured:
            queries.names_of([f"{kind}:{uuid4()}"])
        asked = " ".join(query["sql"].partition("WHERE")[2] for query in captured)
        assert "visibility" in asked, f"{kind} is named to whoever may not read it"
