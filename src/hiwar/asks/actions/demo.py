"""The asks of the demonstration, and where its invented parties stand."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction

from hiwar.accounts.actions.demo import demo_email
from hiwar.accounts.models import User
from hiwar.asks.actions.asks import take_state, write_ask
from hiwar.asks.actions.positions import Saying, record_position
from hiwar.asks.models import Ask, PositionLink
from hiwar.asks.queries import search_documents
from hiwar.common.dates import local_day
from hiwar.common.refusals import Refused
from hiwar.common.search.indexing import remove_record
from hiwar.contacts.models import Organisation
from hiwar.dossiers.models import Dossier

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

FILE = "positions.json"


def load_demo_positions(folder: Path, at: datetime) -> tuple[int, int, list[str]]:
    """Load the asks that are missing: how many were made, were there, and what was wrong."""
    writer = User.objects.filter(email=demo_email("PM2"), is_demo=True).first()
    document = json.loads((folder / "asks" / FILE).read_text("utf-8"))
    dossier = Dossier.objects.filter(code=document["dossier"], is_demo=True).first()
    if writer is None or dossier is None:
        return 0, 0, ["positions: staff or dossier of the demonstration is not there"]
    if Ask.objects.filter(dossier=dossier, is_demo=True).exists():
        return 0, len(document["asks"]), []
    try:
        _load(document=document, dossier=dossier, writer=writer, at=at)
    except (KeyError, IndexError, ValidationError, Refused) as error:
        return 0, 0, [f"{FILE}: {error}"]
    return len(document["asks"]), 0, []


def remove_demo_positions(folder: Path) -> int:
    """Remove the asks of the demonstration with everything that was said to them."""
    with transaction.atomic():
        asks = list(Ask.objects.filter(dossier__is_demo=True))
        for ask in asks:
            remove_record(search_documents.KIND, ask.pk)
        PositionLink.objects.filter(dossier__is_demo=True).delete()
        Ask.objects.filter(pk__in=[ask.pk for ask in asks]).delete()
    return len(asks)


@transaction.atomic
def _load(*, document: Mapping[str, Any], dossier: Dossier, writer: User, at: datetime) -> None:
    asks = []
    for entry in document["asks"]:
        ask = write_ask(
            actor=writer, dossier=dossier, text=entry["text"], short=entry["short"], now=at,
            is_demo=True,
        )  # fmt: skip
        asks.append(take_state(actor=writer, ask=ask, state=Ask.State.APPROVED, now=at))
    parties = {
        organisation.code: organisation
        for organisation in Organisation.objects.filter(is_demo=True)
    }
    today = local_day(at)
    for entry in document["positions"]:
        confirmed = entry.get("confirmed")
        party = parties[entry["party"]]
        record_position(
            actor=writer,
            ask=asks[entry["ask"] - 1],
            organisation=party,
            said_on=today - timedelta(days=entry["days_ago"]),
            saying=Saying(
                stance=entry["stance"],
                words=entry.get("words", {}),
                source_kind=entry["source_kind"],
                source=entry["source"],
                confirmed_by=str(party) if confirmed else "",
                confirmed_on=today - timedelta(days=confirmed) if confirmed else None,
            ),
            now=at,
            is_demo=True,
        )
