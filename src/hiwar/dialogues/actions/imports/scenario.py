"""The files of a scenario, brought in one after the other as a facilitator would."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.db import transaction

from hiwar.common.imports import actions
from hiwar.common.tables import own_upload
from hiwar.dialogues.actions.merges import accept_merges, propose_merges
from hiwar.dialogues.actions.rooms import open_rooms
from hiwar.dialogues.queries.imports import FILE, KIND, LIMITS
from hiwar.events.queries.events import events_for

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from hiwar.accounts.models import User
    from hiwar.common.models import ImportRun
    from hiwar.dialogues.models import Dialogue

FILES = (
    ("participants", "s1-participants.csv"),
    ("votes", "s1-votes-web.csv"),
    ("messages", "s1-sms-inbound.csv"),
    ("forms", "s1-paper-forms.csv"),
)


@transaction.atomic
def load_scenario(
    *, actor: User, dialogue: Dialogue, folder: Path, now: datetime
) -> list[ImportRun]:
    """Fill a dialogue with the files of a folder, and join the registrations of equal numbers.

    Raises what `bring_in` of imports raises, and ``FileNotFoundError``.
    """
    done = [
        bring_in(
            actor=actor,
            dialogue=dialogue,
            file=folder / name,
            kind=kind,
            now=now,
            is_told=kind == "participants",
        )
        for kind, name in FILES
    ]
    proposals = propose_merges(actor=actor, dialogue=dialogue, now=now)
    accept_merges(actor=actor, proposals=proposals, now=now)
    return done


def bring_in(
    *,
    actor: User,
    dialogue: Dialogue,
    file: Path,
    now: datetime,
    kind: str = "",
    is_told: bool = False,
) -> ImportRun:
    """Bring a file of the installation itself into a dialogue; raises what imports raise.

    With `is_told` its people agreed that their addresses are kept, to tell them in the end.
    """
    options = {"kind": kind} if kind else {}
    return actions.bring_in(
        actor=actor,
        kind=KIND,
        subject=dialogue.pk,
        files={FILE: own_upload(file.read_bytes(), file.name, LIMITS)},
        options=options | ({"to_be_told": "yes"} if is_told else {}),
        now=now,
    )


def fill_demo(dialogue: Dialogue, folder: Path, actor: User, at: datetime) -> None:
    """Fill the full dialogue of the demonstration, where its folder holds the files of votes."""
    if (folder / "scenario").is_dir():
        load_scenario(actor=actor, dialogue=dialogue, folder=folder / "scenario", now=at)


def fill_rooms(dialogue: Dialogue, folder: Path, actor: User, at: datetime) -> None:
    """Let people of the demonstration vote in the rooms of an event, where a file says so."""
    file = folder / "dialogues/rooms" / f"{dialogue.slug}.json"
    if not file.is_file():
        return
    entry = json.loads(file.read_text("utf-8"))
    event = events_for(actor).filter(code=entry["event"]).first()
    if event is None:
        return
    open_rooms(actor=actor, dialogue=dialogue, event=event, now=at)
    votes = file.with_suffix(".csv")
    bring_in(actor=actor, dialogue=dialogue, file=votes, kind="votes", now=at)
