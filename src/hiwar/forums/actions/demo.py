"""The forum of the demonstration: rounds and sessions that are there, on one path."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction

from hiwar.accounts.actions.demo import demo_email
from hiwar.accounts.models import User
from hiwar.common.dates import local_day
from hiwar.common.refusals import Refused
from hiwar.common.search.indexing import remove_record
from hiwar.dialogues.models import Dialogue
from hiwar.dossiers.models import Dossier
from hiwar.events.models import Event
from hiwar.forums.actions.forums import approve_forum, start_forum
from hiwar.forums.actions.stages import update_stage
from hiwar.forums.models import Forum
from hiwar.forums.queries.search_documents import FORUM, PUBLIC

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

TEXTS = ("title", "question", "options", "background", "on_the_table", "who_decides", "budget_head")


def load_demo_forums(folder: Path, at: datetime) -> tuple[int, int, list[str]]:
    """Load the forums that are missing: how many were made, were there, and what was wrong."""
    planner = User.objects.filter(email=demo_email("PM1"), is_demo=True).first()
    director = User.objects.filter(email=demo_email("ED"), is_demo=True).first()
    if planner is None or director is None:
        return 0, 0, ["forums: the staff of the demonstration is not there"]
    loaded, there, wrong = 0, 0, []
    for entry in json.loads((folder / "forums" / "forums.json").read_text("utf-8")):
        if Forum.objects.filter(code=entry["code"]).exists():
            there += 1
            continue
        try:
            _load(entry=entry, planner=planner, director=director, at=at)
        except (KeyError, ValidationError, Refused) as error:
            wrong.append(f"forums: {entry['code']}: {error}")
            continue
        loaded += 1
    return loaded, there, wrong


@transaction.atomic
def _load(*, entry: Mapping[str, Any], planner: User, director: User, at: datetime) -> None:
    values = {name: entry[name] for name in (*TEXTS, "code", "template")}
    values["dossier"] = Dossier.objects.filter(code=entry["dossier"], is_demo=True).first()
    values["decision_on"] = local_day(at) + timedelta(days=entry["decision_in"])
    forum = start_forum(actor=planner, values=values, now=at, is_demo=True)
    dialogue = Dialogue.objects.filter(slug=entry["dialogue"], created_by__is_demo=True).first()
    rounds = list(dialogue.rounds.order_by("number")) if dialogue else []
    sessions = list(
        Event.objects.filter(code__in=entry["sessions"], is_demo=True).order_by("starts_at")
    )
    for stage in forum.stages.order_by("position"):
        part = next((each for each in rounds if each.kind == stage.kind), None)
        session = sessions.pop(0) if stage.kind == "session" and sessions else None
        if part is not None or session is not None:
            update_stage(
                actor=director, stage=stage, values={"round": part, "event": session}, now=at
            )
    approve_forum(actor=director, forum=forum, now=at)


def remove_demo_forums(folder: Path) -> int:
    """Remove the forums of the demonstration, and those that took up one; return how many went."""
    with transaction.atomic():
        forums = set(Forum.objects.filter(is_demo=True))
        Forum.objects.filter(pk__in=[forum.pk for forum in forums]).update(restarts=None)
        for forum in forums:
            for kind in (FORUM, PUBLIC):
                remove_record(kind, forum.pk)
            forum.delete()
    return len(forums)
