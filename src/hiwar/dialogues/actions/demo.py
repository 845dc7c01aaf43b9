"""The dialogues of the demonstration: three invented ones, of which one ran its course."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction

from hiwar.accounts.actions.demo import demo_email
from hiwar.accounts.models import User
from hiwar.common.dates import local_day
from hiwar.common.models import ImportRun
from hiwar.common.refusals import Refused
from hiwar.dialogues.actions.demo_course import course_of, run_course
from hiwar.dialogues.actions.dialogues import (
    close_round,
    create_dialogue,
    open_dialogue,
    open_round,
    set_decision,
)
from hiwar.dialogues.actions.imports.scenario import fill_demo, fill_rooms
from hiwar.dialogues.actions.moderation import ask_to_reword, reject_statement
from hiwar.dialogues.actions.statements import add_statement
from hiwar.dialogues.models import Dialogue, Participant, Statement, Wording
from hiwar.dialogues.queries.dialogues import rounds_of
from hiwar.dialogues.queries.imports import KIND
from hiwar.dossiers.models import Dossier

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

TEMPLATE_OF = {"local-elections": "town_hall"}
FULL = "youth-employment"
REASON_OF = {"private details": "private", "two ideas in one": "several", "insult": "insult"}
REWORDED_AS = "reworded by its author as statement"
WHO_DECIDES = {
    "ar": "مجلس إدارة المؤسسة، ثم الجهات الرسمية المعنية",
    "en": "The board of the institution, then the public bodies concerned",
}
ON_THE_TABLE = {
    "ar": "ورقة سياسات وثلاثة مطالب تُرسل إلى الجهات القادرة على التنفيذ",
    "en": "A policy paper, and three asks sent to the bodies that can act",
}
DECISION_AFTER = timedelta(days=120)


def load_demo_dialogues(folder: Path, at: datetime) -> tuple[int, int, list[str]]:
    """Load the dialogues that are missing: how many were made, were there, and what was wrong."""
    loaded, there, wrong = 0, 0, []
    runner = User.objects.filter(email=demo_email("PM1"), is_demo=True).first()
    moderator = User.objects.filter(email=demo_email("DF1"), is_demo=True).first()
    if runner is None or moderator is None:
        return 0, 0, ["dialogues: the staff of the demonstration is not there"]
    for path in sorted((folder / "dialogues").glob("dialogue-*.json")):
        document = json.loads(path.read_text("utf-8"))
        if Dialogue.objects.filter(slug=document["slug"]).exists():
            there += 1
            continue
        try:
            load_dialogue(
                document=document, folder=folder, runner=runner, moderator=moderator, at=at
            )
        except (KeyError, ValidationError, Refused) as error:
            wrong.append(f"{path.name}: {error}")
            continue
        loaded += 1
    return loaded, there, wrong


@transaction.atomic
def load_dialogue(
    *,
    document: Mapping[str, Any],
    folder: Path,
    runner: User,
    moderator: User,
    at: datetime,
) -> Dialogue:
    """Make one dialogue from its file through the actions a facilitator uses, and open it.

    One whose course is told in a file of its own began earlier, and is closed and published.
    """
    course = course_of(folder, document["slug"])
    today, at = at, at - timedelta(days=course["opened"]) if course else at
    dialogue = create_dialogue(
        actor=runner,
        template=TEMPLATE_OF.get(document["slug"], "policy_forum"),
        title=document["title"],
        question=document["question"],
        introduction=document["introduction"],
        ground_rules=document["ground_rules"],
        slug=document["slug"],
        now=at,
    )
    dialogue.dossier = Dossier.objects.filter(slug=document["slug"], is_demo=True).first()
    dialogue.save(update_fields=["dossier"])
    first, second, *_later = rounds_of(dialogue)
    set_decision(
        actor=runner,
        round=first,
        who_decides=WHO_DECIDES,
        decision_on=_day(at),
        on_the_table=ON_THE_TABLE,
        now=at,
    )
    for entry in document["statements"]:
        statement = add_statement(
            dialogue=dialogue,
            text=entry["text"],
            language="ar",
            source=entry["source"],
            theme=entry["theme"],
            actor=runner,
            now=at,
        )
        _show_rewording(statement, document, at)
    _hold_unsuitable(dialogue, document, runner, moderator, at)
    open_dialogue(actor=runner, dialogue=dialogue, now=at)
    dialogue.refresh_from_db()
    first.refresh_from_db()
    close_round(actor=runner, round=first, now=at)
    open_round(actor=runner, round=second, now=at)
    if document["slug"] == FULL:
        fill_demo(dialogue, folder, runner, at)
    if course:
        run_course(dialogue=dialogue, course=course, folder=folder, runner=runner, at=today)
    fill_rooms(dialogue, folder, runner, at)
    return dialogue


def remove_demo_dialogues(folder: Path) -> int:
    """Remove every dialogue that people of the demonstration made; return how many went."""
    with transaction.atomic():
        dialogues = list(Dialogue.objects.filter(created_by__is_demo=True))
        for dialogue in dialogues:
            dialogue.publications.all().delete()
            Statement.objects.filter(dialogue=dialogue).update(derived_from=None)
            Participant.objects.filter(dialogue=dialogue).update(merged_into=None)
            key = dialogue.pk
            dialogue.delete()
            ImportRun.objects.filter(kind=KIND, subject=key).delete()
    return len(dialogues)


def _day(at: datetime) -> date:
    return local_day(at + DECISION_AFTER)


def _show_rewording(statement: Statement, document: Mapping[str, Any], at: datetime) -> None:
    """Keep the wording that an author gave up, where the file tells of one."""
    for entry in document.get("moderated_out", ()):
        if f"{REWORDED_AS} {statement.number}." in entry["explanation"]["en"]:
            Wording.objects.create(statement=statement, text=entry["text"], replaced_at=at)
            statement.was_reworded = True
            statement.save(update_fields=["was_reworded"])


def _hold_unsuitable(
    dialogue: Dialogue,
    document: Mapping[str, Any],
    runner: User,
    moderator: User,
    at: datetime,
) -> None:
    """Bring in what was not suitable: turned away or sent back, with a reason and a reply."""
    for entry in document.get("moderated_out", ()):
        if REWORDED_AS in entry["explanation"]["en"]:
            continue
        statement = add_statement(
            dialogue=dialogue,
            text=entry["text"],
            language="ar",
            source=Statement.Source.PARTICIPANT,
            actor=runner,
            now=at,
        )
        reason = REASON_OF.get(entry["reason"], "unclear")
        answer = ask_to_reword if reason == "several" else reject_statement
        reply = entry["explanation"]["ar"]
        answer(actor=moderator, statement=statement, reason=reason, reply=reply, now=at)
