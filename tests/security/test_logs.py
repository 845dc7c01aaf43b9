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

from hiwar.accounts.models import Guarded
from hiwar.common import queries
from hiwar.common.links.logs import MaskingFormatter
from hiwar.common.links.purposes import all_purposes

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


@pytest.mark.django_db
def test_names_in_the_log_are_only_those_that_all_staff_may_read():
    """Who reads the log may not read every record: a namer of a guarded kind asks who may."""
    guarded = {model._meta.label_lower for model in apps.get_models() if issubclass(model, Guarded)}
    kinds = guarded & queries._namers.keys()
    assert {"visits.visit", "contacts.person", "asks.ask"} <= kinds
    for kind in sorted(kinds - {"events.event"}):  # it is named by its code, which tells nothing
        with CaptureQueriesContext(connection) as captured:
            queries.names_of([f"{kind}:{uuid4()}"])
        asked = " ".join(query["sql"].partition("WHERE")[2] for query in captured)
        assert "visibility" in asked, f"{kind} is named to whoever may not read it"
