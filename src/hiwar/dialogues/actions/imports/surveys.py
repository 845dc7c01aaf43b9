"""The sheet of a survey tool, as it would be written: statements, people, votes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiwar.analysis.reading.wide import text_of_title
from hiwar.common.scripts import language_of_text
from hiwar.dialogues.actions.imports.people import LONGEST_STATEMENT
from hiwar.dialogues.actions.votes import Act
from hiwar.dialogues.models import Participant, Statement
from hiwar.dialogues.models.keys import make_number
from hiwar.dialogues.queries.messages import fold

if TYPE_CHECKING:
    from datetime import datetime

    from hiwar.dialogues.actions.imports.plans import Known, Plan, Row
    from hiwar.dialogues.queries.imports import Records

CHOICES = {"agree": 1, "pass": 0, "disagree": -1}


def plan_survey(known: Known, records: Records, plan: Plan, now: datetime) -> None:
    """Plan the answers of people, who are made where no registration names them.

    What the survey tool calls its lines is not kept: it only tells that a line stands there twice.
    """
    keys = _statements(known, records, plan, now)
    seen: set[str] = set()
    for order, row in enumerate(records.rows):
        person = _person(known, records, row, plan, seen)
        if person is None:
            continue
        for at, key in keys.items():
            choice = CHOICES.get(records.answers.get(row[1][str(at)], ""))
            if choice is None:
                plan.counts["blank"] += 1
            else:
                plan.add(Act(person.pk, key, choice, False, order, person.channel[:10]), row)


def _statements(known: Known, records: Records, plan: Plan, now: datetime) -> dict[int, int]:
    """Return the key of the statement of each column; a new one has a number below 0 until then."""
    there = {
        fold(text): statement for statement in known.statements for text in statement.text.values()
    }
    following = max([statement.number for statement in known.statements], default=0)
    keys: dict[int, int] = {}
    for at, title in records.asked.items():
        [text] = text_of_title(title).values()
        text = " ".join(text.split())
        statement = there.get(fold(text))
        if statement is not None and statement.pk not in known.open.values():
            plan.wrong("statement_closed", None, title)
        elif statement is not None:
            keys[at] = statement.pk
        elif not text or len(text) > LONGEST_STATEMENT:
            plan.wrong("statement_too_long" if text else "cell_empty", None, title)
        else:
            following += 1
            language = language_of_text(text)
            keys[at] = -following
            plan.counts["statements"] += 1
            known.number_of[-following] = following
            plan.placeholders[-following] = len(plan.statements)
            plan.statements.append(
                Statement(
                    dialogue=known.dialogue, number=following, text={language: text},
                    language=language, source=Statement.Source.SEED, state=Statement.State.OPEN,
                    added_at=now,
                )
            )  # fmt: skip
    return keys


def _person(
    known: Known, records: Records, row: Row, plan: Plan, seen: set[str]
) -> Participant | None:
    cell = row[1].get("registration", "")
    title = records.title_of.get("registration", "")
    if title and not cell:
        plan.wrong("cell_empty", row, title)
        return None
    if cell and cell in seen:
        plan.wrong("registration_twice", row, title, cell)
        return None
    seen.add(cell)
    person = known.registered.get(cell) if cell else None
    if person is None:
        person = Participant(
            pk=make_number(), dialogue=known.dialogue, channel="import", last_channel="import"
        )
        plan.people.append(person)
        plan.counts["people"] += 1
        return person
    person = known.root(person)
    if person.is_blocked:
        plan.wrong("person_blocked", row, title, cell)
        return None
    return person
