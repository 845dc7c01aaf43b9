"""Votes, messages, paper forms and answers of a file, as they would be written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hiwar.analysis.reading.values import flag, integer, plain
from hiwar.analysis.reading.values import vote as number_as_vote
from hiwar.dialogues.actions.imports.plans import Unread
from hiwar.dialogues.actions.imports.surveys import plan_survey
from hiwar.dialogues.actions.votes import Act
from hiwar.dialogues.models import Participant, Recommendation, Support
from hiwar.dialogues.models.keys import make_number
from hiwar.dialogues.queries.imports import Records, import_columns
from hiwar.dialogues.queries.messages import answer_of, fold, read_message
from hiwar.dialogues.queries.people import is_phone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from hiwar.dialogues.actions.imports.plans import Known, Plan, Row

LONG_NUMBER = re.compile(r"[\d٠-٩۰-۹][\d٠-٩۰-۹ \-]{6,}[\d٠-٩۰-۹]")


def plan_votes(known: Known, records: Records, plan: Plan, now: datetime) -> None:
    """Plan votes of a long or a wide file, or of the sheet of a survey tool."""
    if records.asked:
        plan_survey(known, records, plan, now)
        return
    newcomers: dict[str, Participant] = {}
    for order, row in enumerate(records.rows):
        person = _voter(known, records, row, plan, newcomers)
        if person is None:
            continue
        sequence = _sequence(known, records, row, plan, order)
        if sequence is None:
            continue
        channel = row[1].get("channel") or person.channel
        important = flag(row[1].get("important", "")) or False
        for number, choice in _answers(records, row, plan):
            key = known.open.get(number)
            if key is None:
                title = records.title_of.get("statement") or records.numbered.get(number, "")
                plan.wrong("statement_unknown", row, title, str(number))
                continue
            plan.add(Act(person.pk, key, choice, important, sequence, channel[:10]), row)


def _voter(
    known: Known, records: Records, row: Row, plan: Plan, newcomers: dict[str, Participant]
) -> Participant | None:
    registration = row[1]["registration"]
    title = records.title_of["registration"]
    if not registration:
        plan.wrong("cell_empty", row, title)
        return None
    person = known.registered.get(registration) or newcomers.get(registration)
    if person is None and records.makes_newcomers:
        person = Participant(
            pk=make_number(), dialogue=known.dialogue, channel="import", last_channel="import",
            registration=registration[:40],
        )  # fmt: skip
        newcomers[registration] = person
        plan.people.append(person)
        plan.counts["people"] += 1
    if person is None:
        plan.wrong("registration_unknown", row, title, registration)
        return None
    person = known.root(person)
    if person.is_blocked:
        plan.wrong("person_blocked", row, title, registration)
        return None
    if not known.seat(person, row[1].get("room", ""), plan):
        plan.wrong("room_unknown", row, records.title_of["room"], row[1]["room"])
        return None
    return person


def _sequence(known: Known, records: Records, row: Row, plan: Plan, order: int) -> int | None:
    """Return the time of a row; a vote without one gives way to every vote with one."""
    cell = row[1].get("time", "")
    if not cell:
        return order
    instant = known.instant(cell, at_noon=True)
    if instant is None or instant < 0:
        plan.wrong("time_unknown", row, records.title_of["time"], cell)
        return None
    return instant


def _answers(records: Records, row: Row, plan: Plan) -> Iterator[tuple[int, int]]:
    cells = row[1]
    if "statement" in cells:
        number = integer(cells["statement"])
        if number is None:
            title = records.title_of["statement"]
            plan.wrong("number_unknown", row, title, cells["statement"])
            return
        choice = _choice(cells.get("vote", ""))
        if choice is None:
            plan.wrong("answer_unknown", row, records.title_of.get("vote", ""), cells["vote"])
        else:
            yield number, choice
        return
    for number, title in records.numbered.items():
        cell = cells[str(number)]
        if not cell:
            plan.counts["blank"] += 1
            continue
        choice = _choice(cell)
        if choice is None:
            plan.wrong("answer_unknown", row, title, cell)
        else:
            yield number, choice


def _choice(cell: str) -> int | None:
    choice = number_as_vote(cell)
    return choice if choice is not None else answer_of(cell)


def plan_messages(known: Known, records: Records, plan: Plan, _now: datetime) -> None:
    """Plan text messages: as votes, as opt-outs, and the rest for a person to read."""
    for row in records.rows:
        cells = row[1]
        received = known.instant(cells["time"])
        if received is None:
            plan.wrong("time_unknown", row, records.title_of["time"], cells["time"])
            continue
        person = known.sender(cells["contact"])
        reading = read_message(cells["text"])
        if reading.kind in {"opt_out", "opt_in"} and is_phone(cells["contact"]):
            # Whoever says it, known here or not: the whole house hears it.
            plan.counts["opt_outs"] += reading.kind == "opt_out"
            plan.wishes.append((received, reading.kind, cells["contact"]))
            continue
        key = known.open.get(reading.number) if reading.number is not None else None
        if reading.kind == "unclear":
            problem = "unclear"
        elif person is None:
            problem = "sender_unknown"
        elif person.is_blocked:
            problem = "person_blocked"
        else:
            problem = "" if key else "statement_unknown"
        if problem or person is None or key is None or reading.choice is None:
            text = LONG_NUMBER.sub("…", cells["text"])[:500]
            key = person.pk if person else None
            plan.unread.append(Unread(key, text, problem, received, cells["contact"]))
            plan.counts["to_read"] += 1
            continue
        plan.counts["understood"] += 1
        plan.add(Act(person.pk, key, reading.choice, False, received, "sms"), row)


def plan_forms(known: Known, records: Records, plan: Plan, _now: datetime) -> None:
    """Plan paper forms."""
    codes: dict[str, int] = import_columns()["forms"]["codes"]
    seen: set[str] = set()
    for order, row in enumerate(records.rows):
        form = row[1]["form"]
        if not form or form in seen:
            code = "form_twice" if form else "cell_empty"
            plan.wrong(code, row, records.title_of["form"], form)
            continue
        seen.add(form)
        person = _voter(known, records, row, plan, {})
        sequence = _sequence(known, records, row, plan, order) if person else None
        if person is None or sequence is None:
            continue
        plan.counts["forms"] += 1
        plan.forms.append((form, person.pk))
        for number, title in records.numbered.items():
            _plan_answer(known, row, plan, (number, title, codes), (person.pk, sequence))


def _plan_answer(
    known: Known,
    row: Row,
    plan: Plan,
    asked: tuple[int, str, dict[str, int]],
    given_row: tuple[int, int],
) -> None:
    """Read one answer of a paper form; a blank one is no pass."""
    number, title, codes = asked
    cell = row[1][str(number)]
    if not cell:
        plan.counts["blank"] += 1
        return
    choice = codes.get(plain(cell), answer_of(cell))
    key = known.open.get(number)
    if choice is None:
        plan.wrong("answer_unknown", row, title, cell)
    elif key is None:
        plan.wrong("statement_unknown", row, title, str(number))
    else:
        plan.add(Act(given_row[0], key, choice, False, given_row[1], "paper"), row)


def plan_recommendations(known: Known, records: Records, plan: Plan, _now: datetime) -> None:
    """Plan what people say to the recommendations."""
    words = {
        fold(word): meaning
        for meaning, several in import_columns()["recommendations"]["answers"].items()
        for word in several
    }
    named = {
        known_recommendation.code.casefold(): known_recommendation
        for known_recommendation in Recommendation.objects.filter(round__dialogue=known.dialogue)
    }
    people: set[int] = set()
    for row in records.rows:
        cells = row[1]
        person = _voter(known, records, row, plan, {})
        recommendation = named.get(cells["recommendation"].casefold())
        meaning = words.get(fold(cells["vote"]))
        if recommendation is None:
            title = records.title_of["recommendation"]
            plan.wrong("recommendation_unknown", row, title, cells["recommendation"])
        elif meaning is None:
            plan.wrong("support_unknown", row, records.title_of["vote"], cells["vote"])
        elif person is not None:
            people.add(person.pk)
            plan.counts["answers"] += 1
            plan.support[(recommendation.pk.int, person.pk)] = Support(
                recommendation=recommendation,
                participant_id=person.pk,
                choice=meaning,
                reason=cells.get("reason", "")[:2000],
            )
    plan.counts["people_answering"] = len(people)
