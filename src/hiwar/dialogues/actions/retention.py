"""What dialogues keep for a time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from hiwar.common.actions import audit
from hiwar.common.models import ImportRun
from hiwar.common.personal.retention import KeepingClass
from hiwar.dialogues.actions.statements import drop_details
from hiwar.dialogues.actions.telling import forget_told_addresses
from hiwar.dialogues.models import (
    Dialogue,
    FormCheck,
    MergeProposal,
    MessageInQueue,
    Participant,
    Publication,
    Statement,
)
from hiwar.dialogues.queries.imports import KIND

if TYPE_CHECKING:
    from datetime import datetime

DAYS = 90
BARE: dict[str, Any] = {
    "name": "", "registration": "", "contact_key": "", "sex": "", "age_band": "", "disability": "",
    "locality_kind": "", "place": None, "room": None, "sectors": [],
}  # fmt: skip
TOLD = (
    Q(name__gt="") | Q(registration__gt="") | Q(contact_key__gt="") | Q(sex__gt="")
    | Q(age_band__gt="") | Q(disability__gt="") | Q(locality_kind__gt="")
    | Q(place__isnull=False) | Q(room__isnull=False) | ~Q(sectors=[])
)  # fmt: skip


@transaction.atomic
def forget_answers(*, now: datetime) -> int:
    """Forget what people told of themselves once the results that needed it are long public."""
    public = Publication.objects.filter(dialogue=OuterRef("pk"), state=Publication.State.PUBLISHED)
    over = Dialogue.objects.filter(
        Exists(public), state=Dialogue.State.CLOSED, closed_at__lt=now - timedelta(days=DAYS)
    )
    count = 0
    for dialogue in over.order_by("pk"):
        people = Participant.objects.filter(TOLD, dialogue=dialogue)
        number = people.update(**BARE)
        MergeProposal.objects.filter(dialogue=dialogue).delete()
        MessageInQueue.objects.filter(dialogue=dialogue).delete()
        FormCheck.objects.filter(dialogue=dialogue).update(form="")
        runs = ImportRun.objects.filter(kind=KIND, subject=dialogue.pk)
        runs.update(content=b"", report=b"", journal=b"")
        if number:
            audit(None, "dialogues.dialogue.forget_answers", dialogue, at=now)
        count += number
    return count


@transaction.atomic
def forget_details(*, now: datetime) -> int:
    """Drop private details from statements that were turned away before masks were there."""
    gone = (Statement.State.REJECTED, Statement.State.WITHDRAWN, Statement.State.SPLIT)
    count = 0
    for statement in Statement.objects.filter(state__in=gone).order_by("pk"):
        if statement.shown != statement.text:
            drop_details(statement)
            count += 1
    return count


TOLD_DAYS = 365


def forget_told(*, now: datetime) -> int:
    """Destroy addresses of people whom nobody told within a year of the close."""
    return forget_told_addresses(closed_before=now - timedelta(days=TOLD_DAYS))


KEPT = (
    KeepingClass(
        "dialogues.answers",
        _("what people told of themselves, their names and numbers of forms"),
        _("from the close of a dialogue whose results are published"),
        lambda: DAYS,
        forget_answers,
    ),
    KeepingClass(
        "dialogues.details",
        _("private details in statements that were not accepted"),
        _("from the decision"),
        lambda: 0,
        forget_details,
    ),
    KeepingClass(
        "dialogues.contact_keys",
        _("the key by which a telephone number is known"),
        _("from the close of the dialogue"),
        lambda: 0,
        duty="dialogues.forget_secrets",
    ),
    KeepingClass(
        "dialogues.told_addresses",
        _("addresses that were left to be told what came of a dialogue"),
        _("until they were told, at the latest from the close of the dialogue"),
        lambda: TOLD_DAYS,
        forget_told,
    ),
    KeepingClass(
        "dialogues.receipts",
        _("the secret behind receipts"),
        _("from the close of the dialogue"),
        lambda: settings.RECEIPT_DAYS,
        duty="dialogues.forget_secrets",
    ),
)
