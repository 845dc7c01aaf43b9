"""The log of review leaves the house as a file, and that is written down."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from factories.accounts import UserFactory, sign_in_fully
from factories.dialogues import DialogueFactory, ParticipantFactory, StatementFactory
from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.models import AuditEntry
from hiwar.dialogues.actions.logs import export_log
from hiwar.dialogues.actions.moderation import accept_statement, reject_statement

if TYPE_CHECKING:
    from datetime import datetime

    from django.test import Client

pytestmark = pytest.mark.django_db


def test_every_decision_is_a_line(client: Client, roles: None, now: datetime) -> None:
    dialogue = DialogueFactory.create()
    moderator = UserFactory.create(roles=["facilitator"])
    for number, words in ((1, "=1+1 ثمن الخبز"), (2, "قروض صغيرة")):
        StatementFactory.create(
            dialogue=dialogue, number=number, state="held", source="participant",
            author=ParticipantFactory.create(dialogue=dialogue), text={"ar": words}, language="ar",
        )  # fmt: skip
    first, second = dialogue.statements.order_by("number")
    reject_statement(actor=moderator, statement=first, reason="unclear", reply="-لماذا؟", now=now)
    accept_statement(actor=moderator, statement=second, now=now)
    sign_in_fully(client, moderator)
    address = reverse("dialogues:log_file", args=[dialogue.code])
    assert address in client.get(reverse("dialogues:log", args=[dialogue.code])).content.decode()
    response = client.get(address)
    assert response.headers["Content-Disposition"].endswith('-review.csv"')
    rows = {
        row["statement"]: row
        for row in csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")))
    }
    assert (rows["1"]["outcome"], rows["1"]["reason"]) == ("rejected", "unclear")
    assert rows["1"]["text"] == "'=1+1 ثمن الخبز", "no spreadsheet takes it for a formula"
    assert rows["1"]["reply"].startswith("'-")
    assert rows["2"]["outcome"] == "accepted"
    entry = AuditEntry.objects.get(verb="dialogues.dialogue.export_log")
    assert entry.actor == f"accounts.user:{moderator.pk}"


def test_who_may_not_review_takes_no_log(client: Client, roles: None, now: datetime) -> None:
    dialogue = DialogueFactory.create()
    reader = UserFactory.create(roles=["researcher"])
    sign_in_fully(client, reader)
    assert client.get(reverse("dialogues:log_file", args=[dialogue.code])).status_code == 403
    with pytest.raises(NotAllowed):
        export_log(actor=reader, dialogue=dialogue, now=now)
    assert not AuditEntry.objects.filter(verb="dialogues.dialogue.export_log").exists()
